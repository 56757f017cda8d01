/**
 * Any number, opened: the touchpoints and weights that make it, adding up to it exactly. Made by the
 * same rules as the number itself (`contributionsOf`), from the party's log. Pure.
 */
import { compileTotal, dimensionScore } from '../../relationship/term.ts'
import { contributionsOf } from '../../relationship/fold.ts'
import { foldTouchpoints } from '../../relationship/fold.ts'
import { dayOf, weekOf } from '../../relationship/aggregates/bitmap.ts'
import { RapportError } from '../../domain/error.ts'
import { isoTime, round } from './party-summary.ts'
import type { CompiledMeasure, State } from '../../relationship/measure-table.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { EvidenceView } from '../../domain/view.ts'
import type { Touchpoint } from '../../domain/touchpoint.ts'
import type { WeightedTerm } from '../../relationship/model-schema.ts'

type Contribution = EvidenceView['contributions'][number]

/** Shown one by one; the rest is summed. */
const mostShown = 500

/**
 * @param of           `measure:x`, `dimension:x`, `trust:balance` or `persona:fit`
 * @param touchpoints  of the party, oldest first, without robots
 * @throws not_found   where the model knows no such number
 */
export function evidenceOf(
  model: CompiledModel,
  of: string,
  touchpoints: readonly Touchpoint[],
  now: number,
): EvidenceView {
  const [what, id] = of.split(':')
  if (what === 'measure') return evidenceOfMeasure(model, id ?? '', touchpoints, now)
  if (what === 'dimension') return evidenceOfDimension(model, id ?? '', touchpoints, now)
  if (of === 'trust:balance') return evidenceOfTrust(model, touchpoints, now)
  throw new RapportError('not_found', `There is no evidence for "${of}".`)
}

function evidenceOfMeasure(
  model: CompiledModel,
  id: string,
  touchpoints: readonly Touchpoint[],
  now: number,
): EvidenceView {
  const measure = model.byId.get(id)
  if (!measure) throw new RapportError('not_found', `The model has no measure "${id}".`)
  const all = measureContributions(model, measure, touchpoints, now)
  const { kind } = measure.declared
  const isText = kind === 'first' || kind === 'last'
  return view(all, {
    of: `measure:${id}`,
    name: measure.declared.name,
    formula: formulas[kind],
    value: isText ? null : total(all),
    text: isText ? (all[0]?.because ?? null) : null,
    now,
  })
}

const formulas: Record<CompiledMeasure['declared']['kind'], string> = {
  count: 'one for each touchpoint',
  sum: 'the sum of the weights',
  decayed_sum: 'the sum of weight x decay; decay = 2^(-age / half-life)',
  minimum: 'the least value seen',
  maximum: 'the greatest value seen',
  first: 'the value of the first touchpoint',
  last: 'the value of the last touchpoint',
  days: 'one for each of the last 64 days with a touchpoint',
  weeks: 'one for each of the last 64 weeks with a touchpoint',
  recent: 'one for each of the newest marks',
}

function evidenceOfDimension(
  model: CompiledModel,
  id: string,
  touchpoints: readonly Touchpoint[],
  now: number,
): EvidenceView {
  const dimension = model.dimensions.find((each) => each.id === id)
  const declared = model.declared.dimensions[id]
  if (!dimension || !declared)
    throw new RapportError('not_found', `The model has no dimension "${id}".`)
  const state = foldTouchpoints(model, touchpoints)
  const all = declared.of.flatMap((term) =>
    termContributions(model, term, { touchpoints, state, now }),
  )
  const sum = total(all)
  const score = dimensionScore(sum, dimension.half)
  return view(all, {
    of: `dimension:${id}`,
    name: dimension.name,
    formula: `score = 100 x (1 - 2^(-total / ${dimension.half}))`,
    value: sum,
    text: `A total of ${round(sum)} reads as ${round(score, 1)} of 100.`,
    now,
  })
}

function evidenceOfTrust(
  model: CompiledModel,
  touchpoints: readonly Touchpoint[],
  now: number,
): EvidenceView {
  const all = trustContributions(model, touchpoints, now)
  return view(all, {
    of: 'trust:balance',
    name: 'Trust balance',
    formula: 'deposits minus withdrawals, each fading with its half-life',
    value: total(all),
    text: null,
    now,
  })
}

interface Basis {
  readonly touchpoints: readonly Touchpoint[]
  readonly state: State
  readonly now: number
}

