import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sharedData } from '../../test/shared-data.ts'
import { explainSentiment } from './explain.ts'
import { emojiDescriptions, lexicon } from './lexicon/lexicon.ts'
import { roundLikePython } from './round.ts'
import { scoreSentiment, sentimentOf } from './sentiment.ts'
import { textLimit } from './tokenise.ts'

type Row = readonly [
  text: string,
  compound: number,
  positive: number,
  neutral: number,
  negative: number,
]

// The sentences with which the authors show their rules (README and demo of VADER 3.3.2), with the
// scores that the Python reference gives them.
const authorsExamples: readonly Row[] = [
  ['VADER is smart, handsome, and funny.', 0.8316, 0.746, 0.254, 0],
  ['VADER is smart, handsome, and funny!', 0.8439, 0.752, 0.248, 0],
  ['VADER is very smart, handsome, and funny.', 0.8545, 0.701, 0.299, 0],
  ['VADER is VERY SMART, handsome, and FUNNY.', 0.9227, 0.754, 0.246, 0],
  ['VADER is VERY SMART, handsome, and FUNNY!!!', 0.9342, 0.767, 0.233, 0],
  ['VADER is VERY SMART, uber handsome, and FRIGGIN FUNNY!!!', 0.9469, 0.706, 0.294, 0],
  ['VADER is not smart, handsome, nor funny.', -0.7424, 0, 0.354, 0.646],
  ['The book was good.', 0.4404, 0.492, 0.508, 0],
  ["At least it isn't a horrible book.", 0.431, 0.322, 0.678, 0],
  ['The book was only kind of good.', 0.3832, 0.303, 0.697, 0],
  [
    'The plot was good, but the characters are uncompelling and the dialog is not great.',
    -0.7042,
    0.094,
    0.579,
    0.327,
  ],
  ['Today SUX!', -0.5461, 0, 0.221, 0.779],
  ["Today only kinda sux! But I'll get by, lol", 0.5249, 0.317, 0.556, 0.127],
  ['Make sure you :) or :D today!', 0.8633, 0.706, 0.294, 0],
  ['Catch utf-8 emoji such as 💘 and 💋 and 😁', 0.875, 0.417, 0.583, 0],
  ['Not bad at all', 0.431, 0.487, 0.513, 0],
  ['Sentiment analysis has never been this good!', 0.5672, 0.379, 0.621, 0],
  [
    'Roger Dodger is one of the least compelling variations on this theme.',
    -0.1695,
    0,
    0.868,
    0.132,
  ],
  ['Roger Dodger is at least compelling as a variation on the theme.', 0.2263, 0.147, 0.853, 0],
  ['Without a doubt, an excellent idea.', 0.7013, 0.592, 0.408, 0],
  ['', 0, 0, 0, 0],
  ['   ', 0, 0, 0, 0],
]

// Random mixtures of all rules, scripts and spaces, scored by the Python reference.
const randomExamples = JSON.parse(
  readFileSync(new URL('./lexicon/reference-examples.json', import.meta.url), 'utf8'),
) as readonly Row[]

function scoresOf(text: string): Row {
  const score = scoreSentiment(text)
  return [text, score.compound, score.positive, score.neutral, score.negative]
}

function lines(path: string): string[] {
  return gunzipSync(readFileSync(path)).toString('utf8').replace(/\n$/, '').split('\n')
}

describe('the four scores are those of the Python reference', () => {
  test.each(authorsExamples)('%s', (...row) => expect(scoresOf(row[0])).toEqual(row))

  test('on 200 random mixtures of its rules', () => {
    expect(randomExamples.map(([text]) => scoresOf(text))).toEqual(randomExamples)
  })

  const sets = ['tweets', 'amazonReviewSnippets', 'movieReviewSnippets', 'nytEditorialSnippets']
  const data = sets.flatMap((set) => {
    const texts = sharedData(`vader/${set}_GroundTruth.txt.gz`)
    const reference = sharedData(`vader/ref_vader332_${set}.csv.gz`)
    return texts && reference ? [{ texts, reference }] : []
  })

  test('on all 23,703 texts of Hutto and Gilbert (2014)', (context) => {
    if (data.length < sets.length) return context.skip('skipped: data not there')
    let count = 0
    for (const { texts, reference } of data) {
      const expected = lines(reference).slice(1)
      for (const [index, line] of lines(texts).entries()) {
        const text = line.split('\t').slice(2).join('\t')
        const [, negative, neutral, positive, compound] = (expected[index] ?? '').split(',')
        // `+ 0`: the reference writes "-0.0" now and then.
        const numbers = [compound, positive, neutral, negative].map((cell) => Number(cell) + 0)
        expect(scoresOf(text)).toEqual([text, ...numbers])
        count++
      }
    }
    expect(count).toBe(23_703)
  })

  test('with the whole of its lexicons', (context) => {
    const words = sharedData('vader/vader_lexicon.txt.gz')
    const emojis = sharedData('vader/emoji_utf8_lexicon.txt.gz')
    if (!words || !emojis) return context.skip('skipped: data not there')
    const valences = new Map(
      lines(words).map((line) => line.trim().split('\t', 2) as [string, string]),
    )
    for (const [word, valence] of valences) {
      // The tokeniser gives lower-case words without spaces, so no other can ever be found.
      if (word !== word.toLowerCase() || word.includes(' ')) continue
      expect([word, lexicon.get(word)?.valence]).toEqual([word, Number(valence)])
    }
    for (const [emoji = '', description] of lines(emojis).map((line) => line.trim().split('\t'))) {
      if ([...emoji].length === 1) expect(emojiDescriptions.get(emoji)).toBe(description)
    }
  })
})

