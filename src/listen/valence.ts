import { boost, dampenerPhrases, idioms } from './lexicon/modifiers.ts'
import type { Token } from './tokenise.ts'

/** Told of each rule that changed a word's valence: why, and the valence after it. */
export type Trace = (because: string, value: number) => void

/** A text as the rules see it. */
export interface TokenisedText {
  readonly tokens: readonly Token[]
  /** Some words, but not all, are in capitals: then capitals are emphasis. */
  readonly mixedCapitals: boolean
}

/** What a word in capitals among others gains. */
const capitalsGain = 0.733
/** What a negation multiplies by: "not good" is not quite as bad as "bad". */
const negationFactor = -0.74
/** A degree adverb two and three words away counts a little less. */
const distanceFactors = [1, 0.95, 0.9]

/** Valence of one word in its surroundings, 0 where it has none. */
export function valenceOf(text: TokenisedText, index: number, trace?: Trace): number {
  const { tokens } = text
  const token = tokens[index]
  const base = token?.entry?.valence ?? null
  if (!token || base === null || token.entry?.boost) return 0
  if (token.lower === 'kind' && tokens[index + 1]?.lower === 'of') return 0
  trace?.('in the lexicon', base)
  let valence = afterNo(tokens, index, base, trace)
  if (token.capitals && text.mixedCapitals) {
    valence += valence > 0 ? capitalsGain : -capitalsGain
    trace?.('in capitals', valence)
  }
  for (let distance = 1; distance <= 3 && distance <= index; distance++) {
    const before = tokens[index - distance]
    if (!before || (before.entry !== null && before.entry.valence !== null)) continue
    const change = degree(before, valence, text.mixedCapitals)
    if (change !== 0) {
      valence += change * (distanceFactors[distance - 1] ?? 1)
      trace?.(`"${before.text}" before it`, valence)
    }
    valence = negate(tokens, index, { distance, valence, trace })
    if (distance === 3) valence = inPhrase(tokens, index, valence, trace)
  }
  return afterLeast(tokens, index, valence, trace)
}

function hasValence(token: Token | undefined): boolean {
  return token?.entry !== undefined && token.entry !== null && token.entry.valence !== null
}

/** "no" is a word of its own ("oh no") or negates what follows it ("no good"). */
function afterNo(tokens: readonly Token[], index: number, base: number, trace?: Trace): number {
  const one = tokens[index - 1]?.lower
  if (
    one === 'no' ||
    tokens[index - 2]?.lower === 'no' ||
    (tokens[index - 3]?.lower === 'no' && (one === 'or' || one === 'nor'))
  ) {
    trace?.('negated by "no"', base * negationFactor)
    return base * negationFactor
  }
  if (tokens[index]?.lower === 'no' && hasValence(tokens[index + 1])) {
    trace?.('negates the next word', 0)
    return 0
  }
  return base
}

function degree(before: Token, valence: number, mixedCapitals: boolean): number {
  const adds = before.entry?.boost ?? 0
  if (adds === 0) return 0
  const change = valence < 0 ? -adds : adds
  if (!before.capitals || !mixedCapitals) return change
  return valence > 0 ? change + capitalsGain : change - capitalsGain
}

interface Negation {
  readonly distance: number
  readonly valence: number
  readonly trace: Trace | undefined
}

/** Negation up to three words before, with "never so good" and "without doubt" as they are meant. */
function negate(tokens: readonly Token[], index: number, step: Negation): number {
  const { distance, valence, trace } = step
  const before = tokens[index - distance]
  if (!before) return valence
  if (distance > 1) {
    const one = tokens[index - 1]?.lower
    const two = tokens[index - 2]?.lower
    const soOrThis = one === 'so' || one === 'this'
    const never = before.lower === 'never'
    const emphatic =
      distance === 2 ? never && soOrThis : (never && (two === 'so' || two === 'this')) || soOrThis
    if (emphatic) {
      trace?.('after "never so", "so" or "this"', valence * 1.25)
      return valence * 1.25
    }
    const doubt = one === 'doubt' || (distance === 3 && two === 'doubt')
    if (before.lower === 'without' && doubt) return valence
  }
  if (!before.negates) return valence
  trace?.(`negated by "${before.text}"`, valence * negationFactor)
  return valence * negationFactor
}

function phrase(...words: readonly (Token | undefined)[]): string | null {
  let joined = ''
  for (const word of words) {
    if (word?.entry?.inPhrase !== true) return null
    joined += joined === '' ? word.lower : ` ${word.lower}`
  }
  return joined
}

function idiom(...words: readonly (Token | undefined)[]): number | undefined {
  const joined = phrase(...words)
  return joined === null ? undefined : idioms.get(joined)
}

/** "the bomb", "kiss of death", "kind of": the phrase counts, not its words. */
function inPhrase(tokens: readonly Token[], i: number, before: number, trace?: Trace): number {
  const [three, two, one] = [tokens[i - 3], tokens[i - 2], tokens[i - 1]]
  const [zero, next, nextButOne] = [tokens[i], tokens[i + 1], tokens[i + 2]]
  const valence =
    idiom(zero, next, nextButOne) ??
    idiom(zero, next) ??
    idiom(one, zero) ??
    idiom(two, one, zero) ??
    idiom(two, one) ??
    idiom(three, two, one) ??
    idiom(three, two)
  let result = before
  if (valence !== undefined) {
    result = valence
    trace?.('part of a known phrase', result)
  }
  for (const words of [phrase(three, two), phrase(two, one)]) {
    if (words === null || !dampenerPhrases.includes(words)) continue
    result -= boost
    trace?.(`"${words}" before it`, result)
  }
  return result
}

/** "least helpful" is not helpful, "at least helpful" is. */
function afterLeast(tokens: readonly Token[], i: number, valence: number, trace?: Trace): number {
  if (tokens[i - 1]?.lower !== 'least') return valence
  const two = tokens[i - 2]?.lower
  if (two === 'at' || two === 'very') return valence
  trace?.('negated by "least"', valence * negationFactor)
  return valence * negationFactor
}
