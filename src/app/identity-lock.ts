import { sql } from 'kysely'
import { advisoryLock } from '../store/advisory-lock.ts'
import type { Kysely } from 'kysely'

/**
 * Shared while a batch is taken in; exclusive while an identifier changes its party or a model is
 * swapped. A statement of its own: the next one then sees what the last holder committed.
 */
export async function lockIdentity(
  transaction: Kysely<unknown>,
  exclusive: boolean,
): Promise<void> {
  await (
    exclusive
      ? sql`select pg_advisory_xact_lock(${advisoryLock.identity})`
      : sql`select pg_advisory_xact_lock_shared(${advisoryLock.identity})`
  ).execute(transaction)
}

/**
 * Works in a transaction that holds the lock. Beginning and locking travel in one message: for a
 * single event the way to the store and back costs more than the work there.
 */
export async function underIdentityLock<T>(
  db: Kysely<unknown>,
  exclusive: boolean,
  work: (transaction: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  const lock = `pg_advisory_xact_lock${exclusive ? '' : '_shared'}(${advisoryLock.identity})`
  return db.connection().execute(async (connection) => {
    try {
      await sql.raw(`begin; select ${lock}`).execute(connection)
      const result = await work(connection)
      await sql`commit`.execute(connection)
      return result
    } catch (error) {
      // Where the connection is lost there is nothing left to roll back, and the pool lets it go.
      await sql`rollback`.execute(connection).catch(() => {})
      throw error
    }
  })
}
