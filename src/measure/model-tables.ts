/** One model at a time is applied; what its predecessors and broken-off replays left behind goes. */
import { sql } from 'kysely'
import { advisoryLock } from '../store/advisory-lock.ts'
import { relationshipTable } from '../relationship/postgres.ts'
import { dropStaging } from './load-replay.ts'
import type { Kysely } from 'kysely'
import type { Truth } from '../store/truth.ts'

/** Runs `work` unless somebody, in whatever process, is applying a model: then it gives null. */
export async function whileNobodyApplies<T>(
  pool: Truth['pool'],
  work: () => Promise<T>,
): Promise<T | null> {
  // A lock of the connection: it goes with the process, however that ends.
  const guard = await pool.connect()
  try {
    const { rows } = await guard.query<{ locked: boolean }>(
      'select pg_try_advisory_lock($1) as locked', [advisoryLock.model]) // prettier-ignore
    if (!rows[0]?.locked) return null
    try {
      return await work()
    } finally {
      await guard.query('select pg_advisory_unlock($1)', [advisoryLock.model]).catch(() => {})
    }
  } finally {
    guard.release()
  }
}

/** Milliseconds that questions which began under a model may take to be answered. */
export const tablesStay = 60_000

/**
 * Drops the tables of models that do not serve any more, a while after they were followed. Call while
 * nobody applies one: what is still being built then was broken off by the end of its process.
 */
export async function dropUnusedTables(db: Kysely<unknown>): Promise<void> {
  await sql`update model set state = 'failed' where state = 'building'`.execute(db)
  const { rows } = await sql<{ version: number }>`
    select version from model m
    where (state = 'failed' or (state = 'retired' and exists (
        select from model later where later.applied_at > m.applied_at
          and later.applied_at < now() - ${tablesStay / 1_000} * interval '1 second')))
      and (to_regclass('relationship_' || version) is not null
        or to_regclass('replay_state_' || version) is not null)`.execute(db)
  for (const { version } of rows) {
    await sql`drop table if exists ${sql.table(relationshipTable(version))}`.execute(db)
    await dropStaging(db, version)
  }
}

/** The same wherever nobody is applying a model just now; else the next time will do. */
export async function sweepModelTables({ db, pool }: Pick<Truth, 'db' | 'pool'>): Promise<void> {
  await whileNobodyApplies(pool, () => dropUnusedTables(db))
}
