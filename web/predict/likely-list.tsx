/** People with what is predicted of each: value, interval, and what speaks for and against it. */
import type { ReactNode } from 'react'
import type { QuantityView } from '../../src/domain/prediction-view.ts'
import { PartyLink } from '../domain/party-link.tsx'
import { More } from '../ui/more.tsx'
import { Interval } from './interval.tsx'
import { Reasons } from './reasons.tsx'
import type { Person } from './prediction-queries.ts'
import classes from './predictions.module.css'

interface LikelyListProps {
  readonly quantity: QuantityView
  readonly people: readonly Person[]
  readonly more: {
    readonly has: boolean
    readonly fetching: boolean
    readonly fetch: () => unknown
  }
}

export function LikelyList({ quantity, people, more }: LikelyListProps): ReactNode {
  const most = quantity.unit === 'chance' ? 1 : Math.max(...people.map(({ high }) => high), 0)
  return (
    <>
      <ul className={classes['people']} aria-label="People">
        {people.map((person) => (
          <li key={person.party.id} className={classes['person']}>
            <div className={classes['who']}>
              <PartyLink party={person.party} />
              <span className={classes['quiet']}>{person.rung.name}</span>
            </div>
            <Interval {...person} quantity={quantity} most={most} />
            <Reasons reasons={person.reasons} most={3} />
          </li>
        ))}
      </ul>
      <More hasMore={more.has} fetching={more.fetching} fetchMore={more.fetch} />
    </>
  )
}
