/** What the fit of purchases says of one buyer: the same at a scoring and when somebody's page is read. */
import { aliveIntervalOf, type StoredPurchaseFit } from './alive-interval.ts'
import { purchasePredictor } from './purchase/predict-purchases.ts'
import { weekDays } from './purchase-rows.ts'
import type { Estimate } from '../math/interval.ts'
import type { PurchaseHistory } from './purchase/histories.ts'
import type { StoredReason } from './prediction-queries.ts'

export interface PurchaseScore {
  readonly alive: Estimate
  /** Purchases within the horizon; the interval holds the count that will be seen. */
  readonly purchases: Estimate
  readonly reasons: readonly StoredReason[]
}

export function purchaseScorer(fit: StoredPurchaseFit, horizonDays: number): (history: PurchaseHistory) => PurchaseScore {
  const predict = purchasePredictor(fit, horizonDays / weekDays)
  const aliveInterval = aliveIntervalOf(fit)
  return (history) => {
    const { alive, expected, interval } = predict(history)
    return {
      alive: { value: alive, ...aliveInterval(history, alive) },
      purchases: { value: expected, ...interval },
      reasons: reasonsOf(history),
    }
  }
} // prettier-ignore

/** A long silence lowers it where it is long for this buyer. */
function reasonsOf({ frequency, recency, age }: PurchaseHistory): StoredReason[] {
  const silence = Math.floor((age - recency) * weekDays + 1e-6)
  const gap = frequency > 0 ? Math.round((recency / frequency) * weekDays) : null
  return [
    ['bought_days', frequency + 1, frequency > 0 ? 1 : 0],
    ['last_ago', silence, gap === null ? 0 : silence > 2 * gap ? -1 : 1],
    ...(gap === null ? [] : [['usual_gap', gap, 0] as const]),
    ['known_days', Math.floor(age * weekDays + 1e-6), 0],
  ]
}
