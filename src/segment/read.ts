/** Reading segments: their views, members, changes, overlaps. */
import { sql } from 'kysely'
import { memberCounts, readSegments } from './segment-queries.ts'
import { dayMilliseconds } from '../relationship/duration.ts'
import { RapportError } from '../domain/error.ts'
import { integerArray } from '../store/array-literal.ts'
import type { Kysely } from 'kysely'
import type { LivingParty } from './why.ts'
import type { SegmentRow } from './segment-queries.ts'
import type { SegmentView, segmentChangePage, segmentMemberPage, segmentOverlap, segmentVersionPage } from '../domain/segment-view.ts' // prettier-ignore
import type { z } from 'zod'

export async function viewsOf(db: Kysely<unknown>, ids?: readonly string[]): Promise<SegmentView[]> {
  const rows = await readSegments(db, ids)
  const counts = await memberCounts(db, rows.flatMap(({ build }) => build ?? []))
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    about: row.about,
    kind: row.kind,
    version: row.version,
    servingVersion: row.state === null ? null : row.servingVersion,
    state: row.isBuilding || row.state === null ? 'building' : row.state,
    reason: row.reason,
    tree: row.tree,
    members: counts.get(row.build ?? 0) ?? 0,
    evaluatedAt: row.evaluatedAt?.toISOString() ?? null,
    milliseconds: row.milliseconds,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  }))
} // prettier-ignore

export async function segmentNamed(db: Kysely<unknown>, id: string): Promise<SegmentRow> {
  const [row] = await readSegments(db, [id])
  if (!row) throw new RapportError('not_found', 'There is no such segment.')
  return row
}

export interface PageQuestion {
  /** Where the page before ended. */
  readonly after: string | null
  readonly limit: number
}

export async function membersOf(
  db: Kysely<unknown>,
  build: number,
  { after, limit }: PageQuestion,
): Promise<z.infer<typeof segmentMemberPage>> {
  const { rows } = await sql<LivingParty & { since: Date }>`
    select p.id, p.kind, p.display_name as "displayName", m.since
    from segment_member m join party p on p.id = m.party_id
    where m.build = ${build} and m.inside ${after === null ? sql`` : sql`and m.party_id > ${after}::uuid`}
    order by m.party_id limit ${limit + 1}`.execute(db)
  const page = rows.slice(0, limit)
  return {
    members: page.map(({ since, ...party }) => ({ party, since: since.toISOString() })),
    next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  }
}

export async function changesOf(
  db: Kysely<unknown>,
  segmentId: string,
  { after, limit }: PageQuestion,
): Promise<z.infer<typeof segmentChangePage>> {
  type Row = LivingParty & { changeId: string; at: Date; what: 'entered' | 'left'; because: string; name: string } // prettier-ignore
  const { rows } = await sql<Row>`
    select c.id::text as "changeId", c.at, c.what, c.because, s.name, p.id, p.kind,
      p.display_name as "displayName"
    from segment_change c join segment s on s.id = c.segment_id join party p on p.id = c.party_id
    where c.segment_id = ${segmentId}::uuid ${after === null ? sql`` : sql`and c.id < ${after}::bigint`}
    order by c.id desc limit ${limit + 1}`.execute(db)
  const page = rows.slice(0, limit)
  return {
    changes: page.map(({ changeId, at, what, because, name, ...party }) => ({
      ...{ id: changeId, at: at.toISOString(), what, because, party },
      segment: { id: segmentId, name },
    })),
    next: rows.length > limit ? (page.at(-1)?.changeId ?? null) : null,
  }
}

/** The trees that a segment had, newest first. The cursor is the version to go on below. */
export async function versionsOf(
  db: Kysely<unknown>,
  segmentId: string,
  { after, limit }: PageQuestion,
): Promise<z.infer<typeof segmentVersionPage>> {
  type Row = { version: number; tree: unknown; createdAt: Date; createdBy: string }
  const { rows } = await sql<Row>`
    select version, tree, created_at as "createdAt", created_by as "createdBy" from segment_version
    where segment_id = ${segmentId}::uuid ${after === null ? sql`` : sql`and version < ${after}::int`}
    order by version desc limit ${limit + 1}`.execute(db)
  const page = rows.slice(0, limit)
  return {
    versions: page.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })),
    next: rows.length > limit ? String(page.at(-1)?.version) : null,
  }
}

