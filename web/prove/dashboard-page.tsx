/** One dashboard: its pinned reports, each as of now, in an order that is dragged or keyed. */
import { Button, Menu } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { DashboardView, PinView } from '../../src/domain/dashboard-view.ts'
import { sayProblem } from '../api.ts'
import { Page } from '../ui/page.tsx'
import { Empty, WhenReady } from '../ui/states.tsx'
import { tellUndo } from '../ui/toast.tsx'
import { dashboardChanges, dashboardQueries, useDashboardChange } from './dashboard-queries.ts'
import { NameDialog } from './name-dialog.tsx'
import { PinPanel } from './pin-panel.tsx'
import classes from './dashboard.module.css'

export function DashboardPage(): ReactNode {
  const { dashboardId } = useParams({ from: '/team/dashboards/$dashboardId' })
  const answer = useQuery(dashboardQueries.one(dashboardId))
  return (
    <Page
      title={answer.data?.name ?? 'Dashboard'}
      above={
        <Link to="/dashboards" className={classes['back']}>
          Dashboards
        </Link>
      }
      actions={answer.data && <Actions dashboard={answer.data} />}
    >
      <WhenReady answer={answer} says={sayProblem}>
        {(dashboard) =>
          dashboard.pins.length === 0 ? (
            <Empty title="Nothing pinned yet">
              Open a <Link to="/reports">report</Link>, choose what it shows, and press “Pin”.
            </Empty>
          ) : (
            <Pins key={dashboard.id} dashboard={dashboard} />
          )
        }
      </WhenReady>
    </Page>
  )
}

function Pins({ dashboard }: { dashboard: DashboardView }): ReactNode {
  const { id, pins } = dashboard
  const client = useQueryClient()
  const [said, setSaid] = useState('')
  const [dragged, setDragged] = useState<string | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const order = useDashboardChange(dashboardChanges.order)
  const change = useDashboardChange(dashboardChanges.changePin)
  const pinAgain = useDashboardChange(dashboardChanges.pin)
  const remove = useDashboardChange(dashboardChanges.removePin)
  const show = (next: readonly PinView[]): void =>
    void client.setQueryData(dashboardQueries.one(id).queryKey, { ...dashboard, pins: [...next] })
  const move = (pin: PinView, to: number): void => {
    const from = pins.indexOf(pin)
    const place = Math.max(0, Math.min(pins.length - 1, to))
    if (from === place) return
    const next = pins.toSpliced(from, 1).toSpliced(place, 0, pin)
    // Shown at once: it does not jump back while the server writes it down.
    show(next)
    setSaid(`${pin.title} is now ${place + 1} of ${pins.length}.`)
    order.mutate({ id, ids: next.map((one) => one.id) })
  }
  const takeOut = (pin: PinView, position: number): void => {
    show(pins.filter((one) => one !== pin))
    remove.mutate({ id, pin: pin.id })
    const { report, title, query, wide } = pin
    tellUndo(`“${title}” was removed.`, () =>
      pinAgain.mutate({ id, pin: { report, title, query, wide, position } }),
    )
  }
  return (
    <>
      <ul className={classes['pins']}>
        {pins.map((pin, place) => (
          <li
            key={pin.id}
            data-wide={pin.wide || undefined}
            data-dragged={dragged === pin.id || undefined}
            data-over={(dragged !== null && dragged !== pin.id && over === pin.id) || undefined}
            onDragEnter={() => setOver(pin.id)}
            onDragOver={(event) => {
              if (dragged !== null) event.preventDefault()
            }}
            onDrop={(event) => {
              event.preventDefault()
              const one = pins.find((other) => other.id === dragged)
              setDragged(null)
              if (one) move(one, place)
            }}
          >
            <PinPanel
              pin={pin}
              place={place}
              count={pins.length}
              drag={setDragged}
              move={(to) => move(pin, to)}
              change={(given) => {
                show(pins.map((one) => (one === pin ? { ...pin, ...given } : one)))
                change.mutate({ id, pin: { ...pin, ...given } })
              }}
              remove={() => takeOut(pin, place)}
            />
          </li>
        ))}
      </ul>
      <p className={classes['said']} role="status">
        {said}
      </p>
    </>
  )
}

function Actions({ dashboard: { id, name } }: { dashboard: DashboardView }): ReactNode {
  const navigate = useNavigate()
  const [newName, setNewName] = useState<string | null>(null)
  const rename = useDashboardChange(dashboardChanges.rename)
  const restore = useDashboardChange(dashboardChanges.restore)
  const remove = useDashboardChange(dashboardChanges.remove, () => {
    void navigate({ to: '/dashboards' })
    tellUndo(`“${name}” was removed.`, () => restore.mutate(id))
  })
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default">Change</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setNewName(name)}>Rename</Menu.Item>
          <Menu.Item onClick={() => remove.mutate(id)}>Remove</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <NameDialog
        title="Rename the dashboard"
        length={80}
        name={newName}
        change={setNewName}
        save={(given) => rename.mutate({ id, name: given })}
      />
    </>
  )
}
