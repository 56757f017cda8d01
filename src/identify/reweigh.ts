/**
 * Weighs a neighbourhood of identifiers anew and writes what changed: the slow, exact path, under
 * the exclusive identity lock. The outcome depends on the facts alone.
 */
import { sql } from 'kysely'
import { resolveComponents } from './components.ts'
import { accountsOfParties, insertIdentifiers, insertParties } from './queries.ts'
import {
  accountsAmong, logDecision, loggedRefusals, markContested, markMerged, markShared, moveSubjects, neighbourhoodOf,
  partiesOfOthers,
} from './graph-queries.ts' // prettier-ignore
import { newParty } from './new-party.ts'
import { renameParties } from './traits.ts'
import type { Components } from './components.ts'
import type { KnownIdentifier } from './queries.ts'
import type { Kysely } from 'kysely'
import type { SubjectFact } from './facts.ts'

export interface ReweighRequest {
  /** Identifiers to start from. */
  readonly seeds: readonly string[]
  /** Facts of identifiers that may not be known yet. */
  readonly fresh: ReadonlyMap<string, SubjectFact>
  readonly newId: () => string
  /** A person decided and the log says so: then no rule did. */
  readonly isByHand?: boolean
}

export interface ReweighOutcome {
  readonly partyOf: ReadonlyMap<string, string>
  readonly merged: ReadonlyMap<string, string>
  readonly rebuilt: ReadonlySet<string>
  readonly regrouped: ReadonlySet<string>
}

interface Member extends Pick<KnownIdentifier, 'subjectId' | 'namespace' | 'shared'> {
  readonly partyId: string | null
  readonly homePartyId: string | null
}

export async function reweigh(
  db: Kysely<unknown>,
  request: ReweighRequest,
): Promise<ReweighOutcome> {
  const graph = await neighbourhoodOf(db, request.seeds)
  const known = new Set(graph.identifiers.map(({ subjectId }) => subjectId))
  const members: Member[] = [
    ...graph.identifiers,
    ...[...request.fresh.values()]
      .filter(({ subjectId }) => !known.has(subjectId))
      .sort((x, y) => x.firstSeenAt - y.firstSeenAt)
      .map(({ subjectId, identifier }) => ({
        subjectId,
        namespace: identifier.namespace,
        partyId: null,
        homePartyId: null,
        shared: false,
      })),
  ]
  const components = resolveComponents({ ...graph, subjects: members })
  const homes = members.flatMap(({ homePartyId }) => homePartyId ?? [])
  const taken = await partiesOfOthers(db, homes, [...known])
  const partyOf = assignParties(members, components, taken, request.newId)
  await write(db, { members, components, partyOf, request })
  return {
    partyOf,
    ...(await consequences(db, members, { partyOf, isByHand: request.isByHand === true })),
  }
}

/**
 * A party for each component: that of its oldest identifier whose party no other component took, so
 * that the older id survives a merge and stays with the older half of a split; else the party that
 * one of them began with, if nobody lives there; else a new one.
 */
function assignParties(
  members: readonly Member[],
  { rootOf }: Components,
  ofOthers: readonly string[],
  newId: () => string,
): Map<string, string> {
  const groups = new Map<string, Member[]>()
  for (const member of members) {
    const root = rootOf.get(member.subjectId) ?? member.subjectId
    groups.set(root, [...(groups.get(root) ?? []), member])
  }
  const inhabited = new Set([...ofOthers, ...members.flatMap(({ partyId }) => partyId ?? [])])
  const taken = new Set<string>()
  const isFree = (id: string | null): id is string => id !== null && !taken.has(id)
  const partyOf = new Map<string, string>()
  for (const group of groups.values()) {
    const own =
      group.map(({ partyId }) => partyId).find(isFree) ??
      group.map(({ homePartyId }) => homePartyId).find((id) => isFree(id) && !inhabited.has(id)) ??
      newId()
    taken.add(own)
    for (const { subjectId } of group) partyOf.set(subjectId, own)
  }
  return partyOf
}

interface Writing {
  readonly members: readonly Member[]
  readonly components: Components
  readonly partyOf: ReadonlyMap<string, string>
  readonly request: ReweighRequest
}

