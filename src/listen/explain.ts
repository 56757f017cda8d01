import { languageNote, type LanguageNote } from './language.ts'
import { emphasisOf, scoreOf, weighAroundBut, withCapitals } from './sentiment.ts'
import type { SentimentScore } from './sentiment.ts'
import { describeEmojis, tokenise } from './tokenise.ts'
import { valenceOf } from './valence.ts'

/** One word of the lexicon and what became of its valence. */
export interface WordPart {
  readonly word: string
  /** As the lexicon has it, -4..4. */
  readonly base: number
  /** In this text. */
  readonly valence: number
  /** The rules that changed it, in order, each with the valence after it. */
  readonly steps: readonly { readonly because: string; readonly valence: number }[]
}

export interface SentimentExplanation {
  readonly score: SentimentScore
  /** Why `sentimentOf` gives null for this text, or null where it is judged. */
  readonly notJudged: LanguageNote | null
  readonly words: readonly WordPart[]
  /** What "!" and "?" add, signed. */
  readonly emphasis: number
  /** `words` and `emphasis` add up to this; `compound = sum / sqrt(sum^2 + 15)`. */
  readonly sum: number
}

/** Opens the sentiment of a text to the words that made it. */
export function explainSentiment(text: string): SentimentExplanation {
  const described = describeEmojis(text)
  const tokens = tokenise(described)
  const tokenised = withCapitals(tokens)
  const steps = tokens.map((): { because: string; valence: number }[] => [])
  const before = tokens.map((_, index) =>
    valenceOf(tokenised, index, (because, valence) => steps[index]?.push({ because, valence })),
  )
  const valences = weighAroundBut(tokens, [...before])
  const words: WordPart[] = []
  let sum = 0
  for (const [index, token] of tokens.entries()) {
    const valence = valences[index] ?? 0
    sum += valence
    const [lexicon, ...changes] = steps[index] ?? []
    if (!lexicon) continue
    if (valence !== before[index]) changes.push({ because: 'weighed around "but"', valence })
    words.push({ word: token.text, base: lexicon.valence, valence, steps: changes })
  }
  const emphasis = Math.sign(sum) * emphasisOf(described) + 0
  return {
    score: scoreOf(valences, emphasisOf(described)),
    notJudged: languageNote(text, tokens),
    words,
    emphasis,
    sum: sum + emphasis,
  }
}
