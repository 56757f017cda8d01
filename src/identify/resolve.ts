/**
 * Identifiers of a batch -> parties. The common case (everything known, or new identifiers that join
 * at most one party) runs under the shared identity lock, beside other workers. Whatever changes the
 * party of a known identifier, or adds a person to an account, needs the exclusive lock: then the
 * whole neighbourhood is weighed anew by `resolveComponents`, which depends on the facts only, never
 * on their order.
 */
import { externalLimit, namespaceLimits } from './components.ts'
import { factsOf } from './facts.ts'
import {
  identifiersOfParties, identifiersOfSubjects, insertIdentifiers, insertParties,
  keepFirstSeen, keepLinks, keepMemberships, lockParties, newLinks, newMemberships,
} from './queries.ts' // prettier-ignore
import { groupSubjects } from './group-subjects.ts'
import { newParty } from './new-party.ts'
import { reweigh } from './reweigh.ts'
import { keepTraits, renameParties } from './traits.ts'
import type { IdentityFacts, LinkFact, SubjectFact } from './facts.ts'
import type { IncomingTouchpoint } from '../domain/touchpoint.ts'
import type { KnownIdentifier } from './queries.ts'
import type { Kysely } from 'kysely'

export interface Resolution {
  /** Party of each subject of the batch. */
  readonly partyOf: ReadonlyMap<string, string>
  readonly accounts: ReadonlySet<string>
  /** Parties that are no more -> the party that took all of theirs: their states are merged. */
  readonly merged: ReadonlyMap<string, string>
  /** Parties that lost identifiers, or gained some of another: state is rebuilt from the log. */
  readonly rebuilt: ReadonlySet<string>
  /** Accounts that gained or lost a member, whose state is merged anew from their people. */
  readonly regrouped: ReadonlySet<string>
}

export interface ResolveOptions {
  /** Whether the transaction holds the identity lock exclusively. */
  readonly exclusive: boolean
  /** Makes the id of a new party. */
  readonly newId: () => string
}

/** Null where the exclusive lock is needed: roll back and come again with it. */
export async function resolveParties(
  db: Kysely<unknown>,
  touchpoints: readonly IncomingTouchpoint[],
  options: ResolveOptions,
): Promise<Resolution | null> {
  const facts = factsOf(touchpoints)
  const known = await identifiersOfSubjects(db, [...facts.subjects.keys()])
  const links = await newLinks(db, [...facts.links.values()])
  const memberships = await newMemberships(db, [...facts.memberships.values()])
  if (memberships.length > 0 && !options.exclusive) return null
  const plan = planAttachments(facts, known, links)
  // Identifiers that join a party may say more about its name.
  const added = [...(plan?.joins.values() ?? [])].flat().map(({ subjectId }) => subjectId)
  const simple = plan && (await isWithinLimits(db, plan, facts))
  if (!simple && !options.exclusive) return null
  const resolution = simple
    ? await attach(db, { facts, known, links, plan }, options)
    : await weighBatch(db, { facts, known, links }, options)
  if (resolution === null) return null
  await keepMemberships(db, memberships)
  await keepTraits(db, facts)
  const earlier = known.flatMap(({ subjectId, firstSeenAt }) => {
    const fact = facts.subjects.get(subjectId)
    return fact && fact.firstSeenAt < firstSeenAt.getTime() ? fact : []
  })
  await keepFirstSeen(db, earlier)
  const told = [...[...facts.traits.values(), ...earlier].map((fact) => fact.subjectId), ...added]
  await renameParties(db, new Set(told.flatMap((subject) => resolution.partyOf.get(subject) ?? [])))
  const joined = memberships.flatMap((m) => resolution.partyOf.get(m.accountSubjectId) ?? [])
  return { ...resolution, regrouped: new Set([...resolution.regrouped, ...joined]) }
}

async function weighBatch(
  db: Kysely<unknown>,
  { facts, known, links }: Omit<Batch, 'plan'>,
  { newId }: ResolveOptions,
): Promise<Resolution> {
  await keepLinks(db, links)
  const partyOf = new Map(known.map(({ subjectId, partyId }) => [subjectId, partyId]))
  const outcome = await reweigh(db, {
    seeds: [...facts.subjects.keys()],
    fresh: facts.subjects,
    newId,
  })
  for (const [subject, party] of outcome.partyOf) partyOf.set(subject, party)
  return { ...outcome, partyOf, accounts: accountsAmong(facts, partyOf) }
}

