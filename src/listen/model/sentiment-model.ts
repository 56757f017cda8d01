/** Sentiment by the trained model, beside the lexicon's. Its file is read when first asked for. */
import { readFileSync } from 'node:fs'
import { englishNote, type LanguageNote } from '../language.ts'
import { describeEmojis, tokenise } from '../tokenise.ts'
import { rawScore, sharedScore } from './apply-model.ts'
import { decodeModel, type SentimentModel } from './model.ts'

let loaded: SentimentModel | undefined

function servedModel(): SentimentModel {
  loaded ??= decodeModel(readFileSync(new URL('./sentiment.model.gz', import.meta.url)))
  return loaded
}

/**
 * Sentiment of a text by the model, -1..1, or null where it is not English. The mean rating that
 * people would give, so most texts lie nearer to 0 than the lexicon puts them. At most 4,000
 * characters are read. Takes a `model` for tests and training; without one, the shipped one.
 */
export function modelSentimentOf(
  text: string | null,
  model: SentimentModel = servedModel(),
): number | null {
  if (text === null) return null
  const described = describeEmojis(text)
  const tokens = tokenise(described)
  if (englishNote(text, tokens) !== null) return null
  return cut(rawScore(model, described, tokens).sum)
}

export interface ModelExplanation {
  /** `sum` cut to -1..1 and rounded to four digits. */
  readonly score: number
  readonly notJudged: LanguageNote | null
  /** Every word with its share; those of the words, `base` and `emphasis` add up to `sum`. */
  readonly words: readonly { readonly word: string; readonly contribution: number }[]
  readonly base: number
  readonly emphasis: number
  readonly sum: number
  /** How much it reads like a casual post, 0..1: then the weights learned from posts count. */
  readonly casual: number
}

export function explainModelSentiment(
  text: string,
  model: SentimentModel = servedModel(),
): ModelExplanation {
  const described = describeEmojis(text)
  const tokens = tokenise(described)
  const { contributions, base, emphasis, sum, casual } = sharedScore(model, described, tokens)
  return {
    ...{ score: cut(sum), notJudged: englishNote(text, tokens), base, emphasis, sum, casual },
    words: tokens.map((token, i) => ({ word: token.text, contribution: contributions[i] ?? 0 })),
  }
}

function cut(sum: number): number {
  return Math.round(Math.min(1, Math.max(-1, sum)) * 10_000) / 10_000 + 0
}
