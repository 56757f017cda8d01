/**
 * Shares that differ from one to the next: x of n for each, where each one's share is drawn from
 * Beta(a, b). The prior is found from all of them, each one's share is then its posterior
 * (J. G. Skellam, JRSS B 10, 1948; Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, chapter 5):
 *
 *   ln L(a, b) = sum_i ln B(a + x_i, b + n_i - x_i) - ln B(a, b)          (constants left out)
 *   share_i | x_i ~ Beta(a + x_i, b + n_i - x_i)
 *
 * Counts fade, so they need not be whole. The prior is kept as mean m = a / (a + b) and strength
 * k = a + b: how many trials of one's own count as much as what is known of the others.
 */
import { betaQuantile } from '../../math/beta.ts'
import { logGamma } from '../../math/gamma.ts'
import { goldenSection } from '../../math/golden-section.ts'
import { usualConfidence, type Estimate } from '../../math/interval.ts'

export interface BetaPrior {
  /** Between 0 and 1, both excluded. */
  readonly mean: number
  /** Above 0; trials. `strongest` where nobody differs from the others. */
  readonly strength: number
}

export interface ShareCounts {
  readonly successes: ArrayLike<number>
  readonly trials: ArrayLike<number>
}

export const weakest = 0.01
export const strongest = 1e6
const precision = 1e-9

/** Log-likelihood of a prior; rows without trials add nothing. */
export function betaBinomialLikelihood(
  { successes, trials }: ShareCounts,
  prior: BetaPrior | ((row: number) => number),
  strength?: number,
): number {
  let sum = 0
  const k = typeof prior === 'function' ? (strength ?? 1) : prior.strength
  for (let i = 0; i < trials.length; i++) {
    const n = trials[i] ?? 0
    if (!(n > 0)) continue
    const x = successes[i] ?? 0
    const a = k * (typeof prior === 'function' ? prior(i) : prior.mean)
    sum += logGamma(a + x) - logGamma(a) - (logGamma(k + n) - logGamma(k))
    sum += logGamma(k - a + n - x) - logGamma(k - a)
  }
  return sum
}

/**
 * The prior of most likelihood: the mean for each strength, then the best strength. Null where there
 * are no trials. Where all or none succeed, half a success is added, so that the mean stays inside.
 */
export function fitBetaBinomial(counts: ShareCounts): BetaPrior | null {
  const { x, n } = totals(counts)
  if (n === 0) return null
  if (x <= 0 || x >= n) return { mean: (x + 0.5) / (n + 1), strength: strongest }
  const bestMean = (strength: number): number =>
    inverseLogit(
      goldenSection(
        (t) => -betaBinomialLikelihood(counts, { mean: inverseLogit(t), strength }),
        ...around(logit(x / n), 3),
        precision,
      ),
    )
  const strength = bestStrength((k) =>
    betaBinomialLikelihood(counts, { mean: bestMean(k), strength: k }),
  )
  return { mean: bestMean(strength), strength }
}

/** Posterior of one: mean, and the interval that leaves equal tails. */
export function shareOf(
  { mean, strength }: BetaPrior,
  successes: number,
  trials: number,
  confidence = usualConfidence,
): Estimate {
  const a = strength * mean + successes
  const b = strength * (1 - mean) + Math.max(0, trials - successes)
  const tail = (1 - confidence) / 2
  return { value: a / (a + b), low: betaQuantile(tail, a, b), high: betaQuantile(1 - tail, a, b) }
}

export function bestStrength(logLikelihood: (strength: number) => number): number {
  const value = (t: number): number => -logLikelihood(Math.exp(t))
  return Math.exp(goldenSection(value, Math.log(weakest), Math.log(strongest), 1e-8))
}

function totals({ successes, trials }: ShareCounts): { x: number; n: number } {
  let [x, n] = [0, 0]
  for (let i = 0; i < trials.length; i++) {
    x += successes[i] ?? 0
    n += trials[i] ?? 0
  }
  return { x, n }
}

const logit = (share: number): number => Math.log(share / (1 - share))
const inverseLogit = (t: number): number => 1 / (1 + Math.exp(-t))
const around = (middle: number, reach: number): [number, number] => [middle - reach, middle + reach]
