/** Who there is: persons and firms with what is true of them and cannot be seen (need, voice ...). */
import { acquisitions, acquisitionShares } from './acquisition.ts'
import { chooseFirm, chooseMarket, chooseName, plain } from './names.ts'
import { season } from './company.ts'
import type { AcquisitionId } from './acquisition.ts'
import type { Calendar } from './company.ts'
import type { Market } from './names.ts'
import type { Random } from '../src/math/random.ts'

export type PersonaId =
  'nursery_owner' | 'shop_manager' | 'landscape_designer' | 'plant_voice' | 'hobbyist'

export interface Account {
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly industry: string
  readonly employees: number
  readonly market: Market
}

/** What is true of a person but never sent: all 0..1. */
export interface Nature {
  /** How much the product would help. */
  readonly need: number
  /** How often they look around. */
  readonly curiosity: number
  /** How kindly they put things. */
  readonly warmth: number
  /** How readily they speak to others about what they like. */
  readonly voice: number
}

export interface Person {
  readonly id: string
  readonly given: string
  readonly family: string
  readonly email: string
  readonly persona: PersonaId
  readonly role: string
  readonly industry: string
  readonly followers: number
  readonly market: Market
  readonly city: string
  readonly account: Account | null
  readonly nature: Nature
}

/** A firm or a single person on the day it first hears of us. The first of `people` comes first. */
export interface Newcomer {
  readonly id: string
  readonly people: readonly Person[]
  readonly channel: AcquisitionId
  readonly arrivesAt: number
  readonly referredBy: string | null
}

const roles: Record<PersonaId, readonly string[]> = {
  nursery_owner: ['owner', 'director', 'head grower'],
  shop_manager: ['shop manager', 'buyer', 'florist', 'owner'],
  landscape_designer: ['designer', 'landscaper', 'consultant'],
  plant_voice: ['blogger', 'teacher', 'podcaster', 'journalist'],
  hobbyist: ['gardener', 'student', 'retired', 'designer'],
}
const industries: Record<PersonaId, readonly string[]> = {
  nursery_owner: ['nursery', 'wholesale nursery', 'tree nursery'],
  shop_manager: ['garden shop', 'florist', 'farm shop'],
  landscape_designer: ['landscaping', 'consulting'],
  plant_voice: ['media', 'education'],
  hobbyist: ['none'],
}
const staffRoles = [
  'grower',
  'shop assistant',
  'buyer',
  'bookkeeper',
  'shop manager',
  'head grower',
]
const mailHosts = ['post.example', 'mailbox.example', 'letterbox.example']

/** Share of single people by persona; the giveaway brings mostly hobbyists. */
const singles: Record<PersonaId, number> = {
  nursery_owner: 0.16, shop_manager: 0.12, landscape_designer: 0.28, plant_voice: 0.1, hobbyist: 0.34,
} // prettier-ignore
const giveawaySingles: Record<PersonaId, number> = { ...singles, hobbyist: 3, plant_voice: 0.2 }

interface Making {
  readonly random: Random
  readonly calendar: Calendar
  /** One for each person made so far. */
  readonly addresses: Set<string>
}

/** Everyone, in the order of arrival: about one firm for each thirteen people, the rest single. */
export function makeNewcomers(random: Random, people: number, calendar: Calendar): Newcomer[] {
  // Everybody has chance of their own, so that a demo that ends on another day has the same people.
  const addresses = new Set<string>()
  const makingOf = (label: string): Making => ({ random: random.fork(label), calendar, addresses })
  const newcomers: Newcomer[] = []
  const firms = Math.round(people * 0.075)
  for (let i = 0; i < firms && addresses.size < people - 1; i++) {
    const making = makingOf(`firm-${i}`)
    const size = Math.min(2 + making.random.poisson(2.3), 8, people - addresses.size)
    newcomers.push(makeFirm(making, i, size))
  }
  for (let i = 0; addresses.size < people; i++) {
    newcomers.push(makeSingle(makingOf(`single-${i}`), i))
  }
  return newcomers.sort((a, b) => a.arrivesAt - b.arrivesAt)
}

