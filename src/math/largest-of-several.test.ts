import { expect, test } from 'vitest'
import { goldenSection } from './golden-section.ts'
import { chancesOfLargest } from './largest-of-several.ts'
import { normalCdf } from './normal.ts'

function chances(variables: readonly (readonly [mean: number, deviation: number])[]): number[] {
  const cells = 400
  const distribution = new Float64Array(variables.length * (cells + 1))
  for (const [v, [mean, deviation]] of variables.entries())
    for (let c = 0; c <= cells; c++)
      distribution[v * (cells + 1) + c] = normalCdf((-10 + (20 * c) / cells - mean) / deviation)
  const found = new Float64Array(variables.length)
  chancesOfLargest(distribution, cells + 1, found)
  return [...found]
}

test('the larger of two normal variables: Phi(difference / root of both variances)', () => {
  const [one, other] = chances([
    [0.5, 1],
    [0, 2],
  ])
  expect(one).toBeCloseTo(normalCdf(0.5 / Math.sqrt(5)), 4)
  expect((one ?? 0) + (other ?? 0)).toBeCloseTo(1, 12)
})

test('equal ones share, a sure one takes all, nowhere to look means nothing is known', () => {
  for (const one of chances(Array.from({ length: 5 }, () => [0, 1])))
    expect(one).toBeCloseTo(0.2, 9)
  expect(
    chances([
      [5, 1e-9],
      [0, 1e-9],
    ]),
  ).toEqual([1, 0])
  const found = new Float64Array(2)
  chancesOfLargest(new Float64Array(6), 3, found)
  expect([...found]).toEqual([0.5, 0.5])
})

test('golden section finds the bottom of a valley, inside and at an end', () => {
  expect(goldenSection((x) => (x - 1.3) ** 2, -5, 9, 1e-9)).toBeCloseTo(1.3, 7)
  expect(goldenSection((x) => x, 2, 3, 1e-9)).toBeCloseTo(2, 8)
  expect(() => goldenSection((x) => x, 3, 2, 1e-9)).toThrow(RangeError)
})
