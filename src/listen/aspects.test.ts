import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aspectsOf } from './aspects.ts'

const inShort = (text: string) =>
  aspectsOf(text).map(({ topic, score }) => [topic, score === null ? null : Math.sign(score)])

describe('what a text says of each topic', () => {
  test.each([
    ['The delivery was terrible, but the staff were lovely.', [['delivery', -1], ['support', 1]]], // prettier-ignore
    [
      'Great price. Awful documentation.',
      [
        ['price', 1],
        ['documentation', -1],
      ],
    ],
    ['The delivery is not good', [['delivery', -1]]],
    ['Where is my invoice?', [['billing', null]]],
    ['I love it', []],
    ['Le prix est super et la livraison aussi', []],
    ['', []],
  ] as const)('%s', (text, expected) => expect(inShort(text)).toEqual(expected))

  test('names its nouns and the words beside them', () => {
    // helpful 1.8 + .293, kind 2.4 + .9 * .293: 4.757 / sqrt(4.757^2 + 15)
    expect(aspectsOf('Support was very helpful and kind')).toEqual([
      { topic: 'support', score: 0.7755, nouns: ['Support'], words: ['helpful', 'kind'] },
    ])
  })

  test('any text gives scores within their bounds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const { score } of aspectsOf(`the price is good ${text}`)) {
          expect(Math.abs(score ?? 0)).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
