/**
 * Fields of `properties` and `context` for the replay. Reading JSON is what costs most there, so each
 * document is read only of touchpoints of which a measure may want it, and as few times as can be.
 */
import { clickhouseText, isOneOf } from './clickhouse-literal.ts'

export type JsonColumn = 'properties' | 'context'

/** A field read from JSON; expressions call it by its name. */
export interface JsonPart {
  readonly column: JsonColumn
  readonly path: readonly string[]
  /** Nullable text (strings as they are, everything else as JSON), or nullable number. */
  readonly as: 'text' | 'number'
  readonly name: string
}

/** Keys are of letters, digits, `_`, `-` and blanks (see `model-schema.ts`). */
export const jsonPart = ({ column, path, as }: Omit<JsonPart, 'name'>): JsonPart => ({
  column,
  path,
  as,
  name: `\`${as} of ${[column, ...path].join('/')}\``,
})

/**
 * Numbers at the top of `properties` that the lens keeps in columns of their own, under their names: what
 * reports look at needs no documents then. Replay reads the documents, which a copy of the log always has.
 */
export const numberColumns: readonly string[] = ['response_minutes']

/** Whether the lens has a column of what a part reads. */
export const isColumn = ({ column, path, as }: JsonPart): boolean =>
  column === 'properties' &&
  as === 'number' &&
  path.length === 1 &&
  numberColumns.includes(path[0] ?? '')

/** What such a column is made of: the same number as a part gives. Few documents hold the name at all. */
export function numberColumn(name: string): string {
  const part = jsonPart({ column: 'properties', path: [name], as: 'number' })
  const isThere = `multiSearchAny(properties, [${clickhouseText(name)}, '\\\\u00'])`
  return `if(${isThere}, ${numberOf(part, mendedOf('properties'))}, null)`
}

/** Which touchpoints' JSON an entry looks into: all, those of some kinds, those that carry traits. */
export interface JsonDemand {
  readonly parts: readonly JsonPart[]
  readonly kinds: readonly string[] | null
  readonly onlyTraits: boolean
}

export const traitTypes = ['identify', 'group'] as const

/** For `select * replace (...)`: the documents that are wanted; empty where not. */
export function jsonWanted(demands: readonly JsonDemand[]): string[] {
  return columnsOf(demands).flatMap((column) => {
    const own = demands.filter(({ parts }) => parts.some((part) => part.column === column))
    if (own.some(({ kinds, onlyTraits }) => kinds === null && !onlyTraits)) return []
    const kinds = new Set(own.flatMap((demand) => demand.kinds ?? []))
    const wanted = [
      ...(kinds.size > 0 ? [isOneOf('kind', [...kinds])] : []),
      ...(own.some((demand) => demand.kinds === null) ? [isOneOf('type', traitTypes)] : []),
    ]
    return [`if(${wanted.join(' or ')}, ${column}, '') as ${column}`]
  })
}

/**
 * For `select * replace (...)`: ClickHouse cannot read any field of a document in which a whole number
 * exceeds 64 bits, as a client may send. Written with a decimal point it can, and reads the same double
 * as JSON.parse.
 */
export function jsonMended(demands: readonly JsonDemand[]): string[] {
  return columnsOf(demands).map((column) => `${mendedOf(column)} as ${column}`)
}

function mendedOf(column: JsonColumn): string {
  const broken = `if(empty(${column}) or isValidJSON(${column}), '', ${column})`
  const mended = `replaceRegexpAll(${broken}, '([\\\\[:,]-?[0-9]{19,})', '\\\\1.0')`
  return `if(empty(${broken}), ${column}, ${mended})`
}

/** Null where it is no number. */
function numberOf({ path }: JsonPart, document: string): string {
  const keys = [document, ...path.map(clickhouseText)].join(', ')
  return `if(JSONType(${keys}) in ('Int64', 'UInt64', 'Double'), JSONExtractFloat(${keys}), null)`
}

/** The fields themselves, each once. */
export function jsonFields(demands: readonly JsonDemand[]): string[] {
  const parts = [
    ...new Map(demands.flatMap((demand) => demand.parts).map((part) => [part.name, part])).values(),
  ]
  const numbers = parts.filter(({ as }) => as === 'number')
  return [
    ...columnsOf(demands).flatMap((column) =>
      textFields(
        column,
        parts.filter((part) => part.column === column && part.as === 'text'),
      ),
    ),
    ...numbers.map((part) => `${numberOf(part, part.column)} as ${part.name}`),
  ]
}

function columnsOf(demands: readonly JsonDemand[]): JsonColumn[] {
  return [...new Set(demands.flatMap(({ parts }) => parts.map(({ column }) => column)))]
}

const keysOf = ({ column, path }: JsonPart): string =>
  [column, ...path.map(clickhouseText)].join(', ')

/** Several texts of one document are read in one go: as a tuple of texts, and of maps of texts. */
function textFields(column: JsonColumn, parts: readonly JsonPart[]): string[] {
  const byRoot = Map.groupBy(parts, ({ path }) => path[0] as string)
  const together = [...byRoot].filter(
    ([, some]) =>
      some.every(({ path }) => path.length === 1) || some.every(({ path }) => path.length === 2),
  )
  const isWorthIt = together.reduce((sum, [, some]) => sum + some.length, 0) > 1
  const roots = new Map(isWorthIt ? together : [])
  const types = [...roots].map(
    ([root, some]) =>
      `\`${root}\` ${some[0]?.path.length === 1 ? 'Nullable(String)' : 'Map(String, Nullable(String))'}`,
  )
  const tuple = `${column}_fields`
  return [
    ...(isWorthIt ? [`JSONExtract(${column}, 'Tuple(${types.join(', ')})') as ${tuple}`] : []),
    ...parts.map((part) => {
      const [root = '', key] = part.path
      if (!roots.has(root)) {
        return `JSONExtract(${keysOf(part)}, 'Nullable(String)') as ${part.name}`
      }
      const element = `tupleElement(${tuple}, ${clickhouseText(root)})`
      return `${key === undefined ? element : `${element}[${clickhouseText(key)}]`} as ${part.name}`
    }),
  ]
}
