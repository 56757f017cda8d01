/** The score of a text by given weights, whole or shared out among its words. Pure. */
import { baseFeature, createBuckets, emphasisFeature, lexicalCount } from './features.ts'
import { lexicalFeatures, pieceNorm, readBuckets, wordNorm, type Lexical } from './features.ts'
import { outputCount, type SentimentModel } from './model.ts'
import type { Token } from '../tokenise.ts'

/** A score before it is cut to -1..1, finite for any text, and how casual the text is, 0..1. */
export interface RawScore {
  readonly sum: number
  readonly casual: number
}

export interface SharedScore extends RawScore {
  /** What any text has. */
  readonly base: number
  /** What "!" and "?" add. */
  readonly emphasis: number
  /** Of each token; all parts add up to `sum`. */
  readonly contributions: readonly number[]
}

interface Read extends RawScore {
  readonly lexical: Lexical
  readonly model: SentimentModel
}

const buckets = createBuckets()
const wordSums = new Int32Array(outputCount)
const pieceSums = new Int32Array(outputCount)

export function rawScore(
  model: SentimentModel,
  described: string,
  tokens: readonly Token[],
): RawScore {
  return read(model, described, tokens)
}

/** Sums are of whole numbers, so their order cannot change them. */
function read(model: SentimentModel, described: string, tokens: readonly Token[]): Read {
  readBuckets(described, tokens, buckets)
  const lexical = lexicalFeatures(described, tokens)
  const last = tokens.length - 1
  const words = buckets.wordEnds[last] ?? 0
  const pieces = buckets.pieceEnds[last] ?? 0
  addUp(model.buckets, buckets.words, [0, words], wordSums)
  addUp(model.buckets, buckets.pieces, [0, pieces], pieceSums)
  const [plain = 0, own = 0, gate = 0] = [0, 1, 2].map(
    (output) =>
      hashed(model, output, wordNorm(words), pieceNorm(pieces)) +
      dot(model, output, lexical.features),
  )
  const casual = Math.min(1, Math.max(0, gate))
  return { sum: (1 - casual) * plain + casual * own, casual, lexical, model }
}

/** Shares a score out: pairs count for their second word, pieces for the word that they are of. */
export function sharedScore(
  model: SentimentModel,
  described: string,
  tokens: readonly Token[],
): SharedScore {
  const result = read(model, described, tokens)
  const { lexical, casual, sum } = result
  const last = tokens.length - 1
  const forWords = wordNorm(buckets.wordEnds[last] ?? 0)
  const forPieces = pieceNorm(buckets.pieceEnds[last] ?? 0)
  const mixed = (of: (output: number) => number): number => (1 - casual) * of(0) + casual * of(1)
  const perPositive = mixed((output) => dot(model, output, lexical.perPositive))
  const perNegative = mixed((output) => dot(model, output, lexical.perNegative))
  const contributions = tokens.map((_, i) => {
    addUp(model.buckets, buckets.words, rangeOf(buckets.wordEnds, i), wordSums)
    addUp(model.buckets, buckets.pieces, rangeOf(buckets.pieceEnds, i), pieceSums)
    const valence = lexical.valences[i] ?? 0
    const rules = valence * (valence > 0 ? perPositive : perNegative)
    return mixed((output) => hashed(model, output, forWords, forPieces)) + rules
  })
  const figure = (feature: number): number =>
    (lexical.features[feature] ?? 0) *
    mixed((output) => model.lexical[outputCount * feature + output] ?? 0)
  return {
    ...{ sum, casual, contributions },
    base: figure(baseFeature),
    emphasis: figure(emphasisFeature),
  }
}

function rangeOf(ends: Int32Array, token: number): readonly [from: number, to: number] {
  return [token === 0 ? 0 : (ends[token - 1] ?? 0), ends[token] ?? 0]
}

function addUp(
  weights: Int16Array,
  list: Int32Array,
  [from, to]: readonly [from: number, to: number],
  into: Int32Array,
): void {
  let plain = 0
  let own = 0
  let gate = 0
  for (let k = from; k < to; k++) {
    const at = outputCount * (list[k] ?? 0)
    plain += weights[at] ?? 0
    own += weights[at + 1] ?? 0
    gate += weights[at + 2] ?? 0
  }
  into[0] = plain
  into[1] = own
  into[2] = gate
}

/** The two sums of one output, each divided by the root of its number of features. */
function hashed(model: SentimentModel, output: number, words: number, pieces: number): number {
  const sum = (wordSums[output] ?? 0) * words + (pieceSums[output] ?? 0) * pieces
  return sum * (model.scales[output] ?? 0)
}

function dot(model: SentimentModel, output: number, features: Float64Array): number {
  let sum = 0
  for (let j = 0; j < lexicalCount; j++) {
    sum += (features[j] ?? 0) * (model.lexical[outputCount * j + output] ?? 0)
  }
  return sum
}
