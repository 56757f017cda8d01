/** What becomes of a person, and the few questions that everything in a life asks. */
import type { Calendar, PlanId } from './company.ts'
import type { Diary } from './diary.ts'
import type { Newcomer, Person } from './people.ts'
import type { Random } from '../src/math/random.ts'
import type { SeriesId } from './content.ts'

export const day = 86_400_000
export const week = 7 * day

export interface Subscription {
  readonly plan: PlanId
  readonly from: number
  until: number | null
  readonly price: number
}

/** What becomes of a person. Numbers without unit are 0..1. */
export interface Life {
  readonly person: Person
  readonly newcomer: Newcomer
  readonly random: Random
  readonly calendar: Calendar
  readonly diary: Diary
  readonly arrivesAt: number
  /** The firm's trial and subscription, shared by its people; a single person's own. */
  readonly contract: Contract
  readonly isLead: boolean
  interest: number
  understanding: number
  /** About -3 .. 3. */
  trust: number
  /** How much time they have for the product; wanders about, and sometimes runs out. */
  energy: number
  isSubscribedToLetter: boolean
  readonly seen: Set<string>
  readonly seriesSeen: Record<SeriesId, number>
  /** When the person itself began to work with the product. */
  usesSince: number | null
  weeksOfUse: number
  affectedAt: number | null
  recoveredAt: number | null
  referralsAt: number[]
  hasReviewed: boolean
}

export interface Contract {
  trialFrom: number | null
  trialUntil: number | null
  subscription: Subscription | null
  /** The last one, after it has ended. */
  ended: Subscription | null
  trials: number
}

/** Clock time of a moment in the week: mostly working hours, firms hardly on weekends. */
export function moment(life: Life, from: number, length = week): number {
  const { random, person } = life
  let at = from + random.next() * length
  const weekday = new Date(at).getUTCDay()
  if (person.account && (weekday === 0 || weekday === 6) && random.chance(0.8)) at += 2 * day
  const midnight = Math.floor(at / day) * day
  const hour = Math.min(22.5, Math.max(5, random.normal(person.account ? 11.5 : 16, 3.4)))
  return Math.max(from, midnight + hour * 3_600_000 + random.integer(3_600_000))
}

/** The subscription that runs at this time, if any. */
export function running({ contract }: Life, at: number): Subscription | null {
  for (const one of [contract.subscription, contract.ended]) {
    if (one && one.from <= at && (one.until === null || at < one.until)) return one
  }
  return null
}
