import { languageNote } from './language.ts'
import { roundLikePython } from './round.ts'
import { describeEmojis, tokenise, type Token } from './tokenise.ts'
import { valenceOf, type TokenisedText } from './valence.ts'

/** The four scores of VADER, rounded as its reference rounds them. */
export interface SentimentScore {
  /** The sum of all valences squeezed to -1..1: the one number to use. */
  readonly compound: number
  /** Shares of the text, together 1 (but for rounding). All 0 where the text has no words. */
  readonly positive: number
  readonly neutral: number
  readonly negative: number
}

/** Scores a text exactly as VADER 3.3.2 does, in any language. At most 4,000 characters are read. */
export function scoreSentiment(text: string): SentimentScore {
  const described = describeEmojis(text)
  return scoreTokens(described, tokenise(described))
}

/** Sentiment of a touchpoint's text, -1..1, or null where it cannot be judged (see `languageNote`). */
export function sentimentOf(text: string | null): number | null {
  if (text === null) return null
  const described = describeEmojis(text)
  const tokens = tokenise(described)
  return languageNote(text, tokens) === null ? scoreTokens(described, tokens).compound : null
}

function scoreTokens(described: string, tokens: readonly Token[]): SentimentScore {
  const text = withCapitals(tokens)
  const valences = tokens.map((_, index) => valenceOf(text, index))
  return scoreOf(weighAroundBut(tokens, valences), emphasisOf(described))
}

export function withCapitals(tokens: readonly Token[]): TokenisedText {
  let capitals = 0
  for (const token of tokens) if (token.capitals) capitals++
  return { tokens, mixedCapitals: capitals > 0 && capitals < tokens.length }
}

/**
 * What follows the first "but" counts 1.5 times, what precedes it half. Kept as the reference does
 * it: it looks each value up by equality, so that of equal values the first one is changed, maybe
 * again. The look-up is bounded by `textLimit` (2,000 words); words without valence are passed over.
 */
export function weighAroundBut(tokens: readonly Token[], valences: number[]): number[] {
  const but = tokens.findIndex((token) => token.lower === 'but')
  if (but < 0) return valences
  for (const index of valences.keys()) {
    const valence = valences[index] ?? 0
    if (valence === 0) continue
    const first = valences.indexOf(valence)
    if (first !== but) valences[first] = valence * (first < but ? 0.5 : 1.5)
  }
  return valences
}

/** What exclamation marks (up to four) and repeated question marks add to either side. */
export function emphasisOf(text: string): number {
  let exclamations = 0
  let questions = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 33) exclamations++
    else if (code === 63) questions++
  }
  const asked = questions > 3 ? 0.96 : questions > 1 ? questions * 0.18 : 0
  return Math.min(exclamations, 4) * 0.292 + asked
}

/** Brings an unbounded sum to -1..1. 15 approximates the largest expected sum of squares. */
export function compoundOf(sum: number): number {
  return sum / Math.sqrt(sum * sum + 15)
}

export function scoreOf(valences: readonly number[], emphasis: number): SentimentScore {
  if (valences.length === 0) return { compound: 0, positive: 0, neutral: 0, negative: 0 }
  let sum = 0
  let positive = 0
  let negative = 0
  let neutral = 0
  for (const valence of valences) {
    sum += valence
    // One more each, since a word without valence counts one as well.
    if (valence > 0) positive += valence + 1
    else if (valence < 0) negative += valence - 1
    else neutral++
  }
  if (sum > 0) sum += emphasis
  else if (sum < 0) sum -= emphasis
  if (positive > -negative) positive += emphasis
  else if (positive < -negative) negative -= emphasis
  const total = positive - negative + neutral
  return {
    compound: roundLikePython(compoundOf(sum), 4),
    positive: roundLikePython(positive / total, 3),
    neutral: roundLikePython(neutral / total, 3),
    negative: roundLikePython(-negative / total, 3),
  }
}
