/**
 * What a text says of price, delivery, support and the like: each rated word counts for the nearest
 * noun of such a topic in its clause. Rules only, in English; a topic with no rated word beside it is
 * named with a score of null.
 */
import { languageNote } from './language.ts'
import { topicOf, type Topic } from './lexicon/topics.ts'
import { roundLikePython } from './round.ts'
import { compoundOf, weighAroundBut, withCapitals } from './sentiment.ts'
import { describeEmojis, isSpace, tokenise, type Token } from './tokenise.ts'
import { valenceOf } from './valence.ts'

export interface Aspect {
  readonly topic: Topic
  /** Compound of the words that count for it, -1..1, or null where there is none. */
  readonly score: number | null
  /** The nouns as written, and the rated words beside them. */
  readonly nouns: readonly string[]
  readonly words: readonly string[]
}

interface Found {
  sum: number
  readonly nouns: string[]
  readonly words: string[]
}

/** A rated word farther than this from a topic's noun says nothing of it. */
const reach = 6

const clauseWords = new Set(['but', 'although', 'though', 'however', 'while', 'whereas', 'yet'])

/** Topics of a text in the order in which they occur; none where it is not English. */
export function aspectsOf(text: string): readonly Aspect[] {
  const described = describeEmojis(text)
  const tokens = tokenise(described)
  const note = languageNote(text, tokens)
  if (note !== null && note !== 'no word of the lexicon') return []
  const whole = withCapitals(tokens)
  const valences = weighAroundBut(
    tokens,
    tokens.map((_, index) => valenceOf(whole, index)),
  )
  const topics = tokens.map(({ lower }) => topicOf(lower))
  const found = new Map<Topic, Found>()
  const clauses = clausesOf(described, tokens)
  for (const [index, topic] of topics.entries()) {
    if (topic === null) continue
    const entry = found.get(topic) ?? { sum: 0, nouns: [], words: [] }
    found.set(topic, entry)
    entry.nouns.push(tokens[index]?.text ?? '')
  }
  for (const [index, valence] of valences.entries()) {
    // "support" is a noun of a topic and has a rating: there it names, it does not praise.
    if (valence === 0 || (topics[index] ?? null) !== null) continue
    const topic = nearest(topics, clauses, index)
    const entry = topic === null ? undefined : found.get(topic)
    if (!entry) continue
    entry.sum += valence
    entry.words.push(tokens[index]?.text ?? '')
  }
  return [...found].map(([topic, { sum, nouns, words }]) => ({
    ...{ topic, nouns, words },
    score: words.length === 0 ? null : roundLikePython(compoundOf(sum), 4),
  }))
}

/** The nearest topic in the clause, that before the word where two are as near. */
function nearest(
  topics: readonly (Topic | null)[],
  clauses: Int32Array,
  index: number,
): Topic | null {
  for (let distance = 1; distance <= reach; distance++) {
    for (const at of [index - distance, index + distance]) {
      const topic = topics[at] ?? null
      if (topic !== null && clauses[at] === clauses[index]) return topic
    }
  }
  return null
}

/** The clause of each token: one ends with punctuation behind a word, or before "but" and the like. */
function clausesOf(described: string, tokens: readonly Token[]): Int32Array {
  const clauses = new Int32Array(tokens.length)
  let clause = 0
  let at = 0
  for (const [index, token] of tokens.entries()) {
    while (at < described.length && isSpace(described.charCodeAt(at))) at++
    while (at < described.length && !isSpace(described.charCodeAt(at))) at++
    if (clauseWords.has(token.lower)) clause++
    clauses[index] = clause
    if (',.;:!?'.includes(described[at - 1] ?? ' ')) clause++
  }
  return clauses
}
