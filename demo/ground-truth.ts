/** What is true of the demo company and what a measuring system should find: for tests and for show. */
import { acquisitionIds, acquisitions } from './acquisition.ts'
import { company, promises } from './company.ts'
import { kioskBrowser } from './using.ts'
import { robots } from './devices.ts'
import { seriesList } from './content.ts'
import type { Calendar } from './company.ts'
import type { Life } from './life.ts'

export interface PersonTruth {
  readonly id: string
  /** The id under which the company's tools know the person; null while anonymous. */
  readonly userId: string | null
  readonly anonymousIds: readonly string[]
  readonly name: string
  readonly persona: string
  readonly account: string | null
  readonly channel: string
  readonly arrivedAt: string
  readonly need: number
  readonly understanding: number
  readonly trust: number
  readonly customerFrom: string | null
  readonly customerUntil: string | null
  readonly referredBy: string | null
  readonly referralsMade: number
  readonly affectedByIncident: boolean
  readonly recoveredAt: string | null
}

export interface Referral {
  readonly from: string
  readonly to: string
  readonly at: string
}

export interface GroundTruth {
  readonly company: string
  readonly seed: string
  readonly start: string
  readonly now: string
  readonly incident: { readonly at: string; readonly promise: string }
  /** True mean need of those whom a channel brings. */
  readonly channels: Readonly<Record<string, { need: number; share: number }>>
  readonly channelThatOnlyLooksGood: string
  readonly bestChannel: string
  /** What a new part adds to understanding. */
  readonly content: Readonly<Record<string, number>>
  readonly kiosk: { readonly anonymousId: string; readonly people: readonly string[] }
  readonly robots: readonly string[]
  readonly people: readonly PersonTruth[]
  readonly referrals: readonly Referral[]
}

const iso = (at: number | null | undefined): string | null =>
  at === null || at === undefined ? null : new Date(Math.round(at)).toISOString()
const rounded = (value: number): number => Math.round(value * 1000) / 1000

export function groundTruthOf(
  lives: readonly Life[],
  referrals: readonly Referral[],
  calendar: Calendar,
  seed: string,
): GroundTruth {
  const atKiosk = lives.filter(({ diary }) =>
    diary.entries.some(({ event }) => event.anonymousId === kioskBrowser),
  )
  return {
    company: company.name,
    seed,
    start: new Date(calendar.start).toISOString(),
    now: new Date(calendar.now).toISOString(),
    incident: { at: new Date(calendar.incidentAt).toISOString(), promise: promises.broken },
    channels: Object.fromEntries(
      acquisitionIds.map((id) => [
        id,
        { need: acquisitions[id].need, share: acquisitions[id].share },
      ]),
    ),
    channelThatOnlyLooksGood: 'giveaway',
    bestChannel: 'guild',
    content: Object.fromEntries(
      Object.values(seriesList).map(({ name, teaches }) => [name, teaches]),
    ),
    kiosk: { anonymousId: kioskBrowser, people: atKiosk.map(({ diary }) => diary.userId) },
    robots: robots.map((_, index) => `robot-${index}`),
    people: lives.map(personTruth),
    referrals,
  }
}

function personTruth(life: Life): PersonTruth {
  const { person, newcomer, diary, contract } = life
  const subscription = contract.subscription ?? contract.ended
  return {
    id: person.id,
    userId: diary.isKnown ? diary.userId : null,
    anonymousIds: diary.devices,
    name: `${person.given} ${person.family}`,
    persona: person.persona,
    account: person.account?.id ?? null,
    channel: newcomer.channel,
    arrivedAt: new Date(Math.round(life.arrivesAt)).toISOString(),
    need: rounded(person.nature.need),
    understanding: rounded(life.understanding),
    trust: rounded(life.trust),
    customerFrom: iso(subscription?.from),
    customerUntil: iso(subscription?.until),
    referredBy: newcomer.referredBy,
    referralsMade: life.referralsAt.length,
    affectedByIncident: life.affectedAt !== null,
    recoveredAt: iso(life.recoveredAt),
  }
}
