/**
 * A changed model is a replay: the history is folded in one GROUP BY in the lens while the present
 * model serves, then swapped in. What came in meanwhile is added under the identity lock; since
 * states merge in any order, nothing has to wait for the replay.
 */
import { sql } from 'kysely'
import { RapportError } from '../domain/error.ts'
import { advisoryLock } from '../store/advisory-lock.ts'
import {
  changedSinceStaged,
  dropStaging,
  loadStaged,
  stageReplay,
  stagingDdl,
} from './load-replay.ts'
import { copyLog, replayTable } from './copy-log.ts'
import { deltasOf } from './deltas.ts'
import { followIdentity } from './follow-identity.ts'
import { loadModel } from '../relationship/parse-model.ts'
import { logColumns } from './party-log.ts'
import { mergeDeltas } from './relationship-queries.ts'
import { relationshipDdl, relationshipTable } from '../relationship/postgres.ts'
import { dropUnusedTables, whileNobodyApplies } from './model-tables.ts'
import { carryStandings, settleEverybody } from './carry-standings.ts'
import type { Kysely } from 'kysely'
import type { Lens } from '../store/lens.ts'
import type { PartyTouchpoint } from './party-log.ts'
import type { ServingModel } from './serving-model.ts'
import type { Truth } from '../store/truth.ts'

export interface ApplyParts {
  readonly truth: Pick<Truth, 'db' | 'pool'>
  readonly lens: Lens
  /** The model in force. */
  readonly serving: () => Promise<ServingModel>
  readonly now: () => number
  readonly onProgress: (progress: ApplyProgress) => void
}

export interface ApplyProgress {
  readonly step: 'copying' | 'folding' | 'loading' | 'settling' | 'swapping'
  /** Touchpoints copied or parties settled so far. */
  readonly done: number
}

export interface Applied {
  readonly version: number
  readonly touchpoints: number
}

/**
 * The table of the model that served until now stays for a while: questions that began under it are
 * still being answered (see `sweepModelTables`).
 *
 * @throws invalid_model, conflict (another model is being applied)
 */
export async function applyModel(parts: ApplyParts, yaml: string, by: string): Promise<Applied> {
  const compiled = loadModel(yaml)
  const { db, pool } = parts.truth
  const applied = await whileNobodyApplies(pool, async () => {
    await dropUnusedTables(db)
    const next = { version: await addModel(db, yaml, by), compiled }
    try {
      return await replay(parts, await parts.serving(), next)
    } catch (error) {
      await giveUp(db, next.version)
      throw error
    } finally {
      await dropStaging(db, next.version)
    }
  })
  if (applied === null) {
    throw new RapportError('conflict', 'Another model is being applied. Wait for it.')
  }
  return applied
}

/** Not where it serves after all: a connection may break when all is done and only the word is missing. */
async function giveUp(db: Kysely<unknown>, version: number): Promise<void> {
  const { rows } = await sql`
    update model set state = 'failed' where version = ${version} and state = 'building'
    returning version`.execute(db)
  if (rows.length > 0)
    await sql`drop table if exists ${sql.table(relationshipTable(version))}`.execute(db)
}

