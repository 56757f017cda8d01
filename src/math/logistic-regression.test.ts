import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { curvatureAt, type LogisticProblem } from './logistic-likelihood.ts'
import { fitLogistic, logOddsError, logOddsOf } from './logistic-regression.ts'
import { fitLinearScorer, linearEffect, linearScores, prepareColumns } from './linear-scorer.ts'
import { seededRandom } from './random.ts'
import { fitRidge } from './ridge-regression.ts'

/**
 * O-rings of 23 flights: joint temperature (F) and thermal distress (S. Dalal, E. Fowlkes and B. Hoadley,
 * "Risk analysis of the space shuttle: pre-Challenger prediction of failure", JASA 84, 1989, table 1).
 */
const temperature = Float64Array.from([
  66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58,
])
const distress = Uint8Array.from([
  0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1,
])

describe('published and peers', () => {
  test('Challenger: 15.043 and -.2322 (JASA 84, section 4), errors 7.3786 and .1082 of R glm', () => {
    const fit = fitLogistic([temperature], distress, { penalty: 0 })
    expect(fit.intercept).toBeCloseTo(15.042901647702232, 7)
    expect(fit.coefficients[0]).toBeCloseTo(-0.2321627442185934, 9)
    expect(fit.errors[0]).toBeCloseTo(7.37863638, 6)
    expect(fit.errors[1]).toBeCloseTo(0.10823652, 7)
    expect(fit.logLikelihood).toBeCloseTo(-10.157596343933415, 10)
    expect([fit.converged, fit.separated]).toEqual([true, false])
  })

  test.each([
    [1, 14.861927233819122, -0.22950051501471327],
    [10, 13.508765826288503, -0.20959321260581779],
  ])('a penalty of %d on the slope as given (scikit-learn 1.9.1)', (penalty, intercept, slope) => {
    const fit = fitLogistic([temperature], distress, { penalty, standardise: false })
    expect(fit.intercept).toBeCloseTo(intercept, 8)
    expect(fit.coefficients[0]).toBeCloseTo(slope, 10)
  })

  test('weights and two columns (scikit-learn 1.9.1, C = .5)', () => {
    const other = temperature.map((t) => (t * t - 3 * t) % 17)
    const weights = Float64Array.from(temperature, (_, i) => ((i + 1) % 3) + 0.5)
    const options = { penalty: 2, standardise: false, weights }
    const fit = fitLogistic([temperature, other], distress, options)
    expect(fit.intercept).toBeCloseTo(23.807754434909565, 8)
    expect(fit.coefficients[0]).toBeCloseTo(-0.4032474483934652, 10)
    expect(fit.coefficients[1]).toBeCloseTo(0.2846843120037729, 10)
  })
})

function simulated(seed: string, rows: number, slopes: readonly number[]) {
  const random = seededRandom(seed)
  const columns = slopes.map(() => Float64Array.from({ length: rows }, () => random.normal()))
  const outcomes = Uint8Array.from({ length: rows }, (_, i) => {
    const eta = slopes.reduce((sum, slope, c) => sum + slope * (columns[c]?.[i] ?? 0), -1)
    return random.chance(1 / (1 + Math.exp(-eta))) ? 1 : 0
  })
  return { columns, outcomes, random }
}

