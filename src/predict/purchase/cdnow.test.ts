/**
 * The models on the purchases of CDNOW. Parameters and log-likelihoods: Fader, Hardie and Lee,
 * Marketing Science 24 (2005), tables 1 and 2; the tests of the R package CLVTools and of the Python
 * package lifetimes; forecasts: the vignette of the R package BTYD.
 */
import { describe, expect, test } from 'vitest'
import { cdnowFile, off, readCdnow, sum, type CdnowCustomers } from './testing.ts'
import { compareForetold } from './holdout.ts'
import { expectedSpend, fitGammaGamma } from './gamma-gamma.ts'
import { fitPurchaseModel } from './fit-purchase-model.ts'
import { forecastOf, purchasePredictor } from './predict-purchases.ts'
import type { PurchaseKind } from './purchase-model.ts'

const [sampleFile, fullFile] = [cdnowFile('sample'), cdnowFile('full')]
const there = sampleFile !== null && fullFile !== null
const nothing = new Float64Array()
const none = { frequency: nothing, recency: nothing, age: nothing, spend: nothing }
const read = (file: string | null): CdnowCustomers =>
  file === null ? { ...none, heldPurchases: nothing } : readCdnow(file)
const [sample, full] = [read(sampleFile), read(fullFile)]

describe.skipIf(!there)('fits (skipped: data not there)', () => {
  test.each([
    // CLVTools' tests print 7 digits; the likelihood is flat to them in the fifth.
    ['bgnbd', 'sample', [0.2425945, 4.4136019, 0.7929199, 2.4258881], -9582.429, 1e-5],
    ['paretonbd', 'sample', [0.553, 10.578, 0.606, 11.669], -9594.976, 6e-4],
    ['mbgnbd', 'sample', [0.525, 6.183, 0.891, 1.614], -9582.1357, 5e-4],
    ['bgnbd', 'full', [0.251624, 4.788942, 0.723431, 2.16108], -95368.4439, 1e-5],
    ['mbgnbd', 'full', [0.63713, 7.310225, 0.807491, 1.228443], -95336.9583, 5e-5],
    // A flat ridge: other programs differ in the third digit themselves.
    ['paretonbd', 'full', [0.59741, 11.5851, 0.52225, 8.8295], -95415.12, 1e-3],
  ] as const)('%s, %s', (kind, size, parameters, logLikelihood, tolerance) => {
    const fit = fitPurchaseModel(kind, size === 'sample' ? sample : full)
    expect(fit).toMatchObject({ converged: true, prior: 'none' })
    for (const [i, value] of Object.values(fit.parameters).entries())
      expect(off(value, parameters[i] ?? 0)).toBeLessThan(tolerance)
    const digits = String(logLikelihood).split('.')[1]?.length ?? 0
    expect(Math.abs(fit.logLikelihood - logLikelihood)).toBeLessThan(0.5001 * 10 ** -digits + 1e-4)
  })

  test('standard errors of Pareto/NBD (tests of CLVTools)', () => {
    const { standardErrors } = fitPurchaseModel('paretonbd', sample)
    const printed = { r: 0.0476264, alpha: 0.8427222, s: 0.1872594, beta: 6.2105448 }
    for (const [name, value] of Object.entries(printed))
      expect(off(standardErrors[name] ?? 0, value)).toBeLessThan(1.5e-4)
  })

  test('Gamma-Gamma, and what the first customers will spend (note 025)', () => {
    const fit = fitGammaGamma(sample)
    expect(fit.customers).toBe(946)
    expect(fit.parameters['p']).toBeCloseTo(6.25, 2)
    expect(fit.parameters['q']).toBeCloseTo(3.74, 2)
    expect(fit.parameters['gamma']).toBeCloseTo(15.44, 2)
    expect(fit.logLikelihood).toBeCloseTo(-4055.9177, 4)
    const spent = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    for (const [i, value] of spent.entries()) {
      const history = { frequency: sample.frequency[i] ?? 0, spend: sample.spend[i] ?? 0 }
      expect(expectedSpend(fit.parameters, history).expected).toBeCloseTo(value, 2)
    }
  })

  test('Gamma-Gamma of all customers', () => {
    const fit = fitGammaGamma(full)
    expect(fit.customers).toBe(9450)
    const { p = 0, q = 0, gamma = 0 } = fit.parameters
    expect(off(p, 6.27534)).toBeLessThan(1e-5)
    expect(off(q, 3.62444)).toBeLessThan(1e-5)
    expect(off(gamma, 14.98371)).toBeLessThan(1e-5)
    expect(fit.logLikelihood).toBeCloseTo(-40763.4763, 4)
  })
})

