/** Which lens is filled, and how far. */
import { randomUUID } from 'node:crypto'
import { dropLensDdl, lensDdl } from '../lens-tables.ts'
import { reopenLostBatches } from './touchpoints.ts'
import type { ClickHouseClient } from '@clickhouse/client'
import type { Go } from './go.ts'
import type { PoolClient } from 'pg'

export interface LensProgress {
  readonly lensId: string
  /** Transaction up to which parties and identifiers are copied, exclusive. */
  readonly partiesTo: number
  readonly modelVersion: number
  /** Of the newest copy of parties that held any. */
  readonly partiesVersion: number
}

export interface Prepared extends LensProgress {
  /** Nothing was ever copied to it. */
  readonly isNew: boolean
}

/** Makes the tables; begins anew where the lens is not the one that was filled; reopens what it lost. */
export async function prepareLens(go: Go): Promise<Prepared> {
  const { client, lens, engine, anew, compare } = go
  const known = await readProgress(client)
  if (!anew && !compare && known !== null) return { ...known, isNew: false }
  if (anew) await each(lens, dropLensDdl(engine))
  await each(lens, lensDdl(engine))
  const name = await nameOf(lens)
  if (anew || known === null || name !== known.lensId) {
    // Tables of another lens than ours hold nothing that we can tell apart from it.
    await each(lens, [...dropLensDdl(engine), ...lensDdl(engine)])
    return beginAnew(client, lens)
  }
  const lost = await reopenLostBatches(client, lens)
  const isSound = lost === 0 && (await hasNewestParties(client, lens, known))
  return { ...known, ...(isSound ? {} : { partiesTo: 0, modelVersion: 0 }), isNew: false }
}

async function beginAnew(client: PoolClient, lens: ClickHouseClient): Promise<Prepared> {
  const lensId = randomUUID()
  // The truth first: a lens without a name is filled anew.
  await client.query(`
    with emptied as (delete from lens_batch)
    insert into lens_progress (lens) values ('${lensId}')
    on conflict (only_row) do update
      set lens = excluded.lens, parties_to = 0, model_version = 0, parties_version = 0, copied_at = null`)
  await lens.insert({
    table: 'lens_name',
    values: [{ id: lensId, made_at: '1970-01-01 00:00:00.000' }],
    format: 'JSONEachRow',
  })
  return { lensId, partiesTo: 0, modelVersion: 0, partiesVersion: 0, isNew: true }
}

export async function readProgress(
  client: Pick<PoolClient, 'query'>,
): Promise<LensProgress | null> {
  const { rows } = await client.query<LensProgress>(`
    select lens as "lensId", parties_to as "partiesTo", model_version as "modelVersion",
      parties_version as "partiesVersion"
    from lens_progress`)
  return rows[0] ?? null
}

/** A number for this go: above that of every go before, also of those that broke off. */
export async function nextVersion(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    'update lens_progress set version = version + 1 returning version',
  )
  return rows[0]?.version ?? 0
}

export async function saveProgress(
  client: PoolClient,
  progress: Omit<LensProgress, 'lensId'>,
): Promise<void> {
  await client.query(
    `update lens_progress set parties_to = $1, model_version = $2, parties_version = $3, copied_at = now()`,
    [progress.partiesTo, progress.modelVersion, progress.partiesVersion],
  )
}

async function nameOf(lens: ClickHouseClient): Promise<string | null> {
  const result = await lens.query({ query: 'select id from lens_name', format: 'JSONEachRow' })
  const [row] = await result.json<{ id: string }>()
  return row?.id ?? null
}

/** Whether the last copy of parties is there, and at least as many as there were then. */
async function hasNewestParties(
  client: PoolClient,
  lens: ClickHouseClient,
  { partiesVersion }: LensProgress,
): Promise<boolean> {
  const { rows } = await client.query<{ parties: number }>(`
    select count(*) as parties from party
    where created_at < (select copied_at from lens_progress) - interval '1 minute'`)
  const result = await lens.query({
    query: 'select uniqExact(party_id) as parties, max(version) as newest from party',
    format: 'JSONEachRow',
  })
  const [held] = await result.json<{ parties: number; newest: number }>()
  return held?.newest === partiesVersion && held.parties >= (rows[0]?.parties ?? 0)
}

async function each(lens: ClickHouseClient, statements: readonly string[]): Promise<void> {
  for (const query of statements) await lens.command({ query })
}