describe('what must hold', () => {
  test('slope and curvature are the derivatives of the objective', () => {
    const { columns, outcomes } = simulated('derivatives', 700, [0.5, -1])
    const problem: LogisticProblem = {
      ...{ columns, outcomes, weights: null },
      means: Float64Array.of(0.1, -0.2),
      deviations: Float64Array.of(1.5, 0.7),
      penalties: Float64Array.of(3, 0.5),
    }
    const beta = Float64Array.of(-0.7, 0.3, 0.9)
    const here = curvatureAt(problem, beta)
    const step = 1e-5
    for (let j = 0; j < 3; j++) {
      const [up, down] = [1, -1].map((sign) =>
        curvatureAt(
          problem,
          beta.map((one, k) => one + (k === j ? sign * step : 0)),
        ),
      )
      if (!up || !down) throw new RangeError('two sides')
      expect((up.objective - down.objective) / (2 * step)).toBeCloseTo(here.gradient[j] ?? 0, 5)
      for (let k = 0; k <= j; k++) {
        const slope = ((up.gradient[k] ?? 0) - (down.gradient[k] ?? 0)) / (2 * step)
        expect(slope).toBeCloseTo(here.hessian[j * 3 + k] ?? 0, 5)
      }
    }
  })

  test('a weight of 2 is the row twice, a shift and a scale of a column change nothing', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
        (seed, shift, scale) => {
          const { columns, outcomes } = simulated(`weights ${seed}`, 60, [1, -0.5])
          const weights = Float64Array.from(outcomes, (_, i) => 1 + (i % 2))
          const rows = [...outcomes.keys()].flatMap((i) => (i % 2 ? [i, i] : [i]))
          if (outcomes.every((one) => one === outcomes[0])) return
          const weighted = fitLogistic(columns, outcomes, { weights })
          const [first = new Float64Array(), second = first] = columns
          const repeated = fitLogistic(
            [
              Float64Array.from(rows, (i) => shift + scale * (first[i] ?? 0)),
              Float64Array.from(rows, (i) => second[i] ?? 0),
            ],
            Uint8Array.from(rows, (i) => outcomes[i] ?? 0),
          )
          const slopes = [scale * (repeated.coefficients[0] ?? 0), repeated.coefficients[1] ?? 0]
          expect(slopes[0]).toBeCloseTo(weighted.coefficients[0] ?? 0, 5)
          expect(slopes[1]).toBeCloseTo(weighted.coefficients[1] ?? 0, 5)
          expect(repeated.centre).toBeCloseTo(weighted.centre, 5)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('true slopes lie in their intervals of 95 % about as often as said', () => {
    const slopes = [0.8, 0, -0.4]
    let [inside, all, covered] = [0, 0, 0]
    for (let run = 0; run < 200; run++) {
      const { columns, outcomes } = simulated(`coverage ${run}`, 400, slopes)
      const fit = fitLogistic(columns, outcomes, { penalty: 0 })
      slopes.forEach((slope, c) => {
        all++
        const half = 1.96 * (fit.errors[c + 1] ?? 0)
        if (Math.abs((fit.coefficients[c] ?? 0) - slope) < half) inside++
      })
      const row = [1, -1, 0.5]
      const truth = -1 + 0.8 - 0.2
      if (Math.abs(logOddsOf(fit, row) - truth) < 1.96 * logOddsError(fit, row)) covered++
    }
    expect(inside / all).toBeGreaterThan(0.92)
    expect(inside / all).toBeLessThan(0.98)
    expect(covered / 200).toBeGreaterThan(0.9)
  })

  test('a column that never varies has no slope and changes no other', () => {
    const { columns, outcomes } = simulated('constant', 300, [1, -1])
    const plain = fitLogistic(columns, outcomes)
    const same = new Float64Array(300).fill(1e9 + 0.1)
    const fit = fitLogistic([...columns, same], outcomes)
    expect([...fit.coefficients]).toEqual([...plain.coefficients, 0])
    expect([...fit.errors].every(Number.isFinite)).toBe(true)
  })
})

describe('bad input', () => {
  const x = Float64Array.of(1, 2, 3, 4, 5, 6)
  const parted = Uint8Array.of(0, 0, 0, 1, 1, 1)

  test('separable: refused without a penalty, finite and said with one', () => {
    expect(() => fitLogistic([x], parted, { penalty: 0 })).toThrow('give a penalty')
    const fit = fitLogistic([x], parted, { penalty: 0.1 })
    expect(fit.separated).toBe(true)
    expect(fit.converged).toBe(true)
    expect(fit.coefficients[0]).toBeGreaterThan(0.5)
    expect(fit.coefficients[0]).toBeLessThan(10)
  })

  test('nearly separable: one group with one outcome only', () => {
    const group = Float64Array.of(1, 1, 1, 0, 0, 0)
    const outcomes = Uint8Array.of(1, 1, 1, 0, 1, 0)
    expect(() => fitLogistic([group], outcomes, { penalty: 0 })).toThrow('give a')
    expect(fitLogistic([group], outcomes).converged).toBe(true)
  })

  test('a column twice: refused without a penalty, shared with one', () => {
    const outcomes = Uint8Array.of(0, 1, 0, 1, 0, 1)
    expect(() => fitLogistic([x, x], outcomes, { penalty: 0 })).toThrow('penalty')
    const { coefficients } = fitLogistic([x, x], outcomes)
    expect(coefficients[0]).toBeCloseTo(coefficients[1] ?? 0, 12)
  })

  test.each([
    ['NaN in a column', [Float64Array.of(1, Number.NaN)], [0, 1], {}, 'holds NaN in row 1'],
    ['infinity', [Float64Array.of(1, Infinity)], [0, 1], {}, 'holds Infinity'],
    ['other lengths', [Float64Array.of(1)], [0, 1], {}, 'has 1 values for 2 rows'],
    ['one outcome', [Float64Array.of(1, 2)], [1, 1], {}, 'Both outcomes'],
    ['nothing', [], [], {}, 'Both outcomes'],
    ['an outcome of 2', [Float64Array.of(1, 2)], [2, 1], {}, 'between 0 and 1'],
    ['a negative penalty', [Float64Array.of(1, 2)], [0, 1], { penalty: -1 }, 'from 0'],
    ['a negative weight', [], [0, 1], { weights: Float64Array.of(1, -1) }, 'at least 0'],
    ['numbers beyond squares', [Float64Array.of(1, 1e300)], [0, 1], {}, 'too large'],
  ])('%s', (_, columns, outcomes, options, words) => {
    expect(() => fitLogistic(columns, outcomes, options)).toThrow(words)
  })
})

test('columns as they come: gaps and skew are told, effects add up', () => {
  const random = seededRandom('raw')
  const rows = 4_000
  const amount = Float64Array.from({ length: rows }, () => Math.exp(3 * random.normal()))
  const gappy = Float64Array.from({ length: rows }, () =>
    random.chance(0.3) ? Number.NaN : random.normal(),
  )
  const outcomes = Uint8Array.from(amount, (one, i) => {
    const eta = 0.8 * Math.log1p(one) - 1 + (Number.isNaN(gappy[i]) ? 1.5 : 0)
    return random.chance(1 / (1 + Math.exp(-eta))) ? 1 : 0
  })
  const columns = [amount, gappy]
  const scorer = fitLinearScorer(prepareColumns(columns), outcomes, { penalty: 1 })
  expect(scorer.isLogged).toEqual([true, false])
  expect(scorer.slopes[0]).toBeCloseTo(0.8, 0)
  expect(scorer.missingSlopes[1]).toBeCloseTo(1.5, 0)
  const scores = linearScores(scorer, columns)
  for (const row of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const effects = columns.map((column, f) => linearEffect(scorer, f, column[row] ?? Number.NaN))
    expect(effects.reduce((sum, one) => sum + one, scorer.base)).toBeCloseTo(scores[row] ?? 0, 12)
  }
  const mean = columns.map((column, f) => {
    const effects = Array.from(column, (value) => linearEffect(scorer, f, value))
    return effects.reduce((sum, one) => sum + one, 0) / rows
  })
  expect(Math.abs(mean[0] ?? 1)).toBeLessThan(1e-9)
  expect(Math.abs(mean[1] ?? 1)).toBeLessThan(1e-9)
})

test('ridge: the normal equations hold, and no penalty is least squares', () => {
  const x = Float64Array.of(1, 2, 3, 4)
  const y = Float64Array.of(2, 4.1, 5.9, 8)
  const plain = fitRidge([x], y, { penalty: 0 })
  expect(plain.coefficients[0]).toBeCloseTo(1.98, 12)
  // Of deviation 1, sum of squares 4: the slope shrinks by 4 / (4 + 4).
  expect(fitRidge([x], y, { penalty: 4 }).coefficients[0]).toBeCloseTo(0.99, 12)
  expect(plain.centre).toBeCloseTo(5, 12)
  expect(() => fitRidge([x, x], y, { penalty: 0 })).toThrow('penalty')
})
