/** Stored scores, as rules on predictions ask for them. */
import { sql, type Kysely } from 'kysely'
import { textArray, uuidArray } from '../store/array-literal.ts'

export const noPredictions: ReadonlyMap<string, number> = new Map()

export async function readPredictions(
  db: Kysely<unknown>,
  partyIds: readonly string[],
  quantities: ReadonlySet<string>,
): Promise<Map<string, Map<string, number>>> {
  const predictions = new Map<string, Map<string, number>>()
  if (quantities.size === 0 || partyIds.length === 0) return predictions
  const { rows } = await sql<{ partyId: string; quantity: string; value: number }>`
    select party_id as "partyId", quantity, value from prediction
    where party_id = any(${uuidArray(partyIds)}::uuid[])
      and quantity = any(${textArray([...quantities])}::text[])`.execute(db)
  for (const { partyId, quantity, value } of rows) {
    const own = predictions.get(partyId) ?? new Map<string, number>()
    predictions.set(partyId, own.set(quantity, value))
  }
  return predictions
}
