import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatFixed, formatMajor, formatMoney, formatSigned, roundToTotal } from './number.ts'

test.each([
  [4900, 'EUR', '€49'],
  [4905, 'EUR', '€49.05'],
  [-1999, 'EUR', '\u2212€19.99'],
  [500, 'JPY', '¥500'],
  [1234, 'KWD', 'KWD\u00a01.234'],
  [700, 'not a currency', '700 not a currency (minor units)'],
])('%d minor units of %s read %s', (minor, currency, text) => {
  expect(formatMoney(minor, currency)).toBe(text)
})

test.each([
  [formatFixed(-0.001, 2), '0.00'],
  [formatSigned(2.5, 1), '+2.5'],
  [formatSigned(-2.5, 1), '\u22122.5'],
  [formatSigned(0.0001, 1), '0.0'],
  [formatMajor(12, 'EUR'), '€12'],
])('%s is written %s', (written, expected) => {
  expect(written).toBe(expected)
})

const parts = fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { maxLength: 60 })

test('rounded parts add up to the rounded total, each within one unit of its own value', () => {
  fc.assert(
    fc.property(parts, fc.constantFrom(0, 1, 2), (values, digits) => {
      const total = values.reduce((sum, value) => sum + value, 0)
      const rounded = roundToTotal(values, total, digits)
      const unit = 10 ** digits
      const units = rounded.map((value) => Math.round(value * unit))
      expect(units.reduce((sum, value) => sum + value, 0) - Math.round(total * unit)).toBe(0)
      for (const [index, value] of values.entries()) {
        expect(Math.abs((rounded[index] ?? 0) - value)).toBeLessThan(1.000_001 / unit)
      }
    }),
  )
})

test('parts that do not make the total are left as they are', () => {
  expect(roundToTotal([1.004, 2.004], 40, 2)).toEqual([1.004, 2.004])
})
