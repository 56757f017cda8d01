import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareMeans, compareShares } from './bayes.ts'
import {
  powerForMeans,
  powerForShares,
  unitsForMeans,
  unitsForShares,
  visibleDifference,
} from './power.ts'

describe('the Bayesian view', () => {
  test('120 against 140 of 1,000, by quadrature in SciPy', () => {
    const one = { successes: 120, trials: 1_000 }
    const view = compareShares(one, { successes: 140, trials: 1_000 })
    expect(view.chanceBetter).toBeCloseTo(0.907872586370223, 7)
    expect(view.lossOfTreatment).toBeCloseTo(0.0006461890575433966, 7)
    expect(view.lossOfControl - view.lossOfTreatment).toBeCloseTo(view.difference.value, 9)
    expect(view.difference.low).toBeCloseTo(-0.0095, 3)
    expect(view.difference.high).toBeCloseTo(0.0495, 3)
  })
  test('the exact sum for whole numbers (E. Miller, "Formulas for Bayesian A/B testing", 2014)', () => {
    const shapes = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }))
    fc.assert(
      fc.property(shapes, shapes, ([x1, f1], [x2, f2]) => {
        const view = compareShares(
          { successes: x1, trials: x1 + f1 },
          { successes: x2, trials: x2 + f2 },
        )
        const choose = (n: number, k: number): number =>
          Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((a, b) => a * b, 1)
        const beta = (a: number, b: number): number => 1 / (a * choose(a + b - 1, a))
        let exact = 0
        for (let i = 0; i <= x2; i++)
          exact +=
            beta(x1 + 1 + i, f1 + f2 + 2) /
            ((f2 + 1 + i) * beta(1 + i, f2 + 1) * beta(x1 + 1, f1 + 1))
        expect(view.chanceBetter).toBeCloseTo(exact, 6)
      }),
      { numRuns: 30 },
    )
  })
  test('means: shrunk towards no effect; with a wide prior as the data say', () => {
    const wide = compareMeans({ value: 1.96, standardError: 1 }, 1e6)
    expect(wide.chanceBetter).toBeCloseTo(0.975, 4)
    expect(compareMeans({ value: 2, standardError: 1 }, 1).difference.value).toBe(1)
    expect(wide.lossOfControl - wide.lossOfTreatment).toBeCloseTo(1.96, 6)
    expect(() => compareMeans({ value: 2, standardError: 0 }, 1)).toThrow(/above 0/)
    const impossible = { successes: 2, trials: 1 }
    expect(() => compareShares(impossible, impossible)).toThrow(/2 of 1/)
  })
})

describe('power and size', () => {
  test('R: power.prop.test(n = 50, p1 = .50, p2 = .75) has power .740, for .90 it needs 76.7', () => {
    expect(powerForShares(50, { control: 0.5, treatment: 0.75 })).toBeCloseTo(0.740166, 5)
    expect(unitsForShares(0.5, 0.75, { power: 0.9 })).toBeCloseTo(76.7, 1)
  })
  test('Kohavi et al. 2009: 16 sigma^2 / delta^2: 409,000 for 5 % of $3.75, sigma $30', () => {
    // The rule rounds 2 (1.96 + .84)^2 = 15.698 up to 16.
    const units = unitsForMeans(30, 0.05 * 3.75)
    expect((units / 409_600) * (16 / 15.6978)).toBeCloseTo(1, 4)
  })
  test('size, power and what can be seen belong together', () => {
    const design = { alpha: 0.01, power: 0.85, ratio: 2 }
    const units = unitsForMeans(3, 0.5, design)
    const { power, ...others } = design
    expect(powerForMeans(units, { deviation: 3, difference: 0.5 }, others)).toBeCloseTo(power, 9)
    expect(visibleDifference(units, 3, design)).toBeCloseTo(0.5, 12)
    const shares = unitsForShares(0.1, 0.12, design)
    expect(powerForShares(shares, { control: 0.1, treatment: 0.12 }, others)).toBeCloseTo(power, 9)
    expect(() => unitsForShares(0.1, 0.1)).toThrow(/different/)
    expect(() => unitsForMeans(0, 1)).toThrow(/above 0/)
    expect(() => unitsForMeans(1, 1, { alpha: 0 })).toThrow(/Alpha/)
  })
})
