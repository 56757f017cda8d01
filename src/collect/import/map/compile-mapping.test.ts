import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../domain/touchpoint.ts'
import type { Mapping, MappedTime, MappedValue, RowFilter } from '../mapping-schema.ts'
import { ordersMapping } from '../testing.ts'
import { compileMapping, type MappedRow } from './compile-mapping.ts'

const files = { fileHash: 'hash', lookups: new Map() }

function map(mapping: Mapping, row: Record<string, string>, number = 1): MappedRow {
  const columns = Object.keys(row)
  return compileMapping(mapping, { ...files, columns })(Object.values(row), number)
}

function mappingOf(changes: Record<string, unknown>, whole: Record<string, unknown> = {}): Mapping {
  const order = {
    event: { constant: 'Seen' },
    id: ['$row'],
    time: { constant: '2026-01-01' },
    identifiers: { user_id: { constant: 'u' } },
  }
  return ordersMapping({ touchpoints: { one: { ...order, ...changes } }, ...whole })
}

function valueOf(value: MappedValue, row: Record<string, string>, whole = {}): unknown {
  const result = map(mappingOf({ properties: { it: value } }, whole), row)
  if (result.problems.length > 0) return result.problems[0]
  return (result.events[0]?.['properties'] as JsonObject | undefined)?.['it']
}

function timeOf(time: MappedTime, at: string, whole = {}): unknown {
  const { events, problems } = map(mappingOf({ time }, whole), { at })
  return problems[0] ?? events[0]?.['timestamp']
}

test('an order', () => {
  const row = { id: '7', email: 'a@example.com', at: '2026-01-02T03:04:05Z', total: '12.50' }
  expect(map(ordersMapping(), row)).toEqual({
    problems: [],
    events: [
      {
        type: 'track',
        messageId: expect.stringMatching(/^import-[0-9a-f]{32}$/),
        channel: 'import',
        timestamp: '2026-01-02T03:04:05.000Z',
        event: 'Order Completed',
        context: { traits: { email: 'a@example.com' } },
        properties: { total: 12.5, currency: 'EUR' },
      },
    ],
  })
})

describe('values', () => {
  const row = { a: 'Ann', b: '', n: '1.234,50', yes: 'Y', tags: 'x; y|z' }
  test.each<[MappedValue, unknown]>([
    ['a', 'Ann'],
    ['b', undefined],
    [{ constant: 3 }, 3],
    [{ column: 'a', as: 'lower' }, 'ann'],
    [{ column: 'a', as: 'upper' }, 'ANN'],
    [{ column: 'b', as: 'text', empty: 'none' }, 'none'],
    [{ column: 'a', as: 'text', map: { Ann: 5 } }, 5],
    [{ column: 'a', as: 'text', map: { Bob: 5 } }, undefined],
    [{ column: 'a', as: 'text', map: { Bob: 5 }, otherwise: 'other' }, 'other'],
    [{ column: 'n', as: 'number', times: 2, plus: 1 }, 2470],
    [{ column: 'a', as: 'number' }, 'one: "Ann" (a) is not a number.'],
    [{ column: 'yes', as: 'boolean' }, true],
    [{ column: 'tags', as: 'list' }, ['x', 'y', 'z']],
    [{ template: '{a} of {b}', as: 'text' }, 'Ann of'],
    [{ template: 'of {b}', as: 'text' }, undefined],
    ['$row', '1'],
  ])('%j', (value, expected) => {
    expect(valueOf(value, row, { file: { decimal: ',' } })).toEqual(expected)
  })

  test.each([
    ['1234.5', 1234.5],
    ['1,234.5', 1234.5],
    ['-€ 1,234.50', -1234.5],
    ['12 %', 12],
    ['1e3', 1000],
    ['.5', 0.5],
    ['1,23', 'one: "1,23" (n) is not a number.'],
    ['', undefined],
    ['1.2.3', 'one: "1.2.3" (n) is not a number.'],
    ['0x10', 'one: "0x10" (n) is not a number.'],
  ])('the number %s', (n, expected) => {
    expect(valueOf({ column: 'n', as: 'number' }, { n })).toEqual(expected)
  })
})

