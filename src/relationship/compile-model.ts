import { compileEntries } from './entry.ts'
import { compileTerm, compileTotal } from './term.ts'
import { compileCondition } from './condition.ts'
import { count } from './aggregates/count.ts'
import { days, weeks } from './aggregates/bitmap.ts'
import { decayedSum } from './aggregates/decayed-sum.ts'
import { durationMilliseconds } from './duration.ts'
import { first, last } from './aggregates/edge.ts'
import { currencyFactors } from './field.ts'
import { maximum, minimum } from './aggregates/extreme.ts'
import { personaMeasures, settlingMeasures } from './settling.ts'
import { recent } from './aggregates/recent.ts'
import { sum } from './aggregates/sum.ts'
import type { Aggregate } from './aggregate.ts'
import type { CompiledCondition } from './condition.ts'
import { columnsOf, implicitMeasures, traitMeasure } from './measure-table.ts'
import type { CompiledMeasure, MeasureTable } from './measure-table.ts'
import type { EntryIndex } from './entry.ts'
import type { CompiledTerm } from './term.ts'
import type { Measure, Model } from './model-schema.ts'

export interface CompiledDimension {
  readonly id: string
  readonly name: string
  readonly half: number
  readonly total: CompiledTerm
}

export interface CompiledRung {
  readonly id: string
  readonly name: string
  readonly meaning: string
  readonly when: CompiledCondition
}

export interface CompiledAlarm {
  readonly because: string
  readonly when: CompiledCondition
}

export interface CompiledModel extends MeasureTable {
  readonly measures: readonly CompiledMeasure[]
  /** Those that rung, health and persona depend on. */
  readonly settling: readonly CompiledMeasure[]
  /** Places of those that carry the traits of personas. */
  readonly traitPlaces: readonly number[]
  readonly entries: EntryIndex
  readonly dimensions: readonly CompiledDimension[]
  readonly rungs: readonly CompiledRung[]
  readonly red: readonly CompiledAlarm[]
  readonly yellow: readonly CompiledAlarm[]
  readonly trustBalance: CompiledTerm
}

/**
 * Compiles a model that passed the schema and `checkReferences`: columns, contribution rules,
 * conditions. Pure; a few milliseconds.
 */
export function compileModel(model: Model): CompiledModel {
  const factors = currencyFactors(model.currency)
  const declared = Object.entries({ ...model.measures, ...implicit(model) })
  const measures = declared.map(([id, measure], index): CompiledMeasure => {
    const aggregate = aggregateOf(measure)
    return {
      id,
      index,
      declared: measure,
      aggregate,
      halfLife: measure.kind === 'decayed_sum' ? durationMilliseconds(measure.half_life) : null,
      entries: compileEntries(measure, index, factors),
      columns: columnsOf(
        id,
        index,
        aggregate.columns.map(({ suffix }) => suffix),
      ),
      isImplicit: id.startsWith('_'),
    }
  })
  const table = { declared: model, byId: new Map(measures.map((measure) => [measure.id, measure])) }
  const alarms = (list: Model['health']['red']): CompiledAlarm[] =>
    list.map(({ because, when }) => ({ because, when: compileCondition(when, table) }))
  const settling = settlingMeasures(model)
  const traits = new Set(personaMeasures(model))
  return {
    ...table,
    measures,
    settling: measures.filter(({ id }) => settling.has(id)),
    traitPlaces: measures.filter(({ id }) => traits.has(id)).map(({ index }) => index),
    entries: indexEntries(measures),
    dimensions: Object.entries(model.dimensions).map(([id, { name, half, of }]) => ({
      id,
      name,
      half,
      total: compileTotal(of, table),
    })),
    rungs: model.rungs.map((rung) => ({ ...rung, when: compileCondition(rung.when, table) })),
    red: alarms(model.health.red),
    yellow: alarms(model.health.yellow),
    trustBalance: compileTerm({ trust_balance: true }, table),
  }
}

function aggregateOf(measure: Measure): Aggregate {
  const aggregate: Aggregate<never> | Aggregate<number> = (() => {
    switch (measure.kind) {
      case 'decayed_sum':
        return decayedSum(durationMilliseconds(measure.half_life))
      case 'recent':
        return recent(measure.keep)
      default:
        return { count, sum, minimum, maximum, first, last, days, weeks }[measure.kind]
    }
  })() as Aggregate<never>
  // Each state is only ever handed back to the aggregate that made it.
  return aggregate as unknown as Aggregate
}

/** Measures every model has, and one per trait that a persona asks for: traits are state too. */
function implicit(model: Model): Record<string, Measure> {
  const every = [{ when: {}, field: 'occurred_at' }]
  const traits = new Set(model.personas.flatMap(({ fit }) => fit.map(({ trait }) => trait)))
  return {
    [implicitMeasures.firstSeen]: { kind: 'minimum', name: 'First seen', of: every },
    [implicitMeasures.lastSeen]: { kind: 'maximum', name: 'Last seen', of: every },
    [implicitMeasures.touchpoints]: { kind: 'count', name: 'Touchpoints', of: [{ when: {} }] },
    ...Object.fromEntries(
      [...traits].map((trait): [string, Measure] => [
        traitMeasure(trait),
        {
          kind: 'last',
          name: `Trait ${trait}`,
          of: [{ when: { type: 'identify' }, field: `traits.${trait}` }],
        },
      ]),
    ),
  }
}

/** Entries by the kind of touchpoint they want, so that a touchpoint meets only its own. */
function indexEntries(measures: readonly CompiledMeasure[]): EntryIndex {
  const all = measures.flatMap(({ entries }) => entries)
  const kinds = new Set(all.flatMap(({ kinds }) => kinds ?? []))
  const forAny = all.filter((entry) => entry.kinds === null)
  return {
    byKind: new Map(
      [...kinds].map((kind) => [
        kind,
        all.filter((entry) => entry.kinds === null || entry.kinds.includes(kind)),
      ]),
    ),
    forAny,
  }
}
