/**
 * The statement, one of the four pictures that recur: trust as a bank account. Each entry says when,
 * what, because of what, how many points, what is left of them now, and the balance after it.
 */
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { TrustStatement } from '../../src/domain/view.ts'
import { queries, sayProblem } from '../api.ts'
import { touchpointName, touchpointNote, words } from '../domain/words.ts'
import { More } from '../ui/more.tsx'
import { formatFixed, formatSigned, plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { TrendLine } from '../ui/picture.tsx'
import { Empty, WhenReady } from '../ui/states.tsx'
import { Moment } from '../ui/time.tsx'
import { EvidenceLink } from './evidence-link.tsx'
import classes from './statement.module.css'

type Entry = TrustStatement['entries'][number]

export function Statement({ partyId }: { partyId: string }): ReactNode {
  const answer = useInfiniteQuery(queries.trust(partyId))
  return (
    <Panel
      title="Trust account"
      about="What built trust and what cost it. Every entry fades with time."
      flush
    >
      <WhenReady answer={answer} says={sayProblem}>
        {({ pages }) => {
          const newest = pages[0]
          if (!newest) return null
          return (
            <>
              <Balance statement={newest} entries={pages.flatMap((page) => page.entries)} />
              <Entries entries={pages.flatMap((page) => page.entries)} />
              <More
                hasMore={answer.hasNextPage}
                fetching={answer.isFetchingNextPage}
                fetchMore={answer.fetchNextPage}
              />
            </>
          )
        }}
      </WhenReady>
    </Panel>
  )
}

function Balance(props: { statement: TrustStatement; entries: readonly Entry[] }): ReactNode {
  const { statement, entries } = props
  const line = [...entries.map((entry) => entry.balanceAfter).toReversed(), statement.balance]
  return (
    <div className={classes['balance']}>
      <div>
        <div className={classes['label']}>Balance now</div>
        <div className={classes['amount']}>
          <EvidenceLink of="trust:balance" label="the trust balance">
            {formatSigned(statement.balance)}
          </EvidenceLink>
          <span className={classes['unit']}>points</span>
        </div>
        <div className={classes['sum']}>
          {formatFixed(statement.deposits, 1)} deposited − {formatFixed(statement.withdrawals, 1)}{' '}
          withdrawn, as they count today
        </div>
      </div>
      <div className={classes['line']}>
        <TrendLine label="Balance after each entry, oldest first" values={line} zero height={48} />
      </div>
      <p className={classes['fades']}>
        Deposits lose half of their points in {plural(statement.halfLifeDays.deposits, 'day')},
        withdrawals in {plural(statement.halfLifeDays.withdrawals, 'day')}.
      </p>
    </div>
  )
}

function Entries({ entries }: { entries: readonly Entry[] }): ReactNode {
  if (entries.length === 0) {
    return (
      <div className={classes['empty']}>
        <Empty title="Nothing on this account yet">
          <p>
            Reviews, survey answers, support conversations, kept and broken promises make entries.
            Send them as events, for example <code>Promise Kept</code> or <code>Review</code>.
          </p>
        </Empty>
      </div>
    )
  }
  return (
    <table className={classes['entries']}>
      <thead>
        <tr>
          <th scope="col">Date</th>
          <th scope="col">What</th>
          <th scope="col">Because</th>
          <th scope="col">Points</th>
          <th scope="col">Left now</th>
          <th scope="col">Balance</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <EntryRow key={`${entry.touchpointId} ${entry.points}`} entry={entry} />
        ))}
      </tbody>
    </table>
  )
}

function EntryRow({ entry }: { entry: Entry }): ReactNode {
  const note = touchpointNote(entry)
  return (
    <tr>
      <td className={classes['date']}>
        <Moment at={entry.at} />
      </td>
      <td className={classes['what']}>
        <span className={classes['name']}>{touchpointName(entry)}</span>
        <span className={classes['where']}>
          {words(entry.channel)}
          {note !== '' && ` · ${note}`}
        </span>
      </td>
      <td className={classes['because']}>
        {entry.because}
        {entry.text !== null && entry.text !== '' && (
          <q className={classes['quote']}>{entry.text}</q>
        )}
      </td>
      <td className={classes['points']} data-label="Points" data-sign={Math.sign(entry.points)}>
        {formatSigned(entry.points)}
      </td>
      <td className={classes['number']} data-label="Left now">
        {formatSigned(entry.pointsNow)}
      </td>
      <td className={classes['number']} data-label="Balance">
        {formatFixed(entry.balanceAfter, 1)}
      </td>
    </tr>
  )
}
