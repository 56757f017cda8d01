import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortedOrder } from './sorted-order.ts'

test('is the stable order of the values, of whatever size and sign', () => {
  const values = fc.array(
    fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 }), fc.constant(-0)),
  )
  fc.assert(
    fc.property(values, (list) => {
      const places = list.map((_, i) => i)
      const value = (i: number): number => list[i] ?? 0
      places.sort((i, j) => (value(i) < value(j) ? -1 : value(i) > value(j) ? 1 : i - j))
      expect([...sortedOrder(Float64Array.from(list))]).toEqual(places)
    }),
  )
  expect(() => sortedOrder(new Float64Array([1, Number.NaN]))).toThrow(RangeError)
})
