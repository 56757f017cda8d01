/**
 * The list of people: only the rows in view are in the page, and pages of a hundred are fetched
 * as one scrolls, so that a million people scroll as fast as fifty. Arrow keys and j/k move.
 */
import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import type { PartySummary } from '../../src/domain/view.ts'
import { type PartyFilter, queries, sayProblem } from '../api.ts'
import { HealthMark } from '../domain/health-mark.tsx'
import { PartyLink } from '../domain/party-link.tsx'
import { formatMoney, formatNumber } from '../ui/number.ts'
import { Empty, Failed, Lines } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import classes from './party-list.module.css'

const rowHeight = { wide: 56, narrow: 80 }
const columns = ['Name', 'Rung', 'Health', 'Trust', 'Value', 'Last seen']

interface PartyListProps {
  readonly filter: PartyFilter
  readonly clear: () => void
  readonly whenNone: ReactNode
}

export function PartyList({ filter, clear, whenNone }: PartyListProps): ReactNode {
  const answer = useInfiniteQuery(queries.parties(filter))
  const parties = answer.data?.pages.flatMap((page) => page.parties)
  if (answer.error && !parties) {
    return <Failed says={sayProblem(answer.error)} retry={() => void answer.refetch()} />
  }
  if (!parties) return <Lines count={10} height={32} />
  if (parties.length === 0) {
    return <NoParty filter={filter} clear={clear} whenNone={whenNone} />
  }
  return (
    <div data-stale={answer.isPlaceholderData || undefined} className={classes['list']}>
      <Rows
        parties={parties}
        more={() => {
          if (answer.hasNextPage && !answer.isFetchingNextPage) void answer.fetchNextPage()
        }}
        complete={!answer.hasNextPage}
        label={filter.kind === 'person' ? 'People' : 'Accounts'}
      />
    </div>
  )
}

function NoParty({ filter, clear, whenNone }: PartyListProps): ReactNode {
  const { kind, sort: _sort, ...narrowing } = filter
  if (Object.values(narrowing).some((value) => value !== undefined)) {
    return (
      <Empty title={kind === 'person' ? 'No one matches' : 'No account matches'}>
        <p>Try fewer words, or look without the filters.</p>
        <Button variant="default" onClick={clear}>
          Clear search and filters
        </Button>
      </Empty>
    )
  }
  return whenNone
}

interface RowsProps {
  readonly parties: readonly PartySummary[]
  readonly more: () => void
  readonly complete: boolean
  readonly label: string
}

function Rows({ parties, more, complete, label }: RowsProps): ReactNode {
  const list = useRef<HTMLDivElement>(null)
  const narrow = useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false })
  const height = narrow ? rowHeight.narrow : rowHeight.wide
  const [offset, setOffset] = useState(0)
  useLayoutEffect(() => setOffset(list.current?.offsetTop ?? 0), [narrow])
  const virtual = useWindowVirtualizer({
    count: parties.length,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: offset,
  })
  useEffect(() => virtual.measure(), [virtual, height])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= parties.length - 40) more()
  }, [last, parties.length, more])
  return (
    <div
      role="table"
      aria-label={label}
      aria-rowcount={complete ? parties.length + 1 : -1}
      onKeyDown={(event) => moveFocus(event, (index) => virtual.scrollToIndex(index))}
    >
      <div role="row" aria-rowindex={1} className={classes['head']}>
        {columns.map((column) => (
          <span role="columnheader" key={column}>
            {column}
          </span>
        ))}
      </div>
      <div
        role="rowgroup"
        ref={list}
        className={classes['rows']}
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const party = parties[item.index]
          if (!party) return null
          return (
            <div
              role="row"
              key={item.key}
              aria-rowindex={item.index + 2}
              data-index={item.index}
              className={classes['row']}
              style={{ height, transform: `translateY(${item.start - offset}px)` }}
            >
              <Cells party={party} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Cells({ party }: { party: PartySummary }): ReactNode {
  return (
    <>
      <span role="cell" className={classes['name']}>
        <PartyLink party={party} />
        {party.persona && party.persona.fit > 0 && (
          <span className={classes['persona']}>
            {party.persona.name}, fit {formatNumber(party.persona.fit, 0)}
          </span>
        )}
      </span>
      <span role="cell" className={classes['rung']}>
        {party.rung.name}
      </span>
      <span role="cell" className={classes['health']}>
        <HealthMark colour={party.health} />
      </span>
      <span role="cell" className={classes['trust']}>
        {formatNumber(party.trust.balance)}
      </span>
      <span role="cell" className={classes['value']}>
        {party.value.totalMinor === 0
          ? '–'
          : formatMoney(party.value.totalMinor, party.value.currency)}
      </span>
      <span role="cell" className={classes['seen']}>
        {party.lastSeenAt ? <Ago at={party.lastSeenAt} /> : '–'}
      </span>
    </>
  )
}

const keys: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }

function moveFocus(event: KeyboardEvent<HTMLElement>, show: (index: number) => void): void {
  const step = keys[event.key]
  if (step === undefined || event.metaKey || event.ctrlKey || event.altKey) return
  const row = event.target instanceof Element ? event.target.closest('[data-index]') : null
  if (!(row instanceof HTMLElement)) return
  const next = Number(row.dataset['index']) + step
  if (next < 0) return
  event.preventDefault()
  show(next)
  const rows = event.currentTarget
  requestAnimationFrame(() => {
    rows.querySelector<HTMLElement>(`[data-index="${next}"] a`)?.focus({ preventScroll: true })
  })
}
