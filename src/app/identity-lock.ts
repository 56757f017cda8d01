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
