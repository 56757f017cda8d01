import { sql, type Kysely } from 'kysely'

/** Below this nothing can be learned, and the lens need not be opened for it. */
const fewest = 100

/** Whether there are people enough to look at all. */
export async function areEnoughPeople(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql`select 1 from party where kind = 'person' and merged_into is null
    offset ${fewest} limit 1`.execute(db)
  return rows.length > 0
}
