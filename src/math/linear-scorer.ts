/**
 * Logistic regression of columns as they come: a missing value is put at the mean of the known ones and
 * told by a column of its own; a very skewed column (amounts, counts) goes in as sign(x) ln(1 + |x|).
 * What each feature adds to the log-odds is its slope times how far it lies from the mean: for a linear
 * score these are the Shapley values of independent features (Lundberg and Lee 2017, corollary 1).
 */
import type { Column } from './columns.ts'
import { fitLogistic, type LogisticFit } from './logistic-regression.ts'
import { fitRidge } from './ridge-regression.ts'

/** Plain data, to be stored as JSON. */
export interface LinearScorer {
  /** Log-odds of the average row. */
  readonly base: number
  /** Of each feature, in this order of places: */
  readonly isLogged: readonly boolean[]
  /** Of the known values, logged where it is. */
  readonly means: readonly number[]
  readonly slopes: readonly number[]
  /** Log-odds of missing against known, and the share missing; 0 where none was. */
  readonly missingSlopes: readonly number[]
  readonly missingShares: readonly number[]
  readonly penalty: number
}

export interface PreparedColumns {
  readonly columns: readonly Float64Array[]
  /** Feature of each column that tells what is missing; they stand after the features' own. */
  readonly missing: readonly number[]
  readonly isLogged: readonly boolean[]
  readonly means: readonly number[]
}

/** Moment coefficient beyond which a column is logged: an exponential one has 2. */
const skewedFrom = 2

const logged = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value))

/** Columns without gaps, to fit several penalties on. */
export function prepareColumns(columns: readonly Column[]): PreparedColumns {
  const isLogged = columns.map((column) => Math.abs(skewnessOf(column)) > skewedFrom)
  const means: number[] = []
  const filled = columns.map((column, c) => {
    const values = Float64Array.from(column)
    if (isLogged[c]) for (let i = 0; i < values.length; i++) values[i] = logged(values[i] ?? 0)
    const mean = meanOfKnown(values)
    means.push(mean)
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? Number.NaN
      if (value !== value) values[i] = mean
    }
    return values
  })
  const missing = columns.flatMap((column, c) => (column.some(Number.isNaN) ? [c] : []))
  const gaps = missing.map((c) =>
    Float64Array.from(columns[c] ?? [], (value) => (Number.isNaN(value) ? 1 : 0)),
  )
  return { columns: [...filled, ...gaps], missing, isLogged, means }
}

interface FitOptions {
  readonly penalty: number
  readonly weights?: Column
}

/** Scores are log-odds. @throws RangeError as `fitLogistic` does. */
export function fitLinearScorer(
  prepared: PreparedColumns,
  outcomes: ArrayLike<number>,
  options: FitOptions,
): LinearScorer {
  return scorerOf(prepared, fitLogistic(prepared.columns, outcomes, options), options.penalty)
}

/** Scores are values, fitted by least squares. @throws RangeError as `fitRidge` does. */
export function fitLinearValues(
  prepared: PreparedColumns,
  targets: Float64Array,
  options: FitOptions,
): LinearScorer {
  return scorerOf(prepared, fitRidge(prepared.columns, targets, options), options.penalty)
}

function scorerOf(
  { missing, isLogged, means }: PreparedColumns,
  fit: Pick<LogisticFit, 'centre' | 'coefficients' | 'means'>,
  penalty: number,
): LinearScorer {
  const missingSlopes = means.map(() => 0)
  const missingShares = means.map(() => 0)
  missing.forEach((feature, place) => {
    missingSlopes[feature] = fit.coefficients[means.length + place] ?? 0
    missingShares[feature] = fit.means[means.length + place] ?? 0
  })
  // With weights the fit's means are not those of the known values: the base is moved to these.
  const shift = means.reduce(
    (sum, mean, f) => sum + (fit.coefficients[f] ?? 0) * (mean - (fit.means[f] ?? 0)),
    0,
  )
  return {
    ...{ base: fit.centre + shift, isLogged, means, penalty, missingSlopes, missingShares },
    slopes: [...fit.coefficients.subarray(0, means.length)],
  }
}

/** What one feature with this value adds to the log-odds. */
export function linearEffect(scorer: LinearScorer, feature: number, value: number): number {
  const share = scorer.missingShares[feature] ?? 0
  const missingSlope = scorer.missingSlopes[feature] ?? 0
  if (Number.isNaN(value)) return missingSlope * (1 - share)
  const x = scorer.isLogged[feature] ? logged(value) : value
  return (scorer.slopes[feature] ?? 0) * (x - (scorer.means[feature] ?? 0)) - missingSlope * share
}

/** Log-odds of many rows. */
export function linearScores(scorer: LinearScorer, columns: readonly Column[]): Float64Array {
  const scores = new Float64Array(columns[0]?.length ?? 0).fill(scorer.base)
  columns.forEach((column, feature) => {
    for (let i = 0; i < scores.length; i++) {
      scores[i] = (scores[i] ?? 0) + linearEffect(scorer, feature, column[i] ?? Number.NaN)
    }
  })
  return scores
}

function meanOfKnown(values: Float64Array): number {
  let [sum, known] = [0, 0]
  for (const value of values) {
    if (value !== value) continue
    sum += value
    known++
  }
  return known === 0 ? 0 : sum / known
}

function skewnessOf(column: Column): number {
  const mean = meanOfKnown(Float64Array.from(column))
  let [squares, cubes, known] = [0, 0, 0]
  for (const value of column) {
    if (value !== value) continue
    const distance = value - mean
    squares += distance * distance
    cubes += distance * distance * distance
    known++
  }
  if (known === 0 || squares === 0) return 0
  const skewness = cubes / known / (squares / known) ** 1.5
  return Number.isFinite(skewness) ? skewness : 0
}
