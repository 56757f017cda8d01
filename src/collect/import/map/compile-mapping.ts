/** A mapping, compiled against the columns of its files: one row in, events of the Segment protocol out. */
import { hash } from 'node:crypto'
import { RapportError } from '../../../domain/error.ts'
import type { JsonObject } from '../../../domain/touchpoint.ts'
import type { Cells } from '../read/csv-reader.ts'
import { compileTime, type ReadMappedTime } from './mapped-time.ts'
import { compileParts } from './event-parts.ts'
import type { Mapping, TouchpointMapping } from '../mapping-schema.ts'
import { compileFilter, type RowTest } from './row-filter.ts'
import {
  cellReader,
  textOfCell,
  type KnownColumns,
  type ReadCell,
  type RowScope,
} from './row-scope.ts'

export interface MappedRow {
  readonly events: readonly JsonObject[]
  /** Why one of its touchpoints could not be made; the others stand. */
  readonly problems: readonly string[]
}

export type MapRow = (cells: Cells, row: number) => MappedRow

/** The row of a lookup with this key, or null. */
export type FindRow = (key: string) => Cells | null

export interface MappingFiles {
  /** What distinguishes this file from every other: part of message ids made of row numbers. */
  readonly fileHash: string
  readonly columns: readonly string[] | null
  readonly lookups: ReadonlyMap<string, { columns: readonly string[] | null; find: FindRow }>
}

/** @throws RapportError invalid_csv with the names of the columns that the mapping misses. */
export function compileMapping(mapping: Mapping, files: MappingFiles): MapRow {
  const lookups = new Map([...files.lookups].map(([name, { columns }]) => [name, columns]))
  const known: KnownColumns = { mapping, file: files.columns, lookups, missing: new Set() }
  const joins = Object.entries(mapping.lookups).map(([name, { by }]) => ({
    readKey: cellReader(by, known),
    find: files.lookups.get(name)?.find ?? ((): null => null),
  }))
  const skips = mapping.skip.map((filter) => compileFilter(filter, known))
  const touchpoints = Object.entries(mapping.touchpoints).map(([name, one]) =>
    compileTouchpoint(name, one, known, files.fileHash),
  )
  if (known.missing.size > 0) throw missingColumns(known)
  return (cells, row) => {
    const scope: RowScope = { cells, row, found: [], problems: [] }
    for (const { readKey, find } of joins) {
      const key = textOfCell(readKey(scope))
      scope.found.push(key === undefined ? null : find(key))
    }
    const events: JsonObject[] = []
    const problems: string[] = []
    if (skips.some((holds) => holds(scope))) return { events, problems }
    for (const { name, make } of touchpoints) {
      const event = make(scope)
      if (scope.problems.length > 0) problems.push(`${name}: ${scope.problems.join(' ')}`)
      else if (event) events.push(event)
      scope.problems.length = 0
    }
    return { events, problems }
  }
}

function missingColumns({ missing, file }: KnownColumns): RapportError {
  const names = [...missing].map((name) => `"${name}"`).join(', ')
  const there = (file ?? [])
    .slice(0, 50)
    .map((name) => `"${name}"`)
    .join(', ')
  return new RapportError(
    'invalid_csv',
    `The mapping needs columns that are not there: ${names}. There are: ${there || 'none'}.`,
    { missing: [...missing] },
  )
}

interface CompiledTouchpoint {
  readonly name: string
  /** Null where the filter of the touchpoint does not hold. */
  readonly make: (scope: RowScope) => JsonObject | null
}

function compileTouchpoint(
  name: string,
  mapping: TouchpointMapping,
  known: KnownColumns,
  fileHash: string,
): CompiledTouchpoint {
  const applies: RowTest = mapping.when ? compileFilter(mapping.when, known) : () => true
  const messageId = compileMessageId(name, mapping.id, known, fileHash)
  const time = compileTime(mapping.time, known)
  const fill = compileParts(mapping, known)
  return {
    name,
    make: (scope) => {
      if (!applies(scope)) return null
      const event: JsonObject = {
        type: mapping.type,
        messageId: messageId(scope),
        channel: 'import',
      }
      event['timestamp'] = isoTime(time, scope)
      for (const part of fill) part(event, scope)
      return event
    },
  }
}

function isoTime(time: ReadMappedTime, scope: RowScope): string | null {
  const at = time(scope)
  if (at === null) return null
  if (Math.abs(at) <= 8.64e15) return new Date(at).toISOString()
  scope.problems.push('The time lies beyond what a calendar holds.')
  return null
}

/**
 * The same touchpoint of the same row has the same id, however often and in however many files it
 * comes, so that importing twice counts once. With `$row` the file itself is part of it.
 */
function compileMessageId(
  name: string,
  columns: readonly string[],
  known: KnownColumns,
  fileHash: string,
): (scope: RowScope) => string {
  const cells = columns.map((column): ReadCell => cellReader(column, known))
  const scopeOfId = columns.includes('$row') ? fileHash : ''
  return (scope) => {
    const values = cells.map((read) => textOfCell(read(scope)) ?? '')
    if (values.every((value) => value === '')) {
      scope.problems.push(`The id (${columns.join(', ')}) is empty.`)
    }
    const text = JSON.stringify([scopeOfId, name, ...values])
    return `import-${hash('sha256', text, 'hex').slice(0, 32)}`
  }
}
