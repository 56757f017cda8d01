import { expect, test } from 'vitest'
import { clusteredShare, type PersonSums } from './clustered-share.ts'
import { wilsonInterval } from './binomial-interval.ts'

const sumsOf = (people: readonly (readonly [x: number, n: number])[]): PersonSums => ({
  people: people.length,
  n: people.reduce((sum, [, n]) => sum + n, 0),
  x: people.reduce((sum, [x]) => sum + x, 0),
  nn: people.reduce((sum, [, n]) => sum + n * n, 0),
  xx: people.reduce((sum, [x]) => sum + x * x, 0),
  nx: people.reduce((sum, [x, n]) => sum + n * x, 0),
})

test('of one thing a person it is the interval of Wilson, but for n / (n - 1)', () => {
  const people = Array.from({ length: 1000 }, (_, i) => [i < 300 ? 1 : 0, 1] as const)
  const found = clusteredShare(sumsOf(people))
  const plain = wilsonInterval(300, 1000)
  expect(found?.value).toBe(0.3)
  expect(found?.low).toBeCloseTo(plain.low, 4)
  expect(found?.high).toBeCloseTo(plain.high, 4)
})

test('people who always do alike count once, not ten times', () => {
  const people = Array.from({ length: 100 }, (_, i) => [i < 30 ? 10 : 0, 10] as const)
  const found = clusteredShare(sumsOf(people))
  const once = wilsonInterval(30, 100)
  expect(found?.low).toBeCloseTo(once.low, 2)
  expect(found?.high).toBeCloseTo(once.high, 2)
})

test('where all are alike, people count, and of nothing there is nothing', () => {
  const all = clusteredShare(sumsOf(Array.from({ length: 8 }, () => [5, 5] as const)))
  expect(all).toEqual({ value: 1, ...wilsonInterval(8, 8) })
  expect(clusteredShare(sumsOf([]))).toBeNull()
})
