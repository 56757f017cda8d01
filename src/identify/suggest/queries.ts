import { sql } from 'kysely'
import { RapportError } from '../../domain/error.ts'
import type { DuplicateSearch, FoundDuplicate } from './find-duplicates.ts'
import type { Kysely } from 'kysely'
import type { MergeSearchView } from '../../domain/merge-suggestion-view.ts'

/** Longer than a search takes. Milliseconds. */
const lease = 30 * 60_000

/** Whether the search is ours now; false while another one is under way. */
export async function claimSearch(db: Kysely<unknown>, now: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update merge_search set started_at = to_timestamp(${now / 1000}::float8), lease_until = to_timestamp(${(now + lease) / 1000}::float8)
    where lease_until is null or lease_until <= to_timestamp(${now / 1000}::float8)`.execute(db)
  return (numAffectedRows ?? 0n) > 0n
}

export async function giveUpSearch(db: Kysely<unknown>, message: string): Promise<void> {
  await sql`update merge_search set lease_until = null, message = ${message}`.execute(db)
}

export async function readSearch(db: Kysely<unknown>, now: number): Promise<MergeSearchView> {
  type Row = Omit<MergeSearchView, 'startedAt' | 'finishedAt'> & {
    startedAt: Date | null
    finishedAt: Date | null
  }
  const { rows } = await sql<Row>`
    select coalesce(lease_until > to_timestamp(${now / 1000}::float8), false) as running,
      started_at as "startedAt", finished_at as "finishedAt", people, compared::float8 as compared, found,
      left_out as "leftOut", milliseconds, message
    from merge_search`.execute(db)
  const [row] = rows
  if (!row) throw new RapportError('internal')
  const time = (at: Date | null): string | null => at?.toISOString() ?? null
  return { ...row, startedAt: time(row.startedAt), finishedAt: time(row.finishedAt) }
}

const insertedAtOnce = 1_000

/**
 * What was found takes the place of what was open; who was decided about stays decided, and whom
 * somebody separated by hand is not suggested.
 */
export async function keepFound(
  db: Kysely<unknown>,
  search: DuplicateSearch,
  { now, took, newId }: { now: number; took: number; newId: () => string },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`delete from merge_suggestion where state = 'open'`.execute(transaction)
    for (let from = 0; from < search.found.length; from += insertedAtOnce) {
      await insert(transaction, search.found.slice(from, from + insertedAtOnce), now, newId)
    }
    await sql`
      update merge_search set lease_until = null, finished_at = to_timestamp(${now / 1000}::float8),
        people = ${search.people}, compared = ${search.compared}, left_out = ${search.leftOut},
        found = (select count(*) from merge_suggestion where state = 'open'),
        milliseconds = ${Math.round(took)}, message = ${search.message}`.execute(transaction)
  })
}

async function insert(
  db: Kysely<unknown>,
  found: readonly FoundDuplicate[],
  now: number,
  newId: () => string,
): Promise<void> {
  await sql`
    insert into merge_suggestion (id, one_id, other_id, probability, weight, reasons, state, found_at)
    select f.id, f.one_id, f.other_id, f.probability, f.weight, f.reasons::json, 'open', to_timestamp(${now / 1000}::float8)
    from unnest(${found.map(newId)}::uuid[], ${found.map(({ oneId }) => oneId)}::uuid[],
      ${found.map(({ otherId }) => otherId)}::uuid[], ${found.map(({ probability }) => probability)}::float8[],
      ${found.map(({ weight }) => weight)}::float8[], ${found.map(({ reasons }) => JSON.stringify(reasons))}::text[])
      as f (id, one_id, other_id, probability, weight, reasons)
    where not exists (
      select 1 from identifier i join identity_decision d on d.subjects @> array[i.subject_id]
      join identifier o on o.subject_id = any(d.subjects)
      where i.party_id = f.one_id and o.party_id = f.other_id and d.action = 'split' and d.by <> 'rule'
        and not exists (select 1 from identity_decision u where u.undoes = d.id))
    on conflict (one_id, other_id) do nothing`.execute(db)
}

export interface SuggestionRow {
  readonly id: string
  readonly oneId: string
  readonly otherId: string
  readonly oneName: string
  readonly otherName: string
  readonly probability: number
  readonly weight: number
  readonly reasons: readonly (readonly [string, string, number])[]
  readonly bothKnown: boolean
  readonly foundAt: Date
}

export interface SuggestionFilter {
  /** Of the last one of the page before. */
  readonly after?: { readonly weight: number; readonly id: string }
  readonly leastProbability: number
  readonly id?: string
  readonly limit: number
}

/** Open ones of which both still live, most likely first. */
export async function openSuggestions(
  db: Kysely<unknown>,
  { after, leastProbability, id, limit }: SuggestionFilter,
): Promise<SuggestionRow[]> {
  const { rows } = await sql<SuggestionRow>`
    select s.id, s.one_id as "oneId", s.other_id as "otherId", a.display_name as "oneName",
      b.display_name as "otherName", s.probability, s.weight, s.reasons, s.found_at as "foundAt",
      exists (select 1 from identifier where party_id = s.one_id and namespace = 'user_id')
        and exists (select 1 from identifier where party_id = s.other_id and namespace = 'user_id') as "bothKnown"
    from merge_suggestion s
    join party a on a.id = s.one_id and a.merged_into is null
    join party b on b.id = s.other_id and b.merged_into is null
    where s.state = 'open' and s.probability >= ${leastProbability}
      ${id === undefined ? sql`` : sql`and s.id = ${id}::uuid`}
      ${after === undefined ? sql`` : sql`and (s.weight < ${after.weight} or (s.weight = ${after.weight} and s.id > ${after.id}::uuid))`}
    order by s.weight desc, s.id limit ${limit}`.execute(db)
  return rows
}

export async function countOpen(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from merge_suggestion s
    join party a on a.id = s.one_id and a.merged_into is null
    join party b on b.id = s.other_id and b.merged_into is null
    where s.state = 'open'`.execute(db)
  return rows[0]?.count ?? 0
}

/** Throws where it was decided already: of two people who press at once, one is told. */
export async function decideSuggestion(
  db: Kysely<unknown>,
  id: string,
  { state, by, now }: { state: 'accepted' | 'dismissed' | 'open'; by: string; now: number },
): Promise<{ oneId: string; otherId: string }> {
  const isOpening = state === 'open'
  const { rows } = await sql<{ oneId: string; otherId: string }>`
    update merge_suggestion set state = ${state}, decided_by = ${isOpening ? null : by},
      decided_at = ${isOpening ? null : new Date(now)}
    where id = ${id}::uuid and (state = 'open') <> ${isOpening}
    returning one_id as "oneId", other_id as "otherId"`.execute(db)
  const [row] = rows
  if (row) return row
  const { rows: known } = await sql`select 1 from merge_suggestion where id = ${id}::uuid`.execute(
    db,
  )
  if (known.length === 0) throw new RapportError('not_found', 'There is no such suggestion.')
  throw new RapportError('conflict', 'Somebody has decided about these two meanwhile.')
}
