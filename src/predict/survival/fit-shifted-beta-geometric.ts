/** The shifted-beta-geometric model fitted to renewals, with errors of all that is read off it. */
import { choleskyInverse } from '../../math/cholesky.ts'
import { checkConfidence, usualConfidence, type Estimate } from '../../math/interval.ts'
import { minimise } from '../../math/minimise.ts'
import { twoSidedDeviate } from '../../math/normal.ts'
import { RapportError } from '../../domain/error.ts'
import { newton } from '../../math/newton.ts'
import { betaGeometricLikelihood, type BetaGeometric } from './shifted-beta-geometric.ts'
import type { Renewals } from './renewals.ts'

export interface BetaGeometricFit extends BetaGeometric {
  readonly logLikelihood: number
  /** Standard errors; null at a limit, where there is no alpha and beta to be wrong about. */
  readonly errors: { readonly alpha: number; readonly beta: number } | null
  /** Of (ln alpha, ln beta), four cells. */
  readonly covariance: Float64Array
  /** Renewals that were up, and those who went. */
  readonly renewals: number
  readonly lost: number
  /**
   * Where customers do not differ ('alike': all leave with the same probability, retention does not
   * rise) or could not differ more ('extreme': some leave at once, nobody later) the likelihood has no
   * greatest value; alpha and beta then stand for that limit, and only what is read off them counts.
   */
  readonly limit: 'alike' | 'extreme' | null
}

/** @throws RapportError invalid_analysis: renewals of one age only, nobody lost, nobody kept. */
export function fitBetaGeometric(renewals: Renewals): BetaGeometricFit {
  const { kept, lost } = renewals
  const sum = (column: Float64Array): number => column.reduce((total, one) => total + one, 0)
  const [stayed, went] = [sum(kept), sum(lost)]
  const fail = (reason: string): never => {
    throw new RapportError('invalid_analysis', reason)
  }
  const ages = kept.reduce((count, one, i) => count + Number(one + (lost[i] ?? 0) > 0), 0)
  if (ages < 2) fail('There must be renewals of two ages at least. Wait for another period.')
  if (went === 0) fail('Nobody left, so nothing can be said about leaving. Watch for longer.')
  if (stayed === 0) fail('Everybody left at the first renewal, so nothing can be projected.')
  const counts = { renewals: stayed + went, lost: went }
  const limit = betterLimit(renewals, went / (stayed + went))
  return { ...(inside(renewals, limit) ?? limit), ...counts }
}

type Found = Omit<BetaGeometricFit, 'renewals' | 'lost'>

/** By quasi-Newton steps, the last digits by Newton's; null where a limit is as likely. */
function inside(renewals: Renewals, limit: Found): Found | null {
  const near = minimise(
    (point, gradient) => {
      const at = betaGeometricLikelihood(renewals, point)
      if (at === null) return Infinity
      at.gradient.forEach((one, j) => (gradient[j] = -one))
      return -at.value
    },
    [0, 0],
  )
  const found = newton((point) => betaGeometricLikelihood(renewals, point), near.point)
  if (typeof found === 'string') return null
  // Along the way to a limit the likelihood still grows, by ever less.
  if (!(found.at.value > limit.logLikelihood + 1e-8 * Math.abs(limit.logLikelihood))) return null
  const [alpha, beta] = [Math.exp(found.point[0] ?? 0), Math.exp(found.point[1] ?? 0)]
  const covariance = choleskyInverse(found.factor, 2)
  const errors = {
    alpha: alpha * Math.sqrt(covariance[0] ?? 0),
    beta: beta * Math.sqrt(covariance[3] ?? 0),
  }
  return { alpha, beta, logLikelihood: found.at.value, errors, covariance, limit: null }
}

/** alpha + beta at the two limits: so far that nothing shows of what is beyond. */
const far = { alike: 1e7, extreme: 1e-7 } as const

function betterLimit({ kept, lost }: Renewals, rate: number): Found {
  const binomial = (share: number, went: number, stayed: number): number =>
    (went === 0 ? 0 : went * Math.log(share)) + (stayed === 0 ? 0 : stayed * Math.log1p(-share))
  let [went, stayed] = [0, 0]
  kept.forEach((one, i) => {
    stayed += one
    went += lost[i] ?? 0
  })
  const [first, firstKept] = [lost[0] ?? 0, kept[0] ?? 0]
  const alike = { rate, total: went + stayed, logLikelihood: binomial(rate, went, stayed) }
  const extreme = {
    rate: first / Math.max(1, first + firstKept),
    total: first + firstKept,
    logLikelihood:
      first < went ? -Infinity : binomial(first / (first + firstKept), first, firstKept),
  }
  const limit = extreme.logLikelihood > alike.logLikelihood ? 'extreme' : 'alike'
  const { rate: share, total, logLikelihood } = limit === 'extreme' ? extreme : alike
  const variance = 1 / total
  const odds = share / (1 - share)
  return {
    ...{ alpha: share * far[limit], beta: (1 - share) * far[limit], logLikelihood },
    ...{ errors: null, limit },
    // Of a binomial share p: d ln alpha = dp / p, d ln beta = -dp / (1 - p), var p = p (1 - p) / n.
    covariance: new Float64Array([variance / odds, -variance, -variance, variance * odds]),
  }
}

/** The scale on which an interval is symmetric: of shares, or of what is above 0. */
export type Scale = 'logit' | 'log'

/**
 * Anything that is read off a fitted model, with its interval by the delta method (A. W. van der
 * Vaart, Asymptotic Statistics, 1998, chapter 3): what the uncertainty of alpha and beta makes of it.
 * It does not hold the chance by which so many customers, each deciding alone, differ from the mean.
 */
export function readOff(
  fit: BetaGeometricFit,
  read: (model: BetaGeometric) => number,
  { scale, confidence = usualConfidence }: { scale: Scale; confidence?: number },
): Estimate {
  checkConfidence(confidence)
  const value = read(fit)
  const to = (one: number): number => (scale === 'log' ? Math.log(one) : Math.log(one / (1 - one)))
  const back = (one: number): number => (scale === 'log' ? Math.exp(one) : 1 / (1 + Math.exp(-one)))
  const centre = to(value)
  if (!Number.isFinite(centre)) return { value, low: value, high: value }
  const step = 1e-4
  const slope = (a: number, b: number): number => {
    const at = (sign: number): number =>
      to(
        read({
          alpha: fit.alpha * Math.exp(sign * a * step),
          beta: fit.beta * Math.exp(sign * b * step),
        }),
      )
    return (at(1) - at(-1)) / (2 * step)
  }
  const [byAlpha, byBeta] = [slope(1, 0), slope(0, 1)]
  const [aa = 0, ab = 0, , bb = 0] = fit.covariance
  const variance = byAlpha * byAlpha * aa + 2 * byAlpha * byBeta * ab + byBeta * byBeta * bb
  const spread = twoSidedDeviate(confidence) * Math.sqrt(Math.max(0, variance))
  return { value, low: back(centre - spread), high: back(centre + spread) }
}
