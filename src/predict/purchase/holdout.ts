/** What a model foretold, held against what came: over all, per customer, and whether intervals hold. */
import { purchasePredictor, type FittedPurchases } from './predict-purchases.ts'
import type { Interval } from '../../math/interval.ts'
import type { PurchaseSummaries } from './summarise-transactions.ts'

export interface HoldoutReport {
  readonly customers: number
  /** Time held out, in the unit of the times. */
  readonly time: number
  readonly actual: number
  readonly predicted: number
  /** Mean absolute and root mean square error of a customer's purchases. */
  readonly meanAbsoluteError: number
  readonly rootMeanSquareError: number
  /** Between predicted and actual; null where either is the same for all. */
  readonly correlation: number | null
  /** Share of the customers whose purchases lie inside their interval of 95 %. */
  readonly coverage: number
}

export interface Foretold {
  readonly expected: number
  readonly interval: Interval
}

/** The report of a fitted model on the summaries that it was fitted to. */
export function holdoutReport(fit: FittedPurchases, summaries: PurchaseSummaries): HoldoutReport {
  const { frequency, recency, age, heldTime } = summaries
  const predict = purchasePredictor(fit, heldTime)
  return compareForetold(summaries, (i) =>
    predict({ frequency: frequency[i] ?? 0, recency: recency[i] ?? 0, age: age[i] ?? 0 }),
  )
}

/** The same for forecasts of any origin, asked row by row. */
export function compareForetold(
  { heldPurchases, heldTime }: Pick<PurchaseSummaries, 'heldPurchases' | 'heldTime'>,
  foretell: (row: number) => Foretold,
): HoldoutReport {
  const n = heldPurchases.length
  let [actual, predicted, wrong, squares, inside] = [0, 0, 0, 0, 0]
  let [yy, pp, yp] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    const y = heldPurchases[i] ?? 0
    const { expected: p, interval } = foretell(i)
    actual += y
    predicted += p
    wrong += Math.abs(p - y)
    squares += (p - y) ** 2
    yy += y * y
    pp += p * p
    yp += y * p
    if (y >= interval.low && y <= interval.high) inside++
  }
  const spread = Math.sqrt((yy - (actual * actual) / n) * (pp - (predicted * predicted) / n))
  return {
    ...{ customers: n, time: heldTime, actual, predicted },
    ...{ meanAbsoluteError: wrong / n, rootMeanSquareError: Math.sqrt(squares / n) },
    correlation: spread > 0 ? (yp - (actual * predicted) / n) / spread : null,
    coverage: inside / n,
  }
}
