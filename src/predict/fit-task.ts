/** What the main thread and the worker tell each other. All of it is plain data, or arrays of numbers. */
import type { PartyColumns } from './lens-columns.ts'
import type { PredictionCard, PredictionModelId, QuantityId } from '../domain/prediction-view.ts'
import type { Spread } from './drift.ts'

/** What a fit leaves behind for its card. */
export type StoredCard = Pick<
  PredictionCard,
  'method' | 'data' | 'checks' | 'backtest' | 'calibration' | 'effects' | 'parameters' | 'notes'
>

/** What a fit leaves behind for scoring, as JSON. */
export interface StoredParameters {
  /** Of the model itself; who fitted it knows what it is. */
  readonly model: unknown
  /** Scores and features as they were at the fit, for drift. */
  readonly spreads: { readonly scores: Spread; readonly features: Readonly<Record<string, Spread>> }
}

export interface FeatureData {
  /** As of two horizons ago, one horizon ago, and now. */
  readonly early: PartyColumns
  readonly late: PartyColumns
  readonly now: PartyColumns
  /** Names of the feature columns, and how each is said. */
  readonly features: readonly { readonly id: string; readonly name: string }[]
  /** How many days the log goes back before the early cut-off. */
  readonly daysBefore: number
}

/** One thing to be done: fit anew where nothing is given, else score with what is. */
export interface Job {
  readonly id: PredictionModelId
  readonly fitted: StoredParameters | null
}

export interface FitTask {
  readonly jobs: readonly Job[]
  /** Days since 1970; nothing of that day or later is in the data. */
  readonly today: number
  readonly horizonDays: number
  readonly currency: string
  /** Minor units of the base currency in a major one. */
  readonly minorUnits: number
  readonly purchases: PartyColumns | null
  readonly features: FeatureData | null
}

/** Scores of one quantity. All arrays are as long as there are people scored. */
export interface Scores {
  readonly quantity: QuantityId
  /** 16 bytes each, as in `PartyColumns`. */
  readonly parties: Uint8Array
  readonly value: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
  /** Share of people with less. */
  readonly rank: Float64Array
  /** JSON: `[[feature, value, effect], ...]`, one text each. */
  readonly reasons: readonly string[]
}

export interface Fitted {
  readonly served: boolean
  /** Why not, and what to do; or what it does better than guessing. */
  readonly reason: string
  /** Null where there was nothing to fit. */
  readonly parameters: StoredParameters | null
  readonly card: StoredCard
}

export interface JobResult {
  readonly id: PredictionModelId
  /** Null where it was only scored. */
  readonly fitted: Fitted | null
  readonly scores: readonly Scores[]
  readonly drift: {
    readonly scores: number
    readonly features: Readonly<Record<string, number>>
  } | null
}

export type FromWorker =
  | {
      readonly kind: 'progress'
      readonly id: PredictionModelId
      readonly share: number
      readonly doing: string
    }
  | { readonly kind: 'done'; readonly result: JobResult; readonly milliseconds: number }
  | {
      readonly kind: 'failed'
      readonly id: PredictionModelId
      readonly says: string
      readonly isOurs: boolean
    }
  | { readonly kind: 'end' }

/** From 0 to 1, and in words. */
export type OnProgress = (share: number, doing: string) => void
