/** One pinned report on a dashboard: its first picture, and what can be done with it. */
import { ActionIcon, Menu } from '@mantine/core'
import { IconDots, IconGripVertical } from '@tabler/icons-react'
import { CatchBoundary, Link } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import type { PinView } from '../../src/domain/dashboard-view.ts'
import { sayProblem } from '../api.ts'
import { Failed, Lines } from '../ui/states.tsx'
import { NameDialog } from './name-dialog.tsx'
import { reportPages } from './report-pages.ts'
import { EmbeddedReport } from './report-search.ts'
import classes from './dashboard.module.css'

interface PinPanelProps {
  readonly pin: PinView
  /** From 0. */
  readonly place: number
  readonly count: number
  readonly drag: (id: string | null) => void
  readonly move: (to: number) => void
  readonly change: (change: Partial<Pick<PinView, 'title' | 'wide'>>) => void
  readonly remove: () => void
}

export function PinPanel(props: PinPanelProps): ReactNode {
  const { pin, change } = props
  const panel = useRef<HTMLElement>(null)
  const isNear = useNear(panel)
  const [name, setName] = useState<string | null>(null)
  return (
    <section className={classes['pin']} aria-label={pin.title} ref={panel}>
      <header className={classes['pinHeader']}>
        <Handle {...props} panel={panel} />
        <h2>
          <Link to="/reports/$reportId" params={{ reportId: pin.report }} search={pin.query}>
            {pin.title}
          </Link>
        </h2>
        <span className={classes['asked']}>{periodOf(pin.query)}</span>
        <PinMenu {...props} rename={() => setName(pin.title)} />
      </header>
      <div className={classes['pinContent']}>
        {isNear ? <Picture pin={pin} /> : <Lines count={7} height={28} />}
      </div>
      <NameDialog
        title="Rename the pin"
        length={120}
        name={name}
        change={setName}
        save={(title) => change({ title })}
      />
    </section>
  )
}

function Picture({ pin: { report, query } }: { pin: PinView }): ReactNode {
  const Report = reportPages[report]
  if (Report === undefined) return <Failed says="This report is no longer there. Remove the pin." />
  return (
    <CatchBoundary
      getResetKey={() => JSON.stringify(query)}
      errorComponent={({ error }) => <Failed says={sayProblem(error)} />}
    >
      <EmbeddedReport value={{ report, query }}>
        <Suspense fallback={<Lines count={7} height={28} />}>
          <Report />
        </Suspense>
      </EmbeddedReport>
    </CatchBoundary>
  )
}

/** Dragged by a pointer, moved by arrow keys. */
function Handle({
  pin,
  place,
  count,
  drag,
  move,
  panel,
}: PinPanelProps & { panel: React.RefObject<HTMLElement | null> }) {
  // prettier-ignore
  const keys: Readonly<Record<string, number>> = {
    ...{ ArrowLeft: place - 1, ArrowUp: place - 1, ArrowRight: place + 1, ArrowDown: place + 1 },
    ...{ Home: 0, End: count - 1 },
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = keys[event.key]
    if (to === undefined) return
    event.preventDefault()
    move(to)
  }
  return (
    <button
      type="button"
      draggable
      className={classes['handle']}
      aria-label={`Move ${pin.title}: ${place + 1} of ${count}, by the arrow keys`}
      onKeyDown={onKeyDown}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', pin.title)
        if (panel.current) event.dataTransfer.setDragImage(panel.current, 16, 16)
        drag(pin.id)
      }}
      onDragEnd={() => drag(null)}
    >
      <IconGripVertical size={16} aria-hidden="true" />
    </button>
  )
}

function PinMenu(props: PinPanelProps & { rename: () => void }): ReactNode {
  const { pin, place, count, move, change, remove, rename } = props
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={`What to do with ${pin.title}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => move(place - 1)} disabled={place === 0}>
          Move forward
        </Menu.Item>
        <Menu.Item onClick={() => move(place + 1)} disabled={place === count - 1}>
          Move back
        </Menu.Item>
        <Menu.Item onClick={() => change({ wide: !pin.wide })}>
          {pin.wide ? 'Half the width' : 'The whole width'}
        </Menu.Item>
        <Menu.Item onClick={rename}>Rename</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={remove}>Remove</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function periodOf({ from, to, days }: PinView['query']): string {
  if (from !== undefined) return `${from} to ${to ?? 'today'}`
  return to === undefined ? `Last ${days ?? 90} days` : `${days ?? 90} days to ${to}`
}

/** Each is a question to the store of history: what is far down the page is not asked yet. */
function useNear(panel: React.RefObject<HTMLElement | null>): boolean {
  const [isNear, setIsNear] = useState(false)
  useEffect(() => {
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return
        setIsNear(true)
        watcher.disconnect()
      },
      { rootMargin: '600px' },
    )
    if (panel.current) watcher.observe(panel.current)
    return () => watcher.disconnect()
  }, [panel])
  return isNear
}
