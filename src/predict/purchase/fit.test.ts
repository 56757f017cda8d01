/** The likelihoods against differences and other formulas; fits of what is odd, and of simulations. */
import { describe, expect, test } from 'vitest'
import { collapseHistories } from './collapse.ts'
import { fitGammaGamma } from './gamma-gamma.ts'
import { fitPurchaseModel } from './fit-purchase-model.ts'
import { logGamma } from '../../math/gamma.ts'
import { off, sum } from './testing.ts'
import { purchaseKinds } from './purchase-model.ts'
import { purchaseModel } from './models.ts'
import { seededRandom, type Random } from '../../math/random.ts'
import type { PurchaseHistories } from './histories.ts'

const columns = (rows: readonly (readonly number[])[]): PurchaseHistories => ({
  frequency: Float64Array.from(rows, (row) => row[0] ?? 0),
  recency: Float64Array.from(rows, (row) => row[1] ?? 0),
  age: Float64Array.from(rows, (row) => row[2] ?? 0),
})
const some = columns([
  ...[
    [0, 0, 30],
    [1, 5, 30],
    [3, 29.9, 30],
    [40, 12, 35],
    [200, 199, 200],
    [0, 0, 0],
  ],
  ...[
    [7, 20, 20],
    [2, 1, 150],
    [1, 5, 30],
  ],
])

describe.each(purchaseKinds)('%s', (kind) => {
  test.each([
    [0.3, 4, 0.8, 2.4],
    [2, 0.5, 3, 40],
    [0.7, 30, 0.6, 3],
    [1.5, 9, 1, 9],
  ])('the gradient is that of the value, at %d, %d, %d, %d', (...values) => {
    const loss = purchaseModel(kind).loss(collapseHistories(some))
    const point = Float64Array.from(values, Math.log)
    const gradient = new Float64Array(4)
    loss(point, gradient)
    for (let i = 0; i < 4; i++) {
      const at = (step: number): number => {
        const moved = Float64Array.from(point)
        moved[i] = (moved[i] ?? 0) + step
        return loss(moved, new Float64Array(4))
      }
      const h = 1e-3
      const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
      expect(Math.abs((gradient[i] ?? 0) - slope)).toBeLessThan(1e-8 * (1 + Math.abs(slope)))
    }
  })

  test('equal rows once with a weight, or each, or in other units: the same', () => {
    const { frequency, recency, age } = shop(300, 1)
    const twice = (column: Float64Array): Float64Array => Float64Array.from([...column, ...column])
    const each = fitPurchaseModel(kind, {
      ...{ frequency: twice(frequency), recency: twice(recency), age: twice(age) },
    })
    const weighted = fitPurchaseModel(kind, {
      ...{ frequency, recency: recency.map((t) => 7 * t), age: age.map((t) => 7 * t) },
      weight: frequency.map(() => 2),
    })
    expect(weighted.customers).toBe(600)
    const scaled = weighted.logLikelihood + 2 * sum(frequency) * Math.log(7)
    expect(Math.abs(each.logLikelihood - scaled)).toBeLessThan(1e-4)
    expect(
      off((weighted.parameters['alpha'] ?? 0) / 7, each.parameters['alpha'] ?? 0),
    ).toBeLessThan(1e-3)
  })

  test.each([
    ['one customer', [[3, 20, 30]]],
    ['one who never came back', [[0, 0, 30]]],
    ['nobody watched at all', [[0, 0, 0]]],
    ['all equal', Array.from({ length: 50 }, () => [2, 10, 30])],
    ['nobody came back', Array.from({ length: 50 }, () => [0, 0, 30])],
    [
      'a thousand million',
      [
        [1, 5e8, 1e9],
        [0, 0, 1e9],
        [1_000_000_000, 9e8, 1e9],
      ],
    ],
  ])('%s: numbers all the same', (_name, rows) => {
    const fit = fitPurchaseModel(kind, columns(rows))
    for (const value of Object.values(fit.parameters)) expect(value).toBeGreaterThan(0)
    for (const value of Object.values(fit.parameters)) expect(value).toBeLessThan(Infinity)
    expect(Number.isFinite(fit.logLikelihood)).toBe(true)
  })

  test('a count that no number can hold is refused', () => {
    const rows = [...some.frequency.keys()].map((i) => [i === 1 ? 1e308 : 1, 5, 30])
    expect(() => fitPurchaseModel(kind, columns(rows))).toThrow(/In row 2 the frequency must be/)
  })

  test('times beyond all sums are refused, not a crash', () => {
    const rows = [...some.frequency.keys()].map(() => [3, 1e307, 1.7e308])
    expect(() => fitPurchaseModel(kind, columns(rows))).toThrow(/too large to be added up/)
  })

  test('a large set begins from a sample of it, and ends where it should', () => {
    const { frequency, recency, age } = shop(500, 2)
    const many = (column: Float64Array): Float64Array =>
      Float64Array.from({ length: 200_000 }, (_, i) => column[(i * 7919) % 500] ?? 0)
    const small = fitPurchaseModel(kind, { frequency, recency, age })
    const large = fitPurchaseModel(kind, {
      ...{ frequency: many(frequency), recency: many(recency), age: many(age) },
    })
    expect(large.rows).toBe(small.rows)
    expect(off(large.logLikelihood, 400 * small.logLikelihood)).toBeLessThan(1e-10)
  })
})