/** New subjects by the party that they join; null key where they make a new one. */
export interface Attachments {
  readonly joins: ReadonlyMap<string, readonly SubjectFact[]>
  readonly fresh: readonly (readonly SubjectFact[])[]
}

/** Groups what new links connect. Null where a group spans two parties: that is a merge. */
function planAttachments(
  facts: IdentityFacts,
  known: readonly KnownIdentifier[],
  links: readonly LinkFact[],
): Attachments | null {
  const partyOf = new Map(known.map(({ subjectId, partyId }) => [subjectId, partyId]))
  const shared = new Set(known.filter(({ shared }) => shared).map(({ subjectId }) => subjectId))
  const relevant = links.filter(({ a, b }) => !shared.has(a) && !shared.has(b))
  const linked = new Set(relevant.flatMap(({ a, b }) => [a, b]))
  const joins = new Map<string, SubjectFact[]>()
  const fresh: SubjectFact[][] = []
  for (const group of groupSubjects([...facts.subjects.keys()], relevant)) {
    const parties = new Set(group.flatMap((subject) => partyOf.get(subject) ?? []))
    if (parties.size > 1) return null
    const added = group
      .filter((subject) => !partyOf.has(subject))
      .map((s) => facts.subjects.get(s) as SubjectFact)
    const [party] = parties
    if (party === undefined) fresh.push(added.sort(bySeniority))
    else if (added.length > 0 || group.some((subject) => linked.has(subject)))
      joins.set(party, [...(joins.get(party) ?? []), ...added])
  }
  return { joins, fresh }
}

const bySeniority = (x: SubjectFact, y: SubjectFact): number =>
  x.firstSeenAt - y.firstSeenAt || (x.subjectId < y.subjectId ? -1 : 1)

async function isWithinLimits(
  db: Kysely<unknown>,
  plan: Attachments,
  facts: IdentityFacts,
): Promise<boolean> {
  const isOver = (namespaces: readonly string[]): boolean => {
    const counts = new Map<string, number>()
    for (const namespace of namespaces) {
      const count = (counts.get(namespace) ?? 0) + 1
      counts.set(namespace, count)
      if (count > (namespaceLimits[namespace] ?? externalLimit)) return true
    }
    return false
  }
  const namespaceOf = ({ subjectId }: SubjectFact): string =>
    facts.subjects.get(subjectId)?.identifier.namespace ?? ''
  if (plan.fresh.some((group) => isOver(group.map(namespaceOf)))) return false
  if (plan.joins.size === 0) return true
  const contested = await lockParties(db, [...plan.joins.keys()])
  if (contested.size > 0) return false
  const present = new Map<string, string[]>()
  for (const { partyId, namespace } of await identifiersOfParties(db, [...plan.joins.keys()])) {
    present.set(partyId, [...(present.get(partyId) ?? []), namespace])
  }
  return ![...plan.joins].some(([party, added]) =>
    isOver([...(present.get(party) ?? []), ...added.map(namespaceOf)]),
  )
}

interface Batch {
  readonly facts: IdentityFacts
  readonly known: readonly KnownIdentifier[]
  readonly links: readonly LinkFact[]
  readonly plan: Attachments
}

async function attach(
  db: Kysely<unknown>,
  { facts, known, links, plan }: Batch,
  { newId, exclusive }: ResolveOptions,
): Promise<Resolution | null> {
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
  await keepLinks(db, links)
  for (const { subjectId, partyId } of added) partyOf.set(subjectId, partyId)
  const accounts = accountsAmong(facts, partyOf)
  return { partyOf, accounts, merged: new Map(), rebuilt: new Set(), regrouped: new Set() }
}

function accountsAmong(facts: IdentityFacts, partyOf: ReadonlyMap<string, string>): Set<string> {
  return new Set(
    [...facts.subjects.values()]
      .filter(({ identifier }) => identifier.namespace === 'account')
      .flatMap(({ subjectId }) => partyOf.get(subjectId) ?? []),
  )
}
