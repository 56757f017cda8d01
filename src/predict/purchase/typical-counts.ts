/**
 * The one whole number of purchases to be named for each customer. The expected number (a mean) is
 * right on the whole but hardly ever for one: of somebody who most likely never returns it says .2.
 * Off by least in absolute value is the median, but medians add up to far too little. So: the numbers
 * with the least expected absolute error among those that add up to the expected total. By Lagrange
 * they are quantiles of each customer's own distribution at one level common to all, which is found
 * from the forecasts alone (no outcome is looked at).
 */
import { collapseHistories } from './collapse.ts'
import { checkHorizon, forecastOf, type FittedPurchases } from './predict-purchases.ts'
import type { PurchaseHistories } from './histories.ts'

export interface TypicalCounts {
  /** A whole number for each row. */
  readonly counts: Float64Array
  /** The common level: the share of outcomes up to the number named. */
  readonly level: number
  /** What the expected numbers, and what the whole ones, add up to (with the weights). */
  readonly expectedTotal: number
  readonly total: number
}

/** Chances beyond this share are cut off. */
const farTail = 1e-6
const mostCounted = 4096

/** @throws RapportError invalid_analysis for faulty histories, parameters or horizon. */
export function typicalCounts(
  { kind, parameters }: FittedPurchases,
  histories: PurchaseHistories,
  horizon: number,
): TypicalCounts {
  checkHorizon(horizon)
  const forecast = forecastOf(kind, parameters)
  const data = collapseHistories(histories)
  const shares: number[] = []
  const weights: number[] = []
  const known = new Map<string, Float64Array>()
  let expectedTotal = 0
  for (let i = 0; i < data.size; i++) {
    const history = {
      frequency: data.frequencies[data.frequencyAt[i] ?? 0] ?? 0,
      recency: data.times[data.recencyAt[i] ?? 0] ?? 0,
      age: data.times[data.ageAt[i] ?? 0] ?? 0,
    }
    const weight = data.weight[i] ?? 0
    const expected = forecast.expected(history, horizon)
    expectedTotal += weight * expected
    const most = Math.min(mostCounted, Math.ceil(12 + 6 * expected))
    const cumulated = cumulate(forecast.counts(history, horizon, most))
    known.set(`${history.frequency}/${history.recency}/${history.age}`, cumulated)
    for (const share of cumulated) {
      shares.push(share)
      weights.push(weight)
    }
  }
  const level = levelFor(shares, weights, expectedTotal)
  const { frequency, recency, age, weight } = histories
  let total = 0
  const counts = Float64Array.from(frequency, (x, i) => {
    const cumulated = known.get(`${x}/${recency[i]}/${age[i]}`) ?? []
    let count = 0
    while (count < cumulated.length && (cumulated[count] ?? 1) < level) count++
    total += count * (weight?.[i] ?? 1)
    return count
  })
  return { counts, level, expectedTotal, total }
}

/** Probabilities of at most 0, 1, ...; up to where nearly all is told. */
function cumulate(chances: Float64Array): Float64Array {
  let sum = 0
  const cumulated = chances.map((chance) => (sum += chance))
  const end = cumulated.findIndex((share) => share > 1 - farTail)
  return end < 0 ? cumulated : cumulated.subarray(0, end)
}

/** Everybody is named one more for each share below the level: raised until the total is reached. */
function levelFor(shares: readonly number[], weights: readonly number[], total: number): number {
  const order = Uint32Array.from(shares, (_, i) => i)
  order.sort((a, b) => (shares[a] ?? 0) - (shares[b] ?? 0))
  let named = 0
  for (const place of order) {
    const weight = weights[place] ?? 0
    if (named + weight / 2 > total) return shares[place] ?? 1
    named += weight
  }
  return 1
}
