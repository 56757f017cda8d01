import { expect, test } from 'vitest'
import { countsByWeek, dayAt, dayOfOne, monthLabels, weekdayOf } from './calendar-days.ts'

/** `count` days from the 20th of April 2026, a Monday, green but for the first. */
function daysFrom(first: string, count: number) {
  const start = Date.parse(`${first}T00:00:00Z`)
  return Array.from({ length: count }, (_, index) => ({
    day: new Date(start + index * 86_400_000).toISOString().slice(0, 10),
    green: index === 0 ? 0 : 1,
    yellow: 0,
    red: index === 0 ? 1 : 0,
  }))
}

test.each([
  ['2026-04-20', 0],
  ['2026-04-26', 6],
  ['2024-02-29', 3],
])('%s is day %d of its week, Monday being 0 (ISO 8601)', (day, weekday) => {
  expect(weekdayOf(day)).toBe(weekday)
})

test('a point in the picture is a day of it, or none', () => {
  // The first day is a Wednesday: two places are skipped.
  const at = (x: number, y: number) => dayAt({ x, y, skip: 2, days: 10 })
  expect([
    at(0.5, 1.5),
    at(0.5, 2.5),
    at(1.5, 0.5),
    at(1.5, 6.5),
    at(0.5, 7.2),
    at(-0.1, 3),
  ]).toEqual([null, 0, 5, null, null, null])
})

test('weeks are averaged, newest first, the first one as short as it is', () => {
  const weeks = countsByWeek(daysFrom('2026-04-24', 10))
  expect(weeks).toEqual([
    { day: '2026-04-27', green: 1, yellow: 0, red: 0 },
    { day: '2026-04-24', green: 0.7, yellow: 0, red: 0.3 },
  ])
})

test('months are named over their first whole week, and do not touch', () => {
  const labels = monthLabels(daysFrom('2026-04-20', 60), 0)
  expect(labels.map(({ name, column }) => [name, column])).toEqual([
    ['May', 2],
    ['Jun', 6],
  ])
})

test('a day of one person without health counts nowhere', () => {
  expect(dayOfOne({ day: '2026-04-20', health: null })).toEqual({
    ...{ day: '2026-04-20', green: 0, yellow: 0, red: 0 },
  })
})
