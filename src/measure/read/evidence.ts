/**
 * Any number, opened: the touchpoints and weights that make it, adding up to it exactly. Made by the
 * same rules as the number itself (`contributionsOf`), from the party's log. Pure.
 */
import { dimensionScore } from '../../relationship/term.ts'
import { foldTouchpoints } from '../../relationship/fold.ts'
import { measureContributions, termContributions, trustContributions } from './contributions.ts'
import { personaFit } from '../../relationship/persona.ts'
import { RapportError } from '../../domain/error.ts'
import { traitMeasure } from '../../relationship/measure-table.ts'
import { isoTime, round } from './party-summary.ts'
import type { CompiledMeasure } from '../../relationship/measure-table.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { Contribution } from './contributions.ts'
import type { EvidenceView } from '../../domain/view.ts'
import type { Touchpoint } from '../../domain/touchpoint.ts'
import type { WeightedTerm } from '../../relationship/model-schema.ts'

/** Shown one by one; the rest is summed. */
const mostShown = 500

/**
 * @param of           `measure:x`, `dimension:x`, `trust:balance`, `persona:fit`, `affinity:total` or
 *                     `reach:total`
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
  if (of === 'persona:fit') return evidenceOfPersona(model, touchpoints, now)
  if (of === 'affinity:total' || of === 'reach:total') {
    const name = of === 'affinity:total' ? 'Affinity' : 'Reach'
    const terms = of === 'affinity:total' ? model.declared.affinity : model.declared.reach
    return evidenceOfTotal(model, { of, name, terms }, touchpoints, now)
  }
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

/** Affinity and reach: a weighted total as it stands. */
function evidenceOfTotal(
  model: CompiledModel,
  { of, name, terms }: { of: string; name: string; terms: readonly WeightedTerm[] },
  touchpoints: readonly Touchpoint[],
  now: number,
): EvidenceView {
  const basis = { touchpoints, state: foldTouchpoints(model, touchpoints), now }
  const all = terms.flatMap((term) => termContributions(model, term, basis))
  return view(all, {
    of,
    name,
    formula: 'the weighted sum of its measures',
    value: total(all),
    text: null,
    now,
  })
}

/** The traits that speak for the best fitting persona: each adds its share of the weights. */
function evidenceOfPersona(
  model: CompiledModel,
  touchpoints: readonly Touchpoint[],
  now: number,
): EvidenceView {
  const state = foldTouchpoints(model, touchpoints)
  const best = personaFit(model, state)
  const persona = model.declared.personas.find(({ id }) => id === best?.id)
  const weights = (persona?.fit ?? []).reduce((sum, { weight }) => sum + weight, 0)
  const all = (persona?.fit ?? []).flatMap(({ trait, weight }, i): Contribution[] => {
    const measure = model.byId.get(traitMeasure(trait))
    const [told] = measure ? measureContributions(model, measure, touchpoints, now) : []
    // The fit with this one trait alone says whether its test holds.
    const alone = persona && { ...persona, fit: persona.fit.filter((_, place) => place === i) }
    const holds =
      alone &&
      (personaFit({ ...model, declared: { ...model.declared, personas: [alone] } }, state)?.fit ??
        0) > 0
    if (!told) return []
    const share = holds ? (100 * weight) / weights : 0
    return [{ ...told, because: `${trait}: ${told.because}`, weight: share, contribution: share }]
  })
  return view(all, {
    of: 'persona:fit',
    name: persona ? `Fit with ${persona.name}` : 'Persona fit',
    formula: 'the share of the persona that the traits fulfil, 0 to 100',
    value: total(all),
    text: null,
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
