/**
 * The Bayesian view of an experiment: the chance that the treatment is better, and what is lost on
 * average by taking it where it is not (C. Stucchio, "Bayesian A/B testing at VWO", 2015).
 *
 * Shares: Beta(a, b) before, Beta(a + x, b + n - x) after. With A of the control and B of the treatment
 *
 *   P(B > A)        = integral of f_B(t) I_t(a_A, b_A) dt                     (no closed form for all)
 *   E[max(A - B, 0)] = E[A] P(B < A+) - E[B] P(B+ < A),  where + adds one success
 *
 * Means: the effect is normal around 0 with a deviation of one's choice before, and after the data
 * normal with mean d t^2 / (t^2 + e^2), variance t^2 e^2 / (t^2 + e^2)  (Gelman et al., BDA 3rd ed., 2.5).
 */
import { RapportError } from '../../domain/error.ts'
import { betaQuantile, incompleteBeta } from '../../math/beta.ts'
import { checkConfidence, usualConfidence, type Estimate } from '../../math/interval.ts'
import { normalCdf, twoSidedDeviate } from '../../math/normal.ts'
import type { Count } from '../../math/two-proportions.ts'

export interface BayesianView {
  /** Chance that the treatment is better than the control. */
  readonly chanceBetter: number
  /** What is lost on average by taking the treatment, in units of the metric. */
  readonly lossOfTreatment: number
  readonly lossOfControl: number
  /** Treatment less control, with the interval that holds it with this probability. */
  readonly difference: Estimate
}

export interface BetaShape {
  readonly a: number
  readonly b: number
}

/** Every share is as likely as any other. */
export const evenPrior: BetaShape = { a: 1, b: 1 }

/** @throws RapportError invalid_analysis for counts that are none, or a prior that is not above 0. */
export function compareShares(
  control: Count,
  treatment: Count,
  { prior = evenPrior, confidence = usualConfidence } = {},
): BayesianView {
  checkConfidence(confidence)
  if (!(prior.a > 0 && prior.b > 0 && prior.a + prior.b < 1e9))
    throw new RapportError('invalid_analysis', 'Both numbers of the prior are above 0.')
  const [one, other] = [posterior(control, prior), posterior(treatment, prior)]
  const [meanOne, meanOther] = [meanOf(one), meanOf(other)]
  const lossOfTreatment =
    meanOne * chanceOfLess(other, { ...one, a: one.a + 1 }) -
    meanOther * chanceOfLess({ ...other, a: other.a + 1 }, one)
  const value = meanOther - meanOne
  return {
    chanceBetter: chanceOfLess(one, other),
    lossOfTreatment: Math.max(0, lossOfTreatment),
    // The two losses differ by the difference of the means.
    lossOfControl: Math.max(0, lossOfTreatment + value),
    difference: { value, ...differenceInterval(one, other, confidence) },
  }
}

/**
 * @param deviation of effects of such treatments, as far as known before, in units of the metric
 * @throws RapportError invalid_analysis unless both deviations are above 0.
 */
export function compareMeans(
  { value, standardError }: { readonly value: number; readonly standardError: number },
  deviation: number,
  confidence = usualConfidence,
): BayesianView {
  checkConfidence(confidence)
  if (!(standardError > 0 && deviation > 0 && deviation < Infinity && Number.isFinite(value)))
    throw new RapportError('invalid_analysis', 'Both deviations are above 0.')
  const keep = deviation ** 2 / (deviation ** 2 + standardError ** 2)
  const mean = value * keep
  const spread = standardError * Math.sqrt(keep)
  const z = mean / spread
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)
  const half = twoSidedDeviate(confidence) * spread
  return {
    chanceBetter: normalCdf(z),
    lossOfTreatment: Math.max(0, spread * density - mean * normalCdf(-z)),
    lossOfControl: Math.max(0, spread * density + mean * normalCdf(z)),
    difference: { value: mean, low: mean - half, high: mean + half },
  }
}

function posterior({ successes, trials }: Count, { a, b }: BetaShape): BetaShape {
  if (!(successes >= 0 && successes <= trials && trials < 1e12))
    throw new RapportError('invalid_analysis', `${successes} of ${trials} is no share.`)
  return { a: a + successes, b: b + trials - successes }
}

const meanOf = ({ a, b }: BetaShape): number => a / (a + b)

const cells = 256

/**
 * P(X < Y), the integral of F_X by F_Y: in each cell both are taken as parabolas, and then it is exact:
 * F_Y' = c + d s and the integrals of F_X and s F_X over the cell by Simpson's rule.
 */
function chanceOfLess(x: BetaShape, y: BetaShape): number {
  const low = betaQuantile(1e-13, y.a, y.b)
  const high = betaQuantile(1 - 1e-13, y.a, y.b)
  const half = (high - low) / cells / 2
  const below = ({ a, b }: BetaShape, t: number): number => incompleteBeta(Math.min(1, t), a, b)
  let sum = 0
  let [x0, y0] = [below(x, low), below(y, low)]
  for (let cell = 0; cell < cells; cell++) {
    const middle = low + (2 * cell + 1) * half
    const [x1, y1] = [below(x, middle), below(y, middle)]
    const [x2, y2] = [below(x, middle + half), below(y, middle + half)]
    const whole = (x0 + 4 * x1 + x2) / 6
    const first = (2 * x1 + x2) / 6
    sum += (4 * y1 - 3 * y0 - y2) * whole + 4 * (y0 - 2 * y1 + y2) * first
    ;[x0, y0] = [x2, y2]
  }
  return Math.min(1, Math.max(0, sum))
}

/** By halving: the chance that the difference lies below d is that of control + d above treatment. */
function differenceInterval(
  control: BetaShape,
  treatment: BetaShape,
  confidence: number,
): { low: number; high: number } {
  const distribution = differenceDistribution(control, treatment)
  const at = (probability: number): number => {
    let [low, high] = [-1, 1]
    for (let i = 0; i < 40; i++) {
      const middle = (low + high) / 2
      if (distribution(middle) < probability) low = middle
      else high = middle
    }
    return (low + high) / 2
  }
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) }
}

function differenceDistribution(control: BetaShape, treatment: BetaShape): (d: number) => number {
  const points = 256
  const grid = Array.from({ length: points }, (_, i) =>
    betaQuantile((i + 0.5) / points, control.a, control.b),
  )
  const clamp = (t: number): number => Math.min(1, Math.max(0, t))
  return (d) =>
    grid.reduce((sum, t) => sum + incompleteBeta(clamp(t + d), treatment.a, treatment.b), 0) /
    points
}
