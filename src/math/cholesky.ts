/**
 * Symmetric positive definite matrices: A = L L' with L lower triangular (A.-L. Cholesky, 1910;
 * G. H. Golub and C. F. Van Loan, Matrix Computations, 4th ed. 2013, algorithm 4.2.1). Matrices are
 * square, in rows one after the other: cell (i, j) stands at `i * size + j`.
 */

/** A pivot below this share of its diagonal cell is rounding, not information. */
const usualTolerance = 1e-13

/**
 * The lower factor of `matrix` (of which only the lower half is read); zeros above the diagonal.
 * Null where the matrix is not positive definite: a column is, but for rounding, made of others, or
 * a cell is not finite.
 *
 * @param tolerance what a pivot must keep of its diagonal cell
 * @throws RangeError unless there are `size` times `size` cells.
 */
export function cholesky(
  matrix: Float64Array,
  size: number,
  tolerance = usualTolerance,
): Float64Array | null {
  if (matrix.length !== size * size)
    throw new RangeError(`${matrix.length} cells are no square matrix of ${size} rows.`)
  const factor = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const cell = matrix[i * size + j] ?? 0
      let sum = cell
      for (let k = 0; k < j; k++) sum -= (factor[i * size + k] ?? 0) * (factor[j * size + k] ?? 0)
      if (i !== j) {
        factor[i * size + j] = sum / (factor[j * size + j] ?? 1)
        continue
      }
      if (!(sum > tolerance * cell && sum < Infinity)) return null
      factor[i * size + i] = Math.sqrt(sum)
    }
  }
  return factor
}

/** The x with A x = `right`, where `factor` is the lower factor of A. */
export function choleskySolve(factor: Float64Array, right: ArrayLike<number>): Float64Array {
  const size = right.length
  if (factor.length !== size * size)
    throw new RangeError(`A factor of ${factor.length} cells does not go with ${size} values.`)
  const x = Float64Array.from(right)
  for (let i = 0; i < size; i++) {
    let sum = x[i] ?? 0
    for (let k = 0; k < i; k++) sum -= (factor[i * size + k] ?? 0) * (x[k] ?? 0)
    x[i] = sum / (factor[i * size + i] ?? 1)
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i] ?? 0
    for (let k = i + 1; k < size; k++) sum -= (factor[k * size + i] ?? 0) * (x[k] ?? 0)
    x[i] = sum / (factor[i * size + i] ?? 1)
  }
  return x
}

/** The inverse of A, exactly symmetric, where `factor` is the lower factor of A. */
export function choleskyInverse(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size)
  const unit = new Float64Array(size)
  for (let j = 0; j < size; j++) {
    unit.fill(0)
    unit[j] = 1
    const column = choleskySolve(factor, unit)
    for (let i = j; i < size; i++) {
      inverse[i * size + j] = column[i] ?? 0
      inverse[j * size + i] = column[i] ?? 0
    }
  }
  return inverse
}
