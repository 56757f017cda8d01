/**
 * What is learned of a propensity: plain data, so that it can be stored as JSON and read again without
 * loss. How it is trained: `train-propensity.ts`; how it is asked: `score-propensity.ts`.
 */
import type { Column } from '../../math/columns.ts'
import type { Estimate } from '../../math/interval.ts'
import type { BoostedTrees } from '../../math/trees/boosted-trees.ts'
import type { CalibrationTable } from './calibration-table.ts'
import type { Calibrator } from './calibrator.ts'
import type { LinearScorer } from '../../math/linear-scorer.ts'
import type { ForecastScores } from './forecast-scores.ts'
import type { ScoreNeighbours } from './score-neighbours.ts'

export interface PropensityInput {
  /** One column a feature, one row a person as of the cut-off. NaN: not known. Never infinite. */
  readonly features: readonly Column[]
  /** One name a feature, all different. */
  readonly names: readonly string[]
  /** 1 where it happened within the horizon after the cut-off, else 0. */
  readonly outcomes: Uint8Array
  /** Rows of equal number stay in one fold (one person seen at several cut-offs). Without: each alone. */
  readonly groups?: Int32Array
  /** How long the log is before the cut-off, and how far the outcome looks; checked where given. */
  readonly history?: { readonly daysBefore: number; readonly horizonDays: number }
  /** Parts of the cross-validation, 2 to 20; 5 where not said. */
  readonly folds?: number
  /** The same seed and rows give the same model, to the bit. */
  readonly seed: string | number
  /** Rows to learn from; of more, so many are drawn. 100,000 where not said. */
  readonly mostRows?: number
  /** From 0 to 1 and in words, now and then. */
  readonly onProgress?: (share: number, doing: string) => void
}

export type CheckName =
  | 'positives'
  | 'negatives'
  | 'rows_per_feature'
  | 'history'
  | 'constant_features'
  | 'missing_values'
  | 'telling_features'

export interface PropensityCheck {
  readonly name: CheckName
  /** `failed`: nothing is trained. `weak`: trained, and to be said beside it. */
  readonly verdict: 'good' | 'weak' | 'failed'
  /** A sentence for people. */
  readonly says: string
}

export type PropensityMethod = 'logistic' | 'trees'

export interface PropensityComparison {
  /** Mean log-loss a row (nats) out of fold, each calibrated by what the other folds taught. */
  readonly logistic: number
  readonly trees: number
  /** Always saying the base rate of the other folds. */
  readonly baseline: number
  /** Baseline less the chosen one, with its interval of 95 %: above 0 is better. */
  readonly improvement: Estimate
}

export interface FeatureSummary {
  readonly name: string
  /** Share of rows where it is not known. */
  readonly missing: number
  readonly mean: number
  readonly deviation: number
  /** Nine values below which a tenth, two tenths ... of the known ones are: for drift. */
  readonly deciles: readonly number[]
  /** Mean size of its effect on the log-odds, over (a sample of) the rows. */
  readonly importance: number
  /** Correlation of value and effect, -1 to 1: does more of it go with more? */
  readonly direction: number
}

export interface TrainedPropensity {
  readonly method: PropensityMethod
  readonly linear: LinearScorer | null
  readonly trees: BoostedTrees | null
  readonly calibrator: Calibrator
  readonly neighbours: ScoreNeighbours
  readonly comparison: PropensityComparison
  /** Of the chosen one, out of fold and calibrated; beside it the base rate. */
  readonly scores: ForecastScores
  readonly baselineScores: ForecastScores
  /** Tenths by score, out of fold. */
  readonly calibration: CalibrationTable
  readonly features: readonly FeatureSummary[]
}

export interface PropensityModel {
  readonly format: 'propensity/1'
  readonly names: readonly string[]
  /** Rows that were learned from, how many of them positive. */
  readonly rows: number
  readonly positives: number
  readonly checks: readonly PropensityCheck[]
  /** Only a model that beats its baseline by its interval is to be shown to anybody. */
  readonly served: boolean
  /** Why it is served or why not: a sentence. */
  readonly reason: string
  /** Null where a check failed. */
  readonly trained: TrainedPropensity | null
}

export interface PropensityEffect {
  readonly name: string
  /** The value of this person; NaN where not known. */
  readonly value: number
  /** Log-odds that it adds. */
  readonly effect: number
}

/** `base + sum of effects + calibration = logOdds`, and probability = 1 / (1 + exp(-logOdds)). */
export interface PropensityScore {
  readonly probability: number
  /**
   * 95 %: of those with the most similar scores, out of fold, how many did it (Wilson), moved from
   * their mean forecast to this one, and stretched to hold it.
   */
  readonly interval: { readonly low: number; readonly high: number }
  readonly logOdds: number
  /** Log-odds of the average person. */
  readonly base: number
  /** One a feature, in the order of the names. */
  readonly effects: readonly PropensityEffect[]
  /** Log-odds added by holding the scores against what happened. */
  readonly calibration: number
}
