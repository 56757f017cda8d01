/**
 * What the trained model reads of a text: words, pairs of words and pieces of words of two to five
 * characters, each hashed to a bucket (Weinberger et al. 2009, "Feature hashing"); and a few figures
 * of the lexicon's rules. Each feature belongs to one token, so that a score can be shared out among
 * the words: a pair to its second word, a piece of a word to the word.
 */
import { compoundOf, emphasisOf, weighAroundBut, withCapitals } from '../sentiment.ts'
import { isSpace, textLimit, type Token } from '../tokenise.ts'
import { valenceOf } from '../valence.ts'

const bucketBits = 20
export const bucketCount = 1 << bucketBits
const shift = 32 - bucketBits

/** Buckets of one text. The arrays are used again for the next one. */
export interface Buckets {
  /** Of words and pairs; `wordEnds[i]` is where those of token i end. */
  readonly words: Int32Array
  readonly wordEnds: Int32Array
  /** Of pieces of words, with a space at either end; likewise. */
  readonly pieces: Int32Array
  readonly pieceEnds: Int32Array
}

// Letters are made small before they are cut up, which may double one ("İ").
const mostCharacters = 2 * textLimit

export function createBuckets(): Buckets {
  return {
    words: new Int32Array(textLimit + 2),
    wordEnds: new Int32Array(textLimit + 1),
    pieces: new Int32Array(4 * mostCharacters),
    pieceEnds: new Int32Array(textLimit + 1),
  }
}

const prime = 0x01000193
const wordSeed = 0x811c9dc5
const pieceSeeds = 0x2545f491

/** FNV-1a, mixed once more (the end of MurmurHash3), so that its high bits are good. */
function bucketOf(hash: number): number {
  let mixed = hash ^ (hash >>> 15)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return mixed >>> shift
}

/** Fills `into` with the buckets of a text, whose emojis are already words. Linear in its length. */
export function readBuckets(described: string, tokens: readonly Token[], into: Buckets): void {
  const { words, wordEnds } = into
  let count = 0
  let before = 0
  for (let index = 0; index < tokens.length; index++) {
    const word = tokens[index]?.lower ?? ''
    let hash = wordSeed
    for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), prime)
    words[count++] = bucketOf(hash)
    if (index > 0) words[count++] = bucketOf(Math.imul(before, 0x9e3779b1) ^ hash)
    before = hash
    wordEnds[index] = count
  }
  readPieces(described.toLowerCase(), into)
}

function readPieces(text: string, { pieces, pieceEnds }: Buckets): void {
  const end = text.length
  let count = 0
  let token = 0
  let at = 0
  while (at < end) {
    if (isSpace(text.charCodeAt(at))) {
      at++
      continue
    }
    let two = 32
    let three = -1
    let four = -1
    let five = -1
    // Ends with the space behind the word, which is there or is thought to be.
    for (let inside = true; inside; at++) {
      const code = at < end ? text.charCodeAt(at) : 32
      inside = !isSpace(code)
      const one = inside ? code : 32
      let hash = Math.imul(Math.imul(pieceSeeds ^ one, prime) ^ two, prime)
      pieces[count++] = bucketOf(hash)
      if (three >= 0) {
        hash = Math.imul(hash ^ three, prime)
        pieces[count++] = bucketOf(hash)
        if (four >= 0) {
          hash = Math.imul(hash ^ four, prime)
          pieces[count++] = bucketOf(hash)
          if (five >= 0) pieces[count++] = bucketOf(Math.imul(hash ^ five, prime))
        }
      }
      five = four
      four = three
      three = two
      two = one
    }
    pieceEnds[token++] = count
  }
}

/** What the words, and the pieces of words, of a text are multiplied by: together they count as one. */
export function wordNorm(count: number): number {
  return count === 0 ? 0 : 1.4 / Math.sqrt(count)
}

export function pieceNorm(count: number): number {
  return count === 0 ? 0 : 1 / Math.sqrt(count)
}

/** A constant, and what the rules of the lexicon say. */
export const lexicalCount = 8

/** The figures of the lexicon, with what is needed to share them out among the tokens. */
export interface Lexical {
  /**
   * 0 is 1 (the base), 1 the compound of the words, 2 what "!" and "?" add to it, 3 and 4 the
   * compound of the positive and of the negative words alone, 5 and 6 their share in the text, 7 the
   * sum of all words / 10.
   */
  readonly features: Float64Array
  /** What one point of a positive valence adds to each, and of a negative one. */
  readonly perPositive: Float64Array
  readonly perNegative: Float64Array
  /** Of each token, after all rules. */
  readonly valences: readonly number[]
}

export const baseFeature = 0
export const emphasisFeature = 2

export function lexicalFeatures(described: string, tokens: readonly Token[]): Lexical {
  const text = withCapitals(tokens)
  const valences = weighAroundBut(
    tokens,
    tokens.map((_, index) => valenceOf(text, index)),
  )
  let positive = 0
  let negative = 0
  for (const valence of valences) {
    if (valence > 0) positive += valence
    else negative += valence
  }
  const sum = positive + negative
  const weight = positive - negative + tokens.length
  const share = weight === 0 ? 0 : 1 / weight
  const compound = compoundOf(sum)
  const emphasis = compoundOf(sum + Math.sign(sum) * emphasisOf(described)) - compound
  const all = perPoint(sum)
  const perPositive = Float64Array.of(0, all, 0, perPoint(positive), 0, share, 0, 0.1)
  const perNegative = Float64Array.of(0, all, 0, 0, perPoint(negative), 0, share, 0.1)
  const features = perPositive.map((one, j) => one * positive + (perNegative[j] ?? 0) * negative)
  features[baseFeature] = 1
  features[emphasisFeature] = emphasis
  return { features, perPositive, perNegative, valences }
}

/** The compound of a sum, a point of it. */
function perPoint(sum: number): number {
  return 1 / Math.sqrt(sum * sum + 15)
}
