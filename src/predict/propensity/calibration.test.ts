import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wilsonInterval } from '../../math/binomial-interval.ts'
import { seededRandom } from '../../math/random.ts'
import { calibrationError, calibrationTable } from './calibration-table.ts'
import { calibrate, chanceOf, fitIsotonic, fitPlatt } from './calibrator.ts'
import { dealFolds } from './folds.ts'
import { areaUnderCurve, judgeForecasts } from './forecast-scores.ts'
import { poolAdjacent } from './isotonic.ts'
import { intervalAround, neighboursOf } from './score-neighbours.ts'

/** Challenger, as in src/math/logistic-regression.test.ts. */
const temperature = Float64Array.from([
  66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58,
])
const distress = Uint8Array.from([
  0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1,
])

const cases = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 1 })), {
  minLength: 2,
  maxLength: 30,
})

describe('isotonic', () => {
  test('blocks of the Challenger flights (scikit-learn 1.9.1, IsotonicRegression)', () => {
    const blocks = poolAdjacent(
      temperature.map((one) => -one),
      distress,
    )
    expect(blocks.map(({ from, to, value }) => [from, to, value])).toEqual([
      [-81, -76, 0],
      [-75, -66, 3 / 14],
      [-63, -53, 1],
    ])
  })

  test('is the rising function nearest to the outcomes: min-max formula', () => {
    fc.assert(
      fc.property(cases, (rows) => {
        const scores = Float64Array.from(rows, ([score]) => score)
        const outcomes = rows.map(([, outcome]) => outcome)
        const blocks = poolAdjacent(scores, outcomes)
        const values = [...new Set(scores)].sort((a, b) => a - b)
        const mean = (from: number, to: number): number => {
          const inside = rows.filter(([score]) => score >= from && score <= to)
          return inside.reduce((sum, [, outcome]) => sum + outcome, 0) / inside.length
        }
        for (const value of values) {
          // R. Barlow et al., Statistical Inference under Order Restrictions, 1972, theorem 1.4.
          const highest = Math.max(
            ...values
              .filter((from) => from <= value)
              .map((from) =>
                Math.min(...values.filter((to) => to >= value).map((to) => mean(from, to))),
              ),
          )
          const block = blocks.find(({ from, to }) => from <= value && value <= to)
          expect(block?.value).toBeCloseTo(highest, 12)
        }
        expect(blocks.reduce((sum, block) => sum + block.rows, 0)).toBe(rows.length)
      }),
    )
  })
})

describe('calibrators', () => {
  test('never fall, never say 0 or 1', () => {
    fc.assert(
      fc.property(cases, (rows) => {
        const outcomes = Uint8Array.from(rows, ([, outcome]) => outcome)
        if (outcomes.every((one) => one === outcomes[0])) return
        const scores = Float64Array.from(rows, ([score]) => score)
        for (const fit of [fitPlatt, fitIsotonic]) {
          const calibrator = fit(scores, outcomes)
          let before = -Infinity
          for (let score = -7; score <= 7; score += 0.25) {
            const here = calibrate(calibrator, score)
            expect(here).toBeGreaterThanOrEqual(before)
            const chance = chanceOf(here)
            expect(chance > 0 && chance < 1).toBe(true)
            before = here
          }
        }
      }),
    )
  })

  test('of scores that are too sure, both find the chances', () => {
    const random = seededRandom('sure')
    const truth = Float64Array.from({ length: 20_000 }, () => random.normal() - 1)
    const outcomes = Uint8Array.from(truth, (one) => (random.chance(chanceOf(one)) ? 1 : 0))
    const sure = truth.map((one) => 3 * one + 2)
    const platt = fitPlatt(sure, outcomes)
    const isotonic = fitIsotonic(sure, outcomes)
    expect(platt.method === 'platt' && platt.slope).toBeCloseTo(1 / 3, 1)
    for (const one of [-2, -1, 0, 1]) {
      expect(chanceOf(calibrate(platt, 3 * one + 2))).toBeCloseTo(chanceOf(one), 1)
      expect(Math.abs(chanceOf(calibrate(isotonic, 3 * one + 2)) - chanceOf(one))).toBeLessThan(
        0.05,
      )
    }
  })

  test('scores that lead the wrong way are not turned round: the base rate is said', () => {
    const scores = Float64Array.of(1, 2, 3, 4, 5, 6)
    const outcomes = Uint8Array.of(1, 1, 0, 1, 0, 0)
    expect(fitPlatt(scores, outcomes)).toEqual({ method: 'platt', slope: 0, offset: 0 })
    expect(chanceOf(calibrate(fitIsotonic(scores, outcomes), 6))).toBeCloseTo(0.5, 12)
  })
})

