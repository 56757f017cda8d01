/** A life: from the first visit on, week by week, until today. */
import { acquisitions } from './acquisition.ts'
import { buyOrLeave } from './buying.ts'
import { careFor } from './caring.ts'
import { day, week } from './life.ts'
import { letter, meet, visit } from './visiting.ts'
import { Diary } from './diary.ts'
import { season } from './company.ts'
import { speakUp } from './advocating.ts'
import { useProduct } from './using.ts'
import type { Calendar } from './company.ts'
import type { Contract, Life } from './life.ts'
import type { Newcomer, Person } from './people.ts'
import type { Random } from '../src/math/random.ts'

export interface LifeOf {
  readonly newcomer: Newcomer
  readonly person: Person
  readonly calendar: Calendar
  readonly random: Random
  readonly contract: Contract
  readonly arrivesAt: number
  readonly seed: string
}

export function live(of: LifeOf): Life {
  const life = beginLife(of)
  meet(life)
  for (let from = life.arrivesAt + 0.3 * day; from < life.calendar.now; from += week) {
    liveWeek(life, from)
  }
  return life
}

function beginLife({ seed, ...of }: LifeOf): Life {
  const { person, newcomer, calendar, random } = of
  const isLead = newcomer.people[0] === person
  return {
    ...of,
    isLead,
    diary: new Diary(person, calendar, random.fork('devices'), seed),
    interest: isLead ? acquisitions[newcomer.channel].show : 0.4,
    understanding: newcomer.channel === 'referral' ? 0.3 : 0.05,
    trust: newcomer.channel === 'referral' ? 0.8 : 0,
    isSubscribedToLetter: false,
    energy: 1,
    seen: new Set(),
    seriesSeen: { living_stock: 0, plant_of_the_week: 0, trend_report: 0, company_news: 0 },
    usesSince: null,
    weeksOfUse: 0,
    affectedAt: null,
    recoveredAt: null,
    referralsAt: [],
    hasReviewed: false,
  }
}

function liveWeek(life: Life, from: number): void {
  const { random, person, diary } = life
  letter(life, from)
  const eager = 1.7 * life.interest * (0.35 + 0.9 * person.nature.curiosity) * season(from)
  const visits = Math.min(5, random.poisson(0.9 * eager))
  for (let i = 0; i < visits; i++) visit(life, from + random.next() * week)
  if (diary.isKnown && diary.devices.length === 1 && random.chance(0.012)) diary.switchDevice()
  buyOrLeave(life, from)
  useProduct(life, from)
  careFor(life, from)
  speakUp(life, from)
  // Interest fades, faster in those whom nothing here can help; trust returns slowly to the middle.
  life.energy = Math.min(1.3, Math.max(0.02, life.energy * Math.exp(random.normal(-0.008, 0.13))))
  life.interest *= 0.86 + 0.09 * Math.min(1, person.nature.need * 1.5)
  life.trust *= 0.992
}
