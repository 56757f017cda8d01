/**
 * Bootstrap: how much a statistic would vary, were the sample drawn again (B. Efron, "Bootstrap
 * methods: another look at the jackknife", Annals of Statistics 7, 1979). Percentile intervals
 * (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, section 13.3).
 *
 * Counts are resampled by giving each row Poisson(count) cases ("Poisson bootstrap": Hanley and
 * MacGibbon 2006; Chamandy et al. 2012), so a row that stands for many cases is drawn once.
 */
import { checkConfidence, usualConfidence, type Interval } from './interval.ts'
import { quantileOfSorted } from './quantile.ts'
import type { Random } from './random.ts'

/** The middle share of these values. They are sorted here, in a copy. */
export function percentileInterval(
  values: ArrayLike<number>,
  confidence = usualConfidence,
): Interval {
  checkConfidence(confidence)
  const sorted = Float64Array.from(values).sort()
  const tail = (1 - confidence) / 2
  return { low: quantileOfSorted(sorted, tail), high: quantileOfSorted(sorted, 1 - tail) }
}

export interface BootstrapOptions {
  readonly replicates: number
  readonly random: Random
  readonly confidence?: number
}

/**
 * Interval of a statistic of `size` cases. `statistic` gets how often each case was drawn (the same
 * array each time, rewritten); a replicate that is not finite (a ratio over nothing) is left out.
 */
export function bootstrapInterval(
  size: number,
  statistic: (weights: Uint32Array) => number,
  { replicates, random, confidence = usualConfidence }: BootstrapOptions,
): Interval {
  const weights = new Uint32Array(size)
  const values: number[] = []
  for (let replicate = 0; replicate < replicates; replicate++) {
    weights.fill(0)
    for (let i = 0; i < size; i++) {
      const drawn = random.integer(size)
      weights[drawn] = (weights[drawn] ?? 0) + 1
    }
    const value = statistic(weights)
    if (Number.isFinite(value)) values.push(value)
  }
  return percentileInterval(values, confidence)
}

/** One Poisson replicate of `counts`, written into `drawn`. Counts need not be whole. */
export function resampleCounts(
  counts: Float64Array,
  random: Random,
  drawn: Float64Array = new Float64Array(counts.length),
): Float64Array {
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0
    drawn[i] = count === 0 ? 0 : count === 1 ? poissonOfOne(random.next()) : random.poisson(count)
  }
  return drawn
}

/** By inversion, without a product of chances: most rows stand for one case. */
function poissonOfOne(u: number): number {
  let term = Math.exp(-1)
  let sum = term
  let k = 0
  while (u >= sum && k < 20) {
    k++
    term /= k
    sum += term
  }
  return k
}
