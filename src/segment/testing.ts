/** Random condition trees over the model of every kind, for the tests of this room. */
import fc from 'fast-check'
import type { SegmentGroup, SegmentNode, SegmentRule, TouchpointFilter } from '../domain/segment-view.ts' // prettier-ignore

const number = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.constantFrom(0, 0.5, 1, 2, 40, 100))
const ages = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(0.25, 1, 7, 30, 600))
const amountOperator = fc.constantFrom('at_least', 'at_most', 'above', 'below', 'equals', 'not_equals' as const) // prettier-ignore
const ageOperator = fc.constantFrom<SegmentRule['operator'][]>('at_least', 'at_most', 'above', 'below') // prettier-ignore
const window = fc.constantFrom('36h', '3d', '7d', '14d', '30d', '52w')

const kinds = fc.uniqueArray(
  fc.constantFrom<NonNullable<TouchpointFilter['kinds']>>('page_viewed', 'purchase', 'review', 'complaint', 'comparison', 'shared', 'ticket_opened'),
  { minLength: 1, maxLength: 3 },
) // prettier-ignore

type Test = NonNullable<TouchpointFilter['where']>[number]
const test = fc.oneof(
  fc.record({ property: fc.constantFrom('amount', 'score', 'sentiment', 'properties.n', 'properties.deep.n', 'properties.followers'), operator: amountOperator, value: number }),
  fc.record({ property: fc.constantFrom('properties.plan', 'properties.text', 'properties.flag', 'event', 'channel', 'context.campaign.source'), operator: fc.constantFrom('equals' as const, 'not_equals' as const), value: fc.constantFrom<(string | number | boolean)[]>('seed', 'web', 7, true, "it's", 'true', '7') }),
  fc.record({ property: fc.constantFrom('properties.plan', 'properties.text', 'event', 'source'), operator: fc.constantFrom('contains' as const, 'not_contains' as const, 'starts_with' as const, 'ends_with' as const), value: fc.constantFrom('e', 'WE', 'Straße', '%', 'Order', 'seed') }),
  fc.record({ property: fc.constantFrom('properties.plan', 'properties.text'), operator: fc.constantFrom('in' as const, 'not_in' as const), value: fc.constantFrom<(string | number | boolean)[][]>(['seed', 7], [true, "it's"], ['12']) }),
  fc.record({ property: fc.constantFrom('properties.plan', 'properties.deep', 'properties.missing', 'score'), operator: fc.constantFrom('exists' as const, 'not_exists' as const) }),
) as fc.Arbitrary<Test> // prettier-ignore

