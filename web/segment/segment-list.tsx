/** All segments, what each says, who is inside, and how fresh that is. */
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { SegmentView } from '../../src/domain/segment-view.ts'
import { sayProblem } from '../api.ts'
import { formatCount } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { Empty, WhenReady } from '../ui/states.tsx'
import { useLeaving } from './leaving.ts'
import { segmentQueries } from './segment-queries.ts'
import { Freshness, StateMark } from './segment-state.tsx'
import classes from './segment-list.module.css'
import { useSentence } from './use-words.ts'

/** So many fit on a screen without a search. */
const fewSegments = 8

export function SegmentList(): ReactNode {
  const answer = useQuery(segmentQueries.all())
  const leaving = useLeaving()
  const [search, setSearch] = useState('')
  const sentence = useSentence()
  return (
    <WhenReady answer={answer} says={sayProblem}>
      {({ segments }) => {
        const there = segments.filter(({ id }) => !leaving.has(id))
        if (there.length === 0) return <NoSegment />
        const wanted = search.trim().toLowerCase()
        const shown = there.filter((segment) =>
          `${segment.name} ${segment.about} ${sentence(segment)}`.toLowerCase().includes(wanted),
        )
        return (
          <>
            {there.length > fewSegments && (
              <SearchField label="Search segments" value={search} onChange={setSearch} />
            )}
            <ul className={classes['list']} aria-label="Segments">
              {shown.map((segment) => (
                <Row key={segment.id} segment={segment} sentence={sentence(segment)} />
              ))}
            </ul>
            {shown.length === 0 && <Empty title="No segment by that name" />}
          </>
        )
      }}
    </WhenReady>
  )
}

function Row({ segment, sentence }: { segment: SegmentView; sentence: string }): ReactNode {
  return (
    <li className={classes['row']} data-state={segment.state}>
      <div className={classes['what']}>
        <Link to="/segments/$segmentId" params={{ segmentId: segment.id }}>
          {segment.name}
        </Link>
        <p className={classes['sentence']}>{segment.about || sentence}</p>
        {segment.state === 'broken' && <p className={classes['reason']}>{segment.reason}</p>}
      </div>
      <div className={classes['members']}>
        <strong>{formatCount(segment.members)}</strong>
        <span>{segment.kind === 'person' ? 'people' : 'accounts'}</span>
      </div>
      <div className={classes['how']}>
        <StateMark state={segment.state} />
        <Freshness segment={segment} />
      </div>
    </li>
  )
}

function NoSegment(): ReactNode {
  return (
    <Panel title="A segment is a question that stays answered">
      <ol className={classes['lessons']}>
        <li>
          <strong>Say who you mean.</strong> Put conditions together: what people did, in which
          order, how long ago, and where they stand. You see at once how many that are.
        </li>
        <li>
          <strong>Save it.</strong> From then on people enter and leave it the moment they fulfil
          the conditions or no longer do, also when only time passes.
        </li>
        <li>
          <strong>Ask why.</strong> For anybody and any day you see condition by condition why they
          are inside or not. Reports and lists can be narrowed to it.
        </li>
      </ol>
      <p>Begin with a question below, or from nothing with New segment.</p>
    </Panel>
  )
}
