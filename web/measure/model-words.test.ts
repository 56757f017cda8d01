import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Model } from '../../src/relationship/model-schema.ts'
import {
  conditionWords,
  durationWords,
  filterWords,
  testWords,
  weightWords,
} from './model-words.ts'

const model = parse(readFileSync('models/saas.yaml', 'utf8')) as Model

test.each([
  [durationWords('1d'), '1 day'],
  [durationWords('36h'), '36 hours'],
  [testWords({ at_least: 3, at_most: 5 }), 'is at least 3 and is at most 5'],
  [testWords({ exists: false }), 'is not given'],
  [testWords('pro'), 'is pro'],
  [filterWords({}), 'every touchpoint'],
  [
    filterWords({ kind: ['page_viewed', 'review'], where: { score: { at_least: 0.8 } } }),
    'page viewed, review where score is at least 0.8',
  ],
  [
    weightWords({ field: 'score', times: 4, plus: -2, min: -2 }),
    '4 × score \u2212 2, between -2 and ∞',
  ],
])('%s', (said, expected) => {
  expect(said).toBe(expected)
})

test('every rung of the playbook has words for each of its conditions', () => {
  const said = model.rungs.map(({ when }) => conditionWords(when, model))
  const leaves = (one: (typeof said)[number]): string[] =>
    one.parts.length === 0 ? [one.says] : one.parts.flatMap(leaves)
  expect(said.flatMap(leaves).length).toBeGreaterThan(10)
  expect(said.flatMap(leaves).join('\n')).not.toMatch(/undefined|NaN|\[object/)
})

test('what its author says comes first, and the bare rule with it', () => {
  const said = conditionWords(
    { measure: 'attention', at_least: 2, says: 'Looked at us lately' },
    model,
  )
  expect(said).toEqual({ says: 'Looked at us lately', figure: 'Attention: at least 2', parts: [] })
})
