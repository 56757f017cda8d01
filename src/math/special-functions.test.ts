/** Expected values: SciPy 1.17.1 where not said otherwise. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { betaQuantile, incompleteBeta, logBeta } from './beta.ts'
import { logFactorial, logGamma, lowerGamma, upperGamma } from './gamma.ts'
import { erf, erfc, normalCdf, normalQuantile } from './normal.ts'

const probability = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true })
const shape = fc.double({ min: 0.05, max: 500, noNaN: true })

function expectClose(value: number, expected: number, tolerance = 1e-12): void {
  expect(Math.abs(value - expected) / Math.max(1e-300, Math.abs(expected))).toBeLessThan(tolerance)
}

test.each([
  [0.1, 2.252712651734206],
  [0.5, 0.5723649429247],
  [1.5, -0.12078223763524526],
  [3, 0.6931471805599453],
  [10.3, 13.482036786138359],
  [171.5, 709.1431630309283],
  [1e6, 12815504.569147611],
])('ln gamma(%d)', (x, expected) => expectClose(logGamma(x), expected, 1e-13))

test('the gamma function grows by its argument', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1e4, noNaN: true }), (x) => {
      expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(
        1e-11 * Math.max(1, Math.abs(logGamma(x + 1))),
      )
    }),
  )
  expectClose(logFactorial(10), Math.log(3_628_800))
  expectClose(logBeta(2, 3), Math.log(1 / 12))
})

describe('incomplete gamma', () => {
  test.each([
    [0.5, 0.1, 0.34527915398142317],
    [3, 2, 0.32332358381693654],
    [10, 20, 0.9950045876916924],
    [1000, 990, 0.3795213785379639],
  ])('P(%d, %d)', (a, x, expected) => expectClose(lowerGamma(a, x), expected))
  test.each([
    [0.5, 30, 9.485737571073857e-15],
    [3, 2, 0.6766764161830634],
    [10, 60, 2.851507755552014e-16],
  ])('Q(%d, %d)', (a, x, expected) => expectClose(upperGamma(a, x), expected))
  test('is refused where it is not defined', () => {
    for (const [a, x] of [
      [0, 1],
      [1, -1],
      [Number.NaN, 1],
    ] as const) {
      expect(() => lowerGamma(a, x)).toThrow(RangeError)
    }
  })
})

describe('incomplete beta', () => {
  test.each([
    [2, 3, 0.3, 0.3483],
    [0.5, 0.5, 0.9, 0.7951672353008665],
    [100, 200, 0.35, 0.7325714649575441],
    [1e4, 2e4, 0.333, 0.4517928423809046],
  ])('I(%d, %d; %d)', (a, b, x, expected) => expectClose(incompleteBeta(x, a, b), expected, 1e-10))
  test.each([
    [2, 3, 0.05, 0.09761146288641434],
    [0.5, 0.5, 0.9, 0.9755282581475768],
    [100, 200, 0.025, 0.2811763758324002],
    [1, 30, 0.975, 0.11570330822202778],
  ])('quantile (%d, %d; %d)', (a, b, p, expected) => {
    expectClose(betaQuantile(p, a, b), expected, 1e-12)
  })
  test('the quantile undoes the distribution function', () => {
    fc.assert(
      fc.property(probability, shape, shape, (p, a, b) => {
        const x = betaQuantile(p, a, b)
        // Between the values of the neighbouring doubles: near an end the curve is all but upright.
        const below = incompleteBeta(x * (1 - 4e-16), a, b)
        const above = incompleteBeta(Math.min(1, x * (1 + 4e-16)), a, b)
        if (x > 1e-290) expect(p > below - 1e-10 && p < above + 1e-10).toBe(true)
      }),
    )
  })
})

describe('normal', () => {
  test('error function', () => {
    expectClose(erf(0.1), 0.1124629160182849)
    expectClose(erf(2), 0.9953222650189527)
    expectClose(erf(-0.5), -0.5204998778130465)
    expectClose(erfc(3), 0.000022090496998585445)
    expectClose(erfc(10), 2.0884875837625446e-45)
    expectClose(erfc(-1), 1.8427007929497148)
  })
  test('distribution function', () => {
    expectClose(normalCdf(-8), 6.22096057427174e-16)
    expectClose(normalCdf(-1.96), 0.024997895148220435)
    expectClose(normalCdf(0.7), 0.758036347776927)
  })
  test.each([
    [1e-20, -9.262340089798409],
    [0.001, -3.090232306167813],
    [0.3, -0.5244005127080409],
    [0.975, 1.959963984540054],
    [0.999999, 4.753424308817087],
  ])('quantile(%d)', (p, z) => expectClose(normalQuantile(p), z))
  test('the quantile undoes the distribution function', () => {
    fc.assert(fc.property(probability, (p) => expectClose(normalCdf(normalQuantile(p)), p, 1e-11)))
  })
})
