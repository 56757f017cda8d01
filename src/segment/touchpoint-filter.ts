/** Which touchpoints a rule means: as a predicate here, and as a condition on the log. */
import { sql } from 'kysely'
import { compileComparison, jsonValue } from './comparison.ts'
import { compileField } from '../relationship/field.ts'
import { textArray } from '../store/array-literal.ts'
import type { CurrencyFactors } from '../relationship/field.ts'
import type { PropertyTest, TouchpointFilter } from '../domain/segment-view.ts'
import type { Json, Touchpoint } from '../domain/touchpoint.ts'
import type { Sql, SqlValue } from './comparison.ts'
import type { TouchpointKind } from '../domain/touchpoint-kind.ts'

export interface CompiledFilter {
  /** Null for any. */
  readonly kinds: readonly TouchpointKind[] | null
  matches(touchpoint: Touchpoint): boolean
  /** A condition on the log, named `t`. */
  readonly sql: Sql
  readonly says: string
}

export interface PropertyReader {
  read(touchpoint: Touchpoint): Json | undefined
  readonly sql: SqlValue
}

export function compileFilter(filter: TouchpointFilter, factors: CurrencyFactors): CompiledFilter {
  const { kinds = null, events, channels, where = [] } = filter
  const kindSet = kinds && new Set<string>(kinds)
  const eventSet = events && new Set(events)
  const channelSet = channels && new Set<string>(channels)
  const tests = where.map((test) => compileTest(test, factors))
  const conditions = [
    sql`not t.bot`,
    ...(kinds ? [sql`t.kind = any(${textArray(kinds)}::text[])`] : []),
    ...(events ? [sql`t.event = any(${textArray(events)}::text[])`] : []),
    ...(channels ? [sql`t.channel = any(${textArray(channels)}::text[])`] : []),
    ...tests.map((test) => test.sql),
  ]
  return {
    kinds,
    matches: (t) =>
      !t.bot &&
      (kindSet === null || kindSet.has(t.kind)) &&
      (eventSet === undefined || eventSet.has(t.event)) &&
      (channelSet === undefined || channelSet.has(t.channel)) &&
      tests.every((test) => test.holds(t)),
    sql: sql`(${sql.join(conditions, sql` and `)})`,
    says: sentence(filter),
  }
}

function compileTest(
  { property, operator, value }: PropertyTest,
  factors: CurrencyFactors,
): { holds(touchpoint: Touchpoint): boolean; sql: Sql } {
  const reader = compileProperty(property, factors)
  const comparison = compileComparison(operator, value)
  return {
    holds: (touchpoint) => comparison.holds(reader.read(touchpoint)),
    sql: comparison.sql(reader.sql),
  }
}

export function compileProperty(property: string, factors: CurrencyFactors): PropertyReader {
  const field = compileField(property, factors)
  return { read: (touchpoint) => field.read(touchpoint), sql: valueInLog(property, factors) }
}

const none = sql`null`
const ofNumber = (number: Sql): SqlValue => ({
  number,
  text: sql`null::text`,
  boolean: sql`null::boolean`,
  exists: sql`(${number} is not null)`,
})
const ofText = (text: Sql): SqlValue => ({
  number: sql`null::float8`,
  text,
  boolean: sql`null::boolean`,
  exists: sql`true`,
})

function valueInLog(property: string, factors: CurrencyFactors): SqlValue {
  if (property === 'amount') {
    const cases = [...factors].map(
      ([code, factor]) => sql`when ${code}::text then ${factor}::float8`,
    )
    const factor = sql`case t.currency ${sql.join(cases, sql` `)} end`
    return ofNumber(sql`(t.amount_minor::float8 * (${factor}))`)
  }
  if (property === 'score' || property === 'sentiment') return ofNumber(sql.ref(`t.${property}`))
  if (property === 'event' || property === 'channel') return ofText(sql.ref(`t.${property}`))
  if (property === 'source') return ofText(sql`t.source_id`)
  const [root = '', ...path] = property.split('.')
  if (root !== 'properties' && root !== 'context') return ofNumber(none)
  return jsonValue(sql`(${sql.ref(`t.${root}`)} #> ${textArray(path)}::text[])`)
}

/** "purchase or review with amount at least 100" */
function sentence({ kinds, events, channels, where = [] }: TouchpointFilter): string {
  const what = kinds
    ? kinds.map((kind) => kind.replaceAll('_', ' ')).join(' or ')
    : 'touchpoint of any kind'
  return [
    what,
    events ? `named ${events.join(' or ')}` : '',
    channels ? `by ${channels.join(' or ')}` : '',
    where.length > 0 ? `with ${where.map(testSentence).join(' and ')}` : '',
  ]
    .filter(Boolean)
    .join(' ')
    .slice(0, 200)
}

const testSentence = ({ property, operator, value }: PropertyTest): string =>
  `${property.replace(/^(properties|context)\./, '')} ${operator.replaceAll('_', ' ')} ${
    value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value)
  }`.trim()
