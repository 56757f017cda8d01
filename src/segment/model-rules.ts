/** Rules about numbers of the serving model: measures, dimensions, trust, value, and days since. */
import { sql } from 'kysely'
import { column, leaf } from './node.ts'
import { compileAge } from './age.ts'
import { compileTotal, dimensionTotal, neverDays } from '../relationship/term.ts'
import { compileCondition } from '../relationship/condition.ts'
import { dayMilliseconds } from '../relationship/duration.ts'
import { implicitMeasures } from '../relationship/measure-table.ts'
import { nextCrossing } from '../relationship/curve.ts'
import { newestMark } from '../relationship/loyalty.ts'
import { noNeeds } from './needs.ts'
import { personaMeasures } from '../relationship/settling.ts'
import { readSortableMark } from '../relationship/aggregate.ts'
import { thresholdSql } from './term-sql.ts'
import { valueParts } from './fields.ts'
import { words } from './says.ts'
import type { Bitmap } from '../relationship/aggregates/bitmap.ts'
import type { CompiledMeasure, State } from '../relationship/measure-table.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { Needs } from './needs.ts'
import type { SegmentCondition, SqlScope } from './node.ts'
import type { SegmentOperator, SegmentRule } from '../domain/segment-view.ts'
import type { Sql } from './comparison.ts'
import type { Term, WeightedTerm } from '../relationship/model-schema.ts'
import type { TouchpointKind } from '../domain/touchpoint-kind.ts'
import type { Verdict } from './facts.ts'

/** A number of the model; null where the field is another. */
export function modelRule(
  rule: SegmentRule,
  model: CompiledModel,
  name: string,
): SegmentCondition | null {
  const [root, id] = splitField(rule.field)
  if (root === 'measure_age' || /^seen\..*_days$/.test(rule.field))
    return ageRule(rule, model, name)
  const terms = termsOf(rule, model)
  if (terms === null) return null
  const half = root === 'dimension' ? (model.declared.dimensions[id]?.half ?? null) : null
  return numberRule({ rule, model, name, terms, half })
}

export function splitField(field: string): [string, string] {
  const dot = field.indexOf('.')
  return dot < 0 ? [field, ''] : [field.slice(0, dot), field.slice(dot + 1)]
}

function termsOf(rule: SegmentRule, { declared }: CompiledModel): WeightedTerm[] | null {
  const [root, id] = splitField(rule.field)
  const one = (term: Term): WeightedTerm[] => [{ ...term, times: 1 }]
  if (root === 'measure') {
    return one({ measure: id, ...(rule.within === undefined ? {} : { within: rule.within }) })
  }
  if (root === 'dimension') return declared.dimensions[id]?.of ?? []
  if (rule.field === 'trust.balance') return one({ trust_balance: true })
  if (rule.field === 'seen.touchpoints') return one({ measure: implicitMeasures.touchpoints })
  if (root !== 'value') return null
  const named = id === 'total' ? valueParts : valueParts.filter((part) => part === id)
  const sums = new Set(named.flatMap((part) => declared.value[part] ?? []))
  return [...sums].map((measure) => ({ measure, times: 1 }))
}

interface NumberRule {
  readonly rule: SegmentRule
  readonly model: CompiledModel
  readonly name: string
  readonly terms: readonly WeightedTerm[]
  /** Of a dimension: its threshold is moved to the total, as the model's own conditions do. */
  readonly half: number | null
}

function numberRule({ rule, model, name, terms, half }: NumberRule): SegmentCondition {
  const { operator, value } = rule
  const total = compileTotal(terms, model)
  const compared = (needs: number, sign: 'at_least' | 'at_most') =>
    compileThreshold(terms, model, { needs, sign, half })
  const combine = (wanted: SegmentOperator): Part => {
    const given = value as number
    switch (wanted) {
      case 'at_most':
        return compared(given, 'at_most')
      case 'above':
        return opposite(compared(given, 'at_most'))
      case 'below':
        return opposite(compared(given, 'at_least'))
      case 'equals':
        return both(compared(given, 'at_least'), compared(given, 'at_most'))
      case 'not_equals':
        return opposite(combine('equals'))
      case 'between': {
        const [low, high] = value as number[] as [number, number]
        return both(compared(low, 'at_least'), compared(high, 'at_most'))
      }
      default:
        return compared(given, 'at_least')
    }
  }
  const part = combine(operator)
  return leaf({
    says: words(rule.within ? `${name} (last ${rule.within})` : name, rule),
    needs: measureNeeds(model, terms),
    cost: 0,
    verdict: ({ state }, { now }) => part.verdict(state, now),
    found: ({ state }, { now }) => {
      const held = total.value(state, now)
      return figure(half === null ? held : 100 * (1 - 2 ** (-Math.max(0, held) / half)))
    },
    sql: (scope) => part.sql(scope),
  })
}

interface Part {
  verdict(state: State, now: number): Verdict
  sql(scope: SqlScope): Sql
}
const opposite = (part: Part): Part => ({
  verdict: (state, now) => -part.verdict(state, now),
  sql: (scope) => sql`(-${part.sql(scope)})`,
})
const both = (one: Part, other: Part): Part => ({
  verdict: (state, now) => Math.min(one.verdict(state, now), other.verdict(state, now)),
  sql: (scope) => sql`least(${one.sql(scope)}, ${other.sql(scope)})`,
})

