import { expect, test } from 'vitest'
import type { SegmentField, SegmentNode } from '../../src/domain/segment-view.ts'
import { fieldMap } from './rule-tree.ts'
import { treeWords } from './tree-words.ts'

const choices = [{ value: 'customer', name: 'Customer' }]
const fields = fieldMap([
  { field: 'rung', name: 'Rung', group: '', type: 'choice', operators: ['at_least'], choices },
  { field: 'seen.last_days', name: 'Last seen', group: '', type: 'number', operators: ['at_most'], unit: 'days' },
  { field: 'account', name: 'Account', group: '', type: 'account', operators: ['any'] },
  { field: 'list', name: 'Fixed list', group: '', type: 'list', operators: ['in'] },
  { field: 'bucket', name: 'Random share', group: '', type: 'percent', operators: ['below'] },
  { field: 'sequence', name: 'One after the other', group: '', type: 'sequence', operators: ['happened'] },
] satisfies SegmentField[]) // prettier-ignore

const rung: SegmentNode = { field: 'rung', operator: 'at_least', value: 'customer' }
const seen: SegmentNode = { field: 'seen.last_days', operator: 'at_most', value: 14 }
const bought = { kinds: ['purchase' as const] }

test.each<[SegmentNode, string]>([
  [rung, 'Rung at least Customer.'],
  [seen, 'Last seen is at most 14 days ago.'],
  [{ field: 'touchpoint.count', operator: 'at_least', value: 1, of: bought }, 'Purchase at least once.'],
  [{ field: 'touchpoint.count', operator: 'at_most', value: 0, of: bought, within: '1w' }, 'Purchase never in the last 1 week.'],
  [{ field: 'touchpoint.count', operator: 'between', value: [2, 5], of: {} }, 'Touchpoints of any kind between 2 and 5 times.'],
  [
    { field: 'touchpoint.count', operator: 'above', value: 2, of: { ...bought, channels: ['email', 'chat'], where: [{ property: 'amount', operator: 'at_least', value: 9 }] } },
    'Purchase by email or chat (amount at least 9) more than twice.',
  ],
  [{ field: 'touchpoint.last', operator: 'at_most', value: 3, of: bought, property: 'days' }, 'The last of purchase was at most 3 days ago.'],
  [
    { field: 'sequence', operator: 'happened', within: '90d', steps: [{ of: { kinds: ['complaint'] } }, { of: { kinds: ['recovery'] }, within: '30d' }] },
    'First complaint, then within 30 days recovery, all in the last 90 days.',
  ],
  [{ field: 'account', operator: 'any', value: { combinator: 'or', rules: [rung, seen] } }, 'Belongs to an account where (rung at least Customer, or last seen is at most 14 days ago).'],
  [{ field: 'list', operator: 'in', value: ['email:a@b.c', 'email:d@e.f'] }, 'On a fixed list of 2.'],
  [{ field: 'bucket', operator: 'below', value: 10 }, 'In a random share of 10 %.'],
  [{ combinator: 'or', not: true, rules: [rung, seen] }, 'None of (rung at least Customer; last seen is at most 14 days ago).'],
  [{ combinator: 'or', rules: [rung, seen] }, '(rung at least Customer, or last seen is at most 14 days ago).'],
  [{ field: 'gone.field', operator: 'equals', value: 'x' }, 'Gone.field is x.'],
])('%j reads %s', (node, sentence) => {
  expect(treeWords({ combinator: 'and', rules: [node] }, fields, fields)).toBe(sentence)
}) // prettier-ignore

test('an empty tree says that it is', () => {
  expect(treeWords({ combinator: 'and', rules: [] }, fields, fields)).toBe('No condition yet.')
})
