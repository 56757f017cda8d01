import type { Aggregate } from './aggregate.ts'
import type { CompiledEntry } from './entry.ts'
import type { Measure, Model } from './model-schema.ts'

/** A measure, ready to run. Its place in `CompiledModel.measures` is its place in every state. */
export interface CompiledMeasure {
  readonly id: string
  readonly index: number
  readonly declared: Measure
  readonly aggregate: Aggregate
  /** Milliseconds; null where nothing fades. */
  readonly halfLife: number | null
  readonly entries: readonly CompiledEntry[]
  /** Names of its columns in the relationship table. */
  readonly columns: readonly string[]
  /** Made by the compiler (first seen, traits of personas) rather than declared. */
  readonly isImplicit: boolean
}

/** One value a measure, in the model's order; null where nothing counted yet. */
export type State = unknown[]

/** What everything that reads a state needs to know of the model. */
export interface MeasureTable {
  readonly declared: Model
  readonly byId: ReadonlyMap<string, CompiledMeasure>
}

/** Measures that every model has: their names begin with an underscore, which no declared one may. */
export const implicitMeasures = {
  firstSeen: '_first_seen',
  lastSeen: '_last_seen',
  touchpoints: '_touchpoints',
} as const

export const traitMeasure = (trait: string): string => `_trait_${trait.toLowerCase()}`
