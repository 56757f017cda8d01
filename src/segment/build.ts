/**
 * Evaluates everybody beside what serves, then takes its place. Intake goes on meanwhile and only
 * notes whom it touched; those are looked at again before the build serves. The identity lock is
 * held alone twice, each time for a moment: when nobody may be on the way who does not note yet, and
 * for the last few.
 */
import { sql } from 'kysely'
import { addNeeds } from './needs.ts'
import { advisoryLock } from '../store/advisory-lock.ts'
import { Asked, never } from './evaluate.ts'
import { countUp } from './segment-queries.ts'
import { noteAgain, noteDifference, tellDifference, type TwoBuilds } from './difference.ts'
import { newRowOf, readMembers, writeMembers } from './member-rows.ts'
import { nextToBuild, triedAs } from './next-to-build.ts'
import { readFacts } from './read-facts.ts'
import { verdictsSql } from './everybody.ts'
import type { ModelInForce } from './catalogue.ts'
import type { ChoosingParts, Next } from './next-to-build.ts'
import type { Kysely } from 'kysely'
import type { MemberRow } from './member-rows.ts'
import type { SegmentCondition } from './node.ts'
import type { SegmentRow } from './segment-queries.ts'
import type { Truth } from '../store/truth.ts'

export interface BuildParts extends ChoosingParts {
  readonly truth: Pick<Truth, 'db' | 'pool'>
  readonly now: () => number
  /** Whether to end early: what is left is built another time. */
  readonly stopped: () => boolean
  /** Told of each segment whose build serves (or broke). */
  readonly onBuilt: (segmentId: string) => void
}

/** Builds whatever is new, changed or rests on something that changed, parts first. */
export async function buildSegments(parts: BuildParts): Promise<void> {
  const { db, pool } = parts.truth
  // A lock of the connection: it goes with the process, however that ends.
  const guard = await pool.connect()
  try {
    await guard.query('select pg_advisory_lock($1)', [advisoryLock.segments])
    try {
      await sweep(db)
      const tried = new Set<string>()
      while (!parts.stopped()) {
        const next = await nextToBuild(parts, tried)
        if (!next) break
        tried.add(triedAs(next))
        await buildOne(parts, next)
        parts.onBuilt(next.row.id)
        await sweep(db)
      }
    } finally {
      await guard.query('select pg_advisory_unlock($1)', [advisoryLock.segments]).catch(() => {})
    }
  } finally {
    guard.release()
  }
}

async function buildOne(parts: BuildParts, next: Next): Promise<void> {
  if (next.condition === null) {
    await markBroken(parts, next)
    return
  }
  const started = performance.now()
  const { truth, now } = parts
  const { row } = next
  const build = await begin(parts, next)
  await truth.db.transaction().execute(lockAlone)
  await fill(truth.db, { ...next, condition: next.condition, build, now: now() })
  const work = { ...next, condition: next.condition, build, started }
  // Each round leaves fewer; the last few are taken while nobody writes.
  for (let round = 0; round < 20; round++) {
    const looked = await truth.db.transaction().execute((db) => catchUp(db, work, now()))
    if (looked.length < 50) break
  }
  await truth.db.transaction().execute(async (db) => {
    const builds = row.build === null ? null : { before: row.build, after: build }
    if (builds) await noteDifference(db, builds)
    await lockAlone(db)
    await serve(parts, db, { ...work, builds })
  })
}

async function begin({ truth: { db }, now }: BuildParts, { row, model, parts }: Next): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ build: number }>`
      insert into segment_build (segment_id, version, model_version, parts, state, evaluated_at)
      values (${row.id}, ${row.version}, ${model.version}, ${parts}::int[], 'building', ${new Date(now())})
      returning build`.execute(transaction)
    await countUp(transaction)
    return rows[0]?.build ?? 0
  })
} // prettier-ignore

async function markBroken({ truth: { db }, now }: BuildParts, next: Next): Promise<void> {
  const { row, model, parts, reason } = next
  await db.transaction().execute(async (transaction) => {
    if (row.build === null) {
      await sql`
        insert into segment_build (segment_id, version, model_version, parts, state, reason, evaluated_at)
        values (${row.id}, ${row.version}, ${model.version}, ${parts}::int[], 'broken', ${reason},
          ${new Date(now())})`.execute(transaction)
    } else {
      // Who was inside stays so, and nobody enters or leaves, until it is mended.
      await sql`
        update segment_build set state = 'broken', reason = ${reason}, version = ${row.version},
          model_version = ${model.version} where build = ${row.build}`.execute(transaction)
    }
    await countUp(transaction)
  })
}

