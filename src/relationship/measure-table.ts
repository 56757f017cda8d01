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

/** Traits keep their spelling: `Role` and `role` are two. */
export const traitMeasure = (trait: string): string => `_trait_${trait}`

/**
 * Column names of a measure. PostgreSQL folds names to lower case and cuts them at 63 characters, so
 * a trait that would suffer from either is named by its place; no other name begins like that.
 */
export function columnsOf(id: string, index: number, suffixes: readonly string[]): string[] {
  const name = /^[a-z0-9_]{1,50}$/.test(id) ? id : `_t${index}`
  return suffixes.map((suffix) => `m_${name}${suffix}`)
}
