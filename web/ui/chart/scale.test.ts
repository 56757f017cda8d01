import fc from 'fast-check'
import { expect, test } from 'vitest'
import { roundStep, spreadPlaces, ticksAround } from './scale.ts'

test.each([
  [0, 100, [0, 50, 100]],
  [0, 7, [0, 2, 4, 6, 8]],
  [0, 0, [0, 1]],
  [-3, 9, [-5, 0, 5, 10]],
  [0, 0.31, [0, 0.1, 0.2, 0.3, 0.4]],
])('from %d to %d', (low, high, ticks) => expect(ticksAround(low, high)).toEqual(ticks))

test('ticks hold all between them, and stay few', () => {
  const values = fc.integer({ min: -1e9, max: 1e9 }).map((value) => value / 1000)
  fc.assert(
    fc.property(values, values, (one, other) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)]
      const ticks = ticksAround(low, high)
      const step = roundStep(high - low || Math.abs(high) || 1, 4)
      expect(ticks[0]).toBeLessThanOrEqual(low + step * 1e-6)
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(high - step * 1e-6)
      expect(ticks.length).toBeLessThanOrEqual(6)
    }),
  )
})

test('places are spread from the first to the last', () => {
  expect(spreadPlaces(90, 4)).toEqual([0, 30, 59, 89])
  expect(spreadPlaces(2, 5)).toEqual([0, 1])
  expect(spreadPlaces(1, 5)).toEqual([0])
  expect(spreadPlaces(0, 5)).toEqual([])
})
