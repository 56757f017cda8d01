/**
 * An aggregate kind is a commutative monoid with three evaluators of one meaning: this TypeScript
 * (fold, explanation, tests), a PostgreSQL merge expression (the upsert is the fold) and a
 * ClickHouse aggregate (replay of the whole history). A property test holds the three equal.
 *
 * `null` is the neutral element everywhere: a measure that nothing counted for is NULL in the row.
 */

/** What one touchpoint adds to one measure. */
export interface Mark {
  /** When it happened, milliseconds since 1970 UTC. */
  readonly at: number
  /** The touchpoint's id: breaks ties, so that order of arrival never matters. */
  readonly id: string
  /** The number that it adds (weight); 1 where the kind only counts. */
  readonly amount: number
  /** The text that it carries: value of first/last, tag of recent; else empty. */
  readonly text: string
}

export type PostgresType = 'float8' | 'int4' | 'int8' | 'text' | 'text[]'

/** A cell as it goes to and comes from PostgreSQL; int8 travels as bigint. */
export type Cell = number | bigint | string | readonly string[] | null

export interface Aggregate<State = unknown> {
  readonly columns: readonly { readonly suffix: string; readonly type: PostgresType }[]
  /** The state of a single mark, or null where the mark adds nothing. */
  lift(mark: Mark): State | null
  merge(left: State, right: State): State
  toCells(state: State): Cell[]
  /** Null where the first cell is, which stands for: nothing was added yet. */
  fromCells(cells: readonly Cell[]): State | null
  /** SQL for each column: the merge of two rows whose columns are named by `left` and `right`. */
  postgresMerge(left: readonly string[], right: readonly string[]): string[]
  /** ClickHouse expressions for each column, over all rows of a party where `mark.when` holds. */
  clickhouse(mark: ClickhouseMark): string[]
}

/** ClickHouse expressions for the parts of a mark; `now` is a literal in milliseconds. */
export interface ClickhouseMark {
  /** A column of 1 where the touchpoint counts and 0 where not. */
  readonly when: string
  readonly at: string
  /** A number where it is the same for all that count. */
  readonly amount: number | string
  readonly text: string
  /** Time and id as one number (see `clickhouseMoment`). */
  readonly moment: string
  readonly now: number
}

/**
 * A sortable text of (time, id, text): 14 digits of milliseconds, then id, then text. The least and
 * the greatest of such texts (in byte order) are the first and the last mark, whatever the order in
 * which they came.
 */
export function sortableMark(mark: Mark): string {
  return `${String(mark.at).padStart(14, '0')} ${mark.id} ${mark.text}`
}

/** Code points of a text that are kept: a first or last value is for reading, not a document store. */
export const longestText = 200

export function readSortableMark(text: string): Omit<Mark, 'amount'> {
  return { at: Number(text.slice(0, 14)), id: text.slice(15, 51), text: text.slice(52) }
}

/** Whether a mark carries just this text; without taking the mark apart, since it is asked a lot. */
export function hasText(mark: string, text: string): boolean {
  return mark.length === 52 + text.length && mark.endsWith(text)
}

/**
 * (time, id) as one number that sorts like the text: with it, five edges
 * of a million touchpoints took half the processor time that they took with the text.
 * Times before 1970 are refused when they come in.
 */
export const clickhouseMoment = (at: string, id: string): string =>
  `bitOr(bitShiftLeft(toUInt256(${at}), 128), toUInt256(toUInt128(${id})))`

/** The sortable text of a moment and a text. */
export function clickhouseSortableMark(moment: string, text: string): string {
  const at = `leftPad(toString(toUInt64(bitShiftRight(${moment}, 128))), 14, '0')`
  const id = `UUIDNumToString(reverse(reinterpretAsFixedString(toUInt128(${moment}))))`
  return `concat(${at}, ' ', ${id}, ' ', ${text})`
}
