/**
 * How far people have moved from those a model was fitted on: population stability index, the sum over
 * bins of (now - then) ln(now / then) with shares of people (B. Yurdakul, "Statistical properties of
 * population stability index", 2018; it is Jeffreys' divergence of the binned values). By custom below 0.1
 * is steady and above 0.25 is changed.
 */
import { quantileOfSorted } from '../math/quantile.ts'

/** A column in bins as it was at the fit. */
export interface Spread {
  /** Upper ends of all bins but the last, rising. */
  readonly ends: readonly number[]
  /** Share of people in each, adding up to 1. */
  readonly shares: readonly number[]
}

const wantedBins = 10

/** Bins between deciles; of a column with few values fewer. */
export function spreadOf(values: ArrayLike<number>): Spread {
  const sorted = Float64Array.from(values).sort()
  const ends = Array.from({ length: wantedBins - 1 }, (_, bin) =>
    quantileOfSorted(sorted, (bin + 1) / wantedBins),
  )
  const distinct = [...new Set(ends)].filter((end) => Number.isFinite(end))
  return { ends: distinct, shares: sharesIn(distinct, values) }
}

/** Shares of nobody are even. */
function sharesIn(ends: readonly number[], values: ArrayLike<number>): number[] {
  const counts = Array.from({ length: ends.length + 1 }, () => 0)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    let bin = 0
    while (bin < ends.length && value > (ends[bin] ?? Infinity)) bin++
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  const all = values.length
  return counts.map((count) => (all === 0 ? 1 / counts.length : count / all))
}

/** From 0. An empty bin counts as half a person, so that the index stays finite. */
export function stabilityIndex({ ends, shares }: Spread, values: ArrayLike<number>): number {
  if (values.length === 0) return 0
  const least = 0.5 / values.length
  return sharesIn(ends, values).reduce((sum, share, bin) => {
    const now = Math.max(least, share)
    const before = Math.max(least, shares[bin] ?? 0)
    return sum + (now - before) * Math.log(now / before)
  }, 0)
}
