/**
 * A fit belongs to the process that began it for as long as that process says that it lives. Where it
 * says nothing any more, it is gone, and whoever looks next ends what it left.
 */
import { sql, type Kysely } from 'kysely'
import type { PredictionModelId } from '../domain/prediction-view.ts'

export interface FitKey {
  readonly id: PredictionModelId
  readonly version: number
}

/** Short enough to be waited for, and long enough for a machine that stands still. Milliseconds. */
export const leaseLength = 90_000
const renewedEvery = 20_000

export const leaseEnd = (now: number): Date => new Date(now + leaseLength)

/** Renews the leases of these fits until it is told to stop. */
export function holdLeases(
  db: Kysely<unknown>,
  keys: readonly FitKey[],
  { now, onError }: { readonly now: () => number; readonly onError: (error: unknown) => void },
): () => void {
  if (keys.length === 0) return () => {}
  const timer = setInterval(() => void renewLeases(db, keys, now()).catch(onError), renewedEvery)
  timer.unref()
  return () => clearInterval(timer)
}

export async function renewLeases(
  db: Kysely<unknown>,
  keys: readonly FitKey[],
  now: number,
): Promise<void> {
  await sql`update prediction_model m set lease_until = ${leaseEnd(now)}
    from json_to_recordset(${JSON.stringify(keys)}::json) as k(id text, version integer)
    where m.id = k.id and m.version = k.version and m.state = 'fitting'`.execute(db)
}

/** @returns the models whose fit had nobody behind it any more; they can be fitted again */
export async function endInterruptedFits(
  db: Kysely<unknown>,
  now: number,
): Promise<PredictionModelId[]> {
  const { rows } = await sql<{ id: PredictionModelId }>`
    update prediction_model set state = 'failed', reason = 'It was interrupted. Fit it again.', lease_until = null
    where state = 'fitting' and lease_until < ${new Date(now)} returning id`.execute(db)
  return rows.map(({ id }) => id)
}
