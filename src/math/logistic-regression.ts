/**
 * Logistic regression with a quadratic penalty: minimises
 *   sum_i w_i [ln(1 + e^(eta_i)) - y_i eta_i] + (penalty / 2) sum_j beta_j^2,   eta = beta_0 + x beta,
 * the intercept free (S. le Cessie and J. C. van Houwelingen, "Ridge estimators in logistic
 * regression", Applied Statistics 41, 1992). Newton's method, which here is iteratively reweighted least
 * squares (P. McCullagh and J. A. Nelder, Generalized Linear Models, 2nd ed. 1989, section 4.4), each
 * step halved until the objective falls.
 *
 * Computed on columns of mean 0 and deviation 1, whatever is asked for, so that amounts of 10^9 stand
 * beside shares; `standardise` says only which coefficients the penalty looks at. Separable data have
 * no finite maximum without a penalty: that is refused; with one the answer is finite and `separated`
 * says so. Errors are of the penalised likelihood (inverse of its curvature): with a penalty of 0 those
 * of R's glm, with one those of the posterior mode.
 */
import { cholesky, choleskyInverse, choleskySolve } from './cholesky.ts'
import { checkColumns, type Column } from './columns.ts'
import { curvatureAt, deviationOf, type LogisticProblem } from './logistic-likelihood.ts'

export interface LogisticOptions {
  /** Of each row, from 0; 1 where not given. */
  readonly weights?: Column
  /** From 0; 1 where not said. The reciprocal of what others call C. */
  readonly penalty?: number
  /** The penalty is on coefficients of columns of deviation 1 (yes, where not said) or as given. */
  readonly standardise?: boolean
  /** 100 where not said. */
  readonly mostSteps?: number
}

export interface LogisticFit {
  readonly intercept: number
  /** Log-odds by unit of each column; 0 for a column that never varies. */
  readonly coefficients: Float64Array
  /** Of the intercept, then of the coefficients. */
  readonly errors: Float64Array
  /** Log-odds where every column is at its mean: `intercept` without cancellation. */
  readonly centre: number
  readonly means: Float64Array
  /** 1 for a column that never varies. */
  readonly deviations: Float64Array
  /** Of centre and of coefficients by deviation, in rows: (columns + 1) squared. */
  readonly covariance: Float64Array
  /** Without the penalty. */
  readonly logLikelihood: number
  readonly steps: number
  readonly converged: boolean
  /** A plane parts all positives from all negatives. */
  readonly separated: boolean
}

/** Newton decrement below which the next step is the last. */
const closeEnough = 1e-10
/** Of a coefficient by deviation: beyond, the likelihood has no curvature left. */
const mostError = 1e3

/**
 * @param columns without NaN
 * @param outcomes 0 to 1; what lies between is a share
 * @throws RangeError for lengths that differ, values that are not finite, one outcome only, and
 *   without a penalty for separable data and columns made of each other.
 */
export function fitLogistic(
  columns: readonly Column[],
  outcomes: ArrayLike<number>,
  options: LogisticOptions = {},
): LogisticFit {
  const { penalty = 1, standardise = true, mostSteps = 100 } = options
  const rows = outcomes.length
  if (!(penalty >= 0 && penalty < Infinity))
    throw new RangeError(`A penalty is a number from 0, not ${penalty}.`)
  checkColumns(columns, rows, false)
  if (options.weights) checkColumns([options.weights], rows, false)
  const share = shareOf(outcomes, options.weights)
  const moments = columns.map((column) => deviationOf(column, options.weights))
  const active = moments.flatMap(({ varies }, c) => (varies ? [c] : []))
  const problem: LogisticProblem = {
    ...{ columns: active.map((c) => columns[c] ?? new Float64Array(rows)), outcomes },
    weights: options.weights ?? null,
    means: Float64Array.from(active, (c) => moments[c]?.mean ?? 0),
    deviations: Float64Array.from(active, (c) => moments[c]?.deviation ?? 1),
    penalties: Float64Array.from(active, (c) =>
      standardise ? penalty : penalty / (moments[c]?.deviation ?? 1) ** 2,
    ),
  }
  const start = new Float64Array(active.length + 1)
  start[0] = Math.log(share / (1 - share))
  const found = climb(problem, start, mostSteps)
  const size = active.length + 1
  const isWild = active.some((_, a) => Math.sqrt(found.covariance[(a + 1) * (size + 1)] ?? 0) > mostError) // prettier-ignore
  if (penalty === 0 && (found.separated || isWild))
    throw new RangeError('The columns part the outcomes completely: give a penalty above 0.')
  return spread(found, active, moments)
}

interface Found {
  readonly beta: Float64Array
  readonly covariance: Float64Array
  readonly logLikelihood: number
  readonly steps: number
  readonly converged: boolean
  readonly separated: boolean
}