/** Gauss's series for 2F1(a, b; c; z), 0 <= z < 1 (Abramowitz and Stegun 15.1.1). */
function hypergeometric(a: number, b: number, c: number, z: number): number {
  let [term, total] = [1, 1]
  for (let n = 0; n < 5000 && term > 1e-17 * total; n++) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z
    total += term
  }
  return total
}

test.each([
  [0.553, 10.578, 0.606, 11.669],
  [0.7, 20, 1.4, 5],
  [2, 3, 0.5, 3],
])('Pareto/NBD is the formula with 2F1 (note 009), at %d, %d, %d, %d', (r, alpha, s, beta) => {
  const far = Math.max(alpha, beta)
  const rows = [
    [0, 0, 30],
    [1, 5, 30],
    [3, 20, 30],
    [12, 25, 35],
  ] as const
  for (const [x, recency, age] of rows) {
    const whole = r + s + x
    const second = alpha >= beta ? s + 1 : r + x
    const at = (t: number): number =>
      hypergeometric(whole, second, whole + 1, Math.abs(alpha - beta) / (far + t)) /
      (far + t) ** whole
    const alive = (alpha + age) ** -(r + x) * (beta + age) ** -s
    const gone = (s / whole) * (at(recency) - at(age))
    const front = logGamma(r + x) - logGamma(r) + r * Math.log(alpha) + s * Math.log(beta)
    const loss = purchaseModel('paretonbd').loss(collapseHistories(columns([[x, recency, age]])))
    const value = loss(Float64Array.of(r, alpha, s, beta).map(Math.log), new Float64Array(4))
    expect(Math.abs(front + Math.log(alive + gone) + value)).toBeLessThan(
      1e-11 * Math.abs(value) + 1e-11,
    )
  }
})

test('intervals hold the truth as often as they say: BG/NBD, 60 shops', () => {
  const truth: Readonly<Record<string, number>> = { r: 0.6, alpha: 4, a: 0.8, b: 2.4 }
  let [inside, all] = [0, 0]
  for (let seed = 0; seed < 60; seed++) {
    const { intervals } = fitPurchaseModel('bgnbd', shop(1500, 100 + seed))
    for (const [name, value] of Object.entries(truth)) {
      const interval = intervals[name]
      if (!interval) continue
      all++
      if (interval.low <= value && value <= interval.high) inside++
    }
  }
  expect(all).toBe(240)
  // 95 % of 240 is 228; 3 standard errors are 10.
  expect(inside).toBeGreaterThanOrEqual(218)
})

