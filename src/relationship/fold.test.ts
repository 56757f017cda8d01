import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contributionsOf, foldTouchpoints, mergeStates, stateFromRow } from './fold.ts'
import { anyTouchpoint, differencesOf, everyKindModel, testNow } from './testing.ts'
import { compileField, currencyFactors, fieldText } from './field.ts'
import { compileFilter } from './filter.ts'
import { filterSchema, type Filter } from './model-schema.ts'
import { loadModel } from './parse-model.ts'
import type { CompiledModel } from './compile-model.ts'
import type { Json, Touchpoint } from '../domain/touchpoint.ts'

const plain: Touchpoint = {
  id: '00000000-0000-8000-8000-000000000001',
  subjectId: '00000000-0000-8000-8000-000000000002',
  occurredAt: testNow,
  receivedAt: testNow,
  sourceId: 'web',
  type: 'track',
  kind: 'purchase',
  event: 'Order Completed',
  channel: 'web',
  bot: false,
  amountMinor: 1250,
  currency: 'EUR',
  score: 0.8,
  sentiment: null,
  properties: {
    plan: 'seed',
    seats: 7,
    deep: { tags: ['a', 'b'], none: null },
    yes: true,
    big: 1e21,
  },
  context: { campaign: { source: 'letter' } },
}
const factors = currencyFactors({ base: 'EUR', rates: { USD: 0.9, JPY: 0.006, KWD: 3 } })

describe('a field', () => {
  test.each<[string, Json | undefined]>([
    ['amount', 12.5],
    ['score', 0.8],
    ['sentiment', undefined],
    ['occurred_at', testNow],
    ['event', 'Order Completed'],
    ['channel', 'web'],
    ['source', 'web'],
    ['properties.plan', 'seed'],
    ['properties.seats', 7],
    ['properties.deep.tags', ['a', 'b']],
    ['properties.deep.tags.0', undefined],
    ['properties.deep.none', undefined],
    ['properties.missing.more', undefined],
    ['properties.constructor', undefined],
    ['properties.__proto__', undefined],
    ['context.campaign.source', 'letter'],
    ['traits.plan', undefined],
  ])('%s reads %j', (name, value) => expect(compileField(name, factors).read(plain)).toEqual(value))

  test('traits are the properties of identify and group', () => {
    const trait = compileField('traits.plan', factors)
    expect(trait.read({ ...plain, type: 'identify' })).toBe('seed')
    expect(trait.read({ ...plain, type: 'group' })).toBe('seed')
  })

  test.each<[number | null, string | null, number | undefined]>([
    [1000, 'USD', 9],
    [1000, 'JPY', 6],
    [1000, 'KWD', 3],
    [1000, 'XAF', undefined],
    [1000, null, undefined],
    [null, 'EUR', undefined],
    [-250, 'EUR', -2.5],
  ])('the amount %s %s is %s in the base currency', (amountMinor, currency, amount) => {
    const read = compileField('amount', factors).read({ ...plain, amountMinor, currency })
    if (amount === undefined) expect(read).toBeUndefined()
    else expect(read).toBeCloseTo(amount, 9)
  })

  test.each<[Json, string]>([
    ['as it is', 'as it is'],
    [1e21, '1e21'],
    [0.1, '0.1'],
    [true, 'true'],
    [['a', 1], '["a",1]'],
    ['\u2028', '\u2028'],
    [['\u2028'], '["\\u2028"]'],
  ])('%j as text is %s', (value, text) => expect(fieldText(value)).toBe(text))
})

describe('a filter', () => {
  test.each<[boolean, Filter]>([
    [true, {}],
    [true, { kind: 'purchase' }],
    [true, { kind: ['review', 'purchase'], channel: 'web', type: 'track' }],
    [false, { kind: 'purchase', channel: ['email', 'store'] }],
    [false, { type: 'identify' }],
    [true, { event: 'Order Completed' }],
    [false, { event: 'order completed' }],
    [true, { where: { 'properties.plan': 'seed' } }],
    [false, { where: { 'properties.plan': { not: 'seed' } } }],
    [true, { where: { 'properties.missing': { not: 'seed' } } }],
    [true, { where: { 'properties.plan': { in: ['bloom', 'seed'] } } }],
    [true, { where: { 'properties.seats': 7 } }],
    [true, { where: { 'properties.seats': '7' } }],
    [false, { where: { 'properties.plan': 7 } }],
    [true, { where: { 'properties.yes': true } }],
    [true, { where: { 'properties.yes': 'true' } }],
    [true, { where: { 'properties.seats': { at_least: 7, at_most: 7 } } }],
    [false, { where: { 'properties.seats': { at_least: 7.1 } } }],
    [false, { where: { 'properties.plan': { at_least: 0 } } }],
    [false, { where: { 'properties.missing': { at_most: 9 } } }],
    [true, { where: { event: { contains: 'COMPLETE' } } }],
    [true, { where: { 'properties.deep.tags': { contains: '"b"' } } }],
    [false, { where: { 'properties.missing': { contains: 'a' } } }],
    [
      true,
      { where: { 'properties.missing': { exists: false }, 'properties.plan': { exists: true } } },
    ],
    [false, { where: { 'properties.deep.none': { exists: true } } }],
    [true, { where: { amount: { at_least: 12.5 }, score: { at_most: 0.8 } } }],
    [false, { where: { sentiment: { at_most: 1 } } }],
  ])('matches: %s for %j', (expected, filter) => {
    expect(compileFilter(filter, factors).matches(plain)).toBe(expected)
    expect(compileFilter(filter, factors).matches({ ...plain, bot: true })).toBe(false)
  })

  test('the schema takes no field that does not exist', () => {
    expect(filterSchema.safeParse({ where: { 'properties.a b-c': 1 } }).success).toBe(true)
    for (const name of ['properties', 'propertie.x', 'properties.', "properties.a'", 'amount.x']) {
      expect(filterSchema.safeParse({ where: { [name]: 1 } }).success).toBe(false)
    }
  })
})