describe('times', () => {
  const vienna = { zone: 'Europe/Vienna' }
  test.each<[MappedTime, string, object, string]>([
    [{ column: 'at', format: 'iso' }, '2026-01-02 03:04:05', {}, '2026-01-02T03:04:05.000Z'],
    [{ column: 'at', format: 'iso' }, '2026-01-02', vienna, '2026-01-01T23:00:00.000Z'],
    [{ column: 'at', format: 'iso' }, '2026-07-02 03:04', vienna, '2026-07-02T01:04:00.000Z'],
    [
      { column: 'at', format: 'iso' },
      '2026-07-02T03:04:00-05:00',
      vienna,
      '2026-07-02T08:04:00.000Z',
    ],
    // The hour before the clock is put forward, the one that never was, the one after, and the
    // first of the two when it is put back.
    [{ column: 'at', format: 'iso' }, '2026-03-29 01:30', vienna, '2026-03-29T00:30:00.000Z'],
    [{ column: 'at', format: 'iso' }, '2026-03-29 02:30', vienna, '2026-03-29T01:30:00.000Z'],
    [{ column: 'at', format: 'iso' }, '2026-03-29 03:30', vienna, '2026-03-29T01:30:00.000Z'],
    [{ column: 'at', format: 'iso' }, '2026-10-25 02:30', vienna, '2026-10-25T00:30:00.000Z'],
    [{ column: 'at', format: 'iso' }, '2026-10-25 03:30', vienna, '2026-10-25T02:30:00.000Z'],
    [{ column: 'at', format: 'unix' }, '1767225600', vienna, '2026-01-01T00:00:00.000Z'],
    [{ column: 'at', format: 'unix_ms' }, '1767225600000', {}, '2026-01-01T00:00:00.000Z'],
    [{ column: 'at', format: 'M/d/yyyy H:mm' }, '2/26/2018 19:58', {}, '2018-02-26T19:58:00.000Z'],
    [
      { column: 'at', format: 'MM/dd/yyyy h:mm a' },
      '02/26/2018 7:58 pm',
      {},
      '2018-02-26T19:58:00.000Z',
    ],
    [{ column: 'at', format: 'dd-MM-yy' }, '20-10-16', {}, '2016-10-20T00:00:00.000Z'],
    [{ column: 'at', format: 'dd-MM-yy' }, '20-10-69', {}, '1969-10-20T00:00:00.000Z'],
    [{ column: 'at', format: 'yyyyMMdd' }, '19970131', {}, '1997-01-31T00:00:00.000Z'],
    [{ column: 'at', unit: 'week', after: '2017-01-01' }, '2', {}, '2017-01-15T00:00:00.000Z'],
    [{ column: 'at', unit: 'month', before: '2017-03-15' }, '2', {}, '2017-01-15T00:00:00.000Z'],
    [{ column: 'at', format: 'iso', empty: '2020-01-01' }, '', {}, '2020-01-01T00:00:00.000Z'],
    [{ constant: '2020-01-01' }, '', {}, '2020-01-01T00:00:00.000Z'],
    [{ column: 'at', format: 'iso' }, '', {}, 'one: The time (at) is empty.'],
    [
      { column: 'at', format: 'yyyyMMdd' },
      '19970231',
      {},
      'one: "19970231" (at) is not a time as the mapping expects it.',
    ],
    [
      { column: 'at', format: 'iso' },
      'yesterday',
      {},
      'one: "yesterday" (at) is not a time as the mapping expects it.',
    ],
  ])('%j of "%s" %j', (time, at, whole, expected) => {
    expect(timeOf(time, at, whole)).toBe(expected)
  })
})

test('a format without day, month or year is refused at once', () => {
  expect(() => timeOf({ column: 'at', format: 'HH:ss' }, '')).toThrow('not a format of a time')
})

describe('filters', () => {
  const days = { day: '2026-01-02', later: '2026-01-10 10:00' }
  const row = { stage: 'Won', value: '12', note: '', flag: 'true', more: '100', ...days }
  test.each<[RowFilter, boolean]>([
    [{ stage: 'Won' }, true],
    [{ stage: 'won' }, false],
    [{ flag: true }, true],
    [{ value: 12 }, true],
    [{ stage: { in: ['Won', 'Lost'] } }, true],
    [{ stage: { not: 'Won' } }, false],
    [{ value: { at_least: 12, at_most: 12 } }, true],
    [{ value: { at_least: 13 } }, false],
    [{ note: { exists: false }, stage: { exists: true } }, true],
    [{ note: { not: 'x' } }, true],
    [{ note: { contains: 'x' } }, false],
    [{ stage: { contains: 'o' } }, true],
    [{ stage: 'Won', value: 13 }, false],
    [{ value: { at_most_column: 'more' } }, true],
    [{ more: { at_most_column: 'value' } }, false],
    [{ more: { above_column: 'value' } }, true],
    [{ more: { above_column: 'more' } }, false],
    [{ day: { above_column: 'later' } }, false],
    [{ later: { above_column: 'day' } }, true],
    [{ note: { at_most_column: 'value' } }, false],
  ])('%j', (when, expected) => {
    expect(map(mappingOf({ when }), row).events).toHaveLength(expected ? 1 : 0)
    expect(map(mappingOf({}, { skip: [when] }), row).events).toHaveLength(expected ? 0 : 1)
  })
})

