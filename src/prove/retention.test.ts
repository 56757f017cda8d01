import fc from 'fast-check'
import { expect, test } from 'vitest'
import { retention, type Activity } from './retention.ts'

function activityOf(people: readonly (readonly number[])[]): Activity {
  const offsets = new Int32Array(people.length + 1)
  people.forEach((periods, i) => (offsets[i + 1] = (offsets[i] ?? 0) + periods.length))
  return {
    first: Int32Array.from(people, (periods) => Math.min(...periods)),
    active: Int32Array.from(people.flat()),
    offsets,
  }
}
const shares = (cells: readonly ({ active: number; of: number } | null)[]) =>
  cells.map((cell) => (cell ? `${cell.active}/${cell.of}` : null))

const people = activityOf([[1, 2, 4], [1, 4], [1], [2, 3], [2, 9]])

test('by hand: on, on or after, rolling', () => {
  const options = { lastPeriod: 4, longest: 3 }
  const on = retention(people, options)
  expect(on.cohorts.map(({ period, size, cells }) => [period, size, ...shares(cells)])).toEqual([
    [1, 3, '3/3', '1/3', '0/3', '2/3'],
    [2, 2, '2/2', '1/2', '0/2', null],
  ])
  expect(shares(on.together)).toEqual(['5/5', '2/5', '0/5', '2/3'])
  expect(on.together[1]?.share.low).toBeCloseTo(0.1176, 4)
  const after = retention(people, { ...options, variant: 'on_or_after' })
  expect(after.cohorts.map(({ cells }) => shares(cells))).toEqual([
    ['3/3', '2/3', '2/3', '2/3'],
    ['2/2', '1/2', '0/2', null],
  ])
  const rolling = retention(people, { ...options, variant: 'rolling', rollingPeriods: 2 })
  expect(rolling.cohorts.map(({ cells }) => shares(cells))).toEqual([
    ['3/3', '3/3', '1/3', '2/3'],
    ['2/2', '2/2', '1/2', null],
  ])
})

test('on is at most rolling and on-or-after; on-or-after never rises; nothing after today', () => {
  const given = fc.array(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1 }), {
    minLength: 1,
  })
  fc.assert(
    fc.property(given, fc.integer({ min: 0, max: 12 }), (rows, lastPeriod) => {
      const of = (variant: 'on' | 'on_or_after' | 'rolling') =>
        retention(activityOf(rows), { lastPeriod, variant, longest: 6 })
      const [on, after, rolling] = [of('on'), of('on_or_after'), of('rolling')]
      on.cohorts.forEach(({ period, size, cells }, i) => {
        expect(rows.filter((row) => Math.min(...row) === period)).toHaveLength(size)
        cells.forEach((cell, k) => {
          expect(cell === null).toBe(period + k > lastPeriod)
          if (cell === null) return
          const active = rows.filter(
            (row) => Math.min(...row) === period && (k === 0 || row.includes(period + k)),
          )
          expect(cell.active).toBe(active.length)
          const [later, wide] = [after.cohorts[i]?.cells[k], rolling.cohorts[i]?.cells[k]]
          expect(later?.active).toBeGreaterThanOrEqual(cell.active)
          expect(wide?.active).toBeGreaterThanOrEqual(cell.active)
          const before = after.cohorts[i]?.cells[k - 1]
          if (before) expect(later?.active).toBeLessThanOrEqual(before.active)
        })
      })
    }),
  )
})

test('nobody, and what does not fit', () => {
  const nobody = retention(activityOf([]), { lastPeriod: 3, longest: 1 })
  expect(nobody).toEqual({ cohorts: [], together: [null, null] })
  expect(() => retention({ ...people, offsets: new Int32Array([0]) }, { lastPeriod: 1 })).toThrow()
})
