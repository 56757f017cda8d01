/** Digamma, gamma quantiles, and Gauss-Legendre rules, against Abramowitz and Stegun. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digamma } from './digamma.ts'
import { gammaQuantile } from './gamma-quantile.ts'
import { gaussLegendre } from './gauss-legendre.ts'
import { logGamma, lowerGamma } from './gamma.ts'

test.each([
  // Table 6.1, and 6.3.2, 6.3.3: minus Euler's constant, and with 2 ln 2 less.
  [1, -0.5772156649015329],
  [0.5, -1.9635100260214235],
  [2, 0.4227843350984671],
  [10, 2.251752589066721],
])('digamma(%d)', (x, value) =>
  expect(Math.abs(digamma(x) - value)).toBeLessThan(2e-15 * (1 + Math.abs(value))),
)

test('digamma is the slope of ln gamma, and is refused below 0', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.05, max: 1e6, noNaN: true }), (x) => {
      const h = 1e-4 * x
      const slope = (logGamma(x + h) - logGamma(x - h)) / (2 * h)
      expect(Math.abs(digamma(x) - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)))
    }),
  )
  expect(() => digamma(0)).toThrow(RangeError)
})

test('gamma quantiles undo the distribution function', () => {
  // Shape 1 is exponential; half a chi-square of 10 degrees has shape 5 (table 26.8: 18.307).
  expect(gammaQuantile(0.95, 1)).toBeCloseTo(-Math.log(0.05), 12)
  expect(2 * gammaQuantile(0.95, 5)).toBeCloseTo(18.307, 3)
  expect([gammaQuantile(0, 2), gammaQuantile(1, 2)]).toEqual([0, Infinity])
  fc.assert(
    fc.property(
      fc.double({ min: 0.05, max: 5000, noNaN: true }),
      fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
      (shape, probability) => {
        const x = gammaQuantile(probability, shape)
        expect(Math.abs(lowerGamma(shape, x) - probability)).toBeLessThan(1e-10)
      },
    ),
  )
  expect(() => gammaQuantile(1.5, 2)).toThrow(RangeError)
  expect(() => gammaQuantile(0.5, 0)).toThrow(RangeError)
})

test('Gauss-Legendre: six nodes of table 25.4, and exact to degree 2n - 1', () => {
  const { nodes, weights } = gaussLegendre(6)
  const printed = [0.932469514203152, 0.661209386466265, 0.238619186083197]
  const given = [0.17132449237917, 0.360761573048139, 0.467913934572691]
  for (const [i, node] of printed.entries()) {
    expect(nodes[i]).toBeCloseTo(node, 14)
    expect(weights[i]).toBeCloseTo(given[i] ?? 0, 14)
  }
  for (const n of [2, 8, 20, 24, 64]) {
    const rule = gaussLegendre(n)
    const degree = 2 * n - 2
    const sum = rule.nodes.reduce((all, x, i) => all + 2 * (rule.weights[i] ?? 0) * x ** degree, 0)
    expect(Math.abs(sum * (degree + 1) - 2)).toBeLessThan(1e-11)
  }
  expect(() => gaussLegendre(7)).toThrow(RangeError)
})
