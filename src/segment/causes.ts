/** What happened to whom: from it follows which segments have to look at which parties again. */
import { accountsOf, personsOf } from './read-facts.ts'
import type { Catalogue } from './catalogue.ts'
import type { IncomingTouchpoint } from '../domain/touchpoint.ts'
import type { Kysely } from 'kysely'
import type { StandingFacts } from './facts.ts'
import type { TouchpointKind } from '../domain/touchpoint-kind.ts'

export interface WhatHappened {
  /** New touchpoints. */
  readonly touchpoints?: readonly IncomingTouchpoint[]
  readonly partyOf?: ReadonlyMap<string, string>
  readonly identity?: {
    readonly merged: ReadonlyMap<string, string>
    readonly rebuilt: ReadonlySet<string>
    readonly regrouped: ReadonlySet<string>
    readonly made?: ReadonlySet<string>
  }
  /** Changes of rung and health; the first of anybody is from null. */
  readonly transitions?: readonly {
    readonly partyId: string
    readonly at: number
    readonly from: string | null
  }[]
  /** Whose standing may have been written anew without a transition to tell of it. */
  readonly rewritten?: readonly string[]
  /** Of whom a score was written, or is no more. */
  readonly scored?: readonly string[]
  /** Rows of the relationship table as they now are, with what was asked for by `measuresFor`. */
  readonly rows?: readonly StandingFacts[]
  /** Parties of whom the touchpoints, and rows with all measures, are all that is known. */
  readonly newcomers?: ReadonlySet<string>
  /** False where it is known that nobody belongs to an account. */
  readonly hasAccounts?: boolean
  /** Of the segments in force, where the transaction has read it under the identity lock. */
  readonly epoch?: string
  readonly now: number
}

export interface Cause {
  /** New touchpoints, without those of robots. */
  readonly touchpoints: IncomingTouchpoint[]
  readonly kinds: Set<TouchpointKind>
  hasTraits: boolean
  hasNewStanding: boolean
  hasNewScores: boolean
  /** Everything about it may be new. */
  isWhole: boolean
  /** Something about an account of the person changed. */
  byAccount: boolean
  /** Name of the newest touchpoint. */
  event: string | null
  newestAt: number
  /** Where time alone did it: when. */
  byTimeAt: number | null
}

export type Causes = Map<string, Cause>

function causeOf(causes: Causes, partyId: string): Cause {
  let cause = causes.get(partyId)
  if (!cause) {
    const nothing = { hasTraits: false, hasNewStanding: false, hasNewScores: false, isWhole: false, byAccount: false } // prettier-ignore
    const none = { touchpoints: [], kinds: new Set<TouchpointKind>() }
    cause = { ...none, ...nothing, event: null, newestAt: -Infinity, byTimeAt: null }
    causes.set(partyId, cause)
  }
  return cause
}

export async function causesOf(
  db: Kysely<unknown>,
  happened: WhatHappened,
  { active, building }: Catalogue,
): Promise<Causes> {
  const causes: Causes = new Map()
  const { touchpoints = [], partyOf, identity, transitions = [], rewritten = [], scored = [] } = happened // prettier-ignore
  for (const touchpoint of touchpoints) {
    const partyId = partyOf?.get(touchpoint.subjectId)
    if (partyId !== undefined) addTouchpoint(causeOf(causes, partyId), touchpoint)
  }
  const changed = identity ? [...identity.merged.keys(), ...identity.merged.values(), ...identity.rebuilt, ...identity.regrouped, ...(identity.made ?? [])] : [] // prettier-ignore
  for (const partyId of changed) causeOf(causes, partyId).isWhole = true
  for (const { partyId, at, from } of transitions) {
    const cause = causeOf(causes, partyId)
    cause.hasNewStanding = true
    // Maybe known before, but not as anybody who did anything: a robot called in their name.
    if (from === null) cause.isWhole = true
    if (cause.kinds.size === 0) cause.byTimeAt = Math.min(cause.byTimeAt ?? Infinity, at)
  }
  for (const partyId of rewritten) causeOf(causes, partyId).hasNewStanding = true
  for (const partyId of scored) causeOf(causes, partyId).hasNewScores = true
  // What a build that is being made depends on is not asked: it hears of everybody.
  if (happened.hasAccounts === false) return causes
  const people = building.length > 0 || active.some(({ condition }) => condition.needs.accounts)
  if (people || active.some(({ kind }) => kind === 'account')) {
    await addAccounts(db, causes)
    if (people) await addPeople(db, causes)
  }
  return causes
}

function addTouchpoint(cause: Cause, touchpoint: IncomingTouchpoint): void {
  const { kind, event, occurredAt, traits, bot } = touchpoint
  // A robot's call can bring traits along, and nothing else that counts.
  if (traits !== null) cause.hasTraits = true
  if (bot) return
  cause.touchpoints.push(touchpoint)
  cause.kinds.add(kind)
  if (occurredAt < cause.newestAt) return
  cause.newestAt = occurredAt
  cause.event = event || kind.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase())
}

/** What happens to its people happens to an account. */
async function addAccounts(db: Kysely<unknown>, causes: Causes): Promise<void> {
  for (const { personId, accountId } of await accountsOf(db, [...causes.keys()])) {
    const [own, account] = [causes.get(personId), causeOf(causes, accountId)]
    if (!own) continue
    for (const kind of own.kinds) account.kinds.add(kind)
    account.touchpoints.push(...own.touchpoints)
    if (own.kinds.size > 0) account.byTimeAt = null
    account.hasTraits ||= own.hasTraits
    account.isWhole ||= own.isWhole
    if (own.newestAt >= account.newestAt) {
      account.newestAt = own.newestAt
      account.event = own.event
    }
  }
}

/** What happens to an account concerns its people. */
async function addPeople(db: Kysely<unknown>, causes: Causes): Promise<void> {
  const people = await personsOf(db, [...causes.keys()])
  for (const personId of people) causeOf(causes, personId).byAccount = true
}
