/** The fits: begun, under way, ended; and which of them serves. */
import { endInterruptedFits, leaseEnd, type FitKey } from './fit-lease.ts'
import { sql, type Kysely } from 'kysely'
import type { DriftView, PredictionModelId } from '../domain/prediction-view.ts'
import type { Fitted, StoredCard, StoredParameters } from './fit-task.ts'

export interface StoredModel {
  readonly id: PredictionModelId
  readonly version: number
  readonly state: 'fitting' | 'serving' | 'refused' | 'failed' | 'retired'
  readonly reason: string | null
  readonly asOf: Date
  readonly progress: number
  readonly doing: string
  readonly fittedAt: Date | null
  readonly milliseconds: number | null
  readonly card: StoredCard | null
  readonly scoredAt: Date | null
  readonly scored: number | null
  readonly drift: DriftView | null
}

const columns = sql`id, version, state, reason, as_of as "asOf", progress, doing, fitted_at as "fittedAt",
  milliseconds, card, scored_at as "scoredAt", scored, drift`

/** Newest fits first. */
export async function readFits(
  db: Kysely<unknown>,
  id: PredictionModelId | null,
  mostEach = 20,
): Promise<StoredModel[]> {
  const { rows } = await sql<StoredModel>`
    select ${columns} from (
      select *, row_number() over (partition by id order by version desc) as place
      from prediction_model ${id === null ? sql`` : sql`where id = ${id}`}) m
    where place <= ${mostEach} or state = 'serving' order by id, version desc`.execute(db)
  return rows
}

export interface ServingFit {
  readonly id: PredictionModelId
  readonly version: number
  readonly fittedAt: Date
  readonly scoredAt: Date | null
  readonly parameters: StoredParameters
  readonly drift: DriftView | null
}

export async function readServing(db: Kysely<unknown>): Promise<ServingFit[]> {
  const { rows } = await sql<ServingFit>`
    select id, version, fitted_at as "fittedAt", scored_at as "scoredAt", parameters, drift
    from prediction_model where state = 'serving'`.execute(db)
  return rows
}

/** When each model was last looked at, whatever came of it; for the schedule. */
export async function lastFits(db: Kysely<unknown>): Promise<Map<string, { at: Date; state: StoredModel['state'] }>> {
  const { rows } = await sql<{ id: string; at: Date; state: StoredModel['state'] }>`
    select distinct on (id) id, coalesce(fitted_at, started_at) as at, state
    from prediction_model order by id, version desc`.execute(db)
  return new Map(rows.map(({ id, ...rest }) => [id, rest]))
} // prettier-ignore

/** The version of the new fit; null where the model is being fitted already. */
export async function beginFit(
  db: Kysely<unknown>,
  id: PredictionModelId,
  now: number,
): Promise<number | null> {
  await endInterruptedFits(db, now)
  const { rows } = await sql<{ version: number }>`
    insert into prediction_model (id, version, state, as_of, started_at, lease_until, doing)
    select ${id}, coalesce(max(version), 0) + 1, 'fitting', ${new Date(now)}::timestamptz,
      ${new Date(now)}::timestamptz, ${leaseEnd(now)}::timestamptz, 'Waiting for its turn'
    from prediction_model where id = ${id}
    on conflict do nothing returning version`.execute(db)
  return rows[0]?.version ?? null
}

export async function recordProgress(
  db: Kysely<unknown>,
  { id, version }: FitKey,
  share: number,
  doing: string,
): Promise<void> {
  await sql`update prediction_model set progress = ${Math.min(1, Math.max(0, share))}, doing = ${doing.slice(0, 200)}
    where id = ${id} and version = ${version} and state = 'fitting'`.execute(db)
}

/** A new fit is the last word: where it is not good enough, the one before serves no longer either. */
export async function recordFit(
  db: Kysely<unknown>,
  { id, version }: FitKey,
  { served, reason, parameters, card }: Fitted,
  times: { readonly asOf: number; readonly now: number; readonly milliseconds: number },
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    await sql`update prediction_model set state = 'retired' where id = ${id} and state = 'serving'
      and exists (select 1 from prediction_model where id = ${id} and version = ${version} and state = 'fitting')`.execute(
      transaction,
    )
    const { rows } = await sql`
      update prediction_model set state = ${served ? 'serving' : 'refused'}, reason = ${reason},
        as_of = ${new Date(times.asOf)}, fitted_at = ${new Date(times.now)},
        milliseconds = ${Math.round(times.milliseconds)}, lease_until = null, progress = 1, doing = '',
        parameters = ${JSON.stringify(parameters)}::json, card = ${JSON.stringify(card)}::json
      where id = ${id} and version = ${version} and state = 'fitting' returning id`.execute(
      transaction,
    )
    return rows.length > 0
  })
}

/** The fit before serves on. */
export async function recordFailure(
  db: Kysely<unknown>,
  { id, version }: FitKey,
  reason: string,
): Promise<void> {
  await sql`update prediction_model set state = 'failed', reason = ${reason.slice(0, 500)}, lease_until = null
    where id = ${id} and version = ${version} and state = 'fitting'`.execute(db)
}

export async function recordScoring(
  db: Kysely<unknown>,
  { id, version }: FitKey,
  scored: { readonly at: number; readonly people: number; readonly drift: DriftView | null },
): Promise<void> {
  await sql`update prediction_model set scored_at = ${new Date(scored.at)}, scored = ${scored.people},
      drift = ${scored.drift === null ? null : JSON.stringify(scored.drift)}::json
    where id = ${id} and version = ${version}`.execute(db)
}