describe.skipIf(!there)('forecasts (skipped: data not there)', () => {
  test.each([
    ['bgnbd', 1e-3, [1312.458, 1387.346, 1460.392, 1531.713, 1601.418, 1669.6]],
    ['paretonbd', 4.5e-5, [1308.856, 1385.275, 1459.923, 1532.906, 1604.32, 1674.253]],
  ] as const)('%s: purchases up to weeks 20 to 25 (BTYD)', (kind, tolerance, printed) => {
    const forecast = forecastOf(kind, fitPurchaseModel(kind, sample).parameters)
    const watched = Math.max(...sample.age)
    for (const [i, value] of printed.entries()) {
      const begun = Array.from(sample.age, (age) => Math.max(0, 20 + i - (watched - age)))
      const expected = sum(begun.map((time) => forecast.expectedNew(time)))
      expect(off(expected, value)).toBeLessThan(tolerance)
    }
  })

  test.each([
    ['bgnbd', [0.2251, 0.5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.504, 6.157]],
    ['paretonbd', [0.138, 0.6, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403]],
  ] as const)('%s: 39 weeks held out, by the number before (BTYD)', (kind, printed) => {
    const predict = purchasePredictor(fitPurchaseModel(kind, sample), 39)
    const [totals, counts, actual] = [0, 0, 0].map(() => new Float64Array(8))
    for (let i = 0; i < sample.frequency.length; i++) {
      const frequency = sample.frequency[i] ?? 0
      const [recency, age] = [sample.recency[i] ?? 0, sample.age[i] ?? 0]
      const at = Math.min(7, frequency)
      if (!totals || !counts || !actual) continue
      totals[at] = (totals[at] ?? 0) + predict({ frequency, recency, age }).expected
      actual[at] = (actual[at] ?? 0) + (sample.heldPurchases[i] ?? 0)
      counts[at] = (counts[at] ?? 0) + 1
    }
    expect(Array.from(counts ?? [])).toEqual([1411, 439, 214, 100, 62, 38, 29, 64])
    const digits = kind === 'bgnbd' ? 2e-4 : 7.5e-4
    for (const [i, value] of printed.entries())
      expect(Math.abs((totals?.[i] ?? 0) / (counts?.[i] ?? 1) - value)).toBeLessThan(digits)
    const seen = [0.2367, 0.697, 1.3925, 1.56, 2.5323, 2.9474, 3.8621, 6.3594]
    for (const [i, value] of seen.entries())
      expect((actual?.[i] ?? 0) / (counts?.[i] ?? 1)).toBeCloseTo(value, 4)
  })

  test.each([
    // Computed by lifetimes, BTYD and CLVTools on the same customers.
    ['bgnbd', 'sample', 1653.41, 0.78545, 1.60798, 0.6256],
    ['mbgnbd', 'sample', 1576.73, 0.76478, 1.60718, 0.6273],
    ['paretonbd', 'sample', 1665.5, 0.75452, 1.60285, 0.6302],
    ['bgnbd', 'full', 16873.7, 0.81874, 1.73291, 0.6688],
    ['mbgnbd', 'full', 15933.6, 0.79454, 1.73962, 0.6696],
    ['paretonbd', 'full', 17153, 0.79376, 1.72615, null],
  ] as const)('%s, %s: errors in the weeks held out', (kind, size, total, mae, rmse, r) => {
    const report = heldOut(kind, size === 'sample' ? sample : full)
    expect(report.actual).toBe(size === 'sample' ? 1882 : 19684)
    expect(off(report.predicted, total)).toBeLessThan(2e-5)
    expect(Math.abs(report.meanAbsoluteError - mae)).toBeLessThan(7e-6)
    expect(Math.abs(report.rootMeanSquareError - rmse)).toBeLessThan(1e-5)
    if (r !== null) expect(report.correlation).toBeCloseTo(r, 4)
    expect(report.coverage).toBeGreaterThan(0.95)
  })
})

function heldOut(kind: PurchaseKind, customers: CdnowCustomers) {
  const predict = purchasePredictor(fitPurchaseModel(kind, customers), 39)
  const { frequency, recency, age, heldPurchases } = customers
  return compareForetold({ heldPurchases, heldTime: 39 }, (i) =>
    predict({ frequency: frequency[i] ?? 0, recency: recency[i] ?? 0, age: age[i] ?? 0 }),
  )
}
