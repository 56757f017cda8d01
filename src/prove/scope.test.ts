import { expect, test } from 'vitest'
import { periodBefore, periodOf, scopeOf } from './scope.ts'
import { reportQuery } from '../domain/report-view.ts'

const now = Date.parse('2026-11-23T09:00:00Z')

test.each([
  ['nothing', {}, '2026-08-26', '2026-11-23', 90],
  ['a length', { days: 7 }, '2026-11-17', '2026-11-23', 7],
  ['one day', { days: 1 }, '2026-11-23', '2026-11-23', 1],
  ['a length up to a day', { days: 30, to: '2026-03-31' }, '2026-03-02', '2026-03-31', 30],
  ['the first day wins', { days: 7, from: '2026-11-01' }, '2026-11-01', '2026-11-23', 23],
  ['the longest', { days: 7300 }, '2006-11-29', '2026-11-23', 7300],
])('the period of %s', (_name, query, from, to, days) => {
  expect(periodOf(query, now)).toEqual({ from, to, days })
})

test('the period before has the same length and ends the day before', () => {
  expect(periodBefore(periodOf({ days: 7 }, now))).toEqual({
    ...{ from: '2026-11-10', to: '2026-11-16' },
    days: 7,
  })
})

test('a length is a number of days, 1 to 7300', () => {
  expect(reportQuery.parse({ days: '30' })).toEqual({ days: 30 })
  for (const days of ['0', '7301', '1.5', 'a', '-1']) {
    expect(reportQuery.safeParse({ days }).success).toBe(false)
  }
})

test('an end is asked only where something may lie beyond it', () => {
  const period = periodOf({ days: 7 }, now)
  const end = Date.parse('2026-11-24T00:00:00Z')
  const pastOf = (newest: number): string =>
    scopeOf(period, { kind: 'everybody' }, { view: 'history', newest }).past
  expect(pastOf(end - 1)).toBe('(select * from history)')
  for (const newest of [end, Infinity]) expect(pastOf(newest)).toContain('{scope_to: Int64}')
})
