/** A row of the relationship table as the API shows it: numbers as of `now`. Pure. */
import { compileTotal, dimensionScore } from '../../relationship/term.ts'
import { implicitMeasures } from '../../relationship/measure-table.ts'
import { minorDigits } from '../../domain/currency.ts'
import { millionths } from '../../relationship/aggregates/sum.ts'
import { healthOf, rungOf } from '../../relationship/standing.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { PartySummary } from '../../domain/view.ts'
import type { RelationshipRow } from '../standing-row.ts'
import type { State } from '../../relationship/measure-table.ts'

export const round = (value: number, digits = 2): number =>
  Math.round(value * 10 ** digits) / 10 ** digits
export const isoTime = (at: number): string => new Date(at).toISOString()

export function partySummaryOf(
  model: CompiledModel,
  row: RelationshipRow,
  displayName: string,
  now: number,
): PartySummary {
  const { state } = row
  // Computed now rather than read: between a due wake-up and its handling they could differ.
  const rung = model.rungs[rungOf(model, state, now)]
  const persona = model.declared.personas.find(({ id }) => id === row.persona)
  return {
    id: row.partyId,
    kind: row.kind,
    displayName,
    rung: { id: rung?.id ?? '', name: rung?.name ?? '', since: isoTime(row.rungSince) },
    health: healthOf(model, state, now),
    healthSince: isoTime(row.healthSince),
    dimensions: Object.fromEntries(
      model.dimensions.map(({ id, half, total }) => [
        id,
        round(dimensionScore(total.value(state, now), half), 1),
      ]),
    ),
    trust: trustOf(model, state, now),
    persona: persona ? { id: persona.id, name: persona.name, fit: round(row.personaFit, 1) } : null,
    value: valueOf(model, state),
    firstSeenAt: timeOf(model, state, implicitMeasures.firstSeen),
    lastSeenAt: timeOf(model, state, implicitMeasures.lastSeen),
    touchpointCount: Number(stateOf(model, state, implicitMeasures.touchpoints) ?? 0),
  }
}

function stateOf(model: CompiledModel, state: State, measure: string | undefined): unknown {
  const found = measure === undefined ? undefined : model.byId.get(measure)
  return found ? state[found.index] : null
}

function timeOf(model: CompiledModel, state: State, measure: string): string | null {
  const at = stateOf(model, state, measure)
  return typeof at === 'number' ? isoTime(at) : null
}

export function trustOf(model: CompiledModel, state: State, now: number): PartySummary['trust'] {
  const read = (measure: string): number =>
    compileTotal([{ measure, times: 1 }], model).value(state, now)
  const deposits = read(model.declared.trust.deposits)
  const withdrawals = read(model.declared.trust.withdrawals)
  return {
    balance: round(deposits - withdrawals),
    deposits: round(deposits),
    withdrawals: round(withdrawals),
  }
}

/** Value so far in minor units of the base currency. */
export function valueOf(model: CompiledModel, state: State): PartySummary['value'] {
  const { base: currency } = model.declared.currency
  const { own, referred, influenced, deflected } = model.declared.value
  const minor = (measure: string | undefined): number => {
    const sum = stateOf(model, state, measure)
    return typeof sum === 'number'
      ? Math.round((sum / millionths) * 10 ** minorDigits(currency))
      : 0
  }
  const parts = {
    ownMinor: minor(own),
    referredMinor: minor(referred),
    influencedMinor: minor(influenced),
    deflectedMinor: minor(deflected),
  }
  const totalMinor = Object.values(parts).reduce((total, part) => total + part, 0)
  return { currency, ...parts, totalMinor }
}
