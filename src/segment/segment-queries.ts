/** Segments, their versions and builds as they are stored. */
import { sql } from 'kysely'
import { integerArray } from '../store/array-literal.ts'
import type { Kysely } from 'kysely'
import type { SegmentGroup } from '../domain/segment-view.ts'
import type { StoredSegment } from './catalogue.ts'

/** A segment with its newest tree, and what serves of it. */
export interface SegmentRow extends StoredSegment {
  readonly about: string
  readonly createdAt: Date
  readonly createdBy: string
  readonly build: number | null
  readonly state: 'serving' | 'broken' | null
  readonly servingVersion: number | null
  readonly modelVersion: number | null
  readonly parts: readonly number[] | null
  readonly reason: string | null
  readonly evaluatedAt: Date | null
  readonly milliseconds: number | null
  readonly isBuilding: boolean
}

export async function readSegments(
  db: Kysely<unknown>,
  ids?: readonly string[],
): Promise<SegmentRow[]> {
  const { rows } = await sql<SegmentRow>`
    select s.id, s.name, s.about, s.kind, s.version, v.tree, s.created_at as "createdAt",
      s.created_by as "createdBy", b.build, b.state, b.version as "servingVersion",
      b.model_version as "modelVersion", b.parts, b.reason, b.evaluated_at as "evaluatedAt",
      b.milliseconds, exists (select 1 from segment_build u where u.segment_id = s.id
        and u.state = 'building') as "isBuilding"
    from segment s join segment_version v on v.segment_id = s.id and v.version = s.version
    left join segment_build b on b.segment_id = s.id and b.state in ('serving', 'broken')
    where s.deleted_at is null ${ids ? sql`and s.id = any(${ids}::uuid[])` : sql``}
    order by s.created_at, s.id`.execute(db)
  return rows
}

export interface NewSegment {
  readonly id: string
  readonly name: string
  readonly about: string
  readonly kind: 'person' | 'account'
  readonly tree: SegmentGroup
  readonly by: string
  readonly now: number
}

export async function insertSegment(db: Kysely<unknown>, given: NewSegment): Promise<void> {
  const at = new Date(given.now)
  await sql`
    insert into segment (id, name, about, kind, version, created_at, created_by)
    values (${given.id}, ${given.name}, ${given.about}, ${given.kind}, 1, ${at}, ${given.by})`.execute(
    db,
  )
  await insertVersion(db, { ...given, version: 1 })
}

export async function insertVersion(
  db: Kysely<unknown>,
  { id, version, tree, by, now }: Pick<NewSegment, 'id' | 'tree' | 'by' | 'now'> & { readonly version: number }, // prettier-ignore
): Promise<void> {
  await sql`
    insert into segment_version (segment_id, version, tree, created_at, created_by)
    values (${id}, ${version}, ${JSON.stringify(tree)}::json, ${new Date(now)}, ${by})`.execute(db)
}

export async function updateSegment(
  db: Kysely<unknown>,
  { id, name, about, version }: Pick<NewSegment, 'id' | 'name' | 'about'> & { readonly version: number }, // prettier-ignore
): Promise<void> {
  await sql`update segment set name = ${name}, about = ${about}, version = ${version}
    where id = ${id}`.execute(db)
}

export async function retireSegment(db: Kysely<unknown>, id: string, now: number): Promise<void> {
  await sql`update segment set deleted_at = ${new Date(now)} where id = ${id}`.execute(db)
  await sql`update segment_build set state = 'retired'
    where segment_id = ${id} and state in ('serving', 'broken')`.execute(db)
  await countUp(db)
}

/** Whatever is in force changed: every process reads it anew with its next transaction. */
export async function countUp(db: Kysely<unknown>): Promise<void> {
  await sql`update segment_epoch set epoch = epoch + 1`.execute(db)
}

export async function memberCounts(
  db: Kysely<unknown>,
  builds: readonly number[],
): Promise<Map<number, number>> {
  if (builds.length === 0) return new Map()
  const { rows } = await sql<{ build: number; members: number }>`
    select build, count(*)::int as members from segment_member
    where inside and build = any(${integerArray(builds)}::int[]) group by build`.execute(db)
  return new Map(rows.map(({ build, members }) => [build, members]))
}

/** Identifiers that parties of a fixed list are known by: the first that each was seen with. */
export async function firstSubjects(
  db: Kysely<unknown>,
  partyIds: readonly string[],
): Promise<Map<string, string>> {
  if (partyIds.length === 0) return new Map()
  const { rows } = await sql<{ asked: string; subjectId: string }>`
    with recursive way (asked, id, step) as (
      select p, p, 0 from unnest(${partyIds}::uuid[]) as p
      union all
      select way.asked, party.merged_into, way.step + 1
      from way join party on party.id = way.id where party.merged_into is not null and way.step < 50)
    select distinct on (way.asked) way.asked, i.subject_id as "subjectId"
    from way join identifier i on i.party_id = way.id
    order by way.asked, way.step desc, i.first_seen_at, i.subject_id`.execute(db)
  return new Map(rows.map(({ asked, subjectId }) => [asked, subjectId]))
}
