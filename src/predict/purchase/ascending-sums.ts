/**
 * ln of the rising factorial (z)_n = z (z + 1) ... (z + n - 1) = gamma(z + n) / gamma(z), and its
 * derivative in z, for rising whole n: one logarithm a step, and no gamma functions that cancel
 * (Abramowitz and Stegun 6.1.22, 6.3.6). Wide gaps go through ln gamma and digamma.
 */
import { digamma } from '../../math/digamma.ts'
import { logGamma } from '../../math/gamma.ts'

export interface AscendingSums {
  /** ln (z)_n for each n. */
  readonly logs: Float64Array
  /** Its derivative in z: the sum of 1 / (z + k), k from 0 to n - 1. */
  readonly inverses: Float64Array
}

const widestGap = 4096

/** @param counts whole numbers from 0, rising; `shift` is added to each. */
export function ascendingSums(z: number, counts: Float64Array, shift = 0): AscendingSums {
  const logs = new Float64Array(counts.length)
  const inverses = new Float64Array(counts.length)
  let [at, log, inverse] = [0, 0, 0]
  for (let i = 0; i < counts.length; i++) {
    const until = (counts[i] ?? 0) + shift
    if (until - at > widestGap) {
      log += logGamma(z + until) - logGamma(z + at)
      inverse += digamma(z + until) - digamma(z + at)
      at = until
    }
    for (; at < until; at++) {
      log += Math.log(z + at)
      inverse += 1 / (z + at)
    }
    logs[i] = log
    inverses[i] = inverse
  }
  return { logs, inverses }
}
