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
  fromCells(cells: readonly Cell[]): State | null
  /** SQL for each column: the merge of two rows whose columns are named by `left` and `right`. */
  postgresMerge(left: readonly string[], right: readonly string[]): string[]
  /** ClickHouse expressions for each column, over all rows of a party where `mark.when` holds. */
  clickhouse(mark: ClickhouseMark): string[]
}

/** ClickHouse expressions for the parts of a mark; `now` is a literal in milliseconds. */
export interface ClickhouseMark {
  readonly when: string
  readonly at: string
  readonly id: string
  readonly amount: string
  readonly text: string
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

export function readSortableMark(text: string): Omit<Mark, 'amount'> {
  return { at: Number(text.slice(0, 14)), id: text.slice(15, 51), text: text.slice(52) }
}

/** Whether a mark carries just this text; without taking the mark apart, since it is asked a lot. */
export function hasText(mark: string, text: string): boolean {
  return mark.length === 52 + text.length && mark.endsWith(text)
}

/** The same text in ClickHouse, made only of rows that count: making text is what costs there. */
export function clickhouseSortableMark(mark: ClickhouseMark): string {
  const text = `concat(leftPad(toString(${mark.at}), 14, '0'), ' ', ${mark.id}, ' ', ${mark.text})`
  return `if(${mark.when}, ${text}, '')`
}
