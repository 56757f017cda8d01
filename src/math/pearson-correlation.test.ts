import { expect, test } from 'vitest'
import { pearsonCorrelation } from './pearson-correlation.ts'

test("Anscombe's quartet, first set: .81642 (Anscombe 1973, The American Statistician 27(1))", () => {
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
  const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
  expect(pearsonCorrelation(x, y)).toBeCloseTo(0.81642051634484, 12)
  // A mean of a billion takes digits from the columns, not from the method.
  expect(pearsonCorrelation(x.map((one) => one + 1e9), y)).toBeCloseTo(0.81642051634484, 9) // prettier-ignore
})

test('nothing to compare is null', () => {
  expect(pearsonCorrelation([], [])).toBeNull()
  expect(pearsonCorrelation([1], [2])).toBeNull()
  expect(pearsonCorrelation([1, 1, 1], [1, 2, 3])).toBeNull()
  expect(() => pearsonCorrelation([1], [])).toThrow(RangeError)
})
