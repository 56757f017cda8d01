/**
 * Comparing a value that somebody sent with one that a rule wants: here, and as SQL of the same
 * meaning. Numbers compare as numbers, everything else as text; lists and objects only exist. No
 * patterns: what is contained, begins or ends so, the letters A to Z in either case.
 */
import { sql } from 'kysely'
import { numberArray, textArray } from '../store/array-literal.ts'
import type { Json } from '../domain/touchpoint.ts'
import type { RawBuilder } from 'kysely'
import type { Scalar, SegmentOperator } from '../domain/segment-view.ts'

export type Sql = RawBuilder<unknown>

/** A value in PostgreSQL: each null where it is not of that type. */
export interface SqlValue {
  readonly number: Sql
  readonly text: Sql
  readonly boolean: Sql
  readonly exists: Sql
}

export interface Comparison {
  holds(value: Json | undefined): boolean
  sql(value: SqlValue): Sql
}

export const numberOperators: readonly SegmentOperator[] = [
  'at_least', 'at_most', 'above', 'below', 'equals', 'not_equals', 'between',
] // prettier-ignore
export const textOperators: readonly SegmentOperator[] = [
  'equals', 'not_equals', 'in', 'not_in', 'contains', 'not_contains', 'starts_with', 'ends_with',
  'exists', 'not_exists',
] // prettier-ignore
export const anyOperators: readonly SegmentOperator[] = [
  ...new Set([...textOperators, ...numberOperators]),
]

/** What an operator wants as its value. */
export function wantsValue(
  operator: SegmentOperator,
): 'nothing' | 'number' | 'text' | 'scalar' | 'scalars' | 'two numbers' {
  switch (operator) {
    case 'exists':
    case 'not_exists':
      return 'nothing'
    case 'at_least':
    case 'at_most':
    case 'above':
    case 'below':
      return 'number'
    case 'between':
      return 'two numbers'
    case 'in':
    case 'not_in':
      return 'scalars'
    case 'equals':
    case 'not_equals':
      return 'scalar'
    default:
      return 'text'
  }
}

const positive: Partial<Record<SegmentOperator, SegmentOperator>> = {
  not_equals: 'equals',
  not_in: 'in',
  not_contains: 'contains',
  not_exists: 'exists',
}

/** A rule that passed the check. */
export function compileComparison(
  operator: SegmentOperator,
  wanted: Scalar | readonly Scalar[] | undefined,
): Comparison {
  const turned = positive[operator]
  if (turned) {
    const same = compileComparison(turned, wanted)
    return { holds: (value) => !same.holds(value), sql: (value) => sql`(not ${same.sql(value)})` }
  }
  if (operator === 'exists') {
    return { holds: (v) => v !== undefined && v !== null, sql: ({ exists }) => exists }
  }
  if (operator === 'between') {
    const [low, high] = wanted as readonly number[] as [number, number]
    return {
      holds: (value) => typeof value === 'number' && value >= low && value <= high,
      sql: ({ number }) =>
        sql`coalesce(${number} between ${low}::float8 and ${high}::float8, false)`,
    }
  }
  if (operator === 'equals') return equalTo([wanted as Scalar])
  if (operator === 'in') return equalTo(wanted as readonly Scalar[])
  return typeof wanted === 'number'
    ? numeric(operator, wanted)
    : textual(operator, String(wanted as Scalar))
}

function equalTo(wanted: readonly Scalar[]): Comparison {
  const set = new Set<Json>(wanted)
  const texts = wanted.filter((one) => typeof one === 'string')
  const numbers = wanted.filter((one) => typeof one === 'number')
  const booleans = wanted.filter((one) => typeof one === 'boolean')
  return {
    holds: (value) => {
      if (value === undefined || value === null || typeof value === 'object') return false
      return set.has(value) || (typeof value !== 'string' && set.has(String(value)))
    },
    sql: ({ number, text, boolean }) => {
      const parts = [
        ...(texts.length > 0 ? [sql`${text} = any(${textArray(texts)}::text[])`] : []),
        ...(numbers.length > 0 ? [sql`${number} = any(${numberArray(numbers)}::float8[])`] : []),
        ...booleans.map((one) => sql`${boolean} = ${one}::boolean`),
      ]
      return sql`coalesce(${sql.join(parts, sql` or `)}, false)`
    },
  }
}

function numeric(operator: SegmentOperator, wanted: number): Comparison {
  const compare: (value: number) => boolean =
    operator === 'at_least'
      ? (value) => value >= wanted
      : operator === 'at_most'
        ? (value) => value <= wanted
        : operator === 'above'
          ? (value) => value > wanted
          : (value) => value < wanted
  const sign = { at_least: '>=', at_most: '<=', above: '>' }[operator as string] ?? '<'
  return {
    holds: (value) => typeof value === 'number' && compare(value),
    sql: ({ number }) => sql`coalesce(${number} ${sql.raw(sign)} ${wanted}::float8, false)`,
  }
}

/** As `lower(... collate "C")` does. */
const fold = (text: string): string => text.replaceAll(/[A-Z]+/g, (some) => some.toLowerCase())

function textual(operator: SegmentOperator, wanted: string): Comparison {
  const folded = fold(wanted)
  const within: (text: string) => boolean =
    operator === 'contains'
      ? (text) => text.includes(folded)
      : operator === 'starts_with'
        ? (text) => text.startsWith(folded)
        : (text) => text.endsWith(folded)
  return {
    holds: (value) =>
      value !== undefined && value !== null && typeof value !== 'object'
        ? within(fold(String(value)))
        : false,
    sql: ({ text }) => {
      const lower = sql`lower(${text} collate "C")`
      const found =
        operator === 'contains'
          ? sql`position(${folded}::text in ${lower}) > 0`
          : operator === 'starts_with'
            ? sql`starts_with(${lower}, ${folded}::text)`
            : sql`right(${lower}, char_length(${folded}::text)) = ${folded}::text`
      return sql`coalesce(${found}, false)`
    },
  }
}

/** A value of type json; null where it is not there. */
export function jsonValue(value: Sql): SqlValue {
  const type = sql`json_typeof(${value})`
  return {
    number: sql`(case when ${type} = 'number' then (${value} #>> '{}')::float8 end)`,
    text: sql`(case when ${type} in ('string', 'number', 'boolean') then ${value} #>> '{}' end)`,
    boolean: sql`(case when ${type} = 'boolean' then (${value} #>> '{}')::boolean end)`,
    exists: sql`coalesce(${type} <> 'null', false)`,
  }
}
