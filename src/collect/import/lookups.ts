import { isAbsolute, join, normalize } from 'node:path'
import { RapportError } from '../../domain/error.ts'
import type { FindRow } from './map/compile-mapping.ts'
import type { Cells } from './read/csv-reader.ts'
import type { Mapping } from './mapping-schema.ts'
import { openFile } from './read/read-rows.ts'
import { textOfCell } from './map/row-scope.ts'

/** Lookups are held in memory: all of an import together may have so many rows and characters. */
const rowsLimit = 2_000_000
const charactersLimit = 200_000_000
/** Characters of one row: what it adds to an event must fit into the event. */
const rowLimit = 8_000

export interface LoadedLookup {
  readonly columns: readonly string[] | null
  readonly find: FindRow
}

/**
 * Reads the lookup files of a mapping, which lie in one folder. Of rows with the same key the first
 * one counts; rows that cannot be read are not found.
 *
 * @throws RapportError invalid_csv where one is missing, lacks its key, or all are too large.
 */
export async function loadLookups(
  mapping: Mapping,
  folder: string,
): Promise<Map<string, LoadedLookup>> {
  const loaded = new Map<string, LoadedLookup>()
  const budget = { rows: rowsLimit, characters: charactersLimit }
  for (const [name, lookup] of Object.entries(mapping.lookups)) {
    const file = await openFile(pathOf(lookup.file, folder), lookup)
    const index = file.columns?.indexOf(lookup.key) ?? -1
    if (file.columns && index < 0) {
      await file.batches.return()
      throw new RapportError('invalid_csv', `${lookup.file} has no column "${lookup.key}".`)
    }
    const rows = new Map<string, Cells>()
    for await (const batch of file.batches) {
      for (const { cells, raw } of batch.rows) {
        const key =
          cells && textOfCell(file.columns ? (cells as string[])[index] : own(cells, lookup.key))
        if (!cells || !key || raw.length > rowLimit || rows.has(key)) continue
        budget.rows--
        budget.characters -= raw.length
        rows.set(key, cells)
      }
      if (budget.rows < 0 || budget.characters < 0) throw tooLarge()
    }
    loaded.set(name, { columns: file.columns, find: (key) => rows.get(key) ?? null })
  }
  return loaded
}

function own(cells: Cells, key: string): unknown {
  return Object.hasOwn(cells, key) ? (cells as Record<string, unknown>)[key] : undefined
}

function tooLarge(): RapportError {
  return new RapportError(
    'invalid_csv',
    `The lookup files have more than ${rowsLimit / 1e6} million rows or ${charactersLimit / 1e6} MB. Join them into the file first.`,
  )
}

/** Lookups lie in the folder of the import or below it, never elsewhere. */
function pathOf(file: string, folder: string): string {
  const path = normalize(file)
  if (isAbsolute(path) || path.split(/[\\/]/).includes('..') || file.includes('\0')) {
    throw new RapportError('invalid_mapping', `The lookup file "${file}" must lie beside the file.`)
  }
  return join(folder, path)
}