const filter: fc.Arbitrary<TouchpointFilter> = fc.record(
  {
    kinds,
    events: fc.constant(['Order Completed', "it's \\ odd"]),
    channels: fc.constant<NonNullable<TouchpointFilter['channels']>>(['web', 'email', 'direct']),
    where: fc.array(test, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
)
/** Mostly of some kinds: else nearly everything is. */
const usualFilter = fc.oneof(
  { weight: 3, arbitrary: kinds.map((some): TouchpointFilter => ({ kinds: some })) },
  { weight: 2, arbitrary: filter },
)

const textual = fc.oneof(
  fc.record({ operator: fc.constantFrom('equals', 'not_equals'), value: fc.constantFrom<(string | number | boolean)[]>('owner', 'Ada', 3, true, '3') }),
  fc.record({ operator: fc.constantFrom('contains', 'starts_with', 'ends_with', 'not_contains'), value: fc.constantFrom('a', 'OW', 'r') }),
  fc.record({ operator: fc.constantFrom('exists', 'not_exists') }),
  fc.record({ operator: fc.constantFrom('in', 'not_in'), value: fc.constant(['owner', 4]) }),
  fc.record({ operator: amountOperator, value: number }),
) // prettier-ignore

const plain = {
  amounts: fc.constantFrom(
    'measure.visits', 'measure.anything', 'measure.paid', 'measure.good', 'measure.bad', 'measure.brief',
    'measure.least', 'measure.most', 'measure.first_text', 'measure.active_days', 'measure.active_weeks',
    'measure.choices', 'dimension.trust', 'dimension.habit', 'trust.balance', 'value.own', 'value.total',
    'persona.fit', 'seen.touchpoints',
  ),
  ages: fc.constantFrom('measure_age.seen', 'measure_age.active_days', 'measure_age.active_weeks',
    'measure_age.choices', 'measure_age.last_text', 'seen.first_days', 'seen.last_days'),
} // prettier-ignore

const anyRule = fc.oneof(
  { weight: 6, arbitrary: fc.record({ field: plain.amounts, operator: amountOperator, value: number }) },
  { weight: 1, arbitrary: fc.record({ field: plain.amounts, operator: fc.constant('between'), value: fc.tuple(number, number).map((two) => two.toSorted((a, b) => a - b)) }) },
  { weight: 3, arbitrary: fc.record({ field: plain.ages, operator: ageOperator, value: ages }) },
  { weight: 1, arbitrary: fc.record({ field: fc.constantFrom('measure.active_days', 'measure.active_weeks'), operator: amountOperator, value: number, within: window }) },
  { weight: 2, arbitrary: fc.record({ field: fc.constant('rung'), operator: fc.constantFrom('equals', 'not_equals', 'at_least', 'at_most'), value: fc.constantFrom('stranger', 'visitor', 'buyer', 'friend') }) },
  { weight: 1, arbitrary: fc.record({ field: fc.constantFrom('rung.days', 'health.days'), operator: ageOperator, value: ages }) },
  { weight: 1, arbitrary: fc.record({ field: fc.constant('health'), operator: fc.constantFrom('in', 'not_in'), value: fc.constantFrom(['red'], ['yellow', 'red'], ['green']) }) },
  { weight: 1, arbitrary: fc.record({ field: fc.constant('persona'), operator: fc.constantFrom('equals', 'not_equals'), value: fc.constant('nursery') }) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('trait.role', 'trait.n', 'trait.flag', 'trait.missing'), textual).map(([field, rest]) => ({ field, ...rest })) },
  { weight: 1, arbitrary: fc.record({ field: fc.constant('bucket'), operator: fc.constant('below'), value: fc.integer({ min: 0, max: 100 }), salt: fc.constantFrom('a', 'b') }) },
  { weight: 1, arbitrary: fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true })).map(([one, other]) => ({ field: 'bucket', operator: 'between' as const, value: [Math.min(one, other), Math.max(one, other)] })) },
  { weight: 5, arbitrary: fc.record({ field: fc.constant('touchpoint.count'), operator: amountOperator, value: fc.integer({ min: 0, max: 4 }), of: usualFilter, within: window, since: usualFilter }, { requiredKeys: ['field', 'operator', 'value', 'of'] }) },
  { weight: 2, arbitrary: fc.record({ field: fc.constant('touchpoint.sum'), operator: amountOperator, value: number, of: usualFilter, property: fc.constantFrom('amount', 'score', 'sentiment', 'properties.n', 'properties.deal_value'), within: window, since: usualFilter }, { requiredKeys: ['field', 'operator', 'value', 'of', 'property'] }) },
  { weight: 2, arbitrary: fc.record({ field: fc.constantFrom('touchpoint.first', 'touchpoint.last'), operator: ageOperator, value: ages, of: usualFilter, property: fc.constant('days'), within: window, since: usualFilter }, { requiredKeys: ['field', 'operator', 'value', 'of', 'property'] }) },
  { weight: 2, arbitrary: fc.tuple(fc.record({ field: fc.constantFrom('touchpoint.first', 'touchpoint.last'), of: usualFilter, within: window, since: usualFilter }, { requiredKeys: ['field', 'of'] }), test).map(([rule, own]) => ({ ...rule, ...own })) },
  { weight: 1, arbitrary: fc.record({ field: fc.constantFrom('consent.flag', 'consent.other'), operator: fc.constantFrom('equals', 'not_equals'), value: fc.constantFrom('granted', 'denied', 'unknown') }) },
  { weight: 3, arbitrary: fc.record({ field: fc.constant('sequence'), operator: fc.constantFrom('happened', 'not_happened'), within: window,
    steps: fc.tuple(fc.record({ of: usualFilter }), fc.array(fc.record({ of: usualFilter, within: window, without: usualFilter }, { requiredKeys: ['of'] }), { minLength: 1, maxLength: 2 })).map(([one, more]) => [one, ...more]) },
    { requiredKeys: ['field', 'operator', 'steps'] }) },
) as fc.Arbitrary<SegmentRule> // prettier-ignore

const groupOf = (node: fc.Arbitrary<SegmentNode>): fc.Arbitrary<SegmentGroup> =>
  fc.record(
    {
      combinator: fc.constantFrom('and' as const, 'or' as const),
      not: fc.boolean(),
      rules: fc.array(node, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['combinator', 'rules'] },
  )

/** About accounts only what an account has, too. */
const accountRule = groupOf(anyRule).chain((value) =>
  fc.record({ field: fc.constant('account'), operator: fc.constantFrom('any' as const, 'none' as const), value: fc.constant(value) }),
) // prettier-ignore

export const anyTree = (
  more: readonly fc.Arbitrary<SegmentRule>[] = [],
): fc.Arbitrary<SegmentGroup> => {
  const rule = fc.oneof({ weight: 9, arbitrary: anyRule }, { weight: 1, arbitrary: accountRule }, ...more.map((arbitrary) => ({ weight: 1, arbitrary }))) // prettier-ignore
  const inner = fc.oneof({ weight: 4, arbitrary: rule }, { weight: 1, arbitrary: groupOf(rule) })
  return groupOf(inner as fc.Arbitrary<SegmentNode>)
}
