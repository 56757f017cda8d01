/**
 * Two independent proportions held against each other.
 *
 * Ratio (lift): D. Katz et al., "Obtaining confidence intervals for the risk ratio in cohort
 * studies", Biometrics 34 (1978): normal on the logarithm, variance 1/x1 - 1/n1 + 1/x2 - 1/n2.
 * Difference: R. G. Newcombe, "Interval estimation for the difference between independent
 * proportions", Statistics in Medicine 17 (1998), method 10: built of two Wilson intervals.
 */
import { wilsonInterval } from './binomial-interval.ts'
import { checkConfidence, checkCounts, usualConfidence, type Estimate } from './interval.ts'
import { twoSidedDeviate } from './normal.ts'

export interface Count {
  readonly successes: number
  readonly trials: number
}

/**
 * `(x1 / n1) / (x2 / n2)`. Where a count is nothing or all, the plain variance is void or infinite:
 * then half a case is added to each cell (Gart and Nam 1988), and `isCorrected` says so. Null where a
 * side has no trials.
 */
export function ratioOfProportions(
  one: Count,
  other: Count,
  confidence = usualConfidence,
): (Estimate & { readonly isCorrected: boolean }) | null {
  check(one, other, confidence)
  if (one.trials === 0 || other.trials === 0) return null
  const onEdge = ({ successes, trials }: Count): boolean => successes === 0 || successes === trials
  const isCorrected = onEdge(one) || onEdge(other)
  const half = isCorrected ? 0.5 : 0
  const [x1, n1] = [one.successes + half, one.trials + 2 * half]
  const [x2, n2] = [other.successes + half, other.trials + 2 * half]
  const value = x1 / n1 / (x2 / n2)
  const variance = Math.max(0, 1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)
  const factor = Math.exp(twoSidedDeviate(confidence) * Math.sqrt(variance))
  return { value, low: value / factor, high: value * factor, isCorrected }
}

/** `x1 / n1 - x2 / n2`. Null where a side has no trials. */
export function differenceOfProportions(
  one: Count,
  other: Count,
  confidence = usualConfidence,
): Estimate | null {
  check(one, other, confidence)
  if (one.trials === 0 || other.trials === 0) return null
  const p1 = one.successes / one.trials
  const p2 = other.successes / other.trials
  const a = wilsonInterval(one.successes, one.trials, confidence)
  const b = wilsonInterval(other.successes, other.trials, confidence)
  return {
    value: p1 - p2,
    low: p1 - p2 - Math.hypot(p1 - a.low, b.high - p2),
    high: p1 - p2 + Math.hypot(a.high - p1, p2 - b.low),
  }
}

function check(one: Count, other: Count, confidence: number): void {
  checkCounts(one.successes, one.trials)
  checkCounts(other.successes, other.trials)
  checkConfidence(confidence)
}