function climb(problem: LogisticProblem, start: Float64Array, mostSteps: number): Found {
  const size = start.length
  let beta = start
  let here = curvatureAt(problem, beta)
  let steps = 0
  let converged = false
  while (!converged && steps < mostSteps) {
    const step = choleskySolve(factorOf(here.hessian, size), here.gradient)
    const decrement = step.reduce((sum, one, j) => sum + one * (here.gradient[j] ?? 0), 0)
    converged = decrement < closeEnough
    let scale = 1
    for (let halving = 0; halving < 40; halving++, scale /= 2) {
      const next = beta.map((one, j) => one - scale * (step[j] ?? 0))
      const there = curvatureAt(problem, next)
      if (!(there.objective <= here.objective + 1e-12 * Math.abs(here.objective))) continue
      beta = next
      here = there
      break
    }
    steps++
  }
  const covariance = choleskyInverse(factorOf(here.hessian, size), size)
  const { logLikelihood, separated } = here
  return { beta, covariance, logLikelihood, steps, converged, separated }
}

function factorOf(hessian: Float64Array, size: number): Float64Array {
  const factor = cholesky(hessian, size)
  if (factor === null)
    throw new RangeError(
      'Columns are made of each other, or part the outcomes completely: give a larger penalty.',
    )
  return factor
}

/** Back to all columns, those that never vary with a coefficient of 0. */
function spread(
  { beta, covariance, ...found }: Found,
  active: readonly number[],
  moments: readonly { readonly mean: number; readonly deviation: number }[],
): LogisticFit {
  const size = moments.length + 1
  const inner = active.length + 1
  const place = [0, ...active.map((c) => c + 1)]
  const coefficients = new Float64Array(moments.length)
  const whole = new Float64Array(size * size)
  const errors = new Float64Array(size)
  // The intercept is centre - sum of mean / deviation times the coefficient by deviation.
  const back = Float64Array.from(place, (p) =>
    p === 0 ? 1 : -(moments[p - 1]?.mean ?? 0) / (moments[p - 1]?.deviation ?? 1),
  )
  let variance = 0
  let intercept = 0
  for (let a = 0; a < inner; a++) {
    const row = place[a] ?? 0
    const deviation = moments[row - 1]?.deviation ?? 1
    if (row > 0) coefficients[row - 1] = (beta[a] ?? 0) / deviation
    errors[row] = Math.sqrt(covariance[a * inner + a] ?? 0) / deviation
    intercept += (back[a] ?? 0) * (beta[a] ?? 0)
    for (let b = 0; b < inner; b++) {
      const cell = covariance[a * inner + b] ?? 0
      whole[row * size + (place[b] ?? 0)] = cell
      variance += (back[a] ?? 0) * (back[b] ?? 0) * cell
    }
  }
  errors[0] = Math.sqrt(Math.max(0, variance))
  return {
    ...{ intercept, coefficients, errors, centre: beta[0] ?? 0, covariance: whole, ...found },
    means: Float64Array.from(moments, ({ mean }) => mean),
    deviations: Float64Array.from(moments, ({ deviation }) => deviation),
  }
}

function shareOf(outcomes: ArrayLike<number>, weights: Column | undefined): number {
  let [sum, total] = [0, 0]
  for (let i = 0; i < outcomes.length; i++) {
    const outcome = outcomes[i] ?? Number.NaN
    const weight = weights ? (weights[i] ?? 0) : 1
    if (!(outcome >= 0 && outcome <= 1))
      throw new RangeError(`An outcome lies between 0 and 1, not at ${outcome} (row ${i}).`)
    if (weight < 0) throw new RangeError(`A weight is at least 0, not ${weight} (row ${i}).`)
    sum += weight * outcome
    total += weight
  }
  if (!(sum > 0 && sum < total)) throw new RangeError('Both outcomes must occur.')
  return sum / total
}

/** Log-odds of a row; its values stand in the order of the columns. */
export function logOddsOf(
  { centre, coefficients, means }: Pick<LogisticFit, 'centre' | 'coefficients' | 'means'>,
  row: ArrayLike<number>,
): number {
  let sum = centre
  for (let j = 0; j < coefficients.length; j++) {
    sum += (coefficients[j] ?? 0) * ((row[j] ?? 0) - (means[j] ?? 0))
  }
  return sum
}

/** Standard error of the log-odds of a row. */
export function logOddsError(
  { covariance, means, deviations }: Pick<LogisticFit, 'covariance' | 'means' | 'deviations'>,
  row: ArrayLike<number>,
): number {
  const size = means.length + 1
  const z = new Float64Array(size)
  z[0] = 1
  for (let j = 1; j < size; j++) {
    z[j] = ((row[j - 1] ?? 0) - (means[j - 1] ?? 0)) / (deviations[j - 1] ?? 1)
  }
  let variance = 0
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      variance += (z[a] ?? 0) * (z[b] ?? 0) * (covariance[a * size + b] ?? 0)
    }
  }
  return Math.sqrt(Math.max(0, variance))
}
