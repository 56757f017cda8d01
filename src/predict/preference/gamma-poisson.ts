/**
 * Rates that differ from one to the next: x events in an exposure t for each, where each one's rate is
 * drawn from Gamma(shape, 1 / time). The negative binomial distribution of Greenwood and Yule, JRSS 83
 * (1920); empirical Bayes as in Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, section 2.7:
 *
 *   ln L = sum_i lnG(s + x_i) - lnG(s) + s ln(k / (k + t_i)) + x_i ln(1 / (k + t_i))     s = m k
 *   rate_i | x_i ~ Gamma(m k + x_i, 1 / (k + t_i))
 *
 * The prior is kept as mean rate m and strength k: how long one must have been watched for one's own
 * events to count as much as what is known of the others, in the unit of the exposure.
 */
import { lowerGamma, logGamma } from '../../math/gamma.ts'
import { goldenSection } from '../../math/golden-section.ts'
import { usualConfidence, type Estimate } from '../../math/interval.ts'

export interface GammaPrior {
  /** Events in a unit of exposure, above 0. */
  readonly mean: number
  /** Units of exposure, above 0. */
  readonly strength: number
}

export interface EventCounts {
  readonly events: ArrayLike<number>
  /** Above 0 where there can be events; rows of 0 add nothing. */
  readonly exposure: ArrayLike<number>
}

export function gammaPoissonLikelihood(
  { events, exposure }: EventCounts,
  { mean, strength }: GammaPrior,
): number {
  const shape = mean * strength
  let sum = 0
  for (let i = 0; i < exposure.length; i++) {
    const [x, t] = [events[i] ?? 0, exposure[i] ?? 0]
    if (!(t > 0)) continue
    sum += logGamma(shape + x) - logGamma(shape) - shape * Math.log1p(t / strength)
    sum -= x * Math.log(strength + t)
  }
  return sum
}

/** The prior of most likelihood; null where nothing happened or nobody was watched. */
export function fitGammaPoisson(counts: EventCounts): GammaPrior | null {
  let [events, exposure, rows] = [0, 0, 0]
  for (let i = 0; i < counts.exposure.length; i++) {
    if (!((counts.exposure[i] ?? 0) > 0)) continue
    events += counts.events[i] ?? 0
    exposure += counts.exposure[i] ?? 0
    rows++
  }
  if (!(events > 0 && exposure > 0)) return null
  const usual = exposure / rows
  const plain = Math.log(events / exposure)
  const bestMean = (strength: number): number =>
    Math.exp(
      goldenSection(
        (t) => -gammaPoissonLikelihood(counts, { mean: Math.exp(t), strength }),
        plain - 2,
        plain + 2,
        1e-9,
      ),
    )
  const value = (t: number): number => {
    const strength = Math.exp(t)
    return -gammaPoissonLikelihood(counts, { mean: bestMean(strength), strength })
  }
  const reach = [Math.log(usual * 1e-4), Math.log(usual * 1e6)] as const
  const strength = Math.exp(goldenSection(value, ...reach, 1e-8))
  return { mean: bestMean(strength), strength }
}

/** Posterior of one: mean rate, and the interval that leaves equal tails. */
export function rateOf(
  { mean, strength }: GammaPrior,
  events: number,
  exposure: number,
  confidence = usualConfidence,
): Estimate {
  const shape = mean * strength + events
  const time = strength + exposure
  const tail = (1 - confidence) / 2
  return {
    value: shape / time,
    low: gammaQuantile(tail, shape) / time,
    high: gammaQuantile(1 - tail, shape) / time,
  }
}

/** By halving the range: 100 steps leave no digit open. */
function gammaQuantile(probability: number, shape: number): number {
  let [low, high] = [0, shape + 20 * Math.sqrt(shape) + 40]
  for (let step = 0; step < 100 && high - low > 1e-15 * high; step++) {
    const middle = (low + high) / 2
    if (lowerGamma(shape, middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}