test.each([
  [[[1.5, 1, 2]], /row 1 the frequency must be a whole number/],
  [
    [
      [1, 1, 2],
      [-1, 0, 2],
    ],
    /row 2 the frequency/,
  ],
  [[[1, 3, 2]], /row 1 the recency must lie between/],
  [[[1, 1, Number.NaN]], /row 1 the age/],
  [[[0, 1, 2]], /none is counted/],
  [[[2, 0, 2]], /all at time 0/],
  [[], /There are no customers/],
] as const)('%j is refused', (rows, message) => {
  expect(() => fitPurchaseModel('bgnbd', columns(rows))).toThrow(message)
})

test('weights that are none are refused', () => {
  const weighted = (weight: number): PurchaseHistories => ({
    ...columns([[1, 1, 2]]),
    weight: Float64Array.of(weight),
  })
  expect(() => fitPurchaseModel('bgnbd', weighted(Number.NaN))).toThrow(/weight/)
  expect(() => fitPurchaseModel('bgnbd', weighted(0))).toThrow(/weights must add up/)
})

describe('Gamma-Gamma', () => {
  const spend = Float64Array.of(10, 25, 12.5, 80, 0, 33)
  const frequency = Float64Array.of(1, 2, 1, 9, 0, 4)

  test('is at the maximum of the formula of the note', () => {
    const { parameters, logLikelihood, prior } = fitGammaGamma({ frequency, spend })
    expect(Number.isFinite(logLikelihood) && ['none', 'needed'].includes(prior)).toBe(true)
    const { p = 0, q = 0, gamma = 0 } = parameters
    const formula = sum(
      Array.from(frequency, (x, i) => {
        const z = spend[i] ?? 0
        if (x === 0) return 0
        const gammas = logGamma(p * x + q) - logGamma(p * x) - logGamma(q)
        const powers = q * Math.log(gamma) + (p * x - 1) * Math.log(z) + p * x * Math.log(x)
        return gammas + powers - (p * x + q) * Math.log(gamma + x * z)
      }),
    )
    expect(off(logLikelihood, formula)).toBeLessThan(1e-12)
  })

  test('recovers what was simulated', () => {
    const random = seededRandom('worth')
    const rows = Array.from({ length: 4000 }, () => {
      const x = 1 + random.poisson(2)
      return [x, random.gamma(6 * x, 1 / random.gamma(4, 1 / 15)) / x]
    })
    const { intervals } = fitGammaGamma({
      frequency: Float64Array.from(rows, ([x = 0]) => x),
      spend: Float64Array.from(rows, ([, z = 0]) => z),
    })
    for (const [name, value] of Object.entries({ p: 6, q: 4, gamma: 15 })) {
      expect(intervals[name]?.low).toBeLessThan(value)
      expect(intervals[name]?.high).toBeGreaterThan(value)
    }
  })

  test('what is odd', () => {
    const one = (x: number, z: number) => () =>
      fitGammaGamma({ frequency: Float64Array.of(x), spend: Float64Array.of(z) })
    expect(one(1, -5)).toThrow(/row 1 the spend/)
    expect(one(1, Number.NaN)).toThrow(/spend/)
    expect(one(0, 5)).toThrow(/Nobody/)
    for (const fit of [one(3, 20)(), one(1, 1e9)()])
      expect(Object.values(fit.parameters).every((value) => value > 0 && value < 1e300)).toBe(true)
  })
})

/** Customers by the story of BG/NBD (.6, 4, .8, 2.4), in continuous time. */
function shop(size: number, seed: number): PurchaseHistories {
  const random: Random = seededRandom(seed)
  return columns(
    Array.from({ length: size }, () => {
      const age = random.between(20, 60)
      const pause = 1 / random.gamma(0.6, 1 / 4)
      const leaves = random.beta(0.8, 2.4)
      let [at, last, count] = [0, 0, 0]
      for (;;) {
        at += random.exponential(pause)
        if (at > age) break
        last = at
        count++
        if (random.chance(leaves)) break
      }
      return [count, last, age]
    }),
  )
}
