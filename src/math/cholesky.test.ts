import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cholesky, choleskyInverse, choleskySolve } from './cholesky.ts'

const factorOf = (matrix: Float64Array, size: number): Float64Array => {
  const factor = cholesky(matrix, size)
  if (factor === null) throw new RangeError('The matrix is not positive definite.')
  return factor
}

test('Golub and Van Loan, Matrix Computations, 4th ed., section 4.2.4: a factor by hand', () => {
  const matrix = new Float64Array([2, -2, -2, 5])
  const factor = factorOf(matrix, 2)
  const byHand = [Math.SQRT2, 0, -Math.SQRT2, Math.sqrt(3)]
  byHand.forEach((cell, i) => expect(factor[i]).toBeCloseTo(cell, 14))
  expect([...choleskyInverse(factor, 2)].map((cell) => cell * 6)).toEqual(
    [5, 2, 2, 2].map((cell) => expect.closeTo(cell, 12)),
  )
})

test('solves and inverts what is positive definite', () => {
  const cells = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
    ...{ minLength: 16, maxLength: 16 },
  })
  fc.assert(
    fc.property(cells, (raw) => {
      const size = 4
      const at = (i: number, j: number): number => raw[i * size + j] ?? 0
      const matrix = new Float64Array(size * size)
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++)
          for (let k = 0; k <= size; k++)
            matrix[i * size + j] =
              (matrix[i * size + j] ?? 0) + (k < size ? at(i, k) * at(j, k) : i === j ? 1 : 0)
      const factor = factorOf(matrix, size)
      const inverse = choleskyInverse(factor, size)
      const right = new Float64Array([1, -2, 3, 0.5])
      const solution = choleskySolve(factor, right)
      for (let i = 0; i < size; i++) {
        let [product, direct] = [0, 0]
        for (let j = 0; j < size; j++) {
          product += (matrix[i * size + j] ?? 0) * (solution[j] ?? 0)
          direct += (inverse[i * size + j] ?? 0) * (right[j] ?? 0)
        }
        expect(product).toBeCloseTo(right[i] ?? 0, 9)
        expect(direct).toBeCloseTo(solution[i] ?? 0, 9)
      }
    }),
  )
})

test('what is not positive definite has no factor', () => {
  expect(cholesky(new Float64Array([1, 1, 1, 1]), 2)).toBeNull()
  expect(cholesky(new Float64Array([1, 0, 0, -1]), 2)).toBeNull()
  expect(cholesky(new Float64Array([Number.NaN]), 1)).toBeNull()
  expect(cholesky(new Float64Array(), 0)).toEqual(new Float64Array())
  expect(() => cholesky(new Float64Array(3), 2)).toThrow(RangeError)
  expect(() => choleskySolve(new Float64Array(4), [1])).toThrow(RangeError)
})
