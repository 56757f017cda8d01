import fc from 'fast-check'
import { expect, test } from 'vitest'
import { absoluteError, calibrationBins, holdAgainst, improvement, logLoss, meanLoss, ranking } from './backtest.ts' // prettier-ignore

test('log-loss and mean absolute error by hand', () => {
  // ln 2 for a coin, and -(ln .8 + ln .6) / 2.
  expect(meanLoss(logLoss, [0.5, 0.5], [1, 0])).toBeCloseTo(Math.LN2, 12)
  expect(meanLoss(logLoss, [0.8, 0.4], [1, 0])).toBeCloseTo(0.366984588, 8)
  expect(meanLoss(absoluteError, [1, 2.5], [3, 2])).toBe(1.25)
  // A sure forecast that fails costs much, and not without end.
  expect(meanLoss(logLoss, [0, 1], [1, 0])).toBeCloseTo(-Math.log(1e-6), 6)
})

test('the area under the curve of Hanley and McNeil (1982), table I', () => {
  // Ratings 1 to 5 of 58 normal and 51 abnormal pictures; the area is 0.893.
  const normal = [33, 6, 6, 11, 2]
  const abnormal = [3, 2, 2, 11, 33]
  const rated = (counts: number[]): number[] =>
    counts.flatMap((count, rating) => Array.from({ length: count }, () => rating))
  const forecasts = [...rated(normal), ...rated(abnormal)]
  const actuals = forecasts.map((_rating, i) => Number(i >= 58))
  expect(ranking(forecasts, actuals)).toBeCloseTo(0.893, 3)
  expect(ranking([0.2, 0.4], [1, 1])).toBeNull()
})

test('ranking is the share of pairs in the right order, ties by half', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { maxLength: 30 }),
      (rows) => {
        const of = (did: boolean) => rows.filter((row) => row[1] === did).map(([score]) => score)
        const [positives, negatives] = [of(true), of(false)]
        const pairs = positives.flatMap((one) => negatives.map((other) => (one > other ? 1 : one === other ? 0.5 : 0))) // prettier-ignore
        const expected = pairs.length === 0 ? null : pairs.reduce<number>((sum, one) => sum + one, 0) / pairs.length // prettier-ignore
        const found = ranking(rows.map(([score]) => score), rows.map(([, did]) => Number(did))) // prettier-ignore
        if (expected === null) expect(found).toBeNull()
        else expect(found).toBeCloseTo(expected, 12)
      },
    ),
  )
})

test('an improvement has the interval of a paired comparison', () => {
  // Differences 1, 1, 1, 3: mean 1.5, deviation 1, so 1.5 ± 1.96 / 2.
  const better = improvement(absoluteError, [0, 0, 0, 0], [1, 1, 1, 3], [0, 0, 0, 0])
  expect(better.value).toBe(1.5)
  expect(better.low).toBeCloseTo(1.5 - 0.97998, 4)
  expect(improvement(absoluteError, [0], [1], [0])).toMatchObject({ low: -Infinity })
})

test('equal forecasts stay in one group, and all people are in some', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.boolean()), { minLength: 1 }),
      (rows) => {
        const forecasts = rows.map(([score]) => score / 8)
        const bins = calibrationBins(forecasts, rows.map(([, did]) => Number(did)), { isChance: true }) // prettier-ignore
        expect(bins.reduce((sum, { people }) => sum + people, 0)).toBe(rows.length)
        expect(bins.length).toBeLessThanOrEqual(10)
        for (const { low, actual, high } of bins) {
          expect(low).toBeLessThanOrEqual(actual)
          expect(high).toBeGreaterThanOrEqual(actual)
        }
        const predicted = bins.map((bin) => bin.predicted)
        expect(predicted).toEqual(predicted.toSorted((one, other) => one - other))
      },
    ),
  )
})

test('what is no better than saying the same of everybody does not beat it', () => {
  const actuals = Array.from({ length: 200 }, (_, i) => i % 2)
  const contest = (ours: number[]) =>
    holdAgainst({
      ...{ measure: 'log_loss', unit: 'chance', from: '2026-08-01', to: '2026-10-29', actuals },
      ...{ ours, candidates: [] },
      baselines: [{ name: 'The same for everybody', forecasts: actuals.map(() => 0.5) }],
    })
  expect(contest(actuals.map((one) => 0.3 + 0.4 * one)).beatsAll).toBe(true)
  expect(contest(actuals.map(() => 0.5)).beatsAll).toBe(false)
  // Noise is worse, and a little better is not for sure.
  expect(contest(actuals.map((_, i) => ((i * 7) % 10) / 10)).beatsAll).toBe(false)
  expect(contest(actuals.map((one, i) => (i < 2 ? 0.4 + 0.2 * one : 0.5))).beatsAll).toBe(false)
})
