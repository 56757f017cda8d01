import { expect, test } from 'vitest'
import { sharedData } from '../../../test/shared-data.ts'
import { readTransactions, sum } from './testing.ts'
import { summariseTransactions, type Transactions } from './summarise-transactions.ts'

const transactions = (rows: readonly (readonly [number, number, number])[]): Transactions => ({
  customer: Uint32Array.from(rows, ([customer]) => customer),
  day: Float64Array.from(rows, ([, day]) => day),
  worth: Float64Array.from(rows, ([, , worth]) => worth),
})

test('a day is a purchase; the first does not count; what comes later is held out', () => {
  const summaries = summariseTransactions(
    transactions([
      ...([
        [2, 14.9, 3],
        [0, 0, 10],
        [0, 7.5, 4],
        [0, 7.9, 6],
        [0, 0.2, 1],
      ] as const),
      ...([
        [0, 28, 5],
        [0, 28, 7],
        [0, 35, 2],
        [1, 29, 9],
      ] as const),
    ]),
    { end: 21, heldUntil: 30, unit: 7 },
  )
  expect(summaries).toMatchObject({
    customer: Uint32Array.of(0, 2),
    frequency: Float64Array.of(1, 0),
    recency: Float64Array.of(1, 0),
    age: Float64Array.of(3, 1),
    spend: Float64Array.of(10, 0),
    heldPurchases: Float64Array.of(1, 0),
    heldWorth: Float64Array.of(12, 0),
    heldTime: 9 / 7,
  })
})

test('what is refused', () => {
  const asked = { unit: 1 }
  expect(() => summariseTransactions(transactions([]), asked)).toThrow(/no transactions/)
  expect(() => summariseTransactions(transactions([[0, 1, -2]]), asked)).toThrow(/refunds/)
  expect(() => summariseTransactions(transactions([[0, Number.NaN, 2]]), asked)).toThrow(/no time/)
  expect(() => summariseTransactions(transactions([[0, 9, 2]]), { ...asked, end: 3 })).toThrow(
    /Nobody/,
  )
  expect(() => summariseTransactions(transactions([[4e9, 9, 2]]), asked)).toThrow(/gaps/)
})

const calibration = Date.UTC(1997, 8, 30) / 86_400_000

/** Facts of the data as Fader and Hardie give them, and sums over the file itself. */
test.skipIf(sharedData('cdnow/CDNOW_master.txt.gz') === null).each([
  ['sample', [2357, 2457, 946, 29, 1882, 70_976.39]],
  ['full', [23_570, 24_337, 9451, 80, 19_684, 776_961.13]],
] as const)('facts of CDNOW, %s (skipped: data not there)', (size, facts) => {
  const found = summariseTransactions(readTransactions(size), { end: calibration, unit: 7 })
  const { frequency, age, heldPurchases, heldWorth, heldTime, repeatTimes } = found
  const repeaters = frequency.filter((x) => x > 0).length
  expect([frequency.length, sum(frequency), repeaters, Math.max(...frequency)]).toEqual(
    facts.slice(0, 4),
  )
  expect(repeatTimes.length).toBe(facts[1])
  expect(sum(heldPurchases)).toBe(facts[4])
  expect(sum(heldWorth)).toBeCloseTo(facts[5], 2)
  expect(heldTime).toBe(39)
  expect(Math.min(...age)).toBeCloseTo(27, 10)
  expect(Math.max(...age)).toBeCloseTo(38.857, 3)
})
