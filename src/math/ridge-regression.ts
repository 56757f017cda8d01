/**
 * Linear regression with a quadratic penalty on the slopes of columns of deviation 1 (A. Hoerl and R.
 * Kennard, "Ridge regression", Technometrics 12, 1970): minimises sum_i w_i (y_i - b_0 - z_i b)^2 +
 * penalty sum_j b_j^2. Solved in closed form; a column that never varies has slope 0.
 */
import { cholesky, choleskySolve } from './cholesky.ts'
import { checkColumns, type Column } from './columns.ts'
import { deviationOf } from './logistic-likelihood.ts'

export interface RidgeFit {
  /** Value where every column is at its mean. */
  readonly centre: number
  /** By unit of each column. */
  readonly coefficients: Float64Array
  readonly means: Float64Array
}

/**
 * @param columns without NaN
 * @throws RangeError for lengths that differ, values that are not finite, and without a penalty for
 *   columns made of each other.
 */
export function fitRidge(
  columns: readonly Column[],
  targets: Float64Array,
  { penalty = 1, weights }: { readonly penalty?: number; readonly weights?: Column } = {},
): RidgeFit {
  const rows = targets.length
  checkColumns([...columns, targets, ...(weights ? [weights] : [])], rows, false)
  if (rows === 0) throw new RangeError('There are no rows to learn from.')
  const centre = deviationOf(targets, weights).mean
  const moments = columns.map((column) => deviationOf(column, weights))
  const size = columns.length
  const matrix = new Float64Array(size * size)
  const right = new Float64Array(size)
  const scaled = columns.map((column, c) => {
    const { mean, deviation, varies } = moments[c] ?? { mean: 0, deviation: 1, varies: false }
    return Float64Array.from(column, (value) => (varies ? (value - mean) / deviation : 0))
  })
  scaled.forEach((one, a) => {
    const weighted = weights ? one.map((value, i) => value * (weights[i] ?? 0)) : one
    for (let i = 0; i < rows; i++)
      right[a] = (right[a] ?? 0) + (weighted[i] ?? 0) * ((targets[i] ?? 0) - centre)
    for (let b = 0; b <= a; b++) {
      const other = scaled[b] ?? one
      let sum = 0
      for (let i = 0; i < rows; i++) sum += (weighted[i] ?? 0) * (other[i] ?? 0)
      matrix[a * size + b] = sum
    }
    const isFixed = moments[a]?.varies === false
    matrix[a * size + a] = isFixed ? 1 : (matrix[a * size + a] ?? 0) + penalty
  })
  const factor = cholesky(matrix, size)
  if (factor === null)
    throw new RangeError('Columns are made of each other: give a penalty above 0.')
  return {
    centre,
    coefficients: choleskySolve(factor, right).map((b, c) => b / (moments[c]?.deviation ?? 1)),
    means: Float64Array.from(moments, ({ mean }) => mean),
  }
}
