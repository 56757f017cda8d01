/** People with anything to compare, read piece by piece: a million of them are never held at once. */
import { sql } from 'kysely'
import { cellsOf, comparedTraits, type KnownPerson } from './person-fields.ts'
import type { Kysely } from 'kysely'

export interface PersonCells {
  readonly id: string
  /** Has a user id. */
  readonly isUser: boolean
  /** One a field of `personFields`. */
  readonly cells: readonly string[]
}

const pageSize = 5_000
const beforeAll = '00000000-0000-0000-0000-000000000000'

export async function* peoplePages(db: Kysely<unknown>): AsyncGenerator<PersonCells[]> {
  for (let after: string | null = beforeAll; after !== null;) {
    const { rows } = await sql<{ id: string }>`
      select id from party where kind = 'person' and merged_into is null and id > ${after}::uuid
      order by id limit ${pageSize}`.execute(db)
    const ids: string[] = rows.map(({ id }) => id)
    after = ids.length < pageSize ? null : (ids.at(-1) ?? null)
    const people = await cellsOfPeople(db, ids)
    yield people.filter(({ cells }) => cells.some((cell) => cell !== ''))
  }
}

/** In the order of the ids. */
export async function cellsOfPeople(
  db: Kysely<unknown>,
  ids: readonly string[],
): Promise<PersonCells[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<KnownPerson & { id: string; isUser: boolean }>`
    select p.id, exists (select 1 from identifier where party_id = p.id and namespace = 'user_id') as "isUser",
      coalesce((select json_object_agg(t.key, t.value) from (
        select distinct on (t.key) t.key, t.value
        from identifier i join trait t using (subject_id)
        where i.party_id = p.id and t.key = any(${comparedTraits}::text[])
        order by t.key, t.at desc, t.touchpoint_id desc) t), '{}') as traits,
      (select value from identifier where party_id = p.id and namespace = 'email'
        order by first_seen_at, subject_id limit 1) as email,
      (select value from identifier where party_id = p.id and namespace = 'phone'
        order by first_seen_at, subject_id limit 1) as phone
    from unnest(${ids}::uuid[]) as p (id)`.execute(db)
  const found = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = found.get(id)
    return row ? [{ id, isUser: row.isUser, cells: cellsOf(row) }] : []
  })
}
