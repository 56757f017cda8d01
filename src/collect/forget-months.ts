/** Retention: months of the log that may not be kept any longer. */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'

export interface Forgotten {
  readonly months: number
  readonly touchpoints: number
}

/**
 * Empties the partitions of the months before `month` (as 202403); they stay, since every process knows them.
 * What was received stays known by its id alone, so that a client which sends it again does not bring it back.
 */
export async function forgetMonths(db: Kysely<unknown>, month: number): Promise<Forgotten> {
  const from = `touchpoint_y${Math.floor(month / 100)}m${String(month % 100).padStart(2, '0')}`
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'touchpoint'::regclass and c.relname < ${from} order by 1`.execute(db)
  let months = 0
  let touchpoints = 0
  for (const { name } of rows) {
    const counted = await sql<{ count: number }>`
      select count(*) as count from ${sql.table(name)}`.execute(db)
    const count = counted.rows[0]?.count ?? 0
    if (count === 0) continue
    await sql`truncate ${sql.table(name)}`.execute(db)
    months++
    touchpoints += count
  }
  return { months, touchpoints }
}