export async function overlapOf(
  db: Kysely<unknown>,
  ids: readonly string[],
): Promise<z.infer<typeof segmentOverlap>> {
  const rows = await readSegments(db, ids)
  const missing = ids.find((id) => !rows.some((row) => row.id === id))
  if (missing !== undefined) throw new RapportError('not_found', `There is no segment ${missing}.`)
  const builds = integerArray(rows.map(({ build }) => build ?? 0))
  const members = sql`select build, party_id from segment_member where inside and build = any(${builds}::int[])`
  const { rows: both } = await sql<{ a: number; b: number; both: number }>`
    with m as materialized (${members})
    select x.build as a, y.build as b, count(*)::int as both
    from m x join m y on y.party_id = x.party_id and y.build > x.build group by x.build, y.build`.execute(db)
  const { rows: every } = await sql<{ count: number }>`
    select count(*)::int as count from (select party_id from (${members}) as m group by party_id
      having count(*) = ${rows.length}) as inside`.execute(db)
  const counts = await memberCounts(db, rows.flatMap(({ build }) => build ?? []))
  const sizeOf = (row: SegmentRow): number => counts.get(row.build ?? 0) ?? 0
  const pairs = rows.flatMap((one, i) =>
    rows.slice(i + 1).map((other) => {
      const [a, b] = [one.build ?? 0, other.build ?? 0].toSorted((x, y) => x - y)
      const shared = both.find((pair) => pair.a === a && pair.b === b)?.both ?? 0
      const either = sizeOf(one) + sizeOf(other) - shared
      return { a: one.id, b: other.id, both: shared, jaccard: either === 0 ? 0 : shared / either }
    }),
  )
  return {
    segments: rows.map((row) => ({ id: row.id, name: row.name, members: sizeOf(row) })),
    pairs,
    all: every[0]?.count ?? 0,
  }
} // prettier-ignore

/** The living party behind an id: itself, or what it was merged into. */
export async function partyBehind(db: Kysely<unknown>, id: string): Promise<LivingParty> {
  const { rows } = await sql<LivingParty>`
    with recursive way (id, merged_into, kind, display_name, step) as (
      select id, merged_into, kind, display_name, 0 from party where id = ${id}::uuid
      union all
      select p.id, p.merged_into, p.kind, p.display_name, way.step + 1
      from way join party p on p.id = way.merged_into where way.step < 50)
    select id, kind, display_name as "displayName" from way where merged_into is null`.execute(db)
  const [found] = rows
  if (!found) throw new RapportError('not_found', 'There is no such party.')
  return found
}

export async function segmentsOfParty(
  db: Kysely<unknown>,
  partyId: string,
): Promise<{ id: string; name: string; since: string }[]> {
  const { rows } = await sql<{ id: string; name: string; since: Date }>`
    select s.id, s.name, m.since
    from segment_member m join segment_build b on b.build = m.build and b.state in ('serving', 'broken')
    join segment s on s.id = b.segment_id and s.deleted_at is null
    where m.party_id = ${partyId}::uuid and m.inside order by lower(s.name), s.id`.execute(db)
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }))
}

/** Traits that people have, the frequent ones first, by a look at some of them. */
export async function traitKeys(db: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select key from (select key from trait limit 20000) as looked
    group by key order by count(*) desc, key limit 200`.execute(db)
  return rows.map(({ key }) => key)
}

/** Purposes on which people of the last day said yes or no, of a few thousand touchpoints at most. */
export async function consentPurposes(db: Kysely<unknown>, now: number): Promise<string[]> {
  const { rows } = await sql<{ purpose: string }>`
    select distinct json_object_keys(said) as purpose from (
      select context->'consent'->'categoryPreferences' as said from touchpoint
      where received_at > ${new Date(now - dayMilliseconds)}::timestamptz limit 5000) as looked
    where json_typeof(said) = 'object' order by purpose limit 50`.execute(db)
  return rows.map(({ purpose }) => purpose)
}
