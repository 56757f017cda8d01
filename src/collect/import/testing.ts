/** Files, mappings and a pipeline that only remembers, for the tests of the import. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AcceptBatch } from '../../domain/collected-batch.ts'
import type { IncomingTouchpoint } from '../../domain/touchpoint.ts'
import { mappingSchema, type Mapping } from './mapping-schema.ts'
import type { FileRow, FileShape } from './read/read-rows.ts'
import { openFile } from './read/read-rows.ts'

/** Touchpoints by id, as the log would keep them: the same one twice is one. */
export function rememberingPipeline(): {
  accept: AcceptBatch
  taken: Map<string, IncomingTouchpoint>
  batches: number[]
} {
  const taken = new Map<string, IncomingTouchpoint>()
  const batches: number[] = []
  const accept: AcceptBatch = async ({ touchpoints, rejected }) => {
    batches.push(touchpoints.length)
    let accepted = 0
    for (const touchpoint of touchpoints) {
      if (!taken.has(touchpoint.id)) accepted++
      taken.set(touchpoint.id, touchpoint)
    }
    const duplicate = touchpoints.length - accepted
    return { accepted, duplicate, rejected: rejected.length, bot: 0 }
  }
  return { accept, taken, batches }
}

/** A folder of its own for each file, so that error files do not meet. */
export function temporaryFile(name: string, content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'rapport-import-')), name)
  writeFileSync(path, content)
  return path
}

/** Orders of customers: id, email, at, total. */
export function ordersMapping(changes: Record<string, unknown> = {}): Mapping {
  return mappingSchema.parse({
    mapping: 'Orders',
    source: 'shop_export',
    file: {},
    touchpoints: {
      order: {
        event: { constant: 'Order Completed' },
        id: ['id'],
        time: { column: 'at' },
        identifiers: { email: 'email' },
        amount: { value: 'total', currency: { constant: 'EUR' } },
      },
    },
    ...changes,
  })
}

export function fileShape(changes: Record<string, unknown> = {}): FileShape {
  return ordersMapping({ file: changes }).file
}

export async function rowsOf(
  path: string,
  shape: FileShape,
): Promise<{ columns: readonly string[] | null; rows: FileRow[] }> {
  const { columns, batches } = await openFile(path, shape)
  const rows: FileRow[] = []
  for await (const batch of batches) rows.push(...batch.rows)
  return { columns, rows }
}
