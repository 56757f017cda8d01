/** What `rapport evaluate-policy` was asked. */
import type { Output } from './output.ts'

export interface EvaluatePolicyRequest {
  readonly output: Output
  readonly file: string
  readonly delimiter: string
  /** Names of columns. */
  readonly action: string
  readonly reward: string
  /** A column, or the one chance of all rows. */
  readonly propensity: string | number
  /** The policy to judge: chances by action, or the action that it chooses; else one is learned. */
  readonly policyColumns: readonly string[]
  readonly policyAction: string | null
  readonly modelColumns: readonly string[]
  /** Values of the action, in the order of the columns; empty where they are to be found. */
  readonly actions: readonly string[]
  readonly features: readonly string[]
  readonly clip: number | null
  readonly switchAt: number | null
  readonly confidence: number
  readonly folds: number
  /** Draws of the bootstrap; 0 for none. */
  readonly bootstrap: number
  readonly seed: string
}
