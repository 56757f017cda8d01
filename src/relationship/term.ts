/** Terms of the model: numbers read from a state at a moment, and how they move with time. */
import { dayMilliseconds, durationMilliseconds } from './duration.ts'
import { dayOf, markedBack, markedPeriods, weekOf } from './aggregates/bitmap.ts'
import { RapportError } from '../domain/error.ts'
import { addCurves, flat, scaleCurve } from './curve.ts'
import { levelValue } from './aggregates/decayed-sum.ts'
import { millionths } from './aggregates/sum.ts'
import { newestMark, tagCount, repeatCount } from './loyalty.ts'
import { personaFit } from './persona.ts'
import { readSortableMark } from './aggregate.ts'
import type { Bitmap } from './aggregates/bitmap.ts'
import type { CompiledMeasure, MeasureTable, State } from './measure-table.ts'
import type { Curve } from './curve.ts'
import type { Term, WeightedTerm } from './model-schema.ts'

export interface CompiledTerm {
  /** How a person calls this number, for example "Attention" or "Days since Last purchase". */
  readonly name: string
  /** What opens its evidence: `measure:x`, `dimension:x`, `trust:balance` or `persona:fit`. */
  readonly of: string
  /** Whether time alone can change it, in this state. */
  moves(state: State): boolean
  value(state: State, now: number): number
  /** The movement from `now` on. `value` is its value at 0, without the objects. */
  curve(state: State, now: number): Curve
}

/** Age in days of something that never happened: older than any threshold one would write. */
export const neverDays = 36_500

export function compileTerm(term: Term, table: MeasureTable): CompiledTerm {
  if (term.trust_balance) return trustBalance(table)
  if (term.persona_fit) return personaTerm(table)
  if (term.dimension !== undefined) return dimensionTerm(term.dimension, table)
  const measure = measureNamed(table, term.measure)
  if (term.age) return ageTerm(measure)
  if (term.count !== undefined || term.repeats !== undefined) return recentTerm(measure, term)
  return measureTerm(measure, term.within)
}

/** The weighted total of several terms. */
export function compileTotal(terms: readonly WeightedTerm[], table: MeasureTable): CompiledTerm {
  const parts = terms.map(({ times, ...term }) => ({ times, term: compileTerm(term, table) }))
  return {
    name: parts.map(({ term }) => term.name).join(' + '),
    of: '',
    moves: (state) => parts.some(({ term }) => term.moves(state)),
    value: (state, now) => {
      let total = 0
      for (const { times, term } of parts) total += times * term.value(state, now)
      return total
    },
    curve: (state, now) =>
      addCurves(parts.map(({ times, term }) => scaleCurve(term.curve(state, now), times))),
  }
}

function measureNamed(table: MeasureTable, name: string | undefined): CompiledMeasure {
  const measure = table.byId.get(name ?? '')
  // checkReferences has reported unknown names with their line before anything is compiled.
  if (!measure) throw new RapportError('invalid_model', `There is no measure named ${name}.`)
  return measure
}

const constantTerm = (name: string, of: string, value: (state: State) => number): CompiledTerm => ({
  name,
  of,
  moves: () => false,
  value,
  curve: (state) => flat(value(state)),
})

function measureTerm(measure: CompiledMeasure, within: string | undefined): CompiledTerm {
  const { index, id, declared } = measure
  const of = `measure:${id}`
  switch (declared.kind) {
    case 'decayed_sum':
      return fadingTerm(measure, of)
    case 'days':
    case 'weeks':
      return bitmapTerm(measure, within)
    case 'sum':
      return constantTerm(
        declared.name,
        of,
        (state) => ((state[index] as number | null) ?? 0) / millionths,
      )
    case 'first':
    case 'last':
      return constantTerm(declared.name, of, (state) => (state[index] === null ? 0 : 1))
    case 'recent':
      return constantTerm(
        declared.name,
        of,
        (state) => ((state[index] as string[] | null) ?? []).length,
      )
    default:
      return constantTerm(declared.name, of, (state) => (state[index] as number | null) ?? 0)
  }
}

function fadingTerm({ index, declared, halfLife }: CompiledMeasure, of: string): CompiledTerm {
  const h = halfLife as number
  const value = (state: State, now: number): number => {
    const level = state[index] as number | null
    return level === null ? 0 : levelValue(level, now, h)
  }
  return {
    name: declared.name,
    of,
    moves: (state) => state[index] !== null,
    value,
    curve: (state, now) => ({ ...flat(0), fading: [{ value: value(state, now), halfLife: h }] }),
  }
}

