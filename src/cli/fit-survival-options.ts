/** What `rapport fit sbg`, `kaplanmeier` and `cox` were asked. */
import type { Ties } from '../math/cox/ties.ts'
import type { SurvivalOptions } from './survival-source.ts'

export interface KaplanMeierOptions extends SurvivalOptions {
  readonly group?: string
  readonly strata?: string
  readonly at: readonly number[]
  readonly scale: 'log' | 'log-log'
  readonly confidence: number
}

export interface CoxCommandOptions extends SurvivalOptions {
  readonly covariates: readonly string[]
  readonly categories: readonly string[]
  readonly strata?: string
  readonly cluster?: string
  readonly ties: Ties
  readonly robust: boolean
  readonly ridge: number
  readonly confidence: number
}

export interface ContractOptions {
  readonly survivors: readonly string[]
  readonly customers?: number
  readonly periods?: string
  readonly left?: string
  readonly until?: number
  readonly project: number
  readonly discount: number
  readonly confidence: number
  readonly delimiter: string
}
