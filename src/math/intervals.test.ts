import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apportion } from './apportion.ts'
import { benjaminiHochberg } from './benjamini-hochberg.ts'
import { drawBinomial } from './binomial-draw.ts'
import { clopperPearsonInterval, proportion, wilsonInterval } from './binomial-interval.ts'
import { bootstrapInterval, percentileInterval, resampleCounts } from './bootstrap.ts'
import { fisherExact } from './fisher-exact.ts'
import { logFactorial } from './gamma.ts'
import { poissonInterval } from './poisson-interval.ts'
import { quantileOfSorted } from './quantile.ts'
import { seededRandom } from './random.ts'
import { differenceOfProportions, ratioOfProportions } from './two-proportions.ts'

const counts = fc
  .tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 400 }))
  .map(([successes, more]) => ({ successes, trials: successes + more }))

describe('one proportion: Newcombe 1998, Statistics in Medicine 17, 857, table I', () => {
  test.each([
    [81, 263, 0.2553, 0.3662, 0.2527, 0.3676],
    [15, 148, 0.0624, 0.1605, 0.0578, 0.1617],
    [0, 20, 0, 0.1611, 0, 0.1684],
    [1, 29, 0.0061, 0.1718, 0.0009, 0.1776],
  ])('%d of %d', (x, n, low, high, exactLow, exactHigh) => {
    const wilson = wilsonInterval(x, n)
    expect(wilson.low).toBeCloseTo(low, 4)
    expect(wilson.high).toBeCloseTo(high, 4)
    const exact = clopperPearsonInterval(x, n)
    expect(exact.low).toBeCloseTo(exactLow, 4)
    expect(exact.high).toBeCloseTo(exactHigh, 4)
  })
  test('to the last digits of SciPy', () => {
    expect(wilsonInterval(81, 263).low).toBeCloseTo(0.2552885198782742, 14)
    expect(clopperPearsonInterval(81, 263).high).toBeCloseTo(0.36762192260134746, 13)
  })
  test('holds the share, lies in 0 .. 1, mirrors, and narrows with more trials', () => {
    fc.assert(
      fc.property(counts, ({ successes, trials }) => {
        for (const interval of [wilsonInterval, clopperPearsonInterval]) {
          const { low, high } = interval(successes, trials)
          expect(low).toBeGreaterThanOrEqual(0)
          expect(high).toBeLessThanOrEqual(1)
          expect(low).toBeLessThanOrEqual(successes / trials)
          expect(high).toBeGreaterThanOrEqual(successes / trials)
          const mirrored = interval(trials - successes, trials)
          expect(mirrored.low).toBeCloseTo(1 - high, 12)
          const more = interval(successes * 4, trials * 4)
          expect(more.high - more.low).toBeLessThan(high - low)
        }
      }),
    )
  })
  test('of nothing, nothing is known; what is no count is refused', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 })
    expect(clopperPearsonInterval(0, 0)).toEqual({ low: 0, high: 1 })
    expect(proportion(0, 0)).toBeNull()
    for (const [x, n] of [
      [2, 1],
      [-1, 5],
      [Number.NaN, 5],
      [1, Infinity],
    ] as const) {
      expect(() => wilsonInterval(x, n)).toThrow(RangeError)
    }
    expect(() => wilsonInterval(1, 2, 95)).toThrow(RangeError)
  })
})

describe('two proportions', () => {
  test.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
  ])('difference: Newcombe 1998, 873, table II: %d/%d - %d/%d', (x1, n1, x2, n2, low, high) => {
    const one = { successes: x1, trials: n1 }
    const difference = differenceOfProportions(one, { successes: x2, trials: n2 })
    expect(difference?.low).toBeCloseTo(low, 4)
    expect(difference?.high).toBeCloseTo(high, 4)
  })
  test('ratio: SciPy relative_risk(27, 122, 44, 487)', () => {
    const lift = ratioOfProportions({ successes: 27, trials: 122 }, { successes: 44, trials: 487 })
    expect(lift?.value).toBeCloseTo(2.4495156482861398, 12)
    expect(lift?.low).toBeCloseTo(1.5836990926700116, 12)
    expect(lift?.high).toBeCloseTo(3.7886786315466354, 12)
    expect(lift?.isCorrected).toBe(false)
  })
  test('both hold the value, are finite on every edge, and mirror', () => {
    fc.assert(
      fc.property(counts, counts, (one, other) => {
        const lift = ratioOfProportions(one, other)
        const back = ratioOfProportions(other, one)
        if (!lift || !back) return expect.unreachable()
        expect(lift.low > 0 && Number.isFinite(lift.high)).toBe(true)
        expect(lift.low <= lift.value && lift.value <= lift.high).toBe(true)
        expect(back.low * lift.high).toBeCloseTo(1, 9)
        const difference = differenceOfProportions(one, other)
        if (!difference) return expect.unreachable()
        expect(difference.low >= -1 - 1e-12 && difference.high <= 1 + 1e-12).toBe(true)
        expect(difference.low <= difference.value && difference.value <= difference.high).toBe(true)
      }),
    )
    const all = { successes: 5, trials: 5 }
    expect(ratioOfProportions(all, all)).toMatchObject({ value: 1, isCorrected: true })
    expect(ratioOfProportions(all, { successes: 0, trials: 0 })).toBeNull()
  })
})

