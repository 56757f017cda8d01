/** Point values as printed, and what holds whatever the parameters. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forecastOf, predictPurchases } from './predict-purchases.ts'
import { off, sum } from './testing.ts'
import { purchaseKinds, type PurchaseKind } from './purchase-model.ts'
import { purchaseModel } from './models.ts'
import { seededRandom } from '../../math/random.ts'

const bg = forecastOf('bgnbd', { r: 0.2425945, alpha: 4.4136019, a: 0.7929199, b: 2.4258881 })
const pareto = forecastOf('paretonbd', { r: 0.5533, alpha: 10.5776, s: 0.6061, beta: 11.6562 })
const best = { frequency: 26, recency: 30.857, age: 31 }

describe('point values on CDNOW (vignette of BTYD)', () => {
  // Printed from parameters of which the vignette shows 4 or 5 digits: hence the tolerances.
  test('BG/NBD', () => {
    expect(off(bg.expectedNew(52), 1.444004)).toBeLessThan(1e-5)
    expect(off(bg.expected(best, 52), 25.75659)).toBeLessThan(5e-5)
    expect(off(bg.alive(best), 0.9688523)).toBeLessThan(2e-6)
    const first = { frequency: 2, recency: 30.43, age: 38.86 }
    expect(bg.expected(first, 39)).toBeCloseTo(1.226, 3)
    const lost = [0.3474606, 0.04283391, 0.004158973, 0.0003583685]
    for (const [i, value] of lost.entries()) {
      const history = { frequency: 10 + 5 * i, recency: 20, age: 39 }
      expect(off(bg.expected(history, 52), value)).toBeLessThan(1e-4)
    }
  })

  test('Pareto/NBD', () => {
    expect(off(pareto.expectedNew(52), 1.473434)).toBeLessThan(2e-4)
    expect(off(pareto.expected(best, 52), 25.45647)).toBeLessThan(1e-4)
    expect(off(pareto.alive(best), 0.997874)).toBeLessThan(5e-6)
    const first = { frequency: 2, recency: 30.43, age: 38.86 }
    expect(off(pareto.expected(first, 39), 1.455196)).toBeLessThan(1e-4)
    const lost = [0.7062289, 0.1442396, 0.02250658, 0.00309267]
    for (const [i, value] of lost.entries()) {
      const history = { frequency: 10 + 5 * i, recency: 20, age: 39 }
      expect(off(pareto.expected(history, 52), value)).toBeLessThan(2e-3)
    }
  })

  test('Pareto/NBD: purchases of a new customer (tests of lifetimes; their parameters are not printed)', () => {
    const printed = [
      ...[0, 0.05077821, 0.09916088, 0.14542507, 0.1897993, 0.23247466, 0.27361274],
      ...[0.31335159, 0.35181024, 0.38909211],
    ]
    for (const [t, value] of printed.entries())
      expect(Math.abs(pareto.expectedNew(t) - value)).toBeLessThan(2.5e-3)
  })

  test('BG/NBD: probabilities of counts (tests of BTYD)', () => {
    const { countsNew } = forecastOf('bgnbd', { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 })
    expect(off(countsNew(2, 10)[10] ?? 0, 1.07869e-7)).toBeLessThan(5e-6)
    expect(countsNew(39, 0)[0]).toBeCloseTo(0.5737864, 7)
    const tail = countsNew(30, 13).slice(11)
    for (const [i, value] of [0.0019995214, 0.0015170236, 0.001163315].entries())
      expect(tail[i]).toBeCloseTo(value, 9)
  })
})

describe('where other programs fail', () => {
  test.each([221, 254, 161, 204])(
    'P(alive) after %d purchases is finite (CLVTools)',
    (frequency) => {
      const parameters = { r: 0.5143, alpha: 2.8845, s: 0.2856, beta: 14.1087 }
      const { alive, expected } = forecastOf('paretonbd', parameters)
      const now = { frequency, recency: 99.95, age: 100 }
      expect(alive(now)).toBeGreaterThan(0.999)
      expect(alive(now)).toBeLessThan(1)
      expect(expected(now, 52)).toBeGreaterThan(0.4 * frequency)
      expect(alive({ frequency, recency: 10, age: 100 })).toBeLessThan(1e-60)
      expect(alive({ frequency, recency: 100, age: 100 })).toBe(1)
    },
  )

  test.each([
    [0.8, 2.5, 1e-3],
    [3, 3, 1e-3],
    [1e-3, 50, 0.02],
  ])('a at %d: nothing is lost on either side of 1, however long', (a, b, t) => {
    const near = (shift: number): number =>
      forecastOf('bgnbd', { r: 0.5, alpha: 3, a: 1 + shift, b }).expectedNew(1000)
    expect(off(near(1e-12), near(0))).toBeLessThan(1e-10)
    expect(off(near(-1e-12), near(0))).toBeLessThan(1e-10)
    // In a short time nobody has dropped out: the mean rate, r / alpha.
    const { expectedNew } = forecastOf('bgnbd', { r: 0.5, alpha: 3, a, b })
    expect(off(expectedNew(t), (t * 0.5) / 3)).toBeLessThan(t)
  })

  test('s at 1 for Pareto/NBD', () => {
    const near = (s: number): number =>
      forecastOf('paretonbd', { r: 0.5, alpha: 3, s, beta: 9 }).expectedNew(40)
    expect(off(near(1 + 1e-10), near(1))).toBeLessThan(1e-8)
  })
})

const parameters = (kind: PurchaseKind): fc.Arbitrary<Record<string, number>> => {
  const factor = fc.double({ min: 0.05, max: 20, noNaN: true })
  return fc
    .tuple(factor, factor, factor, factor)
    .map((values) =>
      Object.fromEntries(purchaseModel(kind).names.map((name, i) => [name, values[i] ?? 1])),
    )
}
const history = fc
  .record({
    frequency: fc.integer({ min: 0, max: 60 }),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    age: fc.double({ min: 0.1, max: 200, noNaN: true }),
  })
  .map(({ frequency, share, age }) => ({
    ...{ frequency, age },
    recency: frequency === 0 ? 0 : share * age,
  }))

describe.each(purchaseKinds)('%s', (kind) => {
  test('chances of counts add up, and to the expected number and the chance of any', () => {
    fc.assert(
      fc.property(parameters(kind), history, (values, customer) => {
        const forecast = forecastOf(kind, values)
        const t = customer.age / 8
        const counts = forecast.counts(customer, t, 1500)
        const most = sum(counts)
        expect(most).toBeLessThan(1 + 1e-9)
        expect(Math.abs(forecast.nextWithin(customer, t) - (1 - (counts[0] ?? 0)))).toBeLessThan(
          1e-9,
        )
        if (most < 1 - 1e-12) return
        const mean = sum(counts.map((chance, n) => n * chance))
        expect(Math.abs(forecast.expected(customer, t) - mean)).toBeLessThan(1e-6 * (1 + mean))
      }),
      { numRuns: 60 },
    )
  })

  test('is alive less the longer nothing was heard; expects more the longer one waits', () => {
    fc.assert(
      fc.property(parameters(kind), history, (values, customer) => {
        const forecast = forecastOf(kind, values)
        const later = { ...customer, age: customer.age * 1.5 }
        expect(forecast.alive(later)).toBeLessThanOrEqual(forecast.alive(customer))
        const [soon, late] = [forecast.expected(customer, 3), forecast.expected(customer, 9)]
        expect(soon).toBeGreaterThanOrEqual(0)
        expect(late).toBeGreaterThanOrEqual(soon)
        expect(forecast.nextWithin(customer, Infinity)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('new customers, simulated', () => {
    const simulated = simulate(kind, 20_000, 30)
    const forecast = forecastOf(kind, trueParameters[kind])
    const counts = forecast.countsNew(30, 3)
    const mean = sum(simulated) / simulated.length
    expect(Math.abs(forecast.expectedNew(30) - mean)).toBeLessThan(0.06)
    for (const [n, chance] of counts.entries()) {
      const share = simulated.filter((one) => one === n).length / simulated.length
      expect(Math.abs(share - chance)).toBeLessThan(4 * Math.sqrt(chance / simulated.length))
    }
  })
})

test('intervals, and what is refused', () => {
  const fit = { kind: 'bgnbd', parameters: { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 } } as const
  const { alive, expected, interval, any } = predictPurchases(fit, best, 52)
  expect(interval.low).toBeLessThan(expected)
  expect(interval.high).toBeGreaterThan(expected)
  expect(any).toBeLessThanOrEqual(alive)
  expect(predictPurchases(fit, best, 0)).toMatchObject({
    expected: 0,
    interval: { low: 0, high: 0 },
  })
  expect(() => predictPurchases(fit, best, -1)).toThrow(/horizon/)
  expect(() => predictPurchases(fit, { ...best, recency: 40 }, 1)).toThrow(/recency/)
  expect(() => predictPurchases(fit, { ...best, frequency: 1.5 }, 1)).toThrow(/whole number/)
  const without = { kind: 'bgnbd', parameters: { r: 0.243 } } as const
  expect(() => predictPurchases(without, best, 1)).toThrow(/r, alpha, a, b/)
})

const trueParameters = {
  bgnbd: { r: 0.8, alpha: 4, a: 0.9, b: 2.5 },
  mbgnbd: { r: 0.8, alpha: 4, a: 0.9, b: 2.5 },
  paretonbd: { r: 0.8, alpha: 4, s: 1.2, beta: 20 },
} as const

/** Repeat purchases of new customers, by the story that each model tells. */
function simulate(kind: PurchaseKind, size: number, time: number): number[] {
  const random = seededRandom(kind)
  return Array.from({ length: size }, () => {
    const pause = 1 / random.gamma(0.8, 1 / 4)
    const death =
      kind === 'paretonbd' ? random.exponential(1 / random.gamma(1.2, 1 / 20)) : Infinity
    const leaves = kind === 'paretonbd' ? 0 : random.beta(0.9, 2.5)
    const end = Math.min(death, time)
    let [at, count] = [0, 0]
    if (kind === 'mbgnbd' && random.chance(leaves)) return 0
    for (;;) {
      at += random.exponential(pause)
      if (at > end) return count
      count++
      if (random.chance(leaves)) return count
    }
  })
}
