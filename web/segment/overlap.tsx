/** How many are in this segment and in another at once, pair by pair on one scale. */
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { SegmentView } from '../../src/domain/segment-view.ts'
import { sayProblem } from '../api.ts'
import { MultiPick } from '../ui/multi-pick.tsx'
import { formatCount, formatNumber, formatShare } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Empty, WhenReady } from '../ui/states.tsx'
import { segmentQueries } from './segment-queries.ts'
import classes from './segment-page.module.css'

/** The server compares ten at once at most: this one and nine more. */
const mostOthers = 9
const usualOthers = 5

export function Overlap({ segment }: { segment: SegmentView }): ReactNode {
  const answer = useQuery(segmentQueries.all())
  const [chosen, setChosen] = useState<string[] | null>(null)
  return (
    <WhenReady answer={answer} says={sayProblem}>
      {({ segments }) => {
        const others = segments
          .filter(({ id, kind }) => id !== segment.id && kind === segment.kind)
          .toSorted((one, other) => other.members - one.members)
        const ids = chosen ?? others.slice(0, usualOthers).map(({ id }) => id)
        const options = others.map(({ id, name }) => ({ value: id, label: name }))
        return (
          <Panel
            title="Overlap with other segments"
            about="Who is in both, as a share of those in either (Jaccard)."
            actions={
              others.length > 0 && (
                <MultiPick
                  label="Compared with"
                  any="Choose segments"
                  groups={[{ name: 'Segments', options }]}
                  value={ids}
                  onChange={(next) => setChosen(next.slice(-mostOthers))}
                />
              )
            }
          >
            {others.length === 0 ? (
              <Empty title="There is no other segment to compare with">
                <p>With a second one you see here how many are in both.</p>
              </Empty>
            ) : (
              <Pairs id={segment.id} others={ids} />
            )}
          </Panel>
        )
      }}
    </WhenReady>
  )
}

function Pairs({ id, others }: { id: string; others: readonly string[] }): ReactNode {
  const answer = useQuery({
    ...segmentQueries.overlap([id, ...others]),
    enabled: others.length > 0,
  })
  if (others.length === 0) return <p className={classes['quiet']}>Choose at least one above.</p>
  return (
    <WhenReady answer={answer} says={sayProblem}>
      {({ segments, pairs }) => {
        const members = new Map(segments.map((one) => [one.id, one]))
        const mine = members.get(id)?.members ?? 0
        const rows = pairs.flatMap((pair) => {
          const other = members.get(pair.a === id ? pair.b : pair.a)
          return other && (pair.a === id || pair.b === id) ? [{ ...pair, other }] : []
        })
        const widest = Math.max(1, ...rows.map(({ both, other }) => mine + other.members - both))
        return (
          <>
            <p className={classes['key']} aria-hidden="true">
              <span data-part="here">only here</span>
              <span data-part="both">in both</span>
              <span data-part="there">only there</span>
            </p>
            <ul className={classes['pairs']}>
              {rows.map(({ other, both, jaccard }) => (
                <Pair key={other.id} {...{ mine, other, both, jaccard, widest }} />
              ))}
            </ul>
          </>
        )
      }}
    </WhenReady>
  )
}

interface PairProps {
  readonly mine: number
  readonly other: { readonly id: string; readonly name: string; readonly members: number }
  readonly both: number
  readonly jaccard: number
  readonly widest: number
}

function Pair({ mine, other, both, jaccard, widest }: PairProps): ReactNode {
  const parts = [
    { part: 'here', count: mine - both },
    { part: 'both', count: both },
    { part: 'there', count: other.members - both },
  ]
  return (
    <li className={classes['pair']}>
      <div className={classes['pairHead']}>
        <Link to="/segments/$segmentId" params={{ segmentId: other.id }}>
          {other.name}
        </Link>
        <span>
          <strong>{formatShare(jaccard, 1)}</strong>{' '}
          <span className={classes['quiet']}>Jaccard {formatNumber(jaccard, 2)}</span>
        </span>
      </div>
      <span className={classes['bars']} aria-hidden="true">
        {parts.map(
          ({ part, count }) =>
            count > 0 && (
              <span
                key={part}
                data-part={part}
                style={{ width: `max(2px, ${(count / widest) * 100}%)` }}
              />
            ),
        )}
      </span>
      <p className={classes['quiet']}>
        {formatCount(mine - both)} only here, {formatCount(both)} in both,{' '}
        {formatCount(other.members - both)} only there
      </p>
    </li>
  )
}
