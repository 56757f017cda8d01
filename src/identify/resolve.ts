/**
 * Identifiers of a batch -> parties. The common case (everything known, or new identifiers that join
 * at most one party) runs under the shared identity lock, beside other workers. Whatever changes the
 * party of a known identifier, or adds a person to an account, needs the exclusive lock: then the
 * whole neighbourhood is weighed anew by `resolveComponents`, which depends on the facts only, never
 * on their order.
 */
import { factsOf } from './facts.ts'
import { disputeJoins, planAttachments } from './plan-attachments.ts'
import {
  identifiersOfParties, identifiersOfSubjects, insertIdentifiers, insertParties,
  keepFirstSeen, keepLinks, keepMemberships, lockParties, newLinks, newMemberships,
} from './queries.ts' // prettier-ignore
import { newParty } from './new-party.ts'
import { reweigh } from './reweigh.ts'
import { keepTraits, renameParties } from './traits.ts'
import type { Attachments } from './plan-attachments.ts'
import type { IdentityFacts, LinkFact, SubjectFact } from './facts.ts'
import type { IncomingTouchpoint } from '../domain/touchpoint.ts'
import type { KnownIdentifier } from './queries.ts'
import type { KnownParty } from './known-parties.ts'
import type { Kysely } from 'kysely'

export interface Resolution {
  /** Party of each subject of the batch. */
  readonly partyOf: ReadonlyMap<string, string>
  /** Parties that are no more -> the party that took all of theirs: their states are merged. */
  readonly merged: ReadonlyMap<string, string>
  /** Parties that lost identifiers, or gained some of another: state is rebuilt from the log. */
  readonly rebuilt: ReadonlySet<string>
  /** Accounts that gained or lost a member, whose state is merged anew from their people. */
  readonly regrouped: ReadonlySet<string>
  /** Whether the exclusive lock was needed: the next batch of its kind does well to begin with it. */
  readonly neededExclusive: boolean
  /** Parties that nobody knew before, made by this batch. */
  readonly made: ReadonlySet<string>
  /** What this batch learned of its subjects beyond `remembered`: true once it is committed. */
  readonly learned: ReadonlyMap<string, KnownParty>
}

export interface ResolveOptions {
  /** Whether the transaction holds the identity lock exclusively. */
  readonly exclusive: boolean
  /** Makes the id of a new party. */
  readonly newId: () => string
  /** Subjects that need no look-up, as of this transaction's identity epoch. */
  readonly remembered?: ReadonlyMap<string, KnownParty>
}

/** Null where the exclusive lock is needed: roll back and come again with it. */
export async function resolveParties(
  db: Kysely<unknown>,
  touchpoints: readonly IncomingTouchpoint[],
  options: ResolveOptions,
): Promise<Resolution | null> {
  const facts = factsOf(touchpoints)
  const links = await newLinks(db, [...facts.links.values()])
  const { open, remembered } = setApart(facts, links, options)
  const known = await identifiersOfSubjects(db, [...open.subjects.keys()])
  const memberships = await newMemberships(db, [...facts.memberships.values()])
  if (memberships.length > 0 && !options.exclusive) return null
  const since = new Map([
    ...[...remembered].map(([subject, { firstSeenAt }]) => [subject, firstSeenAt] as const),
    ...known.map(({ subjectId, firstSeenAt }) => [subjectId, firstSeenAt.getTime()] as const),
  ])
  const earlier = [...facts.subjects.values()].filter(
    ({ subjectId, firstSeenAt }) => firstSeenAt < (since.get(subjectId) ?? -Infinity),
  )
  const told = [...facts.traits.values(), ...earlier].map(({ subjectId }) => subjectId)
  const knownPartyOf = new Map([
    ...[...remembered].map(([subject, { partyId }]) => [subject, partyId] as const),
    ...known.map(({ subjectId, partyId }) => [subjectId, partyId] as const),
  ])
  const toldAbout = told.flatMap((subject) => knownPartyOf.get(subject) ?? [])
  const plan = await planWithin(db, planAttachments(open, known, links), { known, toldAbout })
  const neededExclusive = memberships.length > 0 || plan.disputed.length > 0
  if (neededExclusive && !options.exclusive) return null
  const attached = await attach(db, { facts: open, known, plan }, options)
  if (attached === null) return null
  const { partyOf, made } = attached
  for (const [subject, { partyId }] of remembered) partyOf.set(subject, partyId)
  await keepLinks(db, links)
  const weighed = await weigh(db, { facts, plan, partyOf }, options)
  await keepMemberships(db, memberships)
  await keepTraits(db, facts)
  await keepFirstSeen(db, earlier)
  // Identifiers that join a party may say more about its name.
  const added = [...plan.joins.values()].flat().map(({ subjectId }) => subjectId)
  const renamed = [...told, ...added].flatMap((subject) => partyOf.get(subject) ?? [])
  await renameParties(db, new Set(renamed))
  const joined = memberships.flatMap((m) => partyOf.get(m.accountSubjectId) ?? [])
  const regrouped = new Set([...weighed.regrouped, ...joined])
  const learned = new Map(
    [...open.subjects.values(), ...earlier].flatMap(({ subjectId, firstSeenAt }) => {
      const partyId = partyOf.get(subjectId)
      const at = Math.min(firstSeenAt, since.get(subjectId) ?? Infinity)
      return partyId === undefined ? [] : [[subjectId, { partyId, firstSeenAt: at }] as const]
    }),
  )
  return { ...weighed, partyOf, regrouped, neededExclusive, made, learned }
}