function bitmapTerm(
  { index, id, declared }: CompiledMeasure,
  within: string | undefined,
): CompiledTerm {
  const isWeeks = declared.kind === 'weeks'
  const periodOf = isWeeks ? weekOf : dayOf
  const periodLength = isWeeks ? 7 * dayMilliseconds : dayMilliseconds
  // Weeks begin on Monday, three days before the Thursday of 1970-01-01.
  const offset = isWeeks ? -3 * dayMilliseconds : 0
  const window = within ? Math.min(64, Math.ceil(durationMilliseconds(within) / periodLength)) : 64
  const value = (state: State, now: number): number => {
    const bitmap = state[index] as Bitmap | null
    return bitmap === null ? 0 : markedPeriods(bitmap, periodOf(now), window)
  }
  return {
    name: within ? `${declared.name} (last ${within})` : declared.name,
    of: `measure:${id}`,
    moves: (state) => state[index] !== null,
    value,
    curve: (state, now) => {
      const bitmap = state[index] as Bitmap | null
      if (bitmap === null) return flat(0)
      const steps: { at: number; change: number }[] = []
      for (const back of markedBack(bitmap)) {
        // The mark leaves when the period `window` later begins.
        const at = (bitmap.newest - back + window) * periodLength + offset
        if (at > now) steps.push({ at, change: -1 })
      }
      return { ...flat(value(state, now)), steps }
    },
  }
}

function ageTerm(measure: CompiledMeasure): CompiledTerm {
  const { index, id, declared } = measure
  const timeOf = (state: State): number | null => {
    const held = state[index]
    if (held === null || held === undefined) return null
    if (declared.kind === 'recent') return newestMark(held as readonly string[])?.at ?? null
    if (declared.kind === 'days') return (held as Bitmap).newest * dayMilliseconds
    if (declared.kind === 'weeks') return ((held as Bitmap).newest * 7 - 3) * dayMilliseconds
    return typeof held === 'string' ? readSortableMark(held).at : (held as number)
  }
  const value = (state: State, now: number): number => {
    const time = timeOf(state)
    return time === null ? neverDays : (now - time) / dayMilliseconds
  }
  return {
    name: `Days since: ${declared.name}`,
    of: `measure:${id}`,
    moves: (state) => state[index] !== null,
    value,
    curve: (state, now) => ({
      ...flat(value(state, now)),
      slope: timeOf(state) === null ? 0 : 1,
    }),
  }
}

function recentTerm({ index, id, declared }: CompiledMeasure, term: Term): CompiledTerm {
  const marks = (state: State): readonly string[] =>
    (state[index] as readonly string[] | null) ?? []
  const of = `measure:${id}`
  const { repeats, count } = term
  return repeats
    ? constantTerm(
        repeats.reconsidered
          ? 'Choices repeated after a comparison'
          : 'Choices repeated without a comparison',
        of,
        (state) => repeatCount(marks(state), repeats),
      )
    : constantTerm(`${declared.name}: ${count}`, of, (state) =>
        tagCount(marks(state), count as string),
      )
}

function trustBalance(table: MeasureTable): CompiledTerm {
  const deposits = compileTerm({ measure: table.declared.trust.deposits }, table)
  const withdrawals = compileTerm({ measure: table.declared.trust.withdrawals }, table)
  return {
    name: 'Trust balance',
    of: 'trust:balance',
    moves: (state) => deposits.moves(state) || withdrawals.moves(state),
    value: (state, now) => deposits.value(state, now) - withdrawals.value(state, now),
    curve: (state, now) =>
      addCurves([deposits.curve(state, now), scaleCurve(withdrawals.curve(state, now), -1)]),
  }
}

const personaTerm = (table: MeasureTable): CompiledTerm =>
  constantTerm('Persona fit', 'persona:fit', (state) => personaFit(table, state)?.fit ?? 0)

/** A dimension in a condition; its threshold is turned into one on the total by `condition.ts`. */
function dimensionTerm(id: string, table: MeasureTable): CompiledTerm {
  const dimension = table.declared.dimensions[id]
  if (!dimension) throw new RapportError('invalid_model', `There is no dimension named ${id}.`)
  const total = compileTotal(dimension.of, table)
  return {
    name: dimension.name,
    of: `dimension:${id}`,
    moves: (state) => total.moves(state),
    value: (state, now) => dimensionScore(total.value(state, now), dimension.half),
    curve: (state, now) => total.curve(state, now),
  }
}

/** score = 100 * (1 - 2^(-total/half)); a negative total reads 0. */
export function dimensionScore(total: number, half: number): number {
  return total <= 0 ? 0 : 100 * (1 - 2 ** (-total / half))
}

/** The total at which a dimension reads `score`: the inverse of `dimensionScore`. */
export function dimensionTotal(score: number, half: number): number {
  if (score >= 100) return Infinity
  return score <= 0 ? 0 : -half * Math.log2(1 - score / 100)
}