describe('Fisher exact test', () => {
  test.each([
    [3, 1, 1, 3, 0.48571428571428565], // the lady tasting tea
    [8, 2, 1, 5, 0.034965034965034975],
    [10, 90, 30, 70, 0.0006504107076034208],
    [1000, 9000, 1100, 8900, 0.022378874800480137],
    [0, 5, 5, 0, 0.007936507936507938],
    [120_000, 380_000, 119_000, 381_000, 0.019156414093436932],
  ])('%d %d | %d %d', (yesOne, noOne, yesOther, noOther, p) => {
    expect(fisherExact({ yesOne, noOne, yesOther, noOther }) / p).toBeCloseTo(1, 8)
  })
  test('is the sum over all tables that are no likelier', () => {
    const cell = fc.integer({ min: 0, max: 25 })
    fc.assert(
      fc.property(cell, cell, cell, cell, (a, b, c, d) => {
        const weight = (x: number): number =>
          Math.exp(
            -[x, a + b - x, a + c - x, d - a + x].reduce((sum, n) => sum + logFactorial(n), 0),
          )
        let [sum, total] = [0, 0]
        for (let x = Math.max(0, a - d); x <= Math.min(a + b, a + c); x++) {
          total += weight(x)
          if (weight(x) <= weight(a) * (1 + 1e-7)) sum += weight(x)
        }
        const p = fisherExact({ yesOne: a, noOne: b, yesOther: c, noOther: d })
        expect(p).toBeCloseTo(sum / total, 9)
      }),
      { numRuns: 500 },
    )
  })
})

test('Benjamini-Hochberg as in SciPy, in any order, and never below p', () => {
  const adjusted = benjaminiHochberg([0.01, 0.04, 0.03, 0.005, 0.5, 0.9])
  const expected = [0.03, 0.06, 0.06, 0.03, 0.6, 0.9]
  expected.forEach((q, i) => expect(adjusted[i]).toBeCloseTo(q, 12))
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (p) => {
      const q = benjaminiHochberg(p)
      p.forEach((value, i) => expect(q[i] ?? 0).toBeGreaterThanOrEqual(value * (1 - 1e-12)))
      expect([...benjaminiHochberg(p.toReversed())]).toEqual([...q].toReversed())
    }),
  )
  expect(() => benjaminiHochberg([Number.NaN])).toThrow(RangeError)
})

test.each([
  [0, 0, 3.6888794541139354],
  [1, 0.025317807984289876, 5.571643390938898],
  [10, 4.7953886961324335, 18.39035604201778],
  [1000, 938.9730184076952, 1063.952136016302],
])('Garwood interval of %d', (count, low, high) => {
  expect(poissonInterval(count).low).toBeCloseTo(low, 8)
  expect(poissonInterval(count).high).toBeCloseTo(high, 8)
})

describe('resampling', () => {
  test('quantiles as NumPy computes them', () => {
    expect(quantileOfSorted([1, 2, 4, 8], 0.25)).toBe(1.75)
    expect(quantileOfSorted([1, 2, 4, 8], 1)).toBe(8)
    expect(quantileOfSorted([], 0.5)).toBeNaN()
    expect(percentileInterval([4, 1, 8, 2], 0.5)).toEqual({ low: 1.75, high: 5 })
  })
  test('the interval of a mean is near the one of theory, and the same for a seed', () => {
    const random = seededRandom('sample')
    const sample = Float64Array.from({ length: 400 }, () => random.normal(10, 2))
    const mean = (weights: Uint32Array): number =>
      weights.reduce((sum, weight, i) => sum + weight * (sample[i] ?? 0), 0) / 400
    const options = () => ({ replicates: 2000, random: seededRandom('draws') })
    const interval = bootstrapInterval(400, mean, options())
    expect(interval.high - interval.low).toBeCloseTo(2 * 1.96 * 0.1, 1)
    expect(bootstrapInterval(400, mean, options())).toEqual(interval)
  })
  test('counts are drawn anew around themselves', () => {
    const drawn = resampleCounts(new Float64Array([0, 1e6]), seededRandom(1))
    expect(drawn[0]).toBe(0)
    expect(Math.abs((drawn[1] ?? 0) - 1e6)).toBeLessThan(5000)
  })
})

test('what is shared out adds up exactly, within one of its quota', () => {
  const weights = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), weights, (total, given) => {
      const parts = apportion(total, given)
      const sum = given.reduce((all, weight) => all + weight, 0)
      expect(parts.reduce((all, part) => all + part, 0)).toBe(sum === 0 ? 0 : total)
      given.forEach((weight, i) => {
        if (sum === 0) return
        const quota = total * (weight / sum)
        expect(Math.abs((parts[i] ?? 0) - quota)).toBeLessThan(1.01)
        if (weight === 0) expect(parts[i]).toBe(0)
      })
    }),
  )
  expect([...apportion(100, [1, 1, 1])]).toEqual([34, 33, 33])
  expect(() => apportion(1.5, [1])).toThrow(RangeError)
})

test('a binomial draw has its mean and variance, and stays in its bounds', () => {
  const random = seededRandom('binomial')
  for (const [trials, probability] of [
    [20, 0.3],
    [1_000, 0.01],
    [1_000_000, 0.4],
  ] as const) {
    const draws = Array.from({ length: 5_000 }, () => drawBinomial(trials, probability, random))
    const mean = draws.reduce((sum, one) => sum + one, 0) / draws.length
    const variance = draws.reduce((sum, one) => sum + (one - mean) ** 2, 0) / draws.length
    const expected = trials * probability * (1 - probability)
    expect(Math.abs(mean - trials * probability)).toBeLessThan(5 * Math.sqrt(expected / 5_000))
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.1)
  }
  expect([drawBinomial(100, 0, random), drawBinomial(100, 1, random)]).toEqual([0, 100])
  expect(() => drawBinomial(1.5, 0.5, random)).toThrow(RangeError)
})
