/**
 * Parameters above 0 by maximum likelihood, searched on their log scale. Errors from the observed
 * information there; an interval is symmetric on the log scale, so never below 0, and the standard
 * error of the parameter follows by the delta method. Where the data leave a parameter free to run
 * away (one customer, all equal), a weak prior holds it, and the fit says so.
 */
import { RapportError } from '../../domain/error.ts'
import { cholesky, choleskyInverse } from '../../math/cholesky.ts'
import { hessianOf } from '../../math/hessian.ts'
import { usualConfidence, type Interval } from '../../math/interval.ts'
import { minimise, type Minimum, type SmoothFunction } from '../../math/minimise.ts'
import { twoSidedDeviate } from '../../math/normal.ts'

/** Normal priors on the logarithms: these means, this one deviation. */
export interface LogPrior {
  readonly means: readonly number[]
  readonly deviation: number
}

export interface LikelihoodProblem {
  readonly names: readonly string[]
  /** Minus the mean log-likelihood of a case, in the logarithms of the parameters. */
  readonly loss: SmoothFunction
  readonly cases: number
  /** On the natural scale. */
  readonly start: readonly number[]
  /** From the beginning; without it, only as the last resort, around the start. */
  readonly prior?: LogPrior
  /** Of a sample of the cases: asked first where there are many, for a start and the curvature. */
  readonly sample?: { readonly loss: SmoothFunction; readonly cases: number }
}

export interface LikelihoodFit {
  readonly parameters: Readonly<Record<string, number>>
  /** Null where the likelihood is flat, so that nothing is known of the error. */
  readonly standardErrors: Readonly<Record<string, number | null>>
  readonly intervals: Readonly<Record<string, Interval | null>>
  /** Covariance of the logarithms of the parameters, row by row in the order of `names`; or null. */
  readonly logCovariance: Float64Array | null
  /** Without the prior. */
  readonly logLikelihood: number
  readonly converged: boolean
  readonly iterations: number
  readonly evaluations: number
  /** Whether a prior had a say. */
  readonly prior: 'none' | 'asked' | 'needed'
}

/** Of the prior of last resort: 95 % within a factor of 50. */
const weakDeviation = 2
/** A parameter this far from the start has run away: a factor of e^9, 8000. */
const farthest = 9

/** @throws RapportError invalid_analysis: the data are too large for a likelihood. */
export function maximiseLikelihood(problem: LikelihoodProblem): LikelihoodFit {
  const { names, loss, start, prior } = problem
  const origin = start.map(Math.log)
  const first = firstFit(problem, origin)
  const ranAway =
    !prior &&
    (!first.converged ||
      first.point.some((value, i) => Math.abs(value - (origin[i] ?? 0)) > farthest))
  const used = ranAway ? { means: origin, deviation: weakDeviation } : prior
  const objective = penalised(problem, used)
  const found = ranAway ? search(objective, origin) : first
  const logCovariance = covarianceAt(objective, found.point, problem.cases)
  const deviate = twoSidedDeviate(usualConfidence)
  const errors = names.map((_, i) => {
    const variance = logCovariance?.[i * names.length + i]
    return variance === undefined ? null : Math.sqrt(variance)
  })
  const named = <T>(read: (value: number, error: number | null) => T): Record<string, T> =>
    Object.fromEntries(names.map((name, i) => [name, read(found.point[i] ?? 0, errors[i] ?? null)]))
  return {
    parameters: named((value) => Math.exp(value)),
    standardErrors: named((value, error) => (error === null ? null : Math.exp(value) * error)),
    intervals: named((value, error) =>
      error === null
        ? null
        : { low: Math.exp(value - deviate * error), high: Math.exp(value + deviate * error) },
    ),
    logCovariance,
    logLikelihood: -problem.cases * loss(found.point, new Float64Array(names.length)),
    ...{ converged: found.converged, iterations: found.iterations },
    evaluations: found.evaluations + (ranAway ? first.evaluations : 0),
    prior: ranAway ? 'needed' : prior ? 'asked' : 'none',
  }
}

/** From where the minimum of a sample lies, with its curvature: a few steps are left then. */
function firstFit(problem: LikelihoodProblem, origin: readonly number[]): Minimum {
  const { sample, prior } = problem
  const objective = penalised(problem, prior)
  if (!sample) return search(objective, origin)
  const rough = search(penalised({ ...problem, ...sample }, prior), origin, { iterations: 60 })
  const inverseHessian = covarianceAt(penalised({ ...problem, ...sample }, prior), rough.point, 1)
  if (!rough.converged || inverseHessian === null) return search(objective, origin)
  return search(objective, rough.point, { inverseHessian })
}

/** @throws RapportError invalid_analysis: numbers so large that no sum of them is finite. */
function search(...[objective, start, options]: Parameters<typeof minimise>): Minimum {
  try {
    return minimise(objective, start, options)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const why = 'These numbers are too large to be added up: the likelihood is not finite.'
    throw new RapportError('invalid_analysis', why, {}, error)
  }
}

function penalised(
  { loss, cases }: LikelihoodProblem,
  prior: LogPrior | undefined,
): SmoothFunction {
  if (!prior) return loss
  const strength = 1 / (prior.deviation ** 2 * cases)
  return (point, gradient) => {
    let value = loss(point, gradient)
    for (let i = 0; i < point.length; i++) {
      const away = (point[i] ?? 0) - (prior.means[i] ?? 0)
      value += (strength * away * away) / 2
      gradient[i] = (gradient[i] ?? 0) + strength * away
    }
    return value
  }
}

function covarianceAt(
  objective: SmoothFunction,
  point: Float64Array,
  cases: number,
): Float64Array | null {
  const information = hessianOf(objective, point).map((cell) => cell * cases)
  if (!information.every(Number.isFinite)) return null
  const factor = cholesky(information, point.length)
  return factor && choleskyInverse(factor, point.length)
}
