/** Who entered and who left, and because of what, newest first. New ones appear by themselves. */
import { IconArrowNarrowLeft, IconArrowNarrowRight } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { sayProblem } from '../api.ts'
import { PartyLink } from '../domain/party-link.tsx'
import { More } from '../ui/more.tsx'
import { Panel } from '../ui/page.tsx'
import { Empty, Failed, Lines } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { type Change, segmentQueries } from './segment-queries.ts'
import classes from './segment-page.module.css'

export function Changes({ id }: { id: string }): ReactNode {
  const answer = useInfiniteQuery(segmentQueries.changes(id))
  const changes = answer.data?.pages.flatMap((page) => page.changes)
  return (
    <Panel title="Who entered, who left" about="As it became known, newest first." flush>
      {answer.error && !changes && (
        <Failed says={sayProblem(answer.error)} retry={() => void answer.refetch()} />
      )}
      {!changes && !answer.error && <Lines />}
      {changes?.length === 0 && (
        <div className={classes['inset']}>
          <Empty title="Nobody has entered or left yet">
            <p>
              Those who were inside when it was built are not listed here. From now on everybody who
              enters or leaves is, with the condition that decided.
            </p>
          </Empty>
        </div>
      )}
      {changes && changes.length > 0 && (
        <ul className={classes['changes']} aria-label="Changes">
          {changes.map((change) => (
            <ChangeRow key={change.id} change={change} />
          ))}
        </ul>
      )}
      <More
        hasMore={answer.hasNextPage}
        fetching={answer.isFetchingNextPage}
        fetchMore={() => answer.fetchNextPage()}
      />
    </Panel>
  )
}

function ChangeRow({ change }: { change: Change }): ReactNode {
  const entered = change.what === 'entered'
  const Arrow = entered ? IconArrowNarrowRight : IconArrowNarrowLeft
  return (
    <li className={classes['change']}>
      <span className={classes['what']} data-what={change.what}>
        <Arrow size={16} aria-hidden="true" />
        {entered ? 'Entered' : 'Left'}
      </span>
      <div className={classes['who']}>
        <PartyLink party={change.party} />
        <p className={classes['because']}>{change.because}</p>
      </div>
      <span className={classes['when']}>
        <Ago at={change.at} />
      </span>
    </li>
  )
}
