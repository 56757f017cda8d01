/**
 * Counts of Poisson purchases whose rate is gamma-distributed: negative binomial, of this shape and
 * with a mean of shape * odds. Tails as incomplete beta functions (Abramowitz and Stegun 26.5.26),
 * so that they keep their digits where they are small.
 */
import { incompleteBeta } from '../../math/beta.ts'

export interface NegativeBinomial {
  /** Probabilities of 0, 1, ..., `most`. */
  readonly chances: Float64Array
  /** Probabilities of at least 0, 1, ..., `most`. */
  readonly tails: Float64Array
}

/** @param odds the length of the time over the rate parameter of the gamma distribution. */
export function negativeBinomial(shape: number, odds: number, most: number): NegativeBinomial {
  const chances = new Float64Array(most + 1)
  const tails = new Float64Array(most + 1)
  const share = odds / (1 + odds)
  let logChance = -shape * Math.log1p(odds)
  const logShare = Math.log(share)
  for (let n = 0; n <= most; n++) {
    chances[n] = Math.exp(logChance)
    tails[n] = n === 0 ? 1 : incompleteBeta(share, n, shape)
    logChance += Math.log((shape + n) / (n + 1)) + logShare
  }
  return { chances, tails }
}
