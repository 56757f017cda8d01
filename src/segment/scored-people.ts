/** Whom a scoring may concern. */
import { sql, type Kysely } from 'kysely'
import { relationshipTable } from '../relationship/postgres.ts'
import type { Catalogues, ModelInForce } from './catalogue.ts'

/** Whether any segment asks for what is predicted, be it one that is being built. */
export async function someAskForPredictions(
  db: Kysely<unknown>,
  catalogues: Catalogues,
  model: ModelInForce,
): Promise<boolean> {
  const { active, building } = await catalogues.at(db, model)
  // Of what is being built it is not known what it asks: it hears of everybody.
  return building.length > 0 || active.some(({ condition }) => condition.needs.predictions.size > 0)
}

/** The next people by their ids; with or without a score, since one may be gone. */
export async function peopleAfter(
  db: Kysely<unknown>,
  { version }: ModelInForce,
  after: string | null,
  most: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select party_id as id from ${sql.table(relationshipTable(version))}
    where kind = 'person' ${after === null ? sql`` : sql`and party_id > ${after}::uuid`}
    order by party_id limit ${most}`.execute(db)
  return rows.map(({ id }) => id)
}