/** Waits until nobody writes; until the end of the transaction nobody may begin to. */
async function lockAlone(transaction: Kysely<unknown>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${advisoryLock.identity})`.execute(transaction)
}

type Filling = Next & {
  readonly condition: SegmentCondition
  readonly build: number
  readonly now: number
}

/** A query of its own, since PostgreSQL reads in parallel for a table but not for an insert. */
async function fill(db: Kysely<unknown>, { row, model, condition, build, now }: Filling) {
  const verdicts = verdictsSql(condition, { model, kind: row.kind, now, only: null })
  await db.transaction().execute(async (transaction) => {
    await sql`set local work_mem = '64MB'`.execute(transaction)
    // Rows are handed over in this process: what they cost is the reading, which two share.
    await sql`set local parallel_tuple_cost = 0.001`.execute(transaction)
    await sql`create temporary table segment_verdict on commit drop as
      select party_id, verdict from (${verdicts}) as asked
      where verdict > ${-never}::float8`.execute(transaction)
    await sql`
      insert into segment_member (build, party_id, inside, since, wake_at)
      select ${build}::int, v.party_id, v.verdict > 0, coalesce(old.since, ${new Date(now)}),
        case when abs(v.verdict) < ${never}::float8 then to_timestamp(abs(v.verdict) / 1000) end
      from segment_verdict v left join segment_member old
        on old.build = ${row.build ?? 0}::int and old.party_id = v.party_id
          and old.inside and v.verdict > 0
      order by v.party_id`.execute(transaction)
  })
}

interface Building {
  readonly row: SegmentRow
  readonly model: ModelInForce
  readonly condition: SegmentCondition
  readonly build: number
  readonly started: number
}

interface Finishing extends Building {
  /** Null where nothing served before. */
  readonly builds: TwoBuilds | null
}

/** Looks again at whoever was touched since; at most 2,000 touches. */
async function catchUp(
  db: Kysely<unknown>,
  { row, model, condition, build }: Building,
  now: number,
): Promise<string[]> {
  const { rows: touched } = await sql<{ partyId: string }>`
    delete from segment_touched where id in (
      select id from segment_touched where build = ${build} limit 2000)
    returning party_id as "partyId"`.execute(db)
  const partyIds = [...new Set(touched.map(({ partyId }) => partyId))].sort()
  if (partyIds.length === 0) return []
  const needs = addNeeds([condition.needs])
  const facts = await readFacts(db, model, partyIds, { needs, now, histories: true })
  const known = await readMembers(db, [build], partyIds)
  const written: MemberRow[] = []
  const gone: Pick<MemberRow, 'build' | 'partyId'>[] = []
  for (const partyId of partyIds) {
    const party = facts.get(partyId)
    const key = { build, partyId }
    const found = party?.kind === row.kind ? new Asked(party, now).of(condition) : null
    const present = known.get(partyId)?.get(build)
    const next = newRowOf(key, present, found ?? { inside: false, wakeAt: null }, { now, at: now })
    if (next === null) gone.push(key)
    else if (next !== undefined) written.push(next)
  }
  await writeMembers(db, written, gone)
  return partyIds
}

/** While nobody writes: the last few, then it serves. Nothing serves where the model moved on. */
async function serve(parts: BuildParts, db: Kysely<unknown>, work: Finishing): Promise<void> {
  const { row, build, builds, started, model } = work
  const { version } = await parts.model(db)
  const { rows: stillThere } = await sql`
    select 1 from segment where id = ${row.id} and deleted_at is null`.execute(db)
  if (version !== model.version || stillThere.length === 0) {
    await sql`update segment_build set state = 'failed' where build = ${build}`.execute(db)
    await countUp(db)
    return
  }
  for (;;) {
    const looked = await catchUp(db, work, parts.now())
    if (looked.length === 0) break
    if (builds) await noteAgain(db, builds, looked)
  }
  if (builds) {
    const told = { segmentId: row.id, version: row.version, because: reasonOf(work) }
    await tellDifference(db, { ...told, at: parts.now() })
  }
  await sql`update segment_build set state = 'retired'
    where segment_id = ${row.id} and state in ('serving', 'broken')`.execute(db)
  await sql`
    update segment_build set state = 'serving', milliseconds = ${Math.round(performance.now() - started)},
      members = (select count(*) from segment_member where build = ${build} and inside)
    where build = ${build}`.execute(db)
  await countUp(db)
}

/** Why somebody is inside now who was not, or the other way round. */
const reasonOf = ({ row, model }: Building): string =>
  row.servingVersion !== row.version
    ? 'The segment was changed'
    : row.modelVersion !== model.version
      ? 'The model was changed'
      : 'A segment that it is made of was changed'

/** Rows at once: a long deletion would keep everything else of its size waiting. */
const rowsAtOnce = 20_000

/** Takes away what no longer serves, and what broke off. Call with the lock of segments. */
async function sweep(db: Kysely<unknown>): Promise<void> {
  const { rows: broken } = await sql<{ build: number }>`
    update segment_build set state = 'failed' where state = 'building' returning build`.execute(db)
  if (broken.length > 0) await countUp(db)
  const { rows } = await sql<{ build: number }>`
    select build from segment_build where state in ('retired', 'failed')`.execute(db)
  for (const { build } of rows) {
    for (;;) {
      const { rows: gone } = await sql`
        with gone as (delete from segment_member where (build, party_id) in (
          select build, party_id from segment_member where build = ${build} limit ${rowsAtOnce}) returning 1)
        select 1 from gone limit 1`.execute(db)
      if (gone.length === 0) break
    }
    await sql`delete from segment_touched where build = ${build}`.execute(db)
    await sql`delete from segment_build where build = ${build}`.execute(db)
  }
}
