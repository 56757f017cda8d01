import { clickhouseText, isOneOf } from './clickhouse-literal.ts'
import { compileField, fieldText } from './field.ts'
import type { ClickhouseField, CurrencyFactors, Field } from './field.ts'
import type { Filter, Test } from './model-schema.ts'
import type { Json, Touchpoint } from '../domain/touchpoint.ts'

/** A filter of the model, as a predicate here and as a ClickHouse condition. */
export interface CompiledFilter {
  matches(touchpoint: Touchpoint): boolean
  /** Besides the kinds, and for touchpoints that no robot caused. Empty: no more is asked. */
  readonly clickhouse: string
  /** What the condition reads. */
  readonly fields: readonly ClickhouseField[]
}

type Scalar = string | number | boolean

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]

/** Robots never match. An empty filter matches every other touchpoint. */
export function compileFilter(filter: Filter, factors: CurrencyFactors): CompiledFilter {
  const sets = [
    { values: listOf(filter.kind), column: 'kind', read: (t: Touchpoint): string => t.kind },
    { values: listOf(filter.type), column: 'type', read: (t: Touchpoint): string => t.type },
    { values: listOf(filter.event), column: 'event', read: (t: Touchpoint): string => t.event },
    {
      values: listOf(filter.channel),
      column: 'channel',
      read: (t: Touchpoint): string => t.channel,
    },
  ].filter(({ values }) => values.length > 0)
  const wanted = sets.map(({ values, read }) => ({ values: new Set<string>(values), read }))
  const where = Object.entries(filter.where ?? {}).map(([name, test]) =>
    compileTest(compileField(name, factors), test),
  )
  const conditions = [
    ...sets
      .filter(({ column }) => column !== 'kind')
      .map(({ column, values }) => isOneOf(column, values)),
    ...where.map((test) => test.clickhouse),
  ]
  return {
    matches: (touchpoint) =>
      !touchpoint.bot &&
      wanted.every(({ values, read }) => values.has(read(touchpoint))) &&
      where.every((test) => test.holds(touchpoint)),
    clickhouse: conditions.filter(Boolean).join(' and '),
    fields: where.map(({ field }) => field.clickhouse),
  }
}

interface CompiledTest {
  holds(touchpoint: Touchpoint): boolean
  readonly clickhouse: string
  readonly field: Field
}

function compileTest(field: Field, test: Test): CompiledTest {
  const rule = typeof test === 'object' ? test : { is: test }
  return {
    field,
    holds: (touchpoint) => testHolds(field.read(touchpoint), test),
    clickhouse: [
      rule.exists === undefined ? '' : `${field.clickhouse.exists || 'true'} = ${rule.exists}`,
      rule.is === undefined ? '' : equals(field, rule.is),
      rule.not === undefined ? '' : `not ${equals(field, rule.not)}`,
      rule.in === undefined ? '' : `(${rule.in.map((value) => equals(field, value)).join(' or ')})`,
      rule.at_least === undefined
        ? ''
        : `ifNull(${field.clickhouse.number} >= ${rule.at_least}, false)`,
      rule.at_most === undefined
        ? ''
        : `ifNull(${field.clickhouse.number} <= ${rule.at_most}, false)`,
      rule.contains === undefined
        ? ''
        : // Not positionCaseInsensitiveUTF8, which knows fewer letters than toLowerCase().
          `ifNull(position(lowerUTF8(${field.clickhouse.text}), ${clickhouseText(rule.contains.toLowerCase())}) > 0, false)`,
    ]
      .filter(Boolean)
      .map((part) => `(${part})`)
      .join(' and '),
  }
}

/** Numbers are compared as numbers, everything else as text. */
function equals(field: Field, value: Scalar): string {
  return typeof value === 'number'
    ? `ifNull(${field.clickhouse.number} = ${value}, false)`
    : `ifNull(${field.clickhouse.text} = ${clickhouseText(String(value))}, false)`
}

/** Whether a value (undefined: not there) passes a test of the model. Also used for traits. */
export function testHolds(value: Json | undefined, test: Test): boolean {
  const rule = typeof test === 'object' ? test : { is: test }
  const same = (wanted: Scalar): boolean =>
    typeof wanted === 'number'
      ? value === wanted
      : value !== undefined && fieldText(value) === String(wanted)
  if (rule.exists !== undefined && (value !== undefined) !== rule.exists) return false
  if (rule.is !== undefined && !same(rule.is)) return false
  if (rule.not !== undefined && same(rule.not)) return false
  if (rule.in !== undefined && !rule.in.some(same)) return false
  if (rule.at_least !== undefined && !(typeof value === 'number' && value >= rule.at_least))
    return false
  if (rule.at_most !== undefined && !(typeof value === 'number' && value <= rule.at_most))
    return false
  if (rule.contains !== undefined) {
    return (
      value !== undefined && fieldText(value).toLowerCase().includes(rule.contains.toLowerCase())
    )
  }
  return true
}