test('ties are rounded to the even digit, as Python does', () => {
  expect([0.0625, 0.1875, 0.3125].map((value) => roundLikePython(value, 3))).toEqual([
    0.062, 0.188, 0.312,
  ])
  expect(roundLikePython(1.0005, 3)).toBe(1) // its binary value lies below the tie
  expect(roundLikePython(-0.00001, 4)).toBe(0)
  expect(roundLikePython(-0.03125, 4)).toBe(-0.0312)
})

describe('what cannot be judged is null, not neutral', () => {
  test.each([
    [null, null],
    ['', 'no words'],
    ['The parcel arrived on Tuesday.', 'no word of the lexicon'],
    ['この製品は最悪です 😡 bad', 'mostly not in Latin script'],
    ['Служба поддержки ужасна, bad', 'mostly not in Latin script'],
    ['Die Lieferung kam und die Farbe ist nicht schön', 'not in English'],
    ['La commande est arrivée avec du retard, super bien', 'not in English'],
    ['El producto es muy bueno, super', 'no word of the lexicon'],
    // No English word beside a foreign one, or beside an accent, however well it reads in English.
    ['support toujours super', 'not in English'],
    ['Super Qualität', 'not in English'],
  ])('%s', (text, note) => {
    expect(sentimentOf(text)).toBeNull()
    if (text !== null && note !== 'no word of the lexicon') {
      expect(explainSentiment(text).notJudged).toBe(note)
    }
  })

  test('English with a foreign name is judged', () => {
    expect(sentimentOf('The team of La Perla was great')).toBeGreaterThan(0.5)
    expect(sentimentOf('Café is awful')).toBeLessThan(-0.4)
  })

  test('a lexicon word that cancels out is judged as 0', () => {
    expect(sentimentOf('bus stop is a great bus stop here, not')).not.toBeNull()
  })
})

describe('the explanation', () => {
  test('names each word, the rules that changed it, and adds up', () => {
    const { words, emphasis, sum, score } = explainSentiment(
      'Support was NOT very helpful, but nice!',
    )
    expect(words.map(({ word, base }) => [word, base])).toEqual([
      ['Support', 1.7],
      ['helpful', 1.8],
      ['nice', 1.8],
    ])
    expect(words[1]?.steps.map(({ because }) => because)).toEqual([
      '"very" before it',
      'negated by "NOT"',
      'weighed around "but"',
    ])
    expect(emphasis).toBe(0.292)
    expect(sum).toBeCloseTo(
      words.reduce((total, word) => total + word.valence, emphasis),
      12,
    )
    expect(score).toEqual(scoreSentiment('Support was NOT very helpful, but nice!'))
  })

  test('agrees with the score and adds up for any text', () => {
    const word = fc.constantFrom(...randomExamples.flatMap(([text]) => text.split(' ')))
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word).map((all) => all.join(' ')),
    )
    fc.assert(
      fc.property(anyText, (text) => {
        const { words, emphasis, sum, score } = explainSentiment(text)
        expect(score).toEqual(scoreSentiment(text))
        expect(words.reduce((total, part) => total + part.valence, 0) + emphasis).toBeCloseTo(
          sum,
          9,
        )
        expect(roundLikePython(sum / Math.sqrt(sum * sum + 15), 4)).toBe(score.compound)
        for (const part of words) expect(part.steps.at(-1)?.valence ?? part.base).toBe(part.valence)
      }),
      { numRuns: 500 },
    )
  })
})

describe('hostile text', () => {
  test('any string gives finite scores within their bounds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const { compound, positive, neutral, negative } = scoreSentiment(text)
        expect(Math.abs(compound)).toBeLessThanOrEqual(1)
        for (const share of [positive, neutral, negative]) {
          expect(share).toBeGreaterThanOrEqual(0)
          expect(share).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  test('names of object members are mere words', () => {
    expect(scoreSentiment('__proto__ constructor toString hasOwnProperty').neutral).toBe(1)
  })

  test('what lies beyond 4,000 characters is not read', () => {
    const filler = 'x '.repeat(textLimit / 2)
    expect(sentimentOf(`${filler}terrible`)).toBeNull()
    expect(scoreSentiment('😀'.repeat(16_000)).compound).toBeGreaterThan(0)
    expect(scoreSentiment(`${'x'.repeat(textLimit - 1)}😀`)).toEqual(scoreSentiment('x'))
  })
})
