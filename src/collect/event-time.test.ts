import { describe, expect, test } from 'vitest'
import { eventTime, readTime } from './event-time.ts'

const at = (text: string): number => Date.parse(text)
const receivedAt = at('2026-11-23T12:00:00.000Z')
const hour = 3_600_000
const year = 365.25 * 24 * hour

describe('reading', () => {
  test.each<[unknown, string | null]>([
    ['2026-11-23T04:44:36.123Z', '2026-11-23T04:44:36.123Z'],
    // In the documentation of Segment's common fields.
    ['2015-2-02T00:30:08.276Z', '2015-02-02T00:30:08.276Z'],
    ['2015-02-02T00:30:08Z', '2015-02-02T00:30:08.000Z'],
    ['2015-02-02T00:30Z', '2015-02-02T00:30:00.000Z'],
    ['2015-02-02T00:30:08.276543Z', '2015-02-02T00:30:08.276Z'],
    ['2015-02-02T00:30:08,5Z', '2015-02-02T00:30:08.500Z'],
    ['2015-02-02T00:30:08+02:00', '2015-02-01T22:30:08.000Z'],
    ['2015-02-02T00:30:08-0530', '2015-02-02T06:00:08.000Z'],
    ['2015-02-02T00:30:08+01', '2015-02-01T23:30:08.000Z'],
    ['2015-02-02 00:30:08', '2015-02-02T00:30:08.000Z'],
    ['2015-02-02 00:30:08 UTC', '2015-02-02T00:30:08.000Z'],
    ['2015-02-02t00:30:08z', '2015-02-02T00:30:08.000Z'],
    ['2015-02-02', '2015-02-02T00:00:00.000Z'],
    [' 2015-02-02 ', '2015-02-02T00:00:00.000Z'],
    ['Mon, 23 Nov 2026 04:44:36 GMT', '2026-11-23T04:44:36.000Z'],
    [1_447_975_930_000, '2015-11-19T23:32:10.000Z'],
    [1_447_975_930, '2015-11-19T23:32:10.000Z'],
    [1_447_975_930.5, '2015-11-19T23:32:10.500Z'],
    [1_447_975_930_000_000, '2015-11-19T23:32:10.000Z'],
    ['1447975930', '2015-11-19T23:32:10.000Z'],
    ['1447975930000', '2015-11-19T23:32:10.000Z'],
    ['2015-02-30T00:00:00Z', null],
    ['2015-13-01', null],
    ['2015-01-01T25:00:00Z', null],
    ['2015-01-01T10:61:00Z', null],
    ['2015-01-01T10:00:00+99:00', null],
    ['yesterday', null],
    ['', null],
    ['02/03/2015', null],
    ['x'.repeat(100_000), null],
    ['1'.repeat(100_000), null],
    [Number.NaN, null],
    [{}, null],
    [null, null],
    [true, null],
  ])('%j', (value, expected) => {
    expect(readTime(value)).toBe(expected === null ? null : at(expected))
  })
})

describe('correction: receivedAt - (sentAt - original)', () => {
  test.each<[string, unknown, number | null, string | null]>([
    ['no time: receipt', undefined, null, '2026-11-23T12:00:00.000Z'],
    ['no sentAt: as written', '2026-11-22T10:00:00.000Z', null, '2026-11-22T10:00:00.000Z'],
    ['right clock', '2026-11-23T11:00:00.000Z', receivedAt, '2026-11-23T11:00:00.000Z'],
    [
      '10 years ahead',
      receivedAt + 10 * year - hour,
      receivedAt + 10 * year,
      '2026-11-23T11:00:00.000Z',
    ],
    [
      '10 years behind',
      receivedAt - 10 * year - hour,
      receivedAt - 10 * year,
      '2026-11-23T11:00:00.000Z',
    ],
    ['clock never set', '1970-01-01T00:00:05.000Z', 10_000, '2026-11-23T11:59:55.000Z'],
    ['sentAt of zero: as written', '2026-11-23T11:00:00.000Z', 0, '2026-11-23T11:00:00.000Z'],
    [
      'written after it was sent',
      '2026-11-23T12:00:05.000Z',
      receivedAt,
      '2026-11-23T12:00:05.000Z',
    ],
    ['a day ahead', receivedAt + 24 * hour, null, '2026-11-24T12:00:00.000Z'],
    ['more than a day ahead', receivedAt + 24 * hour + 1, null, null],
    ['1990', '1990-01-01T00:00:00.000Z', null, '1990-01-01T00:00:00.000Z'],
    ['before 1990', '1989-12-31T23:59:59.999Z', null, null],
    ['year 275760', 8.64e15, null, null],
    ['negative', -1, null, null],
  ])('%s', (_name, original, sentAt, expected) => {
    const { occurredAt } = eventTime({ original, sentAt }, receivedAt)
    expect(occurredAt === null ? null : new Date(occurredAt).toISOString()).toBe(expected)
  })

  test('a time that cannot be read gives the receipt, and says so', () => {
    const times = { original: 'last Tuesday', sentAt: null }
    expect(eventTime(times, receivedAt)).toEqual({ occurredAt: receivedAt, unreadable: true })
  })
})
