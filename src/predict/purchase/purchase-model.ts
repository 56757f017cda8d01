/** What every model of repeat purchases has: a likelihood to be fitted, and forecasts from it. */
import type { CollapsedHistories } from './collapse.ts'
import type { PurchaseHistory } from './histories.ts'
import type { SmoothFunction } from '../../math/minimise.ts'

export const purchaseKinds = ['bgnbd', 'mbgnbd', 'paretonbd'] as const
export type PurchaseKind = (typeof purchaseKinds)[number]

/** All parameters are above 0. `alpha` and `beta` are in the unit of the times. */
export type Parameters = Readonly<Record<string, number>>

export interface PurchaseModel {
  readonly names: readonly string[]
  /** Minus the mean log-likelihood of a customer, in the logarithms of the parameters. */
  loss(data: CollapsedHistories): SmoothFunction
  /** Where the search begins, given how many repeat purchases a customer makes in a unit of time. */
  start(rate: number): readonly number[]
  forecast(parameters: Parameters): PurchaseForecast
}

/** What is to be expected of customers, for given parameters. Times `t` from 0. */
export interface PurchaseForecast {
  /** Probability that the customer will buy again at all, were there no end. */
  alive(history: PurchaseHistory): number
  /** Expected purchases in the `t` after the age. */
  expected(history: PurchaseHistory, t: number): number
  /** Probabilities of 0, 1, ..., `most` purchases in the `t` after the age. */
  counts(history: PurchaseHistory, t: number, most: number): Float64Array
  /** Probability that the next purchase comes within `t`; for t = Infinity it is at most `alive`. */
  nextWithin(history: PurchaseHistory, t: number): number
  /** Expected repeat purchases of a new customer in the `t` after the first purchase. */
  expectedNew(t: number): number
  /** Probabilities of 0, 1, ..., `most` repeat purchases of a new customer in `t`. */
  countsNew(t: number, most: number): Float64Array
}