/** Contributions of one term of a dimension, scaled by its factor, adding up to the term's part. */
function termContributions(model: CompiledModel, term: WeightedTerm, basis: Basis): Contribution[] {
  const { touchpoints, state, now } = basis
  if (term.trust_balance) return scale(trustContributions(model, touchpoints, now), term.times)
  const measure = term.measure === undefined ? undefined : model.byId.get(term.measure)
  const part = compileTotal([term], model).value(state, now)
  if (!measure) return []
  const own = scale(measureContributions(model, measure, touchpoints, now), term.times)
  // A window or a rule over order counts a part of the marks: what it does not count weighs nothing.
  const isPlain = !term.within && !term.count && !term.repeats && !term.age
  return isPlain ? own : spread(own, part)
}

/** Keeps the newest contributions up to the part that counts; the others are shown with nothing. */
function spread(contributions: readonly Contribution[], part: number): Contribution[] {
  let left = part
  return contributions.map((each) => {
    const counted = Math.abs(left) < Math.abs(each.contribution) ? left : each.contribution
    left -= counted
    return { ...each, contribution: counted }
  })
}

const scale = (contributions: readonly Contribution[], times: number): Contribution[] =>
  contributions.map((each) => ({
    ...each,
    weight: each.weight * times,
    contribution: each.contribution * times,
  }))

function trustContributions(
  model: CompiledModel,
  touchpoints: readonly Touchpoint[],
  now: number,
): Contribution[] {
  const { deposits, withdrawals } = model.declared.trust
  const of = (id: string): Contribution[] => {
    const measure = model.byId.get(id)
    return measure ? measureContributions(model, measure, touchpoints, now) : []
  }
  return [...of(deposits), ...scale(of(withdrawals), -1)].sort((a, b) => (a.at < b.at ? 1 : -1))
}

/** Newest first. Of bitmaps the first touchpoint of each period counts; of recent the newest k. */
export function measureContributions(
  model: CompiledModel,
  measure: CompiledMeasure,
  touchpoints: readonly Touchpoint[],
  now: number,
): Contribution[] {
  const marks = touchpoints.flatMap((touchpoint) =>
    contributionsOf(model, touchpoint)
      .filter(({ entry }) => entry.measureIndex === measure.index)
      .map(({ entry, mark }) => ({ touchpoint, entry, mark })),
  )
  const { declared, halfLife } = measure
  const kept = choose(declared.kind, marks, 'keep' in declared ? declared.keep : 0, now)
  return kept.reverse().flatMap(({ touchpoint, entry, mark }) => {
    const decay = halfLife === null ? 1 : 2 ** (-(now - mark.at) / halfLife)
    if (declared.kind === 'decayed_sum' && mark.amount <= 0) return []
    const isText = declared.kind === 'first' || declared.kind === 'last'
    return {
      touchpointId: touchpoint.id,
      at: isoTime(touchpoint.occurredAt),
      kind: touchpoint.kind,
      event: touchpoint.event,
      channel: touchpoint.channel,
      measure: measure.id,
      because: isText || declared.kind === 'recent' ? mark.text : entry.because,
      weight: mark.amount,
      decay,
      contribution: mark.amount * decay,
    }
  })
}

interface Marked {
  readonly mark: { readonly at: number; readonly amount: number }
}

/** The marks that the kind really keeps. @param marks oldest first */
function choose<M extends Marked>(
  kind: CompiledMeasure['declared']['kind'],
  marks: readonly M[],
  keep: number,
  now: number,
): M[] {
  const sorted = (sign: number): M[] =>
    [...marks].sort((a, b) => sign * (a.mark.amount - b.mark.amount))
  switch (kind) {
    case 'minimum':
      return sorted(1).slice(0, 1)
    case 'maximum':
      return sorted(-1).slice(0, 1)
    case 'first':
      return marks.slice(0, 1)
    case 'last':
      return marks.slice(-1)
    case 'recent':
      return marks.slice(-keep)
    case 'days':
      return onePerPeriod(marks, dayOf, now)
    case 'weeks':
      return onePerPeriod(marks, weekOf, now)
    default:
      return [...marks]
  }
}

function onePerPeriod<M extends Marked>(
  marks: readonly M[],
  periodOf: (at: number) => number,
  now: number,
): M[] {
  const seen = new Set<number>()
  return marks.filter(({ mark }) => {
    const period = periodOf(mark.at)
    if (seen.has(period) || periodOf(now) - period >= 64) return false
    seen.add(period)
    return true
  })
}

const total = (contributions: readonly Contribution[]): number =>
  contributions.reduce((sum, { contribution }) => sum + contribution, 0)

function view(
  contributions: readonly Contribution[],
  head: Pick<EvidenceView, 'of' | 'name' | 'formula' | 'value' | 'text'> & { readonly now: number },
): EvidenceView {
  const { now, ...rest } = head
  const hidden = contributions.slice(mostShown)
  return {
    ...rest,
    asOf: isoTime(now),
    contributions: contributions.slice(0, mostShown),
    restCount: hidden.length,
    restContribution: total(hidden),
  }
}