async function addModel(db: Kysely<unknown>, yaml: string, by: string): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    insert into model (yaml, state, created_by) values (${yaml}, 'building', ${by})
    returning version`.execute(db)
  return rows[0]?.version ?? 0
}

async function replay(
  parts: ApplyParts,
  serving: ServingModel,
  next: ServingModel,
): Promise<Applied> {
  const { db } = parts.truth
  const { compiled, version } = next
  const now = parts.now()
  for (const statement of [...relationshipDdl(compiled, version), stagingDdl(compiled, version)]) {
    await sql.raw(statement).execute(db)
  }
  const lens = await parts.lens.client()
  const { touchpoints, snapshot } = await copyAtBoundary(parts, (copied) =>
    parts.onProgress({ step: 'copying', done: copied }),
  )
  parts.onProgress({ step: 'folding', done: touchpoints })
  await stageReplay(parts.truth.pool, lens, { model: compiled, version, now, table: replayTable })
  parts.onProgress({ step: 'loading', done: touchpoints })
  await loadStaged(db, compiled, version)
  await carryStandings(db, serving, next)
  await settleEverybody(db, next, parts.now, (done) => parts.onProgress({ step: 'settling', done }))
  parts.onProgress({ step: 'swapping', done: touchpoints })
  await swap(parts, { serving, next, snapshot })
  return { version, touchpoints }
}

/**
 * Copies the log as it is at a moment when nobody writes: the exclusive lock is held only while the
 * snapshot is taken, then intake goes on beside the copying.
 */
async function copyAtBoundary(
  { truth: { pool }, lens }: ApplyParts,
  onCopied: (copied: number) => void,
): Promise<{ touchpoints: number; snapshot: string }> {
  const reader = await pool.connect()
  try {
    await reader.query('begin isolation level repeatable read read only')
    const snapshot = await whileNobodyWrites(pool, async () => {
      const { rows } = await reader.query<{ snapshot: string }>(
        'select pg_current_snapshot()::text as snapshot',
      )
      return rows[0]?.snapshot ?? ''
    })
    const touchpoints = await copyLog(reader, await lens.client(), ({ copied }) => onCopied(copied))
    await reader.query('commit')
    return { touchpoints, snapshot }
  } catch (error) {
    await reader.query('rollback').catch(() => {})
    throw error
  } finally {
    reader.release()
  }
}

async function whileNobodyWrites<T>(pool: Truth['pool'], work: () => Promise<T>): Promise<T> {
  const holder = await pool.connect()
  try {
    await holder.query('begin')
    await holder.query('select pg_advisory_xact_lock($1)', [advisoryLock.identity])
    return await work()
  } finally {
    await holder.query('rollback').catch(() => {})
    holder.release()
  }
}

/** Adds what came since the boundary and makes the new version serve, while nobody writes. */
interface Swap {
  readonly serving: ServingModel
  readonly next: ServingModel
  readonly snapshot: string
}

async function swap(parts: ApplyParts, { serving, next, snapshot }: Swap): Promise<void> {
  const { db } = parts.truth
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${advisoryLock.identity})`.execute(transaction)
    const rebuilt = new Set(await changedSinceStaged(transaction, next.version))
    const { rows: accounts } = await sql<{ id: string }>`
      select id from party where kind = 'account' and merged_into is null`.execute(transaction)
    const { rows: people } = await sql<{ id: string }>`
      select id from party where id = any(${[...rebuilt]}::uuid[]) and merged_into is null
        and kind = 'person'`.execute(transaction)
    const living = new Set(people.map(({ id }) => id))
    const gone = [...rebuilt].filter((id) => !living.has(id))
    await sql`delete from ${sql.table(relationshipTable(next.version))}
      where party_id = any(${gone}::uuid[])`.execute(transaction)
    await addNewcomers(transaction, next, snapshot, living)
    const change = {
      merged: new Map(),
      rebuilt: living,
      regrouped: new Set(accounts.map(({ id }) => id)),
    }
    await followIdentity(transaction, next, change)
    await carryStandings(transaction, serving, next)
    await settleEverybody(transaction, next, parts.now, () => {})
    await sql`update model set state = 'retired' where state = 'serving'`.execute(transaction)
    await sql`update model set state = 'serving', applied_at = now() where version = ${next.version}`.execute(
      transaction,
    )
    await sql`insert into history_due (party_id) select party_id
      from ${sql.table(relationshipTable(next.version))} on conflict do nothing`.execute(
      transaction,
    )
  })
}

/** Touchpoints that the copied snapshot did not see. */
async function addNewcomers(
  db: Kysely<unknown>,
  next: ServingModel,
  snapshot: string,
  except: ReadonlySet<string>,
): Promise<void> {
  const { rows } = await sql<Omit<PartyTouchpoint, 'occurredAt'> & { occurredAt: Date }>`
    select i.party_id as "partyId", ${logColumns}
    from touchpoint t join identifier i using (subject_id)
    where t.transaction_id >= pg_snapshot_xmin(${snapshot}::pg_snapshot)
      and not pg_visible_in_snapshot(t.transaction_id, ${snapshot}::pg_snapshot)`.execute(db)
  const touchpoints = rows.map((row) => ({
    ...row,
    occurredAt: row.occurredAt.getTime(),
  }))
  const partyOf = new Map(touchpoints.map(({ subjectId, partyId }) => [subjectId, partyId]))
  const deltas = deltasOf(next.compiled, touchpoints, partyOf)
  for (const id of except) deltas.delete(id)
  await mergeDeltas(db, next, deltas)
}
