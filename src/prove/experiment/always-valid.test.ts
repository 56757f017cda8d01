import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../math/random.ts'
import { alwaysValid, logMixture, mixtureBound, rhoFor } from './always-valid.ts'
import { addSums, noUnits, sumsOf } from './arm-sums.ts'
import { differenceOfArms } from './effect.ts'

describe('normal mixture', () => {
  test('as in confseq, the package of Howard et al. 2021: rho, log mixture, bound', () => {
    const rho = rhoFor(1 / Math.sqrt(100))
    expect(rho).toBeCloseTo(12.60056, 5)
    expect(logMixture(10, 100, rho)).toBeCloseTo(-0.6510052, 6)
    expect(mixtureBound(100, rho, 0.05)).toBeCloseTo(30.35209, 5)
  })

  test('is the mSPRT of Johari et al. 2022, equation 10, with tau^2 = 1 / rho', () => {
    const [n, variance, tau2, mean] = [400, 2 * 1.5 ** 2, 0.04, 0.21]
    const ratio =
      Math.sqrt(variance / (variance + n * tau2)) *
      Math.exp((n ** 2 * tau2 * mean ** 2) / (2 * variance * (variance + n * tau2)))
    const found = alwaysValid({ value: mean, standardError: Math.sqrt(variance / n) }, 1 / tau2)
    expect(found.p).toBeCloseTo(Math.min(1, 1 / ratio), 12)
  })

  test('the interval leaves 0 out exactly where p is below .05', () => {
    for (let value = -0.6; value < 0.6; value += 0.01) {
      const { low, high, p } = alwaysValid({ value, standardError: 0.1 }, rhoFor(0.08))
      expect(low > 0 || high < 0).toBe(p < 0.05)
    }
  })

  test('is narrowest for the planned end, and wider than one that allows a single look', () => {
    const width = (error: number, rho: number): number => {
      const { low, high } = alwaysValid({ value: 0, standardError: error }, rho)
      return high - low
    }
    const planned = width(0.05, rhoFor(0.05))
    for (const other of [0.02, 0.04, 0.07, 0.2])
      expect(width(0.05, rhoFor(other))).toBeGreaterThan(planned)
    expect(planned / (2 * 1.96 * 0.05)).toBeGreaterThan(1.2)
    expect(planned / (2 * 1.96 * 0.05)).toBeLessThan(1.6)
  })

  test('without variation nothing is said', () => {
    expect(() => alwaysValid({ value: 0, standardError: 0 }, 1)).toThrow(/no variation/)
    expect(() => rhoFor(0)).toThrow(/above 0/)
  })
})

test('looked at after every 20 units, it misses at most 5 in 100; one that allows a look misses far more', () => {
  const random = seededRandom('peeking')
  const [rounds, looks, step, truth] = [400, 100, 20, 0.2]
  let [missed, naive] = [0, 0]
  const rho = rhoFor(Math.sqrt(2 / (looks * step)))
  for (let round = 0; round < rounds; round++) {
    let [control, treatment] = [noUnits, noUnits]
    let [ever, everNaive] = [false, false]
    for (let look = 0; look < looks; look++) {
      const draw = (mean: number): number[] =>
        Array.from({ length: step }, () => random.exponential(1) + mean)
      control = addSums(control, sumsOf(draw(0)))
      treatment = addSums(treatment, sumsOf(draw(truth)))
      if (look < 4) continue
      const { difference, standardError } = differenceOfArms(control, treatment)
      const { low, high } = alwaysValid({ value: difference.value, standardError }, rho)
      ever ||= truth < low || truth > high
      everNaive ||= truth < difference.low || truth > difference.high
    }
    missed += Number(ever)
    naive += Number(everNaive)
  }
  expect(missed / rounds).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / rounds))
  expect(naive / rounds).toBeGreaterThan(0.2)
})
