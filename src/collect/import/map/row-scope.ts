/** What the parts of a mapping see of one row, and how they reach a column of it. */
import type { Cells } from '../read/csv-reader.ts'
import { columnOf, type Mapping } from '../mapping-schema.ts'

export interface RowScope {
  readonly cells: Cells
  /** The number of the row in the file, from 1. */
  readonly row: number
  /** The row that each lookup found, in the order of the mapping; null where it found none. */
  readonly found: (Cells | null)[]
  /** What is wrong with this row, for a person; whoever finds something adds to it. */
  readonly problems: string[]
}

/** The value of a column: text in a CSV file, any JSON value in NDJSON; undefined where it is empty. */
export type ReadCell = (scope: RowScope) => unknown

/** What is known of the files before their first row is read. */
export interface KnownColumns {
  readonly mapping: Mapping
  /** Columns of the file itself; null for NDJSON. */
  readonly file: readonly string[] | null
  /** Columns of each lookup, by its name. */
  readonly lookups: ReadonlyMap<string, readonly string[] | null>
  /** Names used by the mapping that are in no file; whoever finds one adds it. */
  readonly missing: Set<string>
}

/** The accessor of a column as a mapping writes it: `name`, `lookup.name` or `$row`. */
export function cellReader(written: string, known: KnownColumns): ReadCell {
  if (written === '$row') return (scope) => String(scope.row)
  const { lookup, column } = columnOf(known.mapping, written)
  const columns = lookup === null ? known.file : (known.lookups.get(lookup) ?? null)
  const shape = lookup === null ? known.mapping.file : known.mapping.lookups[lookup]
  const nothing = new Set(shape?.nothing ?? [])
  const read = columns === null ? keyReader(column) : indexReader(columns, column, written, known)
  const present = (value: unknown): unknown =>
    value === '' || value === null || nothing.has(value as string) ? undefined : value
  if (lookup === null) return (scope) => present(read(scope.cells))
  const index = Object.keys(known.mapping.lookups).indexOf(lookup)
  return (scope) => {
    const cells = scope.found[index]
    return cells ? present(read(cells)) : undefined
  }
}

function indexReader(
  columns: readonly string[],
  column: string,
  written: string,
  known: KnownColumns,
): (cells: Cells) => unknown {
  const index = columns.indexOf(column)
  if (index < 0) known.missing.add(written)
  else if (columns.includes(column, index + 1))
    known.missing.add(`${written} (twice in the header)`)
  return (cells) => (cells as readonly string[])[index]
}

/** A key of the object, or a path into it: `user.email`. */
function keyReader(column: string): (cells: Cells) => unknown {
  const path = column.split('.')
  return (cells) => {
    if (Object.hasOwn(cells, column)) return (cells as Record<string, unknown>)[column]
    let value: unknown = cells
    for (const key of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key))
        return undefined
      value = (value as Record<string, unknown>)[key]
    }
    return value
  }
}

/** A cell in the words of the file, for comparing and joining; undefined where it is empty. */
export function textOfCell(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === undefined || value === null ? undefined : JSON.stringify(value)
}

const thousands = { '.': /[,\s'’]/g, ',': /[.\s'’]/g } as const
const grouped = { '.': /^\d{1,3}([,\s'’]\d{3})+$/, ',': /^\d{1,3}([.\s'’]\d{3})+$/ } as const

/** 1,234.50 or 1.234,50 as the file writes it, also with a currency sign; NaN where it is no number. */
export function readNumber(value: unknown, decimal: '.' | ','): number {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.length > 60) return Number.NaN
  if (decimal === '.' ? /^-?\d+(\.\d+)?$/.test(value) : /^-?\d+$/.test(value)) return Number(value)
  const text = value.replace(/^\s*([+-]?)\s*[€$£¥]?\s*/, '$1').replace(/\s*[€$£¥%]?\s*$/, '')
  const parts = /^([+-]?)([\d.,\s'’]*?)(?:[eE]([+-]?\d{1,3}))?$/.exec(text)
  if (!parts) return Number.NaN
  const [, sign, digits = '', exponent = '0'] = parts
  const at = digits.lastIndexOf(decimal)
  const whole = at < 0 ? digits : digits.slice(0, at)
  const fraction = at < 0 ? '' : digits.slice(at + 1)
  const isWhole = /^\d*$/.test(whole) || grouped[decimal].test(whole)
  if (!isWhole || !/^\d*$/.test(fraction) || whole + fraction === '') return Number.NaN
  return Number(
    `${sign}${whole.replaceAll(thousands[decimal], '') || '0'}.${fraction || '0'}e${exponent}`,
  )
}
