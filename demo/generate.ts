/**
 * The demo company as a stream of events, in the order of time, the same for the same seed. `now` is
 * an argument, so that a demo ends on the day it is shown. Message ids depend on the seed and the
 * person only: to load the same demo a second time adds nothing.
 */
import { calendarOf } from './company.ts'
import { groundTruthOf } from './ground-truth.ts'
import { live } from './living.ts'
import { makeNewcomers } from './people.ts'
import { robotVisits } from './robots.ts'
import { seededRandom } from '../src/math/random.ts'
import type { Calendar } from './company.ts'
import type { Contract, Life } from './life.ts'
import type { Entry } from './diary.ts'
import type { GroundTruth, Referral } from './ground-truth.ts'
import type { Newcomer } from './people.ts'
import type { Random } from '../src/math/random.ts'
import type { SegmentEvent } from './segment-event.ts'

export interface DemoOptions {
  readonly seed: string | number
  /** Persons, anonymous ones included. */
  readonly people: number
  /** The end, in milliseconds since 1970. */
  readonly now: number
  readonly months: number
}

export const demoDefaults = { seed: 7, people: 2_000, months: 18 } as const

export interface Demo {
  readonly events: Generator<SegmentEvent>
  readonly truth: GroundTruth
}

const day = 86_400_000

export function generateDemo(options: DemoOptions): Generator<SegmentEvent> {
  return simulateDemo(options).events
}

export function simulateDemo({ seed, people, now, months }: DemoOptions): Demo {
  const calendar = calendarOf(now, months)
  const random = seededRandom(`fernhollow/${seed}`)
  const { lives, referrals } = liveAll(
    random,
    makeNewcomers(random, people, calendar),
    calendar,
    String(seed),
  )
  const robots = robotVisits(random.fork('robots'), calendar, String(seed))
  const entries = [...lives.flatMap(({ diary }) => diary.entries), ...robots]
  return {
    events: inOrder(entries),
    truth: groundTruthOf(lives, referrals, calendar, String(seed)),
  }
}

/** In the order of arrival, since a recommendation changes when somebody arrives. */
function liveAll(
  random: Random,
  newcomers: readonly Newcomer[],
  calendar: Calendar,
  seed: string,
): { lives: Life[]; referrals: Referral[] } {
  const waiting = [...newcomers]
  const lives: Life[] = []
  const leads = new Map<string, Life>()
  const referrals: Referral[] = []
  for (let newcomer = waiting.shift(); newcomer; newcomer = waiting.shift()) {
    const contract: Contract = {
      trialFrom: null,
      trialUntil: null,
      subscription: null,
      ended: null,
      trials: 0,
    }
    for (const person of newcomer.people) {
      const own = random.fork(person.id)
      // Colleagues come to look a few weeks around their lead, or later, when they are invited.
      const delay = person === newcomer.people[0] ? 0 : own.exponential(25) * day
      const arrivesAt = Math.min(newcomer.arrivesAt + delay, calendar.now - day / 2)
      const life = live({ newcomer, person, calendar, random: own, contract, arrivesAt, seed })
      lives.push(life)
      if (life.isLead) leads.set(person.id, life)
      for (const at of life.referralsAt) bring(life, at, waiting, referrals)
    }
    thankReferrer(newcomer, contract, leads)
  }
  return { lives, referrals }
}

/** About half of the recommendations bring somebody who would have come later, or never fitted so well. */
function bring(life: Life, at: number, waiting: Newcomer[], referrals: Referral[]): void {
  const { random, person, calendar } = life
  if (!random.chance(0.55)) return
  const arrivesAt = at + random.exponential(6) * day
  if (arrivesAt > calendar.now - day) return
  const later = waiting.filter((one) => one.referredBy === null && one.arrivesAt > arrivesAt)
  const friend = later.length > 0 ? random.choice(later) : undefined
  const lead = friend?.people[0]
  if (!friend || !lead) return
  const need = Math.min(1, lead.nature.need * 0.6 + 0.35)
  const people = friend.people.map((one) => ({ ...one, nature: { ...one.nature, need } }))
  const referred: Newcomer = {
    ...friend,
    people,
    channel: 'referral',
    referredBy: person.id,
    arrivesAt,
  }
  waiting.splice(waiting.indexOf(friend), 1)
  const place = waiting.findIndex((one) => one.arrivesAt > arrivesAt)
  waiting.splice(place < 0 ? waiting.length : place, 0, referred)
  referrals.push({
    from: person.id,
    to: lead.id,
    at: new Date(Math.round(arrivesAt)).toISOString(),
  })
}

/** When the friend pays, the one who recommended hears of it. */
function thankReferrer(
  newcomer: Newcomer,
  contract: Contract,
  leads: ReadonlyMap<string, Life>,
): void {
  const subscription = contract.subscription ?? contract.ended
  const referrer = newcomer.referredBy ? leads.get(newcomer.referredBy) : undefined
  if (!subscription || !referrer) return
  const revenue = subscription.price * 12
  const at = subscription.from + day
  referrer.diary.track(
    at,
    'Referral Converted',
    { revenue, currency: 'EUR', plan: subscription.plan },
    'server',
  )
  referrer.diary.track(at + 2 * day, 'Perk Received', { perk: 'one month free' }, 'server')
}

function* inOrder(entries: Entry[]): Generator<SegmentEvent> {
  entries.sort((a, b) => a.at - b.at || (a.event.messageId < b.event.messageId ? -1 : 1))
  for (const { event } of entries) yield event
}