interface Threshold {
  readonly needs: number
  readonly sign: 'at_least' | 'at_most'
  readonly half: number | null
}

/** One comparison by the model's own conditions, so that a segment and a rung say the same. */
function compileThreshold(
  terms: readonly WeightedTerm[],
  model: CompiledModel,
  { needs, sign, half }: Threshold,
): Part {
  const strict = sign === 'at_most'
  const isBelowAll = half !== null && (needs < 0 || (needs === 0 && !strict))
  const at = half === null ? needs : isBelowAll ? -Infinity : dimensionTotal(needs, half)
  const [only] = terms
  const ofModel =
    terms.length === 1 && half === null && only
      ? compileCondition({ ...withoutTimes(only), [sign]: needs }, model)
      : totalCondition(terms, model, { at, strict })
  return {
    verdict: (state, now) => {
      const flipsAt = ofModel.flipsAt(state, now)
      return ofModel.holds(state, now) ? flipsAt : -flipsAt
    },
    sql: (scope) => {
      const above = thresholdSql(terms, model, { at, strict }, scope)
      return strict ? sql`(-${above})` : above
    },
  }
}

function withoutTimes(term: WeightedTerm): Term {
  const { times, ...rest } = term
  return times === 1 ? rest : term
}

/** A total is compared as a dimension with the half at which nothing is transformed. */
function totalCondition(
  terms: readonly WeightedTerm[],
  model: CompiledModel,
  { at, strict }: { readonly at: number; readonly strict: boolean },
): Pick<ReturnType<typeof compileCondition>, 'holds' | 'flipsAt'> {
  const total = compileTotal(terms, model)
  const isAbove = (state: State, now: number): boolean => {
    const value = total.value(state, now)
    return strict ? value > at : value >= at
  }
  return {
    holds: (state, now) => isAbove(state, now) !== strict,
    flipsAt: (state, now) =>
      total.moves(state)
        ? (nextCrossing(total.curve(state, now), { at, strict }, now, (time) => isAbove(state, time)) ?? Infinity)
        : Infinity,
  } // prettier-ignore
}

function ageRule(rule: SegmentRule, model: CompiledModel, name: string): SegmentCondition {
  const [root, id] = splitField(rule.field)
  const measureId =
    root === 'measure_age'
      ? id
      : id === 'first_days'
        ? implicitMeasures.firstSeen
        : implicitMeasures.lastSeen
  const measure = model.byId.get(measureId) as CompiledMeasure
  const test = compileAge(rule.operator, rule.value as number)
  return leaf({
    says: words(name, rule, 'days'),
    needs: measureNeeds(model, [{ measure: measureId, times: 1 }]),
    cost: 0,
    verdict: ({ state }, { now }) => test.verdict(timeOf(measure, state), now),
    found: ({ state }, { now }) => {
      const at = timeOf(measure, state)
      return at === null ? 'never' : `${figure((now - at) / dayMilliseconds)} days`
    },
    sql: (scope) => test.sql(timeSql(measure, scope), scope.now),
  })
}

/** When the newest (or least, first) of it was, as "days since" of the model reads it. */
function timeOf({ index, declared }: CompiledMeasure, state: State): number | null {
  const held = state[index]
  if (held === null || held === undefined) return null
  if (declared.kind === 'recent') return newestMark(held as readonly string[])?.at ?? null
  if (declared.kind === 'days') return (held as Bitmap).newest * dayMilliseconds
  if (declared.kind === 'weeks') return ((held as Bitmap).newest * 7 - 3) * dayMilliseconds
  return typeof held === 'string' ? readSortableMark(held).at : (held as number)
}

function timeSql({ declared, columns: [first = ''] }: CompiledMeasure, scope: SqlScope): Sql {
  const cell = column(scope, first)
  switch (declared.kind) {
    case 'recent':
      return sql`substr(${cell}[1], 1, 14)::float8`
    case 'days':
      return sql`(${cell}::float8 * ${dayMilliseconds}::float8)`
    case 'weeks':
      return sql`((${cell}::float8 * 7 - 3) * ${dayMilliseconds}::float8)`
    case 'first':
    case 'last':
      return sql`substr(${cell}, 1, 14)::float8`
    default:
      return sql`${cell}::float8`
  }
}

function measureNeeds(model: CompiledModel, terms: readonly WeightedTerm[]): Needs {
  const { trust } = model.declared
  const ids = terms.flatMap((term) => [
    ...(term.measure === undefined ? [] : [term.measure]),
    ...(term.trust_balance ? Object.values(trust) : []),
    ...(term.persona_fit ? personaMeasures(model.declared) : []),
  ])
  const measures = ids.flatMap((id) => model.byId.get(id) ?? [])
  return {
    ...noNeeds,
    measures: new Set(measures.map(({ index }) => index)),
    kinds: kindsOf(measures),
  }
}

/** Kinds of touchpoints that the measures count; null where any may be. */
export function kindsOf(measures: readonly CompiledMeasure[]): ReadonlySet<TouchpointKind> | null {
  const entries = measures.flatMap((measure) => measure.entries)
  if (entries.some(({ kinds }) => kinds === null)) return null
  return new Set(entries.flatMap(({ kinds }) => kinds ?? []))
}

export function figure(value: number): string {
  if (value >= neverDays) return 'never'
  return String(Math.round(value * 100) / 100)
}
