/**
 * Intervals that hold at all times at once: one may look at an experiment each day, and end it when one
 * likes, and the chance that the interval EVER misses the truth is still what it says.
 *
 * Normal mixture (Robbins, Annals of Mathematical Statistics 41, 1970; Howard, Ramdas, McAuliffe,
 * Sekhon, Annals of Statistics 49, 2021, equation 14), the interval that belongs to the mixture
 * sequential probability ratio test, mSPRT (Johari, Koomen, Pekelis, Walsh, Operations Research 70, 2022).
 * With information v = 1 / standard error^2 and the score s = v * (estimate - hypothesis):
 *
 *   likelihood ratio  = sqrt(rho / (v + rho)) exp(s^2 / (2 (v + rho)))        p = min(1, 1 / ratio)
 *   half width        = sqrt((v + rho) (ln((v + rho) / rho) + 2 ln(1 / alpha))) / v
 *
 * The effect is taken to be normal around the hypothesis with variance 1 / rho; whatever rho is, the
 * interval holds. It is narrowest around a time of one's choice (equation of `rhoFor`). For estimates
 * that are normal only in the long run it holds in the long run (Waudby-Smith et al., Annals of
 * Statistics 52, 2024), so begin to look after some hundred units.
 */
import { RapportError } from '../../domain/error.ts'
import { checkConfidence, usualConfidence, type Estimate } from '../../math/interval.ts'

export interface AlwaysValid extends Estimate {
  /** Against no effect; the smallest of all times so far may be kept. */
  readonly p: number
}

/**
 * The rho by which the interval is narrowest when the standard error has come down to `error`: the one
 * to be expected at the planned end. Howard et al. 2021, section 3.5.
 */
export function rhoFor(error: number, confidence = usualConfidence): number {
  checkConfidence(confidence)
  if (!(error > 0 && error < Infinity))
    throw new RapportError('invalid_analysis', 'Plan for a standard error above 0.')
  const strictness = -2 * Math.log(1 - confidence)
  return 1 / error ** 2 / (strictness + Math.log(1 + strictness))
}

/** ln of the mixture's likelihood ratio at score s and information v. */
export function logMixture(score: number, information: number, rho: number): number {
  const total = information + rho
  return 0.5 * Math.log(rho / total) + score ** 2 / (2 * total)
}

/** What |s| must not exceed at information v. */
export function mixtureBound(information: number, rho: number, alpha: number): number {
  const total = information + rho
  return Math.sqrt(total * (Math.log(total / rho) - 2 * Math.log(alpha)))
}

/**
 * @param rho above 0, fixed before the experiment: `rhoFor` the planned end
 * @throws RapportError invalid_analysis where the standard error is no positive number.
 */
export function alwaysValid(
  { value, standardError }: { readonly value: number; readonly standardError: number },
  rho: number,
  confidence = usualConfidence,
): AlwaysValid {
  checkConfidence(confidence)
  if (!(standardError > 0 && Number.isFinite(value) && rho > 0 && rho < Infinity))
    throw new RapportError(
      'invalid_analysis',
      'There is no variation to judge by yet. Wait until some units differ.',
    )
  const information = 1 / standardError ** 2
  const half = mixtureBound(information, rho, 1 - confidence) / information
  const p = Math.min(1, Math.exp(-logMixture(value * information, information, rho)))
  return { value, low: value - half, high: value + half, p }
}
