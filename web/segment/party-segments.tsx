/** The segments of one person or account: which, since when, and for each why or why not. */
import { Link, useNavigate } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { SegmentView } from '../../src/domain/segment-view.ts'
import type { PartyDetail } from '../../src/domain/view.ts'
import { sayProblem } from '../api.ts'
import { LinkButton } from '../ui/link-button.tsx'
import { Panel } from '../ui/page.tsx'
import { Empty, WhenReady } from '../ui/states.tsx'
import { Moment } from '../ui/time.tsx'
import { useLeaving } from './leaving.ts'
import { segmentQueries } from './segment-queries.ts'
import classes from './why-tree.module.css'
import { Verdict, WhyTree } from './why-tree.tsx'

interface PartySegmentsProps {
  readonly party: Pick<PartyDetail, 'id' | 'kind' | 'displayName'>
  /** The segment that is opened. */
  readonly segment: string | undefined
  /** A day such as `2026-10-03`: as it was at its end (UTC). Undefined for now. */
  readonly at: string | undefined
}

export function PartySegments({ party, segment, at }: PartySegmentsProps): ReactNode {
  const all = useQuery(segmentQueries.all())
  const own = useQuery(segmentQueries.ofParty(party.id))
  const leaving = useLeaving()
  return (
    <WhenReady answer={all} says={sayProblem}>
      {({ segments }) => {
        const fitting = segments.filter(({ kind, id }) => kind === party.kind && !leaving.has(id))
        const since = new Map(own.data?.segments.map((one) => [one.id, one.since]))
        if (fitting.length === 0) return <NoSegments kind={party.kind} />
        const inside = fitting.filter(({ id }) => since.has(id))
        const outside = fitting.filter(({ id }) => !since.has(id))
        const rest = { party, opened: segment, at, since }
        return (
          <>
            <AsOf at={at} />
            <Group title="Inside now" none="In no segment now." list={inside} {...rest} />
            <Group
              title="Not inside now"
              none="There is no other segment."
              list={outside}
              {...rest}
            />
          </>
        )
      }}
    </WhenReady>
  )
}

function NoSegments({ kind }: { kind: PartyDetail['kind'] }): ReactNode {
  return (
    <Panel title="Segments">
      <Empty title={`There is no segment of ${kind === 'person' ? 'people' : 'accounts'} yet`}>
        <p>With one you see here whether its conditions hold, one by one, and since when.</p>
        <LinkButton to="/segments" variant="default">
          To the segments
        </LinkButton>
      </Empty>
    </Panel>
  )
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** The day as of which is asked why. */
function AsOf({ at }: { at: string | undefined }): ReactNode {
  const navigate = useNavigate()
  const [today] = useState(() => dayOf(Date.now()))
  const set = (day: string | undefined): void => {
    void navigate({
      to: '.',
      search: (old: object) => ({
        ...old,
        at: day === undefined || day >= today ? undefined : day,
      }),
      replace: true,
      resetScroll: false,
    } as never)
  }
  return (
    <div className={classes['asOf']}>
      <label>
        Why or why not, as of the end of{' '}
        <input
          type="date"
          className={classes['day']}
          max={today}
          value={at ?? today}
          onChange={(event) => set(event.currentTarget.value || undefined)}
        />
      </label>
      {at === undefined ? (
        <span className={classes['quiet']}>That is now.</span>
      ) : (
        <button type="button" className={classes['now']} onClick={() => set(undefined)}>
          Back to now
        </button>
      )}
    </div>
  )
}

interface GroupProps {
  readonly title: string
  readonly none: string
  readonly list: readonly SegmentView[]
  readonly party: PartySegmentsProps['party']
  readonly opened: string | undefined
  readonly at: string | undefined
  readonly since: ReadonlyMap<string, string>
}

function Group({ title, none, list, party, opened, at, since }: GroupProps): ReactNode {
  return (
    <Panel title={title} flush>
      {list.length === 0 && <p className={classes['none']}>{none}</p>}
      <ul className={classes['segments']}>
        {list.map((segment) => {
          const { id, name } = segment
          const isOpen = id === opened
          const from = since.get(id)
          return (
            <li key={id} className={classes['segment']}>
              <Link
                to="."
                search={(old: object) => ({ ...old, segment: isOpen ? undefined : id })}
                resetScroll={false}
                className={classes['head']}
                aria-expanded={isOpen}
              >
                <span className={classes['name']}>{name}</span>
                <span className={classes['quiet']}>
                  {from && (
                    <>
                      since <Moment at={from} />
                      {', '}
                    </>
                  )}
                  {isOpen ? 'close' : from ? 'why' : 'why not'}
                </span>
              </Link>
              {isOpen && <Why segment={segment} party={party} at={at} />}
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

interface WhyProps extends Pick<PartySegmentsProps, 'party' | 'at'> {
  readonly segment: SegmentView
}

function Why({ segment, party, at }: WhyProps): ReactNode {
  const { id } = segment
  const moment = at === undefined ? undefined : `${at}T23:59:59.999Z`
  const answer = useQuery(segmentQueries.why(id, party.id, moment))
  return (
    <div className={classes['why']}>
      <WhenReady answer={answer} says={sayProblem}>
        {(why) => (
          <>
            <p className={classes['verdictLine']}>
              <Verdict holds={why.inside} />
              <span>
                {party.displayName || 'This one'} {at === undefined ? 'is' : 'was'}{' '}
                {why.inside ? '' : 'not '}inside, as of <Moment at={why.at} exact />.
              </span>
            </p>
            <WhyTree why={why.tree} tree={segment.tree} kind={segment.kind} />
            <Link to="/segments/$segmentId" params={{ segmentId: id }} className={classes['to']}>
              To the segment
            </Link>
          </>
        )}
      </WhenReady>
    </div>
  )
}
