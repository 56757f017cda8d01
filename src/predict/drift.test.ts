import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spreadOf, stabilityIndex } from './drift.ts'

test('population stability index by hand', () => {
  // Half below and half above becomes one to three: (.25 - .5) ln .5 + (.75 - .5) ln 1.5 = .27465.
  const spread = { ends: [0], shares: [0.5, 0.5] }
  expect(stabilityIndex(spread, [-1, 1, 2, 3])).toBeCloseTo(0.274653, 6)
})

test('it is 0 for the same people, at least 0 for all others, and always finite', () => {
  const numbers = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 60 }) // prettier-ignore
  fc.assert(
    fc.property(numbers, numbers, (before, after) => {
      const spread = spreadOf(before)
      expect(spread.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
      // An empty bin counts as half a person on both sides.
      expect(Math.abs(stabilityIndex(spread, before))).toBeLessThan(1e-9)
      const index = stabilityIndex(spread, after)
      expect(Number.isFinite(index)).toBe(true)
      expect(index).toBeGreaterThan(-1e-9)
    }),
  )
  expect(stabilityIndex(spreadOf([]), [])).toBe(0)
})
