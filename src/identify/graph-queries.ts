/** SQL of weighing identity anew: the neighbourhood of some subjects, and writing the outcome. */
import { sql } from 'kysely'
import { constraintsOf } from './by-hand.ts'
import type { Kysely } from 'kysely'
import type { HandDecisionRecord } from './by-hand.ts'
import type { IdentityGraph } from './components.ts'
import type { KnownIdentifier } from './queries.ts'
import type { LinkFact } from './facts.ts'

/** Neighbourhoods beyond this are an attack or a mistake; the rest stays as it is. */
const maximumSubjects = 20_000

export interface Neighbourhood extends IdentityGraph {
  readonly identifiers: readonly KnownIdentifier[]
}

/** Everything reachable from the subjects over links (refused ones too) and manual decisions. */
export async function neighbourhoodOf(
  db: Kysely<unknown>,
  subjectIds: readonly string[],
): Promise<Neighbourhood> {
  const { rows: found } = await sql<{ subjectId: string }>`
    with recursive reached (subject_id) as (
      select s from unnest(${subjectIds}::uuid[]) as s
      union
      select n.other from reached r
      cross join lateral (
        select subject_b as other from identity_link where subject_a = r.subject_id
        union all select subject_a from identity_link where subject_b = r.subject_id
        union all select unnest(subjects) from identity_decision
          where subjects @> array[r.subject_id] and action in ('merge', 'split') and by <> 'rule') n)
    select subject_id as "subjectId" from reached limit ${maximumSubjects}`.execute(db)
  const reached = found.map(({ subjectId }) => subjectId)
  const identifiers = await identifiersWithin(db, reached)
  const links = await linksWithin(db, reached)
  const byHand = constraintsOf(await decisionsByHand(db, reached))
  return { subjects: identifiers, identifiers, links, ...byHand }
}

async function identifiersWithin(
  db: Kysely<unknown>,
  subjectIds: readonly string[],
): Promise<KnownIdentifier[]> {
  const { rows } = await sql<KnownIdentifier>`
    select subject_id as "subjectId", namespace, party_id as "partyId", shared, home_party_id as "homePartyId",
      first_seen_at as "firstSeenAt"
    from identifier where subject_id = any(${subjectIds}::uuid[])
    order by first_seen_at, subject_id`.execute(db)
  return rows
}

async function linksWithin(
  db: Kysely<unknown>,
  subjectIds: readonly string[],
): Promise<LinkFact[]> {
  const { rows } = await sql<{ a: string; b: string; firstAt: Date; touchpointId: string }>`
    select subject_a as a, subject_b as b, first_at as "firstAt", touchpoint_id as "touchpointId"
    from identity_link
    where subject_a = any(${subjectIds}::uuid[]) and subject_b = any(${subjectIds}::uuid[])`.execute(
    db,
  )
  return rows.map((row) => ({ ...row, firstAt: row.firstAt.getTime() }))
}

/** Decisions by hand in force about any of the subjects, oldest first. */
async function decisionsByHand(
  db: Kysely<unknown>,
  subjectIds: readonly string[],
): Promise<HandDecisionRecord[]> {
  const { rows } = await sql<HandDecisionRecord>`
    select action, pairs from identity_decision d
    where action in ('merge', 'split') and by <> 'rule' and subjects && ${subjectIds}::uuid[]
      and not exists (select 1 from identity_decision u where u.undoes = d.id)
    order by id`.execute(db)
  return rows
}

/** Parties among these where identifiers live, other than the given ones. */
export async function partiesOfOthers(
  db: Kysely<unknown>,
  partyIds: readonly string[],
  subjectIds: readonly string[],
): Promise<string[]> {
  if (partyIds.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select distinct party_id as id from identifier
    where party_id = any(${partyIds}::uuid[]) and subject_id <> all(${subjectIds}::uuid[])`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

export async function accountsAmong(
  db: Kysely<unknown>,
  partyIds: readonly string[],
): Promise<string[]> {
  if (partyIds.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select id from party where id = any(${partyIds}::uuid[]) and kind = 'account'`.execute(db)
  return rows.map(({ id }) => id)
}

/** Moves subjects to their parties and counts the identity epoch up. */
export async function moveSubjects(
  db: Kysely<unknown>,
  moves: ReadonlyMap<string, string>,
): Promise<void> {
  if (moves.size === 0) return
  await sql`
    update identifier i set party_id = m.party_id, moved_in = pg_current_xact_id()::text::bigint
    from unnest(${[...moves.keys()]}::uuid[], ${[...moves.values()]}::uuid[]) as m (subject_id, party_id)
    where i.subject_id = m.subject_id`.execute(db)
  await sql`update identity_epoch set epoch = epoch + 1`.execute(db)
}

/** Where parties without identifiers went, so that old links to them still lead somewhere. */
export async function markMerged(
  db: Kysely<unknown>,
  mergedInto: ReadonlyMap<string, string | null>,
): Promise<void> {
  if (mergedInto.size === 0) return
  await sql`
    update party p set merged_into = m.target
    from unnest(${[...mergedInto.keys()]}::uuid[], ${[...mergedInto.values()]}::uuid[]) as m (id, target)
    where p.id = m.id`.execute(db)
}

export async function markContested(
  db: Kysely<unknown>,
  contested: readonly string[],
  quiet: readonly string[],
): Promise<void> {
  await sql`
    update party set contested = (id = any(${contested}::uuid[]))
    where id = any(${[...contested, ...quiet]}::uuid[])
      and contested is distinct from (id = any(${contested}::uuid[]))`.execute(db)
}

export async function markShared(
  db: Kysely<unknown>,
  subjectIds: readonly string[],
): Promise<void> {
  if (subjectIds.length === 0) return
  await sql`update identifier set shared = true where subject_id = any(${subjectIds}::uuid[])`.execute(
    db,
  )
}

export interface NewDecision {
  readonly action: 'merge' | 'split' | 'undo' | 'refused'
  readonly by: string
  readonly reason: string
  readonly pairs: readonly (readonly [string, string])[]
  readonly undoes?: string
}

export async function logDecision(db: Kysely<unknown>, decision: NewDecision): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into identity_decision (action, by, reason, pairs, subjects, undoes)
    values (${decision.action}, ${decision.by}, ${decision.reason},
      ${JSON.stringify(decision.pairs)}::json, ${[...new Set(decision.pairs.flat())]}::uuid[],
      ${decision.undoes ?? null})
    returning id::text`.execute(db)
  return rows[0]?.id ?? ''
}

/** Pairs among these (as `a b`) whose refusal is already in the log. */
export async function loggedRefusals(
  db: Kysely<unknown>,
  links: readonly LinkFact[],
): Promise<Set<string>> {
  if (links.length === 0) return new Set()
  const subjects = [...new Set(links.flatMap(({ a, b }) => [a, b]))]
  const { rows } = await sql<{ pairs: [string, string][] }>`
    select pairs from identity_decision
    where action = 'refused' and subjects && ${subjects}::uuid[]`.execute(db)
  return new Set(rows.flatMap(({ pairs }) => pairs.map(([a, b]) => `${a} ${b}`)))
}
