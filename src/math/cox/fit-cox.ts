/**
 * Cox proportional hazards: hazard of a row = baseline hazard(t) * exp(coefficients * covariates).
 * The partial likelihood is maximised by Newton's method (T. M. Therneau and P. M. Grambsch, Modeling
 * Survival Data, 2000, chapter 3), with robust errors (D. Y. Lin and L. J. Wei, JASA 84, 1989).
 *
 * Where the likelihood has no greatest value (a covariate tells all events from all others), or
 * covariates are made of one another, a ridge is added, and the result says so.
 */
import { choleskyInverse } from '../cholesky.ts'
import { robustCovariance } from './robust-covariance.ts'
import { concordance } from './concordance.ts'
import { newton, type Curvature } from '../newton.ts'
import { partialLikelihood } from './partial-likelihood.ts'
import { prepareCoxRows, type CoxData, type CoxRows } from './cox-rows.ts'
import { predictorsOf } from './risk-sets.ts'
import type { Ties } from './ties.ts'

export interface CoxOptions {
  /** Efron where it is left out. */
  readonly ties?: Ties
  /** Errors that hold where the model does not: each row, or each of `clusters`, is one observation. */
  readonly robust?: boolean
  /** Whole numbers from 0: rows that belong together, such as those of one person. Implies `robust`. */
  readonly clusters?: ArrayLike<number>
  /** On coefficients of standard deviation 1; 0 where it is left out. */
  readonly ridge?: number
}

export interface CoxFit {
  readonly names: readonly string[]
  readonly ties: Ties
  /** Change of the log hazard for one unit of each covariate. */
  readonly coefficients: Float64Array
  /** Of the coefficients, all cells; `robustCovariance` where asked for, else null. */
  readonly covariance: Float64Array
  readonly robustCovariance: Float64Array | null
  /** Square roots of the diagonal of the robust covariance, where there is one, else of the other. */
  readonly errors: Float64Array
  /** Without any covariate, and with them; both without the ridge. */
  readonly nullLogLikelihood: number
  readonly logLikelihood: number
  /** Share of comparable pairs of whom the one of higher risk went first. Null without any pair. */
  readonly concordance: number | null
  readonly means: Float64Array
  readonly iterations: number
  readonly rows: number
  readonly events: number
  /** The ridge that was added, and why: asked for, or what the likelihood lacked. Null without one. */
  readonly ridge: { readonly penalty: number; readonly reason: RidgeReason } | null
}

export type RidgeReason = 'asked' | 'collinear' | 'monotone'

/** A fit with what else can be asked of it: baseline hazard, residuals. */
export interface CoxModel {
  readonly fit: CoxFit
  readonly rows: CoxRows
  /** Of the scaled covariates. */
  readonly scaled: Float64Array
}

/**
 * Where the likelihood has no greatest value: as if each coefficient, per standard deviation, had been
 * drawn from a normal distribution of deviation 2.5 (after A. Gelman et al., Annals of Applied
 * Statistics 2, 2008).
 */
const fallbackPenalty = 1 / 2.5 ** 2

/** @throws RangeError: no events, a covariate without spread, numbers that are none. */
export function fitCox(data: CoxData, options: CoxOptions = {}): CoxModel {
  const { ties = 'efron', ridge = 0, clusters } = options
  if (!(ridge >= 0 && ridge < Infinity)) throw new RangeError('A ridge is a number from 0.')
  const rows = prepareCoxRows(data)
  const first = maximise(rows, ties, ridge)
  const reason: RidgeReason | null =
    typeof first === 'string'
      ? first === 'flat'
        ? 'collinear'
        : 'monotone'
      : ridge > 0
        ? 'asked'
        : null
  const penalty = reason === 'asked' ? ridge : Math.max(ridge, fallbackPenalty)
  const found = typeof first === 'string' ? maximise(rows, ties, penalty) : first
  if (typeof found === 'string')
    throw new RangeError(
      'The covariates do not allow an estimate, not even with a ridge. Leave some of them out.',
    )
  const { width, deviations } = rows
  const scaledCovariance = choleskyInverse(found.factor, width)
  const unscale = (matrix: Float64Array): Float64Array =>
    matrix.map(
      (cell, k) => cell / ((deviations[Math.floor(k / width)] ?? 1) * (deviations[k % width] ?? 1)),
    )
  const robust =
    options.robust === true || clusters !== undefined
      ? unscale(robustCovariance(rows, { scaled: found.point, ties, scaledCovariance, clusters }))
      : null
  const covariance = unscale(scaledCovariance)
  const errors = Float64Array.from({ length: width }, (_, j) =>
    Math.sqrt((robust ?? covariance)[j * width + j] ?? 0),
  )
  const risks = predictorsOf(rows, found.point)?.predictor ?? new Float64Array(rows.size)
  const fit: CoxFit = {
    ...{ names: data.names, ties, covariance, robustCovariance: robust, errors },
    coefficients: found.point.map((one, j) => one / (deviations[j] ?? 1)),
    nullLogLikelihood:
      partialLikelihood(rows, new Float64Array(width), ties)?.logLikelihood ??
      found.at.logLikelihood,
    logLikelihood: found.at.logLikelihood,
    concordance: concordance(rows, risks),
    ...{ means: rows.means, iterations: found.iterations, rows: rows.size, events: rows.events },
    ridge: reason === null ? null : { penalty, reason },
  }
  return { fit, rows, scaled: found.point }
}

interface Penalised extends Curvature {
  readonly logLikelihood: number
}

function maximise(rows: CoxRows, ties: Ties, penalty: number) {
  const { width } = rows
  let nullLogLikelihood: number | null = null
  const look = (point: Float64Array): Penalised | null => {
    const found = partialLikelihood(rows, point, ties)
    if (found === null) return null
    const { logLikelihood, score, information } = found
    // It starts without any covariate.
    nullLogLikelihood ??= logLikelihood
    const squares = point.reduce((sum, one) => sum + one * one, 0)
    return {
      logLikelihood,
      value: logLikelihood - (penalty / 2) * squares,
      gradient: score.map((one, j) => one - penalty * (point[j] ?? 0)),
      information: information.map((cell, k) => (k % (width + 1) === 0 ? cell + penalty : cell)),
    }
  }
  const found = newton(look, new Float64Array(width), { largestStep: 10 })
  if (typeof found === 'string') return found
  return { ...found, nullLogLikelihood: nullLogLikelihood ?? found.at.logLikelihood }
}
