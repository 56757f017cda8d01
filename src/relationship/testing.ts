/** Random touchpoints and a model with every kind of measure, for the tests of this and other folders. */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { channels, touchpointKinds } from '../domain/touchpoint-kind.ts'
import { eventTypes } from '../domain/touchpoint.ts'
import { contributionsOf, foldTouchpoints } from './fold.ts'
import { dayMilliseconds } from './duration.ts'
import { levelValue } from './aggregates/decayed-sum.ts'
import type { CompiledMeasure, State } from './measure-table.ts'
import type { CompiledModel } from './compile-model.ts'
import type { Json, JsonObject, Touchpoint } from '../domain/touchpoint.ts'
import type { TouchpointKind } from '../domain/touchpoint-kind.ts'

export const testNow = Date.parse('2026-11-23T12:00:00.000Z')

/** Every aggregate kind, every sort of field, weight and test. */
export const everyKindModel = `
model: Every kind
currency: { base: EUR, rates: { USD: 0.92, JPY: 0.0061, KWD: 3.01 } }
measures:
  visits: { kind: count, name: Visits, of: [{ when: { kind: [page_viewed, shared] } }] }
  anything: { kind: count, name: Anything, of: [{ when: {} }] }
  paid:
    kind: sum
    name: Paid
    of:
      - { when: { kind: purchase, where: { amount: { at_least: 100 } } }, weight: { field: amount, times: 2, plus: 0.1 } }
      - { when: { kind: purchase }, weight: { field: amount } }
      - { when: { kind: order_refunded }, weight: { field: amount, times: -1, min: -5000 } }
      - { when: { kind: shared }, weight: 5000000000 }
      - { when: { kind: review }, weight: -0.0000005 }
  wild: { kind: sum, name: Wild, of: [{ when: {}, weight: { field: properties.n, times: 1e200, max: 7e40 } }] }
  good:
    kind: decayed_sum
    name: Good
    half_life: 30d
    of:
      - { when: { kind: [review, survey_answer], where: { score: { at_least: 0.75 } } }, weight: { field: score, times: 4, plus: -2 } }
      - { when: { kind: [review, survey_answer] }, weight: { field: sentiment } }
      - { when: { kind: purchase }, weight: 0.3 }
  bad:
    kind: decayed_sum
    name: Bad
    half_life: 36h
    of:
      - { when: { kind: complaint } }
      - { when: { kind: ticket_opened, channel: [email, web], where: { properties.plan: { not: seed } } }, weight: 2 }
  brief: { kind: decayed_sum, name: Brief, half_life: 2h, of: [{ when: {}, weight: { field: properties.n } }] }
  least: { kind: minimum, name: Least, of: [{ when: {}, field: properties.n }] }
  most: { kind: maximum, name: Most, of: [{ when: { type: [identify, group] }, field: traits.followers }, { when: {}, field: properties.deep.n }] }
  seen: { kind: maximum, name: Seen, of: [{ when: { kind: page_viewed }, field: occurred_at }] }
  first_text: { kind: first, name: First, of: [{ when: { kind: page_viewed }, field: context.campaign.source }, { when: {}, field: properties.text }] }
  last_text: { kind: last, name: Last, of: [{ when: { type: identify }, field: traits.text }, { when: { kind: shared }, field: channel }, { when: { kind: review }, field: score }] }
  last_money: { kind: last, name: Money, of: [{ when: {}, field: amount }] }
  last_event: { kind: last, name: Event, of: [{ when: { event: ['Order Completed', "it's \\\\ odd"] }, field: event }] }
  active_days: { kind: days, name: Days, of: [{ when: { kind: [page_viewed, purchase, shared] } }] }
  active_weeks: { kind: weeks, name: Weeks, of: [{ when: {} }] }
  choices:
    kind: recent
    name: Choices
    keep: 5
    of: [{ when: { kind: purchase }, tag: choice }, { when: { kind: comparison }, tag: comparison }]
  tests:
    kind: count
    name: Tests
    of:
      - { when: { where: { properties.text: { contains: Straße }, properties.flag: true } } }
      - { when: { where: { properties.plan: { in: [seed, 7, true, "it's"] }, properties.missing: { exists: false } } } }
      - { when: { where: { properties.n: { at_least: -3, at_most: 1e20 }, traits.followers: { exists: true } } } }
      - { when: { where: { source: web, properties.n: 12, event: { contains: ORDER } } } }
      - { when: { where: { properties.deep: { contains: 'x' } } } }
trust: { deposits: good, withdrawals: bad }
dimensions:
  trust: { name: Trust, half: 3, of: [{ trust_balance: true }] }
  habit: { name: Habit, half: 4, of: [{ measure: active_days, within: 14d, times: 0.3 }, { measure: good }, { measure: bad, times: -0.5 }] }
rungs:
  - { id: stranger, name: Stranger, meaning: None, when: { all: [] } }
  - { id: visitor, name: Visitor, meaning: Visits, when: { measure: active_days, within: 7d, at_least: 2 } }
  - { id: buyer, name: Buyer, meaning: Buys, when: { all: [{ measure: choices, count: choice, at_least: 1 }, { measure: seen, age: true, at_most: 20 }] } }
  - { id: friend, name: Friend, meaning: Trusts, when: { any: [{ dimension: trust, at_least: 40 }, { not: { dimension: habit, at_most: 45 } }] } }
health:
  red: [{ because: Overdrawn, when: { trust_balance: true, at_most: -1 } }]
  yellow: [{ because: Silent, when: { all: [{ measure: active_weeks, age: true, at_least: 16 }, { measure: visits, at_least: 1 }] } }]
personas:
  - { id: nursery, name: Nursery, fit: [{ trait: role, test: { in: [owner, '007'] }, weight: 3 }, { trait: followers, test: { at_least: 10 } }, { trait: Role, test: { exists: true } }] }
value: { own: paid }
affinity: [{ measure: good }, { trust_balance: true, times: 0.3 }]
reach: [{ measure: most, times: 0.001 }]
`

