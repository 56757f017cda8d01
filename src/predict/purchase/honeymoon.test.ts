import { expect, test } from 'vitest'
import { collapseHistories } from './collapse.ts'
import { compareForetold } from './holdout.ts'
import { discountedPurchases } from './discounted-purchases.ts'
import { fitHoneymoon, honeymoonLoss } from './honeymoon.ts'
import { fitPurchaseModel } from './fit-purchase-model.ts'
import { forecastOf, purchasePredictor } from './predict-purchases.ts'
import { off, readTransactions, sum } from './testing.ts'
import { seededRandom } from '../../math/random.ts'
import { sharedData } from '../../../test/shared-data.ts'
import { summariseTransactions } from './summarise-transactions.ts'
import { typicalCounts } from './typical-counts.ts'

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000

test.each(['bgnbd', 'mbgnbd'] as const)('%s: the gradient is that of the value', (kind) => {
  const data = collapseHistories({
    frequency: Float64Array.of(0, 2, 1, 5),
    recency: Float64Array.of(0, 4, 3, 29),
    age: Float64Array.of(30, 30, 25, 30),
  })
  const loss = honeymoonLoss(kind, data, Float64Array.of(1, 4, 3, 2, 9, 14, 20, 29))
  const point = Float64Array.from([0.4, 5, 0.8, 2.4, 0.9, 0.2], Math.log)
  const gradient = new Float64Array(6)
  loss(point, gradient)
  for (let i = 0; i < 6; i++) {
    const at = (step: number): number => {
      const moved = Float64Array.from(point)
      moved[i] = (moved[i] ?? 0) + step
      return loss(moved, new Float64Array(6))
    }
    const slope = (at(1e-5) - at(-1e-5)) / 2e-5
    expect(Math.abs((gradient[i] ?? 0) - slope)).toBeLessThan(1e-8)
  }
})

test('recovers a honeymoon that was simulated, inside the intervals', () => {
  const random = seededRandom('honeymoon')
  const [boost, fade] = [1.5, 0.25]
  const rows = Array.from({ length: 8000 }, () => {
    const age = random.between(20, 60)
    const rate = random.gamma(0.8, 1 / 6)
    const leaves = random.beta(0.8, 3)
    const times: number[] = []
    // Thinned from the highest rate.
    for (let t = random.exponential(1 / (rate * (1 + boost))); t <= age;) {
      if (random.chance((1 + boost * Math.exp(-fade * t)) / (1 + boost))) {
        times.push(t)
        if (random.chance(leaves)) break
      }
      t += random.exponential(1 / (rate * (1 + boost)))
    }
    return { age, times }
  })
  const histories = {
    frequency: Float64Array.from(rows, ({ times }) => times.length),
    recency: Float64Array.from(rows, ({ times }) => times.at(-1) ?? 0),
    age: Float64Array.from(rows, ({ age }) => age),
  }
  const repeatTimes = Float64Array.from(rows.flatMap(({ times }) => times))
  const fit = fitHoneymoon('bgnbd', histories, repeatTimes)
  const truth = { r: 0.8, alpha: 6, a: 0.8, b: 3, boost, fade }
  for (const [name, value] of Object.entries(truth)) {
    expect(fit.intervals[name]?.low).toBeLessThan(value)
    expect(fit.intervals[name]?.high).toBeGreaterThan(value)
  }
  expect(fit.logLikelihood).toBeGreaterThan(fitPurchaseModel('bgnbd', histories).logLikelihood + 20)
  expect(() => fitHoneymoon('bgnbd', histories, repeatTimes.slice(1))).toThrow(/repeat purchases/)
})

test('without a boost it is the plain model', () => {
  const plain = { r: 0.3, alpha: 5, a: 0.7, b: 2.4 }
  const history = { frequency: 3, recency: 12, age: 30 }
  const with0 = forecastOf('bgnbd', { ...plain, boost: 0, fade: 0.2 })
  expect(with0.expected(history, 20)).toBe(forecastOf('bgnbd', plain).expected(history, 20))
  expect(() => forecastOf('paretonbd', { ...plain, s: 1, beta: 2, boost: 1, fade: 1 })).toThrow(
    /goes with/,
  )
  expect(() => forecastOf('bgnbd', { ...plain, boost: 1 })).toThrow(/fade/)
})

/**
 * Our own figures, not published ones, beside what the published models reach on these weeks (Pareto/NBD:
 * off by .7545 and .7938 as means, 11.5 and 12.9 % too few in all; BG/NBD with .9845 and 1.0156 as
 * logarithmic score). The form of the clock and the rule of dropout were chosen by the log-likelihood
 * of the calibration.
 */
test.skipIf(sharedData('cdnow/CDNOW_master.txt.gz') === null).each([
  ['sample', -9558.88, 0.0825, 1.6023, 0.7175],
  ['full', -95187.4, 0.1035, 1.7227, 0.7615],
] as const)('CDNOW, %s (skipped: data not there)', (size, logLikelihood, short, rmse, typical) => {
  const summaries = summariseTransactions(readTransactions(size), {
    end: day('1997-09-30'),
    unit: 7,
  })
  const fit = fitHoneymoon('bgnbd', summaries, summaries.repeatTimes)
  expect(fit.converged).toBe(true)
  expect(fit.logLikelihood).toBeGreaterThan(logLikelihood - 0.01)
  const predict = purchasePredictor(fit, 39)
  const { frequency, recency, age, heldPurchases } = summaries
  const report = compareForetold(summaries, (i) =>
    predict({ frequency: frequency[i] ?? 0, recency: recency[i] ?? 0, age: age[i] ?? 0 }),
  )
  expect(1 - report.predicted / report.actual).toBeLessThan(short)
  expect(report.rootMeanSquareError).toBeLessThan(rmse)
  expect(report.coverage).toBeGreaterThan(0.95)
  const { counts, total, expectedTotal } = typicalCounts(fit, summaries, 39)
  expect(off(total, expectedTotal)).toBeLessThan(0.001)
  expect(total).toBe(sum(counts))
  const wrong = sum(counts.map((count, i) => Math.abs(count - (heldPurchases[i] ?? 0))))
  expect(wrong / counts.length).toBeLessThan(typical)
})

test.each([
  ['bgnbd', { r: 0.3, alpha: 5, a: 0.7, b: 2.4 }],
  ['paretonbd', { r: 0.5, alpha: 10, s: 0.6, beta: 11 }],
] as const)('%s: discounted purchases are the sum of small steps', (kind, parameters) => {
  const forecast = forecastOf(kind, parameters)
  const history = { frequency: 4, recency: 30, age: 35 }
  const rate = 0.01
  let steps = 0
  const step = 1 / 8
  for (let t = 0; t < 400; t += step) {
    const between = forecast.expected(history, t + step) - forecast.expected(history, t)
    steps += between * Math.exp(-rate * (t + step / 2))
  }
  const found = discountedPurchases(forecast, history, { rate, horizon: 400 })
  expect(off(found, steps)).toBeLessThan(1e-6)
  const ever = discountedPurchases(forecast, history, { rate, horizon: Infinity })
  expect(ever).toBeGreaterThan(found)
  expect(off(discountedPurchases(forecast, history, { rate, horizon: 4500 }), ever)).toBeLessThan(
    1e-9,
  )
  const undiscounted = discountedPurchases(forecast, null, { rate: 0, horizon: 52 })
  expect(undiscounted).toBe(forecast.expectedNew(52))
  expect(() => discountedPurchases(forecast, null, { rate: 0, horizon: Infinity })).toThrow(/rate/)
})
