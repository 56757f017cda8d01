/** The contributions behind a measure or a term, by the rules that made the number. Pure. */
import { compileTotal } from '../../relationship/term.ts'
import { contributionsOf } from '../../relationship/fold.ts'
import { dayOf, weekOf } from '../../relationship/aggregates/bitmap.ts'
import { isoTime } from './party-summary.ts'
import type { CompiledMeasure, State } from '../../relationship/measure-table.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { EvidenceView } from '../../domain/view.ts'
import type { Touchpoint } from '../../domain/touchpoint.ts'
import type { WeightedTerm } from '../../relationship/model-schema.ts'

export type Contribution = EvidenceView['contributions'][number]

export interface Basis {
  readonly touchpoints: readonly Touchpoint[]
  readonly state: State
  readonly now: number
}

/** Contributions of one term of a dimension, scaled by its factor, adding up to the term's part. */
export function termContributions(
  model: CompiledModel,
  term: WeightedTerm,
  basis: Basis,
): Contribution[] {
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

export function trustContributions(
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
