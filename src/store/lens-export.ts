/** Answers of any size as files: history of years does not fit into memory. */
import { createReadStream, mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { lensErrorOf } from './lens-reader.ts'
import type { ExportFormat } from '../domain/report-view.ts'
import type { Lens } from './lens.ts'
import type { LensParameter, LensReader } from './lens-reader.ts'
import type { Readable } from 'node:stream'

const formats: Record<ExportFormat, string> = {
  csv: 'CSVWithNames',
  ndjson: 'JSONEachRow',
  parquet: 'Parquet',
}

export interface ExportOptions {
  readonly lens: Lens
  readonly reader: LensReader
  /** Where chDB may put a file for as long as it is sent. */
  readonly folder: string
}

/**
 * A server streams its answer; chDB would hold it whole, so it writes a file, which is sent and then
 * forgotten.
 */
export async function exportQuery(
  { lens, reader, folder }: ExportOptions,
  query: string,
  parameters: Readonly<Record<string, LensParameter>>,
  format: ExportFormat,
): Promise<Readable> {
  const client = await reader.client()
  try {
    if (lens.isRemote) {
      const { stream } = await client.exec({
        query: `${query} format ${formats[format]}`,
        query_params: parameters,
      })
      return stream
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const file = join(folder, `${randomUUID()}.${format}`)
    await client.command({
      query: `insert into function file({export_file: String}, {export_format: String}) ${query}`,
      query_params: { ...parameters, export_file: file, export_format: formats[format] },
    })
    const stream = createReadStream(file)
    stream.once('close', () => void rm(file, { force: true }))
    return stream
  } catch (error) {
    throw lensErrorOf(error)
  }
}
