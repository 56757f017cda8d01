import { expect, test } from 'vitest'
import { hessianOf } from './hessian.ts'
import { minimise, type SmoothFunction } from './minimise.ts'

/** Rosenbrock 1960: a bent valley with its floor at (1, 1). */
const rosenbrock: SmoothFunction = (point, gradient) => {
  const [x = 0, y = 0] = point
  gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x)
  gradient[1] = 200 * (y - x * x)
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2
}

/** Powell's singular function (1962): the Hessian has no inverse at the minimum, 0 at the origin. */
const powell: SmoothFunction = (point, gradient) => {
  const [a = 0, b = 0, c = 0, d = 0] = point
  gradient[0] = 2 * (a + 10 * b) + 40 * (a - d) ** 3
  gradient[1] = 20 * (a + 10 * b) + 4 * (b - 2 * c) ** 3
  gradient[2] = 10 * (c - d) - 8 * (b - 2 * c) ** 3
  gradient[3] = -10 * (c - d) - 40 * (a - d) ** 3
  return (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4
}

test.each([
  [-1.2, 1],
  [10, -10],
  [0, 0],
])("Rosenbrock's valley from (%d, %d)", (x, y) => {
  const found = minimise(rosenbrock, [x, y])
  expect(found.converged).toBe(true)
  expect(found.point[0]).toBeCloseTo(1, 6)
  expect(found.point[1]).toBeCloseTo(1, 6)
  expect(found.evaluations).toBeLessThan(150)
})

test("Powell's singular function", () => {
  const found = minimise(powell, [3, -1, 0, 1], { iterations: 2000 })
  expect(found.converged).toBe(true)
  expect(found.value).toBeLessThan(1e-10)
})

test('a value that is not finite counts as too far', () => {
  const found = minimise(
    (point, gradient) => {
      const x = point[0] ?? 0
      gradient[0] = 1 - 1 / x
      return x - Math.log(x)
    },
    [50],
    { largestStep: 1000 },
  )
  expect(found.point[0]).toBeCloseTo(1, 6)
})

test('what has no minimum ends, and says so', () => {
  const found = minimise(
    (point, gradient) => {
      gradient[0] = -1
      return -(point[0] ?? 0)
    },
    [0],
    { iterations: 20 },
  )
  expect(found).toMatchObject({ converged: false, reason: 'iterations' })
  expect(found.point[0]).toBeLessThanOrEqual(40)
})

test('a constant is at its minimum', () => {
  const found = minimise(() => 3, [1, 2])
  expect(found).toMatchObject({ converged: true, evaluations: 1, value: 3 })
})

test('a start that is not finite is refused', () => {
  expect(() => minimise(() => Number.NaN, [1])).toThrow(RangeError)
})

test('the Hessian of Rosenbrock at its minimum is (802, -400; -400, 200)', () => {
  const hessian = hessianOf(rosenbrock, [1, 1])
  expect(hessian[0]).toBeCloseTo(802, 4)
  expect(hessian[1]).toBeCloseTo(-400, 4)
  expect(hessian[3]).toBeCloseTo(200, 4)
})