/** Text as the collect room lets through: no NUL, no lone surrogate. */
const text = fc.oneof(
  fc.constantFrom('', 'seed', 'owner', '007', 'true', '12', "it's", 'a\\b "c"', 'an der STRASSE', 'straße x', 'İx', 'ΟΔΟΣ'),
  fc.string({ unit: 'binary', maxLength: 12 }).map((some) => some.replaceAll('\u0000', '')),
  fc.string({ unit: 'grapheme', minLength: 150, maxLength: 260 }),
) // prettier-ignore

/** What JSON.parse and the collect room's cleaning can give: finite, and 1e300 at most. */
const number = fc.oneof(
  fc.integer({ min: -20, max: 200 }),
  fc.constantFrom(0, 12, 0.1, 1e-7, 1e300, -1e300, 1e21, 2 ** 53, 2 ** 64, 1e20, -1e19, 12.5),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((some) => some + 0),
)
const scalar: fc.Arbitrary<Json> = fc.oneof(text, number, fc.boolean(), fc.constant(null))
/** Also names and texts of control characters, which JSON can spell in more than one way. */
const control = fc.string({ unit: fc.integer({ min: 1, max: 31 }).map((c) => String.fromCodePoint(c)), maxLength: 3 }) // prettier-ignore
const nested: fc.Arbitrary<Json> = fc.oneof(
  fc.array(fc.oneof(text, control, number, fc.boolean(), fc.constant(null)), { maxLength: 3 }),
  fc.dictionary(
    fc.oneof(fc.constantFrom('n', 'x', '__proto__'), control),
    fc.oneof(text, control, number, fc.array(scalar, { maxLength: 2 })),
    { maxKeys: 2 },
  ),
)
const value = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: nested })

const properties: fc.Arbitrary<JsonObject> = fc.record(
  {
    n: fc.oneof({ weight: 3, arbitrary: number }, { weight: 1, arbitrary: value }),
    deep: fc.oneof(fc.record({ n: number }, { requiredKeys: [] }), value),
    text: value,
    plan: fc.oneof(fc.constantFrom<Json[]>('seed', 'bloom', 7, true, "it's"), value),
    flag: fc.oneof(fc.boolean(), value),
    role: fc.oneof(fc.constantFrom<Json[]>('owner', '007'), value),
    Role: value,
    followers: fc.oneof(number, value),
    deal_value: number,
    missing: value,
    other: value,
  },
  { requiredKeys: [] },
)
const context: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.boolean().map((flag): JsonObject => ({ consent: { categoryPreferences: { flag } } })),
  fc.constant({}),
  fc.record({ campaign: fc.oneof(fc.record({ source: value }), value) }),
)

