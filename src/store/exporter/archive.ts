/**
 * Old months of the lens, put into Parquet files: a tenth of the disk, and any tool can read them. They are
 * counted as before, since the views read table and files as one. The truth keeps its own.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { clusterClause, touchpointColumns } from '../lens-shape.ts'
import { lensViewDdl, type ArchivedMonth } from '../lens-views.ts'
import { RapportError } from '../../domain/error.ts'
import { storedTable } from '../lens-tables.ts'
import type { ClickHouseClient } from '@clickhouse/client'
import type { LensEngine } from '../lens-shape.ts'
import type { PoolClient } from 'pg'

export interface Archiving {
  readonly client: PoolClient
  readonly lens: ClickHouseClient
  readonly engine: LensEngine
  readonly lensId: string
  /** Where the files lie. */
  readonly folder: string
}

/** The month before which a touchpoint is more than `months` whole months old, as 202403. */
export function monthBefore(now: number, months: number): number {
  const today = new Date(now)
  const first = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - months, 1))
  return first.getUTCFullYear() * 100 + first.getUTCMonth() + 1
}

interface Month {
  readonly month: number
  readonly touchpoints: number
  readonly lastBatch: number
}

/**
 * Puts the months before one (as 202403) into files, month by month. Each is written and counted, told to the
 * truth, shown by the views in place of the table, and only then taken out of the table: whoever reads
 * meanwhile sees each touchpoint once, and one who is interrupted leaves nothing but a file too many.
 */
export async function archiveMonths(
  archiving: Archiving,
  before: number,
  onProgress: (month: number) => void,
): Promise<number> {
  const { lens, folder } = archiving
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const result = await lens.query({
    query: `select toYYYYMM(occurred_at) as month, count() as touchpoints, max(batch) as lastBatch
      from touchpoint where toYYYYMM(occurred_at) < {before: UInt32} group by month order by month`,
    query_params: { before },
    format: 'JSONEachRow',
  })
  const months = await result.json<Month>()
  for (const month of months) {
    await archiveMonth(archiving, month)
    onProgress(month.month)
  }
  return months.length
}

async function archiveMonth(archiving: Archiving, month: Month): Promise<void> {
  const { client, lens, engine, lensId, folder } = archiving
  const name = `touchpoint-${Math.floor(month.month / 100)}-${String(month.month % 100).padStart(2, '0')}`
  const file = join(folder, `${name}.${month.lastBatch}.parquet`)
  // One that was begun and not told to the truth is nobody's.
  rmSync(file, { force: true })
  const columns = touchpointColumns.map(([column]) => column).join(', ')
  const query_params = { month: month.month, lastBatch: month.lastBatch, file }
  await lens.command({
    query: `insert into function file({file: String}, 'Parquet') select ${columns} from touchpoint
      where toYYYYMM(occurred_at) = {month: UInt32} and batch <= {lastBatch: UInt32} order by subject_id, occurred_at, id`,
    query_params,
  })
  await checkFile(lens, file, month)
  syncFile(file)
  await client.query(
    `insert into lens_archive (file, lens, month, last_batch, touchpoints, bytes)
     values ($1, $2, $3, $4, $5, $6)`,
    [file, lensId, month.month, month.lastBatch, month.touchpoints, statSync(file).size],
  )
  await showArchives(archiving)
  await takeOutArchived(lens, engine, [{ ...month, file }])
}

async function checkFile(lens: ClickHouseClient, file: string, month: Month): Promise<void> {
  const result = await lens.query({
    query: `select count() as touchpoints from file({file: String}, 'Parquet')`,
    query_params: { file },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ touchpoints: number }>()
  if (row?.touchpoints === month.touchpoints) return
  const detail = `${file} holds ${row?.touchpoints} of ${month.touchpoints} touchpoints.`
  throw new RapportError('store_unavailable', detail)
}

function syncFile(file: string): void {
  const handle = openSync(file, 'r+')
  fsyncSync(handle)
  closeSync(handle)
}

/** Makes the views read what the truth says is in files. */
export async function showArchives(
  archiving: Pick<Archiving, 'client' | 'lens' | 'engine' | 'lensId'>,
): Promise<ArchivedMonth[]> {
  // prettier-ignore
  const archived = await archivesOf(archiving.client, archiving.lensId)
  for (const query of lensViewDdl(archiving.engine, archived)) {
    await archiving.lens.command({ query })
  }
  return archived
}

/** As the truth knows it: with the size that the file had when it was whole. */
export interface KnownArchive extends ArchivedMonth {
  readonly bytes: number
}

export async function archivesOf(client: PoolClient, lensId: string): Promise<KnownArchive[]> {
  const { rows } = await client.query<KnownArchive>(
    `select month, last_batch as "lastBatch", file, bytes from lens_archive where lens = $1 order by month, last_batch`,
    [lensId],
  )
  return rows
}

/** What lies in files is not needed in the table: also where a go ended between the two. */
export async function takeOutArchived(
  lens: ClickHouseClient,
  engine: LensEngine,
  archived: readonly ArchivedMonth[],
): Promise<void> {
  for (const { month, lastBatch } of archived) {
    const query_params = { month, lastBatch }
    const result = await lens.query({
      query: `select countIf(batch <= {lastBatch: UInt32}) as old, countIf(batch > {lastBatch: UInt32}) as late
        from touchpoint where toYYYYMM(occurred_at) = {month: UInt32}`,
      query_params,
      format: 'JSONEachRow',
    })
    const [row] = await result.json<{ old: number; late: number }>()
    if (!row || row.old === 0) continue
    const change = `alter table ${storedTable('touchpoint', engine)}${clusterClause(engine)}`
    await lens.command(
      row.late === 0
        ? { query: `${change} drop partition ${Math.trunc(month)}` }
        : {
            query: `${change} delete where toYYYYMM(occurred_at) = {month: UInt32} and batch <= {lastBatch: UInt32}`,
            query_params,
          },
    )
  }
}

/** Whether each file is there, of its size; a lens that lost one is filled anew from the truth. */
export const areWhole = (archived: readonly KnownArchive[]): boolean =>
  archived.every(({ file, bytes }) => statSync(file, { throwIfNoEntry: false })?.size === bytes)

/** Files of a lens that is given up. */
export async function forgetArchives(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ file: string }>('delete from lens_archive returning file')
  for (const { file } of rows) rmSync(file, { force: true })
}