describe('judging', () => {
  test('Challenger (scikit-learn 1.9.1): AUC, Brier, log-loss', () => {
    const fitted = temperature.map((t) => chanceOf(15.042901647702232 - 0.2321627442185934 * t))
    const scores = judgeForecasts(fitted, distress)
    expect(scores.auc).toBe(0.78125)
    expect(scores.brier).toBeCloseTo(0.13852668102746063, 10)
    expect(23 * scores.logLoss).toBeCloseTo(10.157596343933415, 8)
    expect(scores.baseRate).toBe(7 / 23)
  })

  test('AUC is the share of pairs ranked rightly, ties by half', () => {
    fc.assert(
      fc.property(cases, (rows) => {
        let [won, pairs] = [0, 0]
        for (const [high, yes] of rows)
          for (const [low, no] of rows) {
            if (yes !== 1 || no !== 0) continue
            pairs++
            won += high > low ? 1 : high === low ? 0.5 : 0
          }
        const outcomes = rows.map(([, outcome]) => outcome)
        const area = areaUnderCurve(
          Float64Array.from(rows, ([score]) => score),
          outcomes,
        )
        if (pairs === 0) expect(area).toBe(null)
        else expect(area).toBeCloseTo(won / pairs, 12)
      }),
    )
  })

  test('tenths hold all rows, equal forecasts together, with Wilson', () => {
    fc.assert(
      fc.property(cases, (rows) => {
        const forecasts = Float64Array.from(rows, ([score]) => (score + 5) / 10)
        const outcomes = rows.map(([, outcome]) => outcome)
        const table = calibrationTable(forecasts, outcomes)
        expect(table.reduce((sum, row) => sum + row.rows, 0)).toBe(rows.length)
        table.forEach(({ from, to, rows: size, predicted, actual, low, high }, i) => {
          expect(from).toBeGreaterThan(table[i - 1]?.to ?? -1)
          const inside = [...forecasts.keys()].filter(
            (at) => (forecasts[at] ?? 0) >= from && (forecasts[at] ?? 0) <= to,
          )
          const happened = inside.filter((at) => outcomes[at] === 1).length
          expect([size, actual]).toEqual([inside.length, happened / inside.length])
          expect({ low, high }).toEqual(wilsonInterval(happened, size))
          expect(predicted).toBeGreaterThanOrEqual(from - 1e-12)
          expect(predicted).toBeLessThanOrEqual(to + 1e-12)
        })
      }),
    )
  })

  test('calibration error by hand', () => {
    const forecasts = Float64Array.of(0.1, 0.1, 0.6, 0.6)
    const table = calibrationTable(forecasts, [0, 1, 1, 1], 2)
    // Two of .1 where half did: .4; two of .6 where all did: .4.
    expect(calibrationError(table)).toBeCloseTo(0.4, 12)
  })

  test.each([
    ['none', [], []],
    ['other lengths', [0.5], []],
    ['no chance', [1.5], [1]],
    ['NaN', [Number.NaN], [1]],
  ])('bad forecasts: %s', (_, forecasts, outcomes) => {
    expect(() => judgeForecasts(Float64Array.from(forecasts), Uint8Array.from(outcomes))).toThrow(
      'cannot be analysed',
    )
  })
})

test('neighbours: the interval is of those with such scores', () => {
  const scores = Float64Array.from({ length: 2_000 }, (_, i) => i)
  const outcomes = Uint8Array.from(scores, (score) => (score >= 1_000 ? 1 : 0))
  const neighbours = neighboursOf(scores, outcomes, new Float64Array(2_000).fill(0.2))
  const near = intervalAround(neighbours, 200, 0.2)
  expect(near.low).toBe(0)
  // No success of 100, but what was foretold is held.
  expect(near.high).toBe(0.2)
  expect(intervalAround(neighbours, 5_000, 0.5)).toEqual({ low: 0.5, high: 1 })
  const same = neighboursOf(
    new Float64Array(10),
    new Uint8Array(10),
    new Float64Array(10).fill(0.1),
  )
  expect(intervalAround(same, 3, 0.1).high).toBeCloseTo(wilsonInterval(0, 10).high, 12)
})

test('neighbours: of another forecast than theirs the ends are moved by its log-odds', () => {
  const scores = Float64Array.from({ length: 100 }, (_, i) => i)
  const outcomes = Uint8Array.from(scores, (score) => (score % 5 === 0 ? 1 : 0))
  const neighbours = neighboursOf(scores, outcomes, new Float64Array(100).fill(0.2))
  const plain = intervalAround(neighbours, 50, 0.2)
  expect(plain.low).toBeCloseTo(wilsonInterval(10, 50).low, 12)
  const odds = (chance: number): number => chance / (1 - chance)
  const moved = intervalAround(neighbours, 50, 0.5)
  expect(odds(moved.high) / odds(plain.high)).toBeCloseTo(4, 10)
})

test('folds are of equal size and equal share of outcomes', () => {
  const outcomes = Uint8Array.from({ length: 103 }, (_, i) => (i < 20 ? 1 : 0))
  const parts = dealFolds(outcomes, null, 5, seededRandom(1))
  for (let part = 0; part < 5; part++) {
    const rows = [...parts.keys()].filter((row) => parts[row] === part)
    expect(rows.filter((row) => outcomes[row] === 1)).toHaveLength(4)
    expect([20, 21]).toContain(rows.length)
  }
})
