/**
 * Who is inside a build and was not before, and the other way round. Found while everybody still writes, and
 * told when nobody may: then only those who were touched in between are compared again.
 */
import { sql, type Kysely } from 'kysely'
import { uuidArray } from '../store/array-literal.ts'

export interface TwoBuilds {
  readonly before: number
  readonly after: number
}

/**
 * Notes the difference until the end of the transaction. By EXCEPT, which reads each side once: of a build
 * this young PostgreSQL knows nothing, takes it for one row, and a join would compare everybody with everybody.
 */
export async function noteDifference(
  db: Kysely<unknown>,
  { before, after }: TwoBuilds,
): Promise<void> {
  await sql`create temporary table segment_moved (party_id uuid primary key, what text) on commit drop`.execute(db) // prettier-ignore
  const inside = (build: number) =>
    sql`select party_id from segment_member where build = ${build} and inside`
  await sql`insert into segment_moved
    select party_id, 'entered' from (${inside(after)} except ${inside(before)}) entered
    union all select party_id, 'left' from (${inside(before)} except ${inside(after)}) gone`.execute(db) // prettier-ignore
}

/** Compares these again. */
export async function noteAgain(
  db: Kysely<unknown>,
  { before, after }: TwoBuilds,
  partyIds: readonly string[],
): Promise<void> {
  const ids = sql`${uuidArray(partyIds)}::uuid[]`
  await sql`delete from segment_moved where party_id = any(${ids})`.execute(db)
  await sql`insert into segment_moved
    select id, case when coalesce(a.inside, false) then 'entered' else 'left' end
    from unnest(${ids}) as id
    left join segment_member a on a.build = ${after} and a.party_id = id
    left join segment_member b on b.build = ${before} and b.party_id = id
    where coalesce(a.inside, false) <> coalesce(b.inside, false)`.execute(db)
}

export interface Told {
  readonly segmentId: string
  readonly version: number
  readonly at: number
  readonly because: string
}

/** Call while nobody writes, so that changes are numbered in the order in which they become seen. */
export async function tellDifference(
  db: Kysely<unknown>,
  { segmentId, version, at, because }: Told,
): Promise<void> {
  await sql`
    insert into segment_change (segment_id, party_id, version, at, what, because)
    select ${segmentId}::uuid, party_id, ${version}::int, ${new Date(at)}, what, ${because}::text
    from segment_moved order by what, party_id`.execute(db)
}