const dayStart = Math.floor(testNow / dayMilliseconds) * dayMilliseconds
/** Mostly the last weeks, often the same moment or the edge of a day, sometimes since 1990. */
export const anyTime: fc.Arbitrary<number> = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: testNow - 90 * dayMilliseconds, max: testNow }) },
  { weight: 2, arbitrary: fc.constantFrom(testNow, testNow - 5, testNow - 3 * dayMilliseconds) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 600 }), fc.constantFrom(-1, 0, 1))
      .map(([days, by]) => dayStart - days * dayMilliseconds + by),
  },
  { weight: 1, arbitrary: fc.integer({ min: Date.parse('1990-01-01'), max: testNow }) },
  { weight: 1, arbitrary: fc.integer({ min: testNow, max: testNow + dayMilliseconds }) },
)

const frequentKinds: readonly TouchpointKind[] = [
  'page_viewed', 'purchase', 'review', 'survey_answer', 'complaint', 'comparison', 'shared',
  'ticket_opened', 'order_refunded', 'feature_used', 'subscription_started', 'promise_broken',
] // prettier-ignore

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { freq: 2 })

/** A touchpoint of a subject that the caller sets. */
export const anyTouchpoint: fc.Arbitrary<Omit<Touchpoint, 'subjectId'>> = fc.record({
  id: fc.uuid(),
  occurredAt: anyTime,
  receivedAt: fc.constant(testNow),
  sourceId: fc.constantFrom('web', 'import'),
  type: fc.oneof({ weight: 3, arbitrary: fc.constant('track' as const) }, { weight: 1, arbitrary: fc.constantFrom(...eventTypes) }),
  kind: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...frequentKinds) }, { weight: 1, arbitrary: fc.constantFrom(...touchpointKinds) }),
  event: fc.oneof(fc.constantFrom('Order Completed', "it's \\ odd", ''), text),
  channel: fc.constantFrom(...channels),
  bot: fc.integer({ min: 0, max: 9 }).map((some) => some === 0),
  amountMinor: maybe(fc.oneof(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.constantFrom(0, 1, 15, 10_000))),
  currency: maybe(fc.constantFrom('EUR', 'USD', 'JPY', 'KWD', 'XAF')),
  score: maybe(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }).map((some) => some + 0), fc.constantFrom(0, 0.5, 0.75, 1))),
  sentiment: maybe(fc.double({ min: -1, max: 1, noNaN: true }).map((some) => some + 0)),
  properties,
  context,
}) // prettier-ignore

/**
 * Where a state differs from the fold of the touchpoints: nowhere, bit by bit, but for rounding in
 * decayed sums, and in sums beyond what a double counts exactly.
 */
export function differencesOf(
  model: CompiledModel,
  touchpoints: readonly Touchpoint[],
  state: State | undefined,
): string[] {
  const expected = foldTouchpoints(model, touchpoints)
  return model.measures.flatMap((measure) => {
    const [want, got] = [expected[measure.index], state?.[measure.index]]
    const slack = slackOf(model, measure, touchpoints)
    const equal =
      measure.halfLife === null
        ? isDeepStrictEqual(want, got) || Math.abs(Number(got) - Number(want)) <= slack
        : isSameLevel(want as number | null, got as number | null, measure.halfLife)
    const show = (value: unknown): string =>
      JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part))
    return equal ? [] : `${measure.id}: ${show(got)} for ${show(want)}`
  })
}

function isSameLevel(want: number | null, got: number | null, halfLife: number): boolean {
  const value = (level: number | null): number =>
    level === null ? 0 : levelValue(level, testNow, halfLife)
  // Below this a double loses its digits, and nobody would call it anything.
  if (value(want) < 1e-250) return value(got) < 1e-249
  return Math.abs(value(got) / value(want) - 1) < 1e-9
}

function slackOf(
  model: CompiledModel,
  { index, declared }: CompiledMeasure,
  touchpoints: readonly Touchpoint[],
): number {
  if (declared.kind !== 'sum') return 0
  let size = 0
  for (const { entry, mark } of touchpoints.flatMap((t) => contributionsOf(model, t))) {
    if (entry.measureIndex === index) size += Math.abs(mark.amount) * 1e6
  }
  return size < 2 ** 53 ? 0 : size * 1e-12
}
