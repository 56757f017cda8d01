/** By hand from the tables of the tz database, then for all zones as a property. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkRhythm, nextAt } from './next-at.ts'
import type { Rhythm } from '../../domain/schedule-view.ts'

const daily = (hour: number, minute: number, zone: string): Rhythm => ({
  ...{ every: 'day', hour, minute, zone },
  ...{ weekday: null, monthDay: null },
})
const next = (when: Rhythm, after: string): string =>
  new Date(nextAt(when, Date.parse(after))).toISOString().replace('.000Z', 'Z')
const nextOnes = (when: Rhythm, after: string, count: number): string[] => {
  const ones: string[] = []
  for (let at = after; ones.length < count; at = ones.at(-1) ?? at) ones.push(next(when, at))
  return ones
}

test('clocks go forward: 2:30 is 3:30 on that one day (Berlin, 29 March 2026)', () => {
  expect(nextOnes(daily(2, 30, 'Europe/Berlin'), '2026-03-27T12:00:00Z', 3)).toEqual([
    '2026-03-28T01:30:00Z',
    '2026-03-29T01:30:00Z',
    '2026-03-30T00:30:00Z',
  ])
})

test('clocks go back: 2:30 is taken the first time only (Berlin, 25 October 2026)', () => {
  expect(nextOnes(daily(2, 30, 'Europe/Berlin'), '2026-10-23T12:00:00Z', 3)).toEqual([
    '2026-10-24T00:30:00Z',
    '2026-10-25T00:30:00Z',
    '2026-10-26T01:30:00Z',
  ])
})

test.each([
  ['eight in summer', daily(8, 0, 'Europe/Berlin'), '2026-07-01T06:00:00Z', '2026-07-02T06:00:00Z'],
  ['eight in winter', daily(8, 0, 'Europe/Berlin'), '2026-12-01T06:59:59Z', '2026-12-01T07:00:00Z'],
  ['New York', daily(9, 15, 'America/New_York'), '2026-11-01T00:00:00Z', '2026-11-01T14:15:00Z'],
  ['Kathmandu', daily(0, 0, 'Asia/Kathmandu'), '2026-11-23T00:00:00Z', '2026-11-23T18:15:00Z'],
  ['half an hour of summer time', daily(2, 15, 'Australia/Lord_Howe'), '2026-10-03T00:00:00Z', '2026-10-03T15:45:00Z'], // prettier-ignore
  ['a midnight that does not exist', daily(0, 0, 'America/Santiago'), '2026-09-06T03:00:00Z', '2026-09-06T04:00:00Z'], // prettier-ignore
  ['a day that Samoa skipped', daily(9, 0, 'Pacific/Apia'), '2011-12-29T20:00:00Z', '2011-12-30T19:00:00Z'], // prettier-ignore
])('%s', (_name, when, after, expected) => {
  expect(next(when, after)).toBe(expected)
})

test('weekly and monthly, at the end of short months too', () => {
  const monday: Rhythm = { ...daily(8, 0, 'UTC'), every: 'week', weekday: 1 }
  expect(nextOnes(monday, '2026-11-23T08:00:00Z', 2)).toEqual([
    '2026-11-30T08:00:00Z',
    '2026-12-07T08:00:00Z',
  ])
  const last: Rhythm = { ...daily(8, 0, 'UTC'), every: 'month', monthDay: 31 }
  expect(nextOnes(last, '2027-12-31T08:00:00Z', 4)).toEqual([
    '2028-01-31T08:00:00Z',
    '2028-02-29T08:00:00Z',
    '2028-03-31T08:00:00Z',
    '2028-04-30T08:00:00Z',
  ])
})

test('in every zone, each day has it once', () => {
  const day = 86_400_000
  const zones = Intl.supportedValuesOf('timeZone')
  expect(zones.length).toBeGreaterThan(300)
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: 0, max: 1460 }),
      (zone, hour, minute, offset) => {
        const when = daily(hour, minute, zone)
        const names = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
        const days: string[] = []
        let at = Date.parse('2025-01-01T00:00:00Z') + offset * day
        for (let i = 0; i < 20; i++) {
          at = nextAt(when, at)
          days.push(names.format(at))
        }
        const first = Date.parse(days[0] ?? '')
        expect(days).toEqual(
          days.map((_day, i) => new Date(first + i * day).toISOString().slice(0, 10)),
        )
      },
    ),
    { numRuns: 300 },
  )
})

test('what cannot be followed is refused with what to do', () => {
  expect(() => checkRhythm(daily(8, 0, 'Europe/Atlantis'))).toThrow(/IANA name/)
  expect(() => checkRhythm(daily(8, 0, '+02:00'))).toThrow(/IANA name/)
  expect(() => checkRhythm({ ...daily(8, 0, 'UTC'), every: 'week' })).toThrow(/weekday/)
  expect(() => checkRhythm({ ...daily(8, 0, 'UTC'), every: 'month' })).toThrow(/month/)
  expect(() => checkRhythm(daily(8, 0, 'America/Argentina/Buenos_Aires'))).not.toThrow()
})
