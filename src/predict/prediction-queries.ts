/** What the models say of each party: written at a scoring, read by person and by quantity. */
import { sql, type Kysely } from 'kysely'
import { partyAt } from './lens-columns.ts'
import { numberArray, textArray, uuidArray } from '../store/array-literal.ts'
import type { QuantityId } from '../domain/prediction-view.ts'
import type { Scores } from './fit-task.ts'

/** Rows a statement: what is written between two looks at other work. */
const rowsAtOnce = 5_000

/**
 * Everybody's score of a quantity in place of the ones before. Who is no party any more (merged since)
 * is left out.
 * @returns how many were written
 */
export async function writeScores(
  db: Kysely<unknown>,
  { quantity, parties, value, low, high, rank, reasons }: Scores,
  { version, asOf }: { readonly version: number; readonly asOf: number },
): Promise<number> {
  const at = new Date(asOf)
  let written = 0
  for (let start = 0; start < value.length; start += rowsAtOnce) {
    const end = Math.min(value.length, start + rowsAtOnce)
    const ids = Array.from({ length: end - start }, (_, i) => partyAt(parties, start + i))
    const part = (numbers: Float64Array): string => numberArray([...numbers.subarray(start, end)])
    const { numAffectedRows } = await sql`
      insert into prediction (party_id, quantity, version, value, low, high, rank, as_of, reasons)
      select s.party_id, ${quantity}, ${version}::int, s.value, s.low, s.high, s.rank, ${at}::timestamptz, s.reasons::json
      from unnest(${uuidArray(ids)}::uuid[], ${part(value)}::float8[], ${part(low)}::float8[],
        ${part(high)}::float8[], ${part(rank)}::float8[], ${textArray(reasons.slice(start, end))}::text[])
        as s (party_id, value, low, high, rank, reasons)
      join party p on p.id = s.party_id and p.merged_into is null
      on conflict (party_id, quantity) do update set version = excluded.version, value = excluded.value,
        low = excluded.low, high = excluded.high, rank = excluded.rank, as_of = excluded.as_of, reasons = excluded.reasons
    `.execute(db)
    written += Number(numAffectedRows ?? 0)
  }
  await sql`delete from prediction where quantity = ${quantity} and (version <> ${version} or as_of <> ${at})`.execute(db) // prettier-ignore
  return written
}

/** Of a model that no longer serves. */
export async function dropScores(db: Kysely<unknown>, quantities: readonly QuantityId[]): Promise<void> {
  await sql`delete from prediction where quantity = any(${textArray(quantities)}::text[])`.execute(db)
} // prettier-ignore

export interface StoredPrediction {
  readonly quantity: QuantityId
  readonly version: number
  readonly value: number
  readonly low: number
  readonly high: number
  readonly asOf: Date
  readonly reasons: readonly StoredReason[]
  /** Share of people with less. */
  readonly rank: number
}
/** A feature, the party's value of it, and how far it moved the prediction. */
export type StoredReason = readonly [feature: string, value: number, effect: number]

export async function predictionsOf(
  db: Kysely<unknown>,
  partyId: string,
): Promise<StoredPrediction[]> {
  const { rows } = await sql<StoredPrediction>`
    select quantity, version, value, low, high, rank, as_of as "asOf", reasons
    from prediction where party_id = ${partyId}`.execute(db)
  return rows
}
