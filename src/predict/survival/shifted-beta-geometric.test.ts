import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../math/random.ts'
import { fitBetaGeometric, readOff } from './fit-shifted-beta-geometric.ts'
import { renewalsOfCohorts, renewalsOfCustomers } from './renewals.ts'
import {
  betaGeometricLikelihood,
  discountedLifetime,
  discountedResidualLifetime,
  retentionRate,
  survivors,
} from './shifted-beta-geometric.ts'

// Fader and Hardie (2007), table 1, in percent of 1,000 customers; the fit is of years 1 to 7.
const highEnd = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1].map((share) => 10 * share)
const regular = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1].map((share) => 10 * share)
const round = (value: number, digits: number): number => Number(value.toFixed(digits))

describe('Fader and Hardie (2007), table 1 and figure 5', () => {
  test.each([
    [...['high end', highEnd, 0.668088, 3.806095, -1611.1581], [46.04, 43.58, 41.42, 39.51, 37.8]],
    [...['regular', regular, 0.704077, 1.182043, -1680.2652], [22.01, 20.44, 19.12, 17.99, 17]],
  ] as const)('%s', (_, counts, alpha, beta, logLikelihood, later) => {
    const fit = fitBetaGeometric(renewalsOfCohorts([{ survivors: counts }]))
    expect(round(fit.alpha, 6)).toBe(alpha)
    expect(round(fit.beta, 6)).toBe(beta)
    expect(round(fit.logLikelihood, 4)).toBe(logLikelihood)
    later.forEach((share, i) => expect(round(100 * survivors(fit, 8 + i), 2)).toBe(share))
    expect(fit.limit).toBeNull()
  })
})

test("Fader and Hardie, A Spreadsheet-Literate Non-Statistician's Guide (2014)", () => {
  const fit = fitBetaGeometric(renewalsOfCohorts([{ survivors: [1000, 631, 468, 382, 326] }]))
  expect(round(fit.alpha, 6)).toBe(0.763665)
  expect(round(fit.beta, 5)).toBe(1.29583)
  expect(round(fit.logLikelihood, 4)).toBe(-1401.5594)
  const shares = [28.45, 25.37, 22.96, 21.03]
  shares.forEach((share, i) => expect(round(100 * survivors(fit, 5 + i), 2)).toBe(share))
})

// Fader and Hardie (2010) value such a customer base: what is left rises with age though nobody changes.
test('what is left of a customer about to be asked for the n-th time is the sum that defines it', () => {
  const model = { alpha: 3.8, beta: 15.19 }
  const direct = (renewals: number): number => {
    let [sum, there] = [0, 1]
    for (let k = 1; k < 3000; k++) {
      there *= retentionRate(model, renewals + k)
      sum += there / 1.1 ** (k - 1)
    }
    return sum
  }
  const residual = [0, 1, 2, 3, 4].map((age) => discountedResidualLifetime(model, age, 0.1))
  residual.forEach((value, age) => expect(value).toBeCloseTo(direct(age), 10))
  expect(residual).toEqual(residual.toSorted((a, b) => a - b))
  expect(discountedLifetime(model, 0.1)).toBeCloseTo(1 + direct(0) / 1.1, 10)
  expect(() => discountedResidualLifetime(model, 0, 0)).toThrow(/above 0/)
})

test('the sum and the hypergeometric function are the same for any model and discount', () => {
  const size = fc.double({ min: 0.01, max: 50, noNaN: true })
  const discount = fc.double({ min: 0.01, max: 2, noNaN: true })
  fc.assert(
    fc.property(size, size, discount, fc.integer({ min: 0, max: 20 }), (alpha, beta, d, age) => {
      let [sum, there] = [0, 1]
      for (let k = 1; k < 4000; k++) {
        there *= retentionRate({ alpha, beta }, age + k)
        sum += there / (1 + d) ** (k - 1)
      }
      const value = discountedResidualLifetime({ alpha, beta }, age, d)
      expect(value / sum).toBeCloseTo(1, 9)
    }),
  )
})

test('gradient and information are those of the likelihood', () => {
  const renewals = renewalsOfCohorts([{ survivors: regular }, { survivors: [50, 44, 40] }])
  const point = fc.double({ min: -2, max: 3, noNaN: true })
  fc.assert(
    fc.property(point, point, (a, b) => {
      const at = (x: number, y: number) => {
        const found = betaGeometricLikelihood(renewals, new Float64Array([x, y]))
        expect(found).not.toBeNull()
        return (
          found ?? { value: 0, gradient: new Float64Array(2), information: new Float64Array(4) }
        )
      }
      const [here, h] = [at(a, b), 1e-5]
      const slopes = [
        (at(a + h, b).value - at(a - h, b).value) / (2 * h),
        (at(a, b + h).value - at(a, b - h).value) / (2 * h),
      ]
      slopes.forEach((slope, j) =>
        expect(here.gradient[j]).toBeCloseTo(slope, Math.abs(slope) > 1e3 ? 2 : 3),
      )
      const bends = [0, 1].flatMap((j) => [
        (at(a - h, b).gradient[j] ?? 0) - (at(a + h, b).gradient[j] ?? 0),
        (at(a, b - h).gradient[j] ?? 0) - (at(a, b + h).gradient[j] ?? 0),
      ])
      bends.forEach((bend, k) => expect(here.information[k]).toBeCloseTo(bend / (2 * h), 3))
    }),
  )
})

