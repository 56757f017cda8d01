import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeEmojis, tokenise } from '../tokenise.ts'
import { sharedScore, rawScore } from './apply-model.ts'
import { createBuckets, lexicalCount, readBuckets } from './features.ts'
import { bucketCount } from './features.ts'
import { decodeModel, encodeModel, outputCount } from './model.ts'
import { fitRidge, product, type HashedRows } from './ridge.ts'
import { explainModelSentiment, modelSentimentOf } from './sentiment-model.ts'
import { hashTexts, train, type RatedText } from './train.ts'
import { seededRandom } from '../../math/random.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(fc.constantFrom('good', 'NOT', 'awful!', 'the', 'but', '😀', 'İĞ', '\u0085', 'never'))
    .map((words) => words.join(' ')),
)

describe('a text by the shipped model', () => {
  test('the shares of base, words and emphasis add up to the sum, of which the score is cut', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { words, base, emphasis, sum, score } = explainModelSentiment(text)
        const total = words.reduce((all, { contribution }) => all + contribution, base + emphasis)
        expect(total).toBeCloseTo(sum, 9)
        expect(score).toBeCloseTo(Math.min(1, Math.max(-1, sum)), 4)
        const served = modelSentimentOf(text)
        if (served !== null) expect(served).toBe(score)
      }),
      { numRuns: 300 },
    )
  })

  test('clear words have the clear side', () => {
    expect(modelSentimentOf('I love it, this is wonderful')).toBeGreaterThan(0.3)
    expect(modelSentimentOf('This is a terrible, boring waste of time')).toBeLessThan(-0.3)
  })

  test.each([[null], [''], ['Die Lieferung kam nicht'], ['この製品は最悪です'], ['4711']])(
    'no number for %s',
    (text) => expect(modelSentimentOf(text)).toBeNull(),
  )

  test('the same text has the same score, whatever was scored before', () => {
    const text = 'The room was dirty, but the staff were kind!'
    const first = modelSentimentOf(text)
    modelSentimentOf('x '.repeat(3_000))
    expect(modelSentimentOf(text)).toBe(first)
  })

  test('the longest text fits, also one that grows as its letters are made small', () => {
    for (const piece of ['a', 'x ', 'İ', 'İ ', '🧘', 'good ']) {
      const { sum } = explainModelSentiment(piece.repeat(5_000))
      expect(Number.isFinite(sum)).toBe(true)
    }
  })
})

test('buckets of words and pieces end with their token', () => {
  const text = 'Not so\u0085good \u3000 a'
  const tokens = tokenise(text)
  const buckets = createBuckets()
  readBuckets(text, tokens, buckets)
  expect(tokens.map(({ lower }) => lower)).toEqual(['not', 'so', 'good', 'a'])
  // Word and, from the second on, pair.
  expect([...buckets.wordEnds.subarray(0, 4)]).toEqual([1, 3, 5, 7])
  for (const ends of [buckets.wordEnds, buckets.pieceEnds]) {
    expect([...ends.subarray(0, 4)]).toEqual([...ends.subarray(0, 4)].toSorted((a, b) => a - b))
  }
  const inRange = [...buckets.words.subarray(0, 7)].every((b) => b >= 0 && b < bucketCount)
  expect(inRange).toBe(true)
})

describe('the file', () => {
  test('keeps each weight within the steps of its root', () => {
    const random = seededRandom('weights')
    const buckets = new Float64Array(outputCount * bucketCount)
    for (let k = 0; k < 3_000; k++) buckets[random.integer(buckets.length)] = random.normal()
    const lexical = Float64Array.from({ length: outputCount * lexicalCount }, () => random.normal())
    const model = decodeModel(encodeModel({ buckets, lexical }))
    expect(model.lexical).toEqual(lexical)
    const largest = buckets.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
    let worst = 0
    for (const [j, weight] of buckets.entries()) {
      const kept = (model.buckets[j] ?? 0) * (model.scales[j % outputCount] ?? 0)
      worst = Math.max(worst, Math.abs(kept - weight))
    }
    expect(worst).toBeLessThan(largest / 127)
  })

  test('a damaged one is refused with what to do', () => {
    const none = { buckets: new Float64Array(3), lexical: new Float64Array(3) }
    expect(() => decodeModel(encodeModel(none))).toThrow(/Install Rapport again/)
    expect(() => decodeModel(Buffer.from('no gzip'))).toThrow(/Install Rapport again/)
  })
})

describe('training', () => {
  test('ridge solves its normal equations', () => {
    const random = seededRandom('ridge')
    const count = 40
    const rows: HashedRows = {
      ...{ count, columnCount: 5, lexical: new Float64Array(count * lexicalCount) },
      blocks: [
        {
          columns: Int32Array.from({ length: count * 3 }, () => random.integer(5)),
          starts: Int32Array.from({ length: count + 1 }, (_, row) => row * 3),
          norms: new Float64Array(count).fill(1 / Math.sqrt(3)),
        },
      ],
    }
    rows.lexical.forEach((_, j) => (rows.lexical[j] = random.normal()))
    const task = {
      ...{ rows, lambda: 0.7, gatedShare: 2, tolerance: 1e-24 },
      targets: Float64Array.from({ length: count }, () => random.normal()),
      rowWeights: Float64Array.from({ length: count }, (_, row) => row % 3),
      gates: Float64Array.from({ length: count }, () => random.next()),
    }
    const loss = (plain: Float64Array, gated: Float64Array): number => {
      let sum = 0
      for (let row = 0; row < count; row++) {
        const gate = task.gates[row] ?? 0
        const made = (1 - gate) * product(rows, row, plain) + gate * product(rows, row, gated)
        sum += (task.rowWeights[row] ?? 0) * ((task.targets[row] ?? 0) - made) ** 2
      }
      // Figures only: the penalty of columns is on a scale of their rarity.
      for (let j = 5; j < 5 + lexicalCount; j++) {
        sum += 0.007 * ((plain[j] ?? 0) ** 2 + 2 * (gated[j] ?? 0) ** 2)
      }
      return sum
    }
    const { plain, gated } = fitRidge(task)
    for (let j = 5; j < 5 + lexicalCount; j++) {
      for (const side of [plain, gated]) {
        const at = side[j] ?? 0
        const step = 1e-4
        side[j] = at + step
        const above = loss(plain, gated)
        side[j] = at - step
        const below = loss(plain, gated)
        side[j] = at
        expect(Math.abs(above - below) / (2 * step)).toBeLessThan(1e-6)
      }
    }
  })

  test('learns words that no lexicon has, and gives the same weights again', () => {
    const texts: RatedText[] = Array.from({ length: 60 }, (_, i) => ({
      ...{ weight: 1, casual: false, rating: i % 2 === 0 ? 0.8 : -0.8 },
      text: `the widget number ${i} was ${i % 2 === 0 ? 'zorbly' : 'quimpish'}`,
    }))
    const weights = train(texts, hashTexts(texts), () => true)
    const model = decodeModel(encodeModel(weights))
    expect(modelSentimentOf('the widget was zorbly', model)).toBeGreaterThan(0.1)
    expect(modelSentimentOf('the widget was quimpish', model)).toBeLessThan(-0.1)
    expect(train(texts, hashTexts(texts), () => true)).toEqual(weights)
    const text = describeEmojis('the widget was zorbly')
    const tokens = tokenise(text)
    expect(sharedScore(model, text, tokens).sum).toBe(rawScore(model, text, tokens).sum)
  })
})