test('identifiers, account, traits and context go where the normaliser looks for them', () => {
  const row = { u: 'u1', s: 'cus_1', p: '+43 1 234', c: 'Acme', plan: 'pro', utm: 'ads' }
  const identifiers = { user_id: 'u', stripe_id: 's', phone: 'p' }
  const parts = { identifiers, account: 'c', traits: { plan: 'plan' } }
  const context = { 'campaign.source': 'utm', 'page.__proto__.x': 'utm' }
  expect(map(mappingOf({ ...parts, context }), row).events[0]).toMatchObject({
    userId: 'u1',
    context: {
      traits: { phone: '+43 1 234', plan: 'pro' },
      externalIds: [{ id: 'cus_1', type: 'stripe_id', collection: 'users', encoding: 'none' }],
      groupId: 'Acme',
      campaign: { source: 'ads' },
    },
  })
  expect(map(mappingOf({ ...parts, type: 'group' }), row).events[0]).toMatchObject({
    groupId: 'Acme',
    traits: { plan: 'pro' },
  })
  expect(({} as Record<string, unknown>)['x']).toBeUndefined()
})

describe('message ids', () => {
  const idOf = (id: string[], row: Record<string, string>, number: number, fileHash = 'hash') => {
    const mapping = mappingOf({ id })
    const made = compileMapping(mapping, { ...files, fileHash, columns: Object.keys(row) })
    const { events, problems } = made(Object.values(row), number)
    return problems[0] ?? events[0]?.['messageId']
  }

  test('of columns are the same in every file and row', () => {
    expect(idOf(['a', 'b'], { a: '1', b: '2' }, 1, 'x')).toBe(
      idOf(['a', 'b'], { a: '1', b: '2' }, 9, 'y'),
    )
    expect(idOf(['a', 'b'], { a: '1', b: '2' }, 1)).not.toBe(
      idOf(['a', 'b'], { a: '12', b: '' }, 1),
    )
  })

  test('of the row number belong to the file', () => {
    expect(idOf(['$row'], { a: '1' }, 1, 'x')).not.toBe(idOf(['$row'], { a: '1' }, 1, 'y'))
    expect(idOf(['$row'], { a: '1' }, 1, 'x')).not.toBe(idOf(['$row'], { a: '1' }, 2, 'x'))
  })

  test('of empty columns alone are refused', () => {
    expect(idOf(['a', 'b'], { a: '', b: '' }, 1)).toBe('one: The id (a, b) is empty.')
  })
})

test('columns that are not there, or twice, are named all at once', () => {
  expect(() => map(ordersMapping(), { id: '', at: '' })).toThrow('"email", "total"')
  const twice = { ...files, columns: ['id', 'email', 'at', 'total', 'email'] }
  expect(() => compileMapping(ordersMapping(), twice)).toThrow('"email (twice in the header)"')
})

test('lookups chain, and a row that is not found is empty', () => {
  const mapping = ordersMapping({
    lookups: {
      orders: { file: 'o.csv', key: 'id', by: 'order' },
      people: { file: 'p.csv', key: 'id', by: 'orders.person' },
    },
    touchpoints: {
      review: {
        event: { constant: 'Review' },
        id: ['$row'],
        time: { constant: '2026-01-01' },
        identifiers: { user_id: 'order' },
        properties: { name: { column: 'people.name', as: 'text', empty: 'nobody' } },
      },
    },
  })
  const lookups = new Map([
    [
      'orders',
      { columns: ['id', 'person'], find: (key: string) => (key === '1' ? ['1', 'p'] : null) },
    ],
    [
      'people',
      { columns: ['id', 'name'], find: (key: string) => (key === 'p' ? ['p', 'Ann'] : null) },
    ],
  ])
  const mapRow = compileMapping(mapping, { fileHash: '', columns: ['order'], lookups })
  expect(mapRow(['1'], 1).events[0]).toMatchObject({ properties: { name: 'Ann' } })
  expect(mapRow(['2'], 2).events[0]).toMatchObject({ properties: { name: 'nobody' } })
})

test('NDJSON: keys, paths into objects, nothing of a prototype', () => {
  const mapping = ordersMapping({
    file: { format: 'ndjson' },
    touchpoints: {
      seen: {
        event: { constant: 'Seen' },
        id: ['id'],
        time: { column: 'at', format: 'unix' },
        identifiers: { email: 'user.email' },
        properties: { odd: 'toString', 'a.b': 'a.b', amount: 'n', deep: 'user' },
      },
    },
  })
  const mapRow = compileMapping(mapping, { ...files, columns: null })
  const row = { id: 1, at: 1767225600, user: { email: 'a@b.co' }, 'a.b': 'x', n: 5 }
  expect(mapRow(row, 1).events[0]).toMatchObject({
    timestamp: '2026-01-01T00:00:00.000Z',
    context: { traits: { email: 'a@b.co' } },
    properties: { 'a.b': 'x', amount: 5, deep: { email: 'a@b.co' } },
  })
  expect(mapRow(row, 1).events[0]?.['properties']).not.toHaveProperty('odd')
})
