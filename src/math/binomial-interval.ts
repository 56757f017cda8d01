/**
 * Intervals of one proportion.
 *
 * Wilson: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * JASA 22 (1927): the shares that the score test does not reject. The one we show by default.
 * Clopper-Pearson: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934): never covers less than it
 * says, for when that must be so.
 */
import { betaQuantile } from './beta.ts'
import {
  checkConfidence,
  checkCounts,
  usualConfidence,
  type Estimate,
  type Interval,
} from './interval.ts'
import { twoSidedDeviate } from './normal.ts'

/** Of no trials nothing is known: 0 to 1. */
export function wilsonInterval(
  successes: number,
  trials: number,
  confidence = usualConfidence,
): Interval {
  checkCounts(successes, trials)
  checkConfidence(confidence)
  if (trials === 0) return { low: 0, high: 1 }
  const z2 = twoSidedDeviate(confidence) ** 2
  const failures = trials - successes
  const middle = (successes + z2 / 2) / (trials + z2)
  const half = Math.sqrt(z2 * ((successes * failures) / trials + z2 / 4)) / (trials + z2)
  return {
    // Exactly 0 and 1 at the ends, whatever rounding says.
    low: successes === 0 ? 0 : Math.max(0, middle - half),
    high: failures === 0 ? 1 : Math.min(1, middle + half),
  }
}

export function clopperPearsonInterval(
  successes: number,
  trials: number,
  confidence = usualConfidence,
): Interval {
  checkCounts(successes, trials)
  checkConfidence(confidence)
  const tail = (1 - confidence) / 2
  const failures = trials - successes
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    high: failures === 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
  }
}

/** A share with its Wilson interval; null of no trials. */
export function proportion(
  successes: number,
  trials: number,
  confidence = usualConfidence,
): Estimate | null {
  const interval = wilsonInterval(successes, trials, confidence)
  return trials === 0 ? null : { value: successes / trials, ...interval }
}
