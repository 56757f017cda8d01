import { expect, test } from 'vitest'
import { clusteredMean, differenceOfMeans } from './clustered-mean.ts'

test('of one thing a person it is the t interval of a mean', () => {
  // 3, 5, 4, 8, 6, 7: mean 5.5, s^2 3.5, t(.975; 5) = 2.5706 (Fisher and Yates, table III).
  const values = [3, 5, 4, 8, 6, 7]
  const sum = (of: (value: number) => number): number =>
    values.reduce((total, value) => total + of(value), 0)
  const found = clusteredMean({
    people: 6,
    n: 6,
    nn: 6,
    y: sum((value) => value),
    yy: sum((value) => value * value),
    ny: sum((value) => value),
  })
  expect(found?.value).toBe(5.5)
  expect(found?.high).toBeCloseTo(5.5 + 2.5706 * Math.sqrt(3.5 / 6), 4)
})

test('one person says nothing, and errors add up in squares', () => {
  expect(clusteredMean({ people: 1, n: 9, nn: 81, y: 9, yy: 81, ny: 81 })).toBeNull()
  const one = { value: 5, low: 2, high: 8 }
  const other = { value: 1, low: -3, high: 5 }
  expect(differenceOfMeans(one, other)).toEqual({ value: 4, low: -1, high: 9 })
})