/**
 * What must be looked up, and what is remembered. Whoever is newly linked is always looked up; under
 * the exclusive lock everybody is, since anybody may have to be weighed.
 */
function setApart(
  facts: IdentityFacts,
  links: readonly LinkFact[],
  { exclusive, remembered }: ResolveOptions,
): { open: IdentityFacts; remembered: Map<string, KnownParty> } {
  const settled = new Map<string, KnownParty>()
  if (exclusive || remembered === undefined) return { open: facts, remembered: settled }
  const linked = new Set(links.flatMap(({ a, b }) => [a, b]))
  const open = new Map<string, SubjectFact>()
  for (const [subject, fact] of facts.subjects) {
    const party = linked.has(subject) ? undefined : remembered.get(subject)
    if (party === undefined) open.set(subject, fact)
    else settled.set(subject, party)
  }
  return { open: { ...facts, subjects: open }, remembered: settled }
}

interface Told {
  readonly known: readonly KnownIdentifier[]
  /** Parties whose traits or first sight may change. */
  readonly toldAbout: readonly string[]
}

/**
 * Locks the parties that are about to get identifiers, or of whom more is told, and looks what the
 * former have already. All at once, in order and before anything is written about them: so two workers
 * never wait for each other crosswise, and the second one names a party by what both have told.
 */
async function planWithin(
  db: Kysely<unknown>,
  plan: Attachments,
  { known, toldAbout }: Told,
): Promise<Attachments> {
  const joined = [...plan.joins.keys()]
  const contested = await lockParties(db, [...new Set([...joined, ...toldAbout])])
  if (joined.length === 0) return plan
  return disputeJoins(plan, known, await identifiersOfParties(db, joined), contested)
}

interface Batch {
  readonly facts: IdentityFacts
  readonly known: readonly KnownIdentifier[]
  readonly plan: Attachments
}

/** Gives the party of each subject that is settled without dispute; null where another was faster. */
async function attach(
  db: Kysely<unknown>,
  { known, plan }: Batch,
  { newId, exclusive }: ResolveOptions,
): Promise<{ partyOf: Map<string, string>; made: Set<string> } | null> {
  const partyOf = new Map(known.map(({ subjectId, partyId }) => [subjectId, partyId]))
  const fresh = plan.fresh.map((group) => ({ id: newId(), group }))
  await insertParties(
    db,
    fresh.map(({ id, group }) => newParty(id, group)),
  )
  const added = [
    ...fresh.flatMap(({ id, group }) => group.map((subject) => ({ ...subject, partyId: id }))),
    ...[...plan.joins].flatMap(([partyId, group]) =>
      group.map((subject) => ({ ...subject, partyId })),
    ),
  ]
  const inserted = await insertIdentifiers(db, added)
  // Another worker gave one of them a party in the meantime: weigh it in peace.
  if (inserted < added.length && !exclusive) return null
  for (const { subjectId, partyId } of added) partyOf.set(subjectId, partyId)
  return { partyOf, made: new Set(fresh.map(({ id }) => id)) }
}

/** Weighs what is disputed, adding its parties to `partyOf`. */
async function weigh(
  db: Kysely<unknown>,
  { facts, plan, partyOf }: Omit<Batch, 'known'> & { readonly partyOf: Map<string, string> },
  { newId }: ResolveOptions,
): Promise<Pick<Resolution, 'merged' | 'rebuilt' | 'regrouped'>> {
  if (plan.disputed.length === 0) {
    return { merged: new Map(), rebuilt: new Set(), regrouped: new Set() }
  }
  const fresh = new Map(
    plan.disputed.flatMap((subject) => {
      const fact = facts.subjects.get(subject)
      return fact ? [[subject, fact] as const] : []
    }),
  )
  const outcome = await reweigh(db, { seeds: plan.disputed, fresh, newId })
  for (const [subject, party] of outcome.partyOf) partyOf.set(subject, party)
  const { merged, rebuilt, regrouped } = outcome
  return { merged, rebuilt, regrouped }
}
