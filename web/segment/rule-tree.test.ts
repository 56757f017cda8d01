import { expect, test } from 'vitest'
import type { SegmentField, SegmentOperator, SegmentRule } from '../../src/domain/segment-view.ts'
import { newRule, operatorsOf, valueFor, withOperator, withoutIds } from './rule-tree.ts'

const amounts: SegmentOperator[] = ['at_least', 'between', 'equals']
const number: SegmentField = {
  field: 'n',
  name: 'N',
  group: '',
  type: 'number',
  operators: amounts,
}
const text: SegmentField = { field: 't', name: 'T', group: '', type: 'text', operators: ['equals', 'in', 'exists'] } // prettier-ignore
const rung: SegmentField = {
  ...{ field: 'rung', name: 'Rung', group: '', type: 'choice', operators: ['equals', 'in'] },
  choices: [
    { value: 'a', name: 'A' },
    { value: 'b', name: 'B' },
  ],
}

test.each<[SegmentField, SegmentRule, SegmentOperator, SegmentRule['value']]>([
  [number, { field: 'n', operator: 'at_least', value: 5 }, 'between', [5, 5]],
  [number, { field: 'n', operator: 'between', value: [2, 9] }, 'at_least', 2],
  [text, { field: 't', operator: 'equals', value: 'x' }, 'in', ['x']],
  [text, { field: 't', operator: 'in', value: ['x', 'y'] }, 'equals', 'x'],
  [text, { field: 't', operator: 'equals', value: 'x' }, 'exists', undefined],
  [rung, { field: 'rung', operator: 'in', value: [] }, 'equals', 'a'],
  [rung, { field: 'rung', operator: 'equals', value: 'b' }, 'in', ['b']],
])('%#: another operator keeps what fits of the value', (field, rule, operator, value) => {
  expect(withOperator(rule, operator, field).value).toEqual(value)
})

test.each<[SegmentOperator, SegmentRule['value'], boolean, unknown]>([
  ['contains', 7, false, ''],
  ['equals', 'x', true, 1],
  ['between', undefined, true, [1, 1]],
  ['not_exists', 'x', false, undefined],
])('%s of %j is %j', (operator, value, numeric, expected) => {
  expect(valueFor(operator, value, numeric)).toEqual(expected)
})

test('the last touchpoint is compared by what is looked at', () => {
  const field: SegmentField = {
    ...{ field: 'touchpoint.last', name: 'Last', group: '', type: 'touchpoints' },
    operators: ['equals', 'contains', 'at_least', 'at_most'],
  }
  const rule = newRule(field)
  expect(operatorsOf(rule, field)).not.toContain('equals')
  expect(operatorsOf({ ...rule, property: 'event' }, field)).toContain('contains')
})

test('ids of the builder are left out at every depth', () => {
  const inner: SegmentRule = { id: 'x', field: 'n', operator: 'at_least', value: 1 }
  const account = {
    ...{ id: 'y', field: 'account', operator: 'any' as const },
    value: { id: 'z', combinator: 'and' as const, rules: [inner] },
  }
  const tree = { id: 'r', combinator: 'or' as const, not: false, rules: [account, inner] }
  expect(JSON.stringify(withoutIds(tree))).not.toContain('"id"')
})
