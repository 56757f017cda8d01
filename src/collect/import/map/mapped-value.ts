import type { Json } from '../../../domain/touchpoint.ts'
import type { MappedValue } from '../mapping-schema.ts'
import {
  cellReader,
  readNumber,
  textOfCell,
  type KnownColumns,
  type ReadCell,
  type RowScope,
} from './row-scope.ts'

/** Undefined where there is nothing; a problem is added to the scope where it cannot be read. */
export type ReadValue = (scope: RowScope) => Json | undefined

type Shaping = Partial<Extract<MappedValue, { column: string }>>

export function compileValue(value: MappedValue, known: KnownColumns): ReadValue {
  if (typeof value === 'string') return compileShaped(cellReader(value, known), {}, value, known)
  if ('constant' in value) return () => value.constant
  const { read, name } =
    'template' in value
      ? { read: compileTemplate(value.template, known), name: value.template }
      : { read: cellReader(value.column, known), name: value.column }
  return compileShaped(read, value, name, known)
}

/** Empty where all of its columns are; a single empty one leaves its place empty. */
function compileTemplate(template: string, known: KnownColumns): ReadCell {
  const parts = template.split(/\{([^{}]+)\}/)
  const cells = parts.map((part, index) => (index % 2 === 1 ? cellReader(part, known) : null))
  return (scope) => {
    let isEmpty = cells.some((read) => read !== null)
    let text = ''
    for (const [index, part] of parts.entries()) {
      const read = cells[index]
      const piece = read ? textOfCell(read(scope)) : part
      if (read && piece !== undefined) isEmpty = false
      text += piece ?? ''
    }
    return isEmpty ? undefined : text.trim()
  }
}

function compileShaped(
  read: ReadCell,
  shaping: Shaping,
  name: string,
  known: KnownColumns,
): ReadValue {
  const { map, otherwise, empty, as = 'text', times = 1, plus = 0 } = shaping
  const { decimal } = known.mapping.file
  const listed = map && new Map(Object.entries(map))
  return (scope) => {
    const cell = read(scope)
    if (cell === undefined) return empty
    const mapped = listed ? (listed.get(textOfCell(cell) ?? '') ?? otherwise) : cell
    if (mapped === undefined) return undefined
    const shaped = shape(mapped as Json, as, decimal)
    if (shaped === null || (typeof shaped === 'number' && !Number.isFinite(shaped))) {
      scope.problems.push(`"${shown(cell)}" (${name}) is not a ${as}.`)
      return undefined
    }
    return typeof shaped === 'number' ? times * shaped + plus : shaped
  }
}

/** Null where the value does not have that shape. */
function shape(value: Json, as: NonNullable<Shaping['as']>, decimal: '.' | ','): Json {
  if (as === 'number') return readNumber(value, decimal)
  if (as === 'boolean') return typeof value === 'boolean' ? value : readBoolean(String(value))
  if (typeof value !== 'string') return value
  if (as === 'lower') return value.toLowerCase()
  if (as === 'upper') return value.toUpperCase()
  if (as !== 'list') return value
  return value
    .split(/[,;|]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function readBoolean(text: string): boolean | null {
  if (/^(1|true|t|yes|y|on|x)$/i.test(text)) return true
  return /^(0|false|f|no|n|off)$/i.test(text) ? false : null
}

export function shown(cell: unknown): string {
  const text = textOfCell(cell) ?? ''
  return text.length > 60 ? `${text.slice(0, 60)}...` : text
}
