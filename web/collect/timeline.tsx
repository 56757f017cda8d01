import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { TouchpointView } from '../../src/domain/view.ts'
import { queries, sayProblem } from '../api.ts'
import { words } from '../domain/words.ts'
import { More } from '../ui/more.tsx'
import { Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty, Lines, WhenReady } from '../ui/states.tsx'
import { formatDay } from '../ui/time.tsx'
import { channelNames, kindGroups } from './kinds.ts'
import classes from './timeline.module.css'
import { TouchpointRow } from './touchpoint-row.tsx'

interface TimelineProps {
  readonly partyId: string
  readonly kind: string | undefined
  readonly channel: string | undefined
}

/** Everything that happened with one party, newest first. */
export function Timeline({ partyId, kind, channel }: TimelineProps): ReactNode {
  const answer = useInfiniteQuery(queries.touchpoints(partyId, { kind, channel }))
  return (
    <Panel title="Timeline" actions={<Filters kind={kind} channel={channel} />} flush>
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={10} height={28} />}>
        {({ pages }) => (
          <>
            <Days
              touchpoints={pages.flatMap((page) => page.touchpoints)}
              filtered={kind !== undefined || channel !== undefined}
            />
            <More
              hasMore={answer.hasNextPage}
              fetching={answer.isFetchingNextPage}
              fetchMore={answer.fetchNextPage}
            />
          </>
        )}
      </WhenReady>
    </Panel>
  )
}

function Filters({ kind, channel }: Omit<TimelineProps, 'partyId'>): ReactNode {
  const navigate = useNavigate()
  const change = (part: { kind?: string | undefined; channel?: string | undefined }): void => {
    void navigate({
      to: '.',
      search: (old) => ({ ...old, ...part }),
      replace: true,
      resetScroll: false,
    })
  }
  const kinds = kindGroups.flatMap((group) => group.kinds)
  return (
    <div className={classes['filters']}>
      <Pick
        label="Kind of touchpoint"
        any="Any kind"
        value={kind}
        options={kinds.map((value) => ({ value, label: words(value) }))}
        onChange={(value) => change({ kind: value })}
      />
      <Pick
        label="Channel"
        any="Any channel"
        value={channel}
        options={channelNames.map((value) => ({ value, label: words(value) }))}
        onChange={(value) => change({ channel: value })}
      />
    </div>
  )
}

function Days(props: { touchpoints: readonly TouchpointView[]; filtered: boolean }): ReactNode {
  const { touchpoints, filtered } = props
  const days = useMemo(
    () => [...Map.groupBy(touchpoints, (touchpoint) => localDay(touchpoint.occurredAt))],
    [touchpoints],
  )
  if (touchpoints.length === 0) {
    return (
      <div className={classes['empty']}>
        <Empty title={filtered ? 'Nothing of this kind' : 'Nothing happened yet'}>
          <p>
            {filtered
              ? 'Choose another kind or channel.'
              : 'The next event that carries one of their identifiers appears here at once.'}
          </p>
        </Empty>
      </div>
    )
  }
  return days.map(([day, list]) => (
    <section key={day} aria-label={formatDay(day)}>
      <h3 className={classes['day']}>{formatDay(day)}</h3>
      <ul>
        {list.map((touchpoint) => (
          <TouchpointRow
            key={touchpoint.id}
            touchpoint={touchpoint}
            when={
              <time dateTime={touchpoint.occurredAt}>
                {clock.format(new Date(touchpoint.occurredAt))}
              </time>
            }
          />
        ))}
      </ul>
    </section>
  ))
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
/** Sweden writes dates as ISO 8601 does; in the reader's own zone. */
const isoDay = new Intl.DateTimeFormat('sv-SE')
const localDay = (at: string): string => isoDay.format(new Date(at))