function makeFirm(making: Making, index: number, size: number): Newcomer {
  const { random } = making
  const market = chooseMarket(random)
  const name = chooseFirm(random, market)
  const channel = firmChannel(random)
  const persona = random.weighted({
    nursery_owner: 0.55,
    shop_manager: 0.35,
    landscape_designer: 0.1,
  })
  const account: Account = {
    id: `acct_${String(index + 1).padStart(4, '0')}`,
    name,
    domain: `${plain(name)}-${index + 1}.example`,
    industry: random.choice(industries[persona]),
    employees: size + random.poisson(4),
    market,
  }
  const need = Math.min(1, needOf(random, channel) * 1.2 + 0.05)
  const people = Array.from({ length: size }, (_, i) =>
    makePerson(making, { persona, account, market, need, isLead: i === 0 }),
  )
  return { id: account.id, people, channel, arrivesAt: arrival(making), referredBy: null }
}

function makeSingle(making: Making, index: number): Newcomer {
  const { random } = making
  const market = chooseMarket(random)
  const channel = random.weighted(acquisitionShares)
  const persona = random.weighted(channel === 'giveaway' ? giveawaySingles : singles)
  const scale = persona === 'hobbyist' ? 0.35 : persona === 'plant_voice' ? 0.3 : 1
  const need = needOf(random, channel) * scale
  const person = makePerson(making, { persona, account: null, market, need, isLead: true })
  return {
    id: `single_${index + 1}`,
    people: [person],
    channel,
    arrivesAt: arrival(making),
    referredBy: null,
  }
}

interface PersonPlan {
  readonly persona: PersonaId
  readonly account: Account | null
  readonly market: Market
  readonly need: number
  readonly isLead: boolean
}

function makePerson(making: Making, plan: PersonPlan): Person {
  const { random, addresses } = making
  const { persona, account, market } = plan
  const { given, family } = chooseName(random, market)
  const host = account?.domain ?? random.choice(mailHosts)
  let email = `${plain(given)}.${plain(family)}@${host}`
  for (let n = 2; addresses.has(email); n++) email = `${plain(given)}.${plain(family)}${n}@${host}`
  addresses.add(email)
  return {
    id: `p${String(addresses.size).padStart(5, '0')}`,
    given,
    family,
    email,
    persona,
    role: random.choice(plan.isLead ? roles[persona] : staffRoles),
    industry: account?.industry ?? random.choice(industries[persona]),
    followers: followersOf(random, persona),
    market,
    city: random.choice(market.cities),
    account,
    nature: {
      need: plan.need,
      curiosity: random.beta(2, 3),
      warmth: random.beta(3, 2.2),
      voice: persona === 'plant_voice' ? random.beta(5, 2) : random.beta(1.6, 3.4),
    },
  }
}

const needOf = (random: Random, channel: AcquisitionId): number => {
  const mean = acquisitions[channel].need
  return random.beta(6 * mean, 6 * (1 - mean))
}

/** Firms hardly take part in giveaways. */
function firmChannel(random: Random): AcquisitionId {
  for (;;) {
    const channel = random.weighted(acquisitionShares)
    if (channel !== 'giveaway' || random.chance(0.08)) return channel
  }
}

function followersOf(random: Random, persona: PersonaId): number {
  const typical = persona === 'plant_voice' ? 5_000 : 90
  return Math.round(typical * Math.exp(random.normal(0, 1)))
}

/** Growing by half over the time, and more in season. */
function arrival({ random, calendar: { start, now } }: Making): number {
  for (;;) {
    const share = random.next()
    const at = start + share * (now - start) * 0.985
    if (random.chance(((0.65 + 0.35 * share) * season(at)) / 1.5)) return Math.round(at)
  }
}
