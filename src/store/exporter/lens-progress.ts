/** Which lens is filled, and how far. */
import { createHash, randomUUID } from 'node:crypto'
import { archivesOf, areWhole, forgetArchives, takeOutArchived } from './archive.ts'
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
  /** Whether months lie in files. */
  readonly hasArchives: boolean
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
  const name = anew ? null : await nameOf(lens)
  const archived = known === null ? [] : await archivesOf(client, known.lensId)
  if (anew || known === null || name !== known.lensId || !areWhole(archived)) {
    // Tables of another lens than ours hold nothing that we can tell apart from it.
    return beginAnew(go)
  }
  await each(lens, lensDdl(engine, archived))
  await takeOutArchived(lens, engine, archived)
  const lost = await reopenLostBatches(client, lens)
  // A file cannot be mended in part.
  const lastInFiles = Math.max(0, ...archived.map(({ lastBatch }) => lastBatch))
  if (lost.some((batch) => batch <= lastInFiles)) return beginAnew(go)
  const isSound = lost.length === 0 && (await hasNewestParties(client, lens, known))
  return { ...known, ...(isSound ? {} : { partiesTo: 0, modelVersion: 0 }), isNew: false }
}

async function beginAnew({ client, lens, engine }: Go): Promise<Prepared> {
  await each(lens, [...dropLensDdl(engine), ...lensDdl(engine)])
  await forgetArchives(client)
  return nameLens(client, lens)
}

async function nameLens(client: PoolClient, lens: ClickHouseClient): Promise<Prepared> {
  const lensId = randomUUID()
  // The truth first: a lens without a name is filled anew.
  await client.query(`
    with emptied as (delete from lens_batch)
    insert into lens_progress (lens) values ('${lensId}')
    on conflict (only_row) do update
      set lens = excluded.lens, parties_to = 0, model_version = 0, parties_version = 0, copied_at = null`)
  await lens.insert({
    table: 'lens_name',
    values: [{ id: lensId, shape: lensShape }],
    format: 'JSONEachRow',
  })
  return {
    lensId,
    partiesTo: 0,
    modelVersion: 0,
    partiesVersion: 0,
    hasArchives: false,
    isNew: true,
  }
}

export async function readProgress(
  client: Pick<PoolClient, 'query'>,
): Promise<LensProgress | null> {
  const { rows } = await client.query<LensProgress>(`
    select lens as "lensId", parties_to as "partiesTo", model_version as "modelVersion",
      parties_version as "partiesVersion",
      exists (select 1 from lens_archive a where a.lens = lens_progress.lens) as "hasArchives"
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
  progress: Omit<LensProgress, 'lensId' | 'hasArchives'>,
): Promise<void> {
  await client.query(
    `update lens_progress set parties_to = $1, model_version = $2, parties_version = $3, copied_at = now()`,
    [progress.partiesTo, progress.modelVersion, progress.partiesVersion],
  )
}

/** A lens that was made by another release, with other columns, is not the one that was filled. */
const lensShape = createHash('sha256')
  .update(lensDdl({ kind: 'merge_tree' }).join())
  .digest('hex')

/** Null where there is no lens yet, or one of another shape. */
async function nameOf(lens: ClickHouseClient): Promise<string | null> {
  try {
    const result = await lens.query({
      query: 'select id from lens_name where shape = {shape: String}',
      query_params: { shape: lensShape },
      format: 'JSONEachRow',
    })
    const [row] = await result.json<{ id: string }>()
    return row?.id ?? null
  } catch (error) {
    const { type } = error as { type?: string }
    if (type === 'UNKNOWN_TABLE' || type === 'UNKNOWN_IDENTIFIER') return null
    throw error
  }
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