/** A model with one measure, of the entries given. */
function oneMeasure(measure: string): CompiledModel {
  const small = everyKindModel.replace(/^ {2}visits:.*$/m, `  visits: ${measure}`)
  return loadModel(small)
}

/** What the touchpoint adds to `visits`, in units. */
function totalOf(model: CompiledModel, touchpoint: Touchpoint): number | null {
  const millionths = foldTouchpoints(model, [touchpoint])[model.byId.get('visits')?.index ?? -1]
  return typeof millionths === 'number' ? millionths / 1e6 : null
}

describe('what a touchpoint adds', () => {
  test.each([
    ['{ weight: 2.5 }', 2.5],
    ['{ weight: { field: amount } }', 12.5],
    ['{ weight: { field: amount, times: 2, plus: -5 } }', 20],
    ['{ weight: { field: amount, max: 10 } }', 10],
    ['{ weight: { field: score, times: 4, plus: -4, min: -0.5 } }', -0.5],
    ['{ weight: { field: properties.plan } }', null],
    ['{ weight: { field: properties.missing, plus: 3 } }', null],
    // No single touchpoint breaks a sum: it counts as 1e15 at most.
    ['{ weight: { field: properties.big, times: 1000 } }', 1e15],
    ['{ weight: -1e300 }', -1e15],
  ])('%s: %s', (entry, expected) => {
    const body = entry.replace('{', '{ when: { kind: purchase },')
    const model = oneMeasure(`{ kind: sum, name: X, of: [${body}] }`)
    expect(totalOf(model, plain)).toEqual(expected)
  })

  test('the first entry that fits counts, and only that', () => {
    const model = oneMeasure(
      `{ kind: sum, name: X, of: [
      { when: { kind: review }, weight: 1 },
      { when: { kind: purchase }, weight: { field: properties.missing } },
      { when: { kind: purchase, where: { amount: { at_least: 10 } } }, weight: 3 },
      { when: {}, weight: 50 }] }`.replaceAll('\n', ' '),
    )
    expect(totalOf(model, plain)).toBe(3)
    expect(totalOf(model, { ...plain, amountMinor: 999 })).toBe(50)
    expect(totalOf(model, { ...plain, kind: 'review' })).toBe(1)
    expect(contributionsOf(model, { ...plain, bot: true })).toEqual([])
  })

  test('a long text is cut at 200 characters, not in the middle of one', () => {
    const model = loadModel(everyKindModel)
    const properties = { text: '😀'.repeat(300) }
    const state = foldTouchpoints(model, [{ ...plain, properties }])
    const first = state[model.byId.get('first_text')?.index ?? -1] as string
    expect(first.endsWith(` ${'😀'.repeat(200)}`)).toBe(true)
    expect(first).toHaveLength(52 + 400)
  })

  test('every model knows when it began and how much there was', () => {
    const model = loadModel(everyKindModel)
    const state = foldTouchpoints(model, [plain, { ...plain, id: plain.subjectId, occurredAt: 5 }])
    const held = (id: string): unknown => state[model.byId.get(id)?.index ?? -1]
    expect([held('_first_seen'), held('_last_seen'), held('_touchpoints')]).toEqual([5, testNow, 2])
  })
})

test('merging states is folding all, in any grouping; neither part is changed', () => {
  const model = loadModel(everyKindModel)
  const parts = fc.array(fc.array(anyTouchpoint, { maxLength: 8 }), { minLength: 2, maxLength: 4 })
  fc.assert(
    fc.property(parts, (lists) => {
      const withSubject = lists.map((list) => list.map((some) => ({ ...some, subjectId: '' })))
      const states = withSubject.map((list) => foldTouchpoints(model, list))
      const copies = structuredClone(states)
      const merged = states.reduceRight((left, right) => mergeStates(model, left, right))
      expect(differencesOf(model, withSubject.flat(), merged)).toEqual([])
      expect(states).toEqual(copies)
      const row = Object.fromEntries(
        model.measures.flatMap(({ aggregate, columns, index }) => {
          const state = merged[index]
          const cells = state === null ? columns.map(() => null) : aggregate.toCells(state)
          return columns.map((column, i) => [column, cells[i]])
        }),
      )
      expect(stateFromRow(model, row)).toEqual(merged)
    }),
    { numRuns: 60 },
  )
})
