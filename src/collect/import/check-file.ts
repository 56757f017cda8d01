import { dirname } from 'node:path'
import { compileMapping } from './map/compile-mapping.ts'
import type { RowError } from './error-file.ts'
import { loadLookups } from './lookups.ts'
import type { Mapping } from './mapping-schema.ts'
import { openFile } from './read/read-rows.ts'
import { addRow, emptyChunk } from './row-chunk.ts'

export interface CheckOptions {
  readonly path: string
  readonly mapping: Mapping
  readonly now: () => number
  readonly lookupFolder?: string
  readonly onProgress?: (result: CheckResult) => void
  readonly signal?: AbortSignal
}

export interface CheckResult {
  readonly rows: number
  readonly touchpoints: number
  readonly rejected: number
  readonly skipped: number
  /** The first faulty rows. */
  readonly errors: readonly RowError[]
  readonly bytesRead: number
}

const errorsShown = 20

/** Does all that an import does but the importing. Touchpoints that came before are not known here. */
export async function checkFile(options: CheckOptions): Promise<CheckResult> {
  const { path, mapping, now } = options
  const lookups = await loadLookups(mapping, options.lookupFolder ?? dirname(path))
  const file = await openFile(path, mapping.file)
  const map = compileMapping(mapping, { fileHash: '', columns: file.columns, lookups })
  const circumstances = { sourceId: mapping.source, receivedAt: now() }
  let result: CheckResult = {
    ...{ rows: 0, touchpoints: 0, rejected: 0, skipped: 0 },
    ...{ errors: [], bytesRead: 0 },
  }
  for await (const { rows, bytes } of file.batches) {
    const chunk = emptyChunk()
    for (const row of rows) addRow(chunk, row, map, circumstances)
    result = {
      rows: result.rows + chunk.rows,
      touchpoints: result.touchpoints + chunk.touchpoints.length,
      rejected: result.rejected + chunk.errors.length,
      skipped: result.skipped + chunk.skipped,
      errors: [...result.errors, ...chunk.errors].slice(0, errorsShown),
      bytesRead: bytes,
    }
    options.onProgress?.(result)
    if (options.signal?.aborted) break
  }
  return result
}