async function write(
  db: Kysely<unknown>,
  { members, components, partyOf, request }: Writing,
): Promise<void> {
  const present = new Set(members.flatMap(({ partyId }) => partyId ?? []))
  const added = new Map<string, string[]>()
  for (const { subjectId } of members) {
    const party = partyOf.get(subjectId) as string
    if (!present.has(party)) added.set(party, [...(added.get(party) ?? []), subjectId])
  }
  const identifierOf = await identifiersNamed(db, [...added.values()].flat(), request.fresh)
  await insertParties(
    db,
    [...added].map(([id, group]) =>
      newParty(
        id,
        group.flatMap((subject) => identifierOf.get(subject) ?? []),
      ),
    ),
  )
  const unknown = members.filter(({ partyId }) => partyId === null)
  await insertIdentifiers(
    db,
    unknown.flatMap(({ subjectId }) => {
      const fact = request.fresh.get(subjectId)
      return fact ? [{ ...fact, partyId: partyOf.get(subjectId) as string }] : []
    }),
  )
  const moved = members.filter(
    ({ partyId, subjectId }) => partyId !== null && partyOf.get(subjectId) !== partyId,
  )
  await moveSubjects(
    db,
    new Map(moved.map(({ subjectId }) => [subjectId, partyOf.get(subjectId) as string])),
  )
  await markShared(db, [...components.shared])
  const contested = new Set(
    components.refused.flatMap(({ a, b }) => [partyOf.get(a) ?? [], partyOf.get(b) ?? []].flat()),
  )
  const quiet = [...new Set(partyOf.values())].filter((party) => !contested.has(party))
  await markContested(db, [...contested].sort(), quiet)
  await logRefusals(db, components)
  const changed = new Set(
    [...moved, ...unknown].flatMap(({ subjectId, partyId }) => [
      partyOf.get(subjectId) as string,
      ...(partyId === null ? [] : [partyId]),
    ]),
  )
  await renameParties(db, changed)
}

async function identifiersNamed(
  db: Kysely<unknown>,
  subjects: readonly string[],
  fresh: ReadonlyMap<string, SubjectFact>,
): Promise<Map<string, Pick<SubjectFact, 'identifier'>>> {
  const { rows } = await sql<{ subjectId: string; namespace: string; value: string }>`
    select subject_id as "subjectId", namespace, value from identifier
    where subject_id = any(${subjects}::uuid[])`.execute(db)
  const named = new Map<string, Pick<SubjectFact, 'identifier'>>(fresh)
  for (const { subjectId, ...identifier } of rows) named.set(subjectId, { identifier })
  return named
}

async function logRefusals(db: Kysely<unknown>, { refused, shared }: Components): Promise<void> {
  const logged = await loggedRefusals(db, refused)
  for (const { a, b } of refused) {
    if (logged.has(`${a} ${b}`)) continue
    const reason =
      shared.has(a) || shared.has(b)
        ? 'One identifier was seen with so many users that it identifies nobody.'
        : 'Joining them would put two known users, or too many identifiers, into one party.'
    await logDecision(db, { action: 'refused', by: 'rule', reason, pairs: [[a, b]] })
  }
}

/** What the moves mean for state: whole parties merged, parts exchanged, accounts regrouped. */
async function consequences(
  db: Kysely<unknown>,
  members: readonly Member[],
  { partyOf, isByHand }: { partyOf: ReadonlyMap<string, string>; isByHand: boolean },
): Promise<Omit<ReweighOutcome, 'partyOf'>> {
  const destinations = new Map<string, Set<string>>()
  for (const { subjectId, partyId } of members) {
    if (partyId === null) continue
    destinations.set(
      partyId,
      (destinations.get(partyId) ?? new Set()).add(partyOf.get(subjectId) as string),
    )
  }
  const merged = new Map<string, string>()
  const rebuilt = new Set<string>()
  for (const [party, targets] of destinations) {
    const [only] = targets
    if (targets.size === 1 && only === party) continue
    if (targets.size === 1 && only !== undefined) merged.set(party, only)
    else for (const target of [party, ...targets]) rebuilt.add(target)
  }
  const alive = new Set(partyOf.values())
  // A party that lost all but is split over several lives on in none of them.
  for (const party of [...rebuilt]) {
    if (alive.has(party)) continue
    rebuilt.delete(party)
    merged.set(party, [...(destinations.get(party) ?? [])].sort()[0] as string)
  }
  await markMerged(db, merged)
  if (!isByHand) await logMerges(db, members, merged)
  const affected = [...new Set([...rebuilt, ...merged.keys(), ...merged.values()])]
  const accounts = await accountsOfParties(db, affected)
  // An account is the merge of its people, also where accounts themselves were merged or split.
  const changed = (await accountsAmong(db, affected)).filter((id) => alive.has(id))
  return {
    merged,
    rebuilt,
    regrouped: new Set([...accounts.map(({ accountId }) => accountId), ...changed]),
  }
}

async function logMerges(
  db: Kysely<unknown>,
  members: readonly Member[],
  merged: ReadonlyMap<string, string>,
): Promise<void> {
  const subjectOf = (party: string): string[] =>
    members.flatMap(({ partyId, subjectId }) => (partyId === party ? subjectId : [])).slice(0, 1)
  for (const [party, into] of merged) {
    const [gone, stays] = [...subjectOf(party), ...subjectOf(into)]
    if (gone === undefined || stays === undefined) continue
    const reason = 'Their identifiers were seen together.'
    await logDecision(db, { action: 'merge', by: 'rule', reason, pairs: [[gone, stays]] })
  }
}