test('cohorts of several years, customers one by one, and a cohort cut in two say the same', () => {
  const cohorts = [{ survivors: [100, 70, 60, 55] }, { survivors: [80, 60] }]
  const whole = fitBetaGeometric(renewalsOfCohorts(cohorts))
  const [periods, left]: [number[], number[]] = [[], []]
  const add = (period: number, went: number): void => {
    periods.push(period)
    left.push(went)
  }
  for (const { survivors: counts } of cohorts) {
    counts.forEach((there, t) => {
      const gone = (counts[t - 1] ?? there) - there
      for (let k = 0; k < gone; k++) add(t, 1)
    })
    for (let k = 0; k < (counts.at(-1) ?? 0); k++) add(counts.length - 1, 0)
  }
  const single = renewalsOfCustomers(Float64Array.from(periods), Uint8Array.from(left))
  expect(fitBetaGeometric(single)).toEqual(whole)
  const late = renewalsOfCohorts([
    ...[{ survivors: [100, 70] }, { survivors: [70, 60, 55], renewalsBefore: 1 }],
    { survivors: [80, 60] },
  ])
  expect(fitBetaGeometric(late)).toEqual(whole)
})

test('simulated customers: the truth lies within the intervals as often as it should', () => {
  const [alpha, beta] = [0.8, 2.5]
  const random = seededRandom('beta-geometric')
  const held = { survivors: 0, lifetime: 0, alpha: 0 }
  const rounds = 200
  for (let round = 0; round < rounds; round++) {
    const periods = new Float64Array(1500)
    const left = new Uint8Array(1500)
    for (let i = 0; i < periods.length; i++) {
      const [a, b] = [random.gamma(alpha, 1), random.gamma(beta, 1)]
      // Cohorts of four start years.
      const watched = 3 + (i % 4)
      let there = 0
      while (there < watched && left[i] === 0) {
        there++
        if (random.next() < a / (a + b)) left[i] = 1
      }
      periods[i] = there
    }
    const fit = fitBetaGeometric(renewalsOfCustomers(periods, left))
    const inside = ({ low, high }: { low: number; high: number }, truth: number): number =>
      Number(low <= truth && truth <= high)
    held.survivors += inside(
      readOff(fit, (model) => survivors(model, 12), { scale: 'logit' }),
      survivors({ alpha, beta }, 12),
    )
    held.lifetime += inside(
      readOff(fit, (model) => discountedLifetime(model, 0.1), { scale: 'log' }),
      discountedLifetime({ alpha, beta }, 0.1),
    )
    held.alpha += inside(
      readOff(fit, (model) => model.alpha, { scale: 'log' }),
      alpha,
    )
  }
  // 95 % of 200, give or take three standard deviations of a binomial count.
  for (const count of Object.values(held)) expect(count).toBeGreaterThanOrEqual(190 - 9.3)
})

describe('where there is no greatest likelihood', () => {
  test('all leave with the same probability: the geometric limit, said', () => {
    const fit = fitBetaGeometric(renewalsOfCohorts([{ survivors: [1000, 800, 600, 400] }]))
    expect(fit.limit).toBe('alike')
    expect(fit.errors).toBeNull()
    const rate = 600 / 2400
    expect(survivors(fit, 5)).toBeCloseTo((1 - rate) ** 5, 5)
    const { low, high } = readOff(fit, (model) => survivors(model, 1), { scale: 'logit' })
    const spread = 1.96 * Math.sqrt(1 / (2400 * rate * (1 - rate)))
    expect(Math.log(high / (1 - high)) - Math.log(low / (1 - low))).toBeCloseTo(2 * spread, 4)
  })
  test('some leave at once and nobody later', () => {
    const fit = fitBetaGeometric(renewalsOfCohorts([{ survivors: [100, 60, 60, 60] }]))
    expect(fit.limit).toBe('extreme')
    expect(survivors(fit, 1)).toBeCloseTo(0.6, 8)
    expect(survivors(fit, 100)).toBeCloseTo(0.6, 5)
  })
  test('any counts give finite numbers, or an error that says what to do', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 9 }), (counts) => {
        const falling = counts.toSorted((a, b) => b - a)
        try {
          const fit = fitBetaGeometric(renewalsOfCohorts([{ survivors: falling }]))
          const { value, low, high } = readOff(fit, (m) => survivors(m, 20), { scale: 'logit' })
          expect([fit.alpha, fit.beta, fit.logLikelihood].every(Number.isFinite)).toBe(true)
          expect(low).toBeLessThanOrEqual(value)
          expect(high).toBeGreaterThanOrEqual(value)
          expect(Number.isFinite(discountedLifetime(fit, 0.1))).toBe(true)
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_analysis' })
        }
      }),
    )
  })
  test.each([
    [[{ survivors: [10, 12] }], /left of 10/],
    [[{ survivors: [10, Number.NaN] }], /NaN/],
    [[{ survivors: [10, 5] }], /two ages/],
    [[{ survivors: [10, 10, 10] }], /Nobody left/],
    [[], /two ages/],
    [[{ survivors: [1, 1], renewalsBefore: 1e9 }], /Count in months/],
  ])('%j is refused', (cohorts, reason) => {
    expect(() => fitBetaGeometric(renewalsOfCohorts(cohorts))).toThrow(reason)
  })
  test('customers of half a period are refused', () => {
    expect(() => renewalsOfCustomers(new Float64Array([0.5]), new Uint8Array([0]))).toThrow(/whole/)
    expect(() => renewalsOfCustomers(new Float64Array([0]), new Uint8Array([1]))).toThrow(/whole/)
  })
})
