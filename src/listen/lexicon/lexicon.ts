import { readFileSync } from 'node:fs'
import { boost, dampenerPhrases, dampeners, idioms, intensifiers, negations } from './modifiers.ts'

/** All that the rules need to know of one word, found with a single look-up. */
export interface LexiconEntry {
  /** Mean rating of ten people, -4..4, or null where the word is not in the lexicon. */
  valence: number | null
  /** What it adds to the next word of the lexicon as a degree adverb, else 0. */
  boost: number
  negates: boolean
  /** True where the word occurs in a phrase of the rules. */
  inPhrase: boolean
}

const read = (name: string): string[] =>
  readFileSync(new URL(name, import.meta.url), 'utf8').trimEnd().split('\n')

/** Lower-case word to what is known of it. A Map: words come from strangers ("__proto__"). */
export const lexicon: ReadonlyMap<string, LexiconEntry> = buildLexicon()

/** An emoji (one code point) to the words that describe it, which are scored in its place. */
export const emojiDescriptions: ReadonlyMap<string, string> = new Map(
  read('./emoji.txt').map((line) => {
    const space = line.indexOf(' ')
    return [line.slice(0, space), line.slice(space + 1)]
  }),
)

function buildLexicon(): Map<string, LexiconEntry> {
  const entries = new Map<string, LexiconEntry>()
  const entryOf = (word: string): LexiconEntry => {
    const known = entries.get(word)
    if (known) return known
    const entry = { valence: null, boost: 0, negates: false, inPhrase: false }
    entries.set(word, entry)
    return entry
  }
  for (const line of read('./words.txt')) {
    const [valence, ...words] = line.split(' ')
    for (const word of words) entryOf(word).valence = Number(valence)
  }
  for (const word of intensifiers) entryOf(word).boost = boost
  for (const word of dampeners) entryOf(word).boost = -boost
  for (const word of negations) entryOf(word).negates = true
  for (const phrase of [...idioms.keys(), ...dampenerPhrases]) {
    for (const word of phrase.split(' ')) entryOf(word).inPhrase = true
  }
  return entries
}
