import { emojiDescriptions, lexicon, type LexiconEntry } from './lexicon/lexicon.ts'

export interface Token {
  /** As written, without the punctuation around it. */
  readonly text: string
  readonly lower: string
  /** All its letters are capitals (and it has one). */
  readonly capitals: boolean
  readonly negates: boolean
  readonly entry: LexiconEntry | null
}

/** More than this of a text is not read: keeps every rule below bounded, whatever the text. */
export const textLimit = 4_000

const space = 1
const punctuation = 2
const upper = 4
const lower = 8
const asciiClasses = new Uint8Array(128)
// What Python's str.split() takes for white space, and its string.punctuation.
for (const code of [9, 10, 11, 12, 13, 28, 29, 30, 31, 32]) asciiClasses[code] = space
for (const sign of '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~') {
  asciiClasses[sign.charCodeAt(0)] = punctuation
}
for (let code = 65; code <= 90; code++) asciiClasses[code] = upper
for (let code = 97; code <= 122; code++) asciiClasses[code] = lower

function isWideSpace(code: number): boolean {
  if (code === 0x85 || code === 0xa0 || code === 0x1680 || code === 0x3000) return true
  if (code < 0x2000 || code > 0x205f) return false
  return code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f
}

function classOf(code: number): number {
  if (code < 128) return asciiClasses[code] ?? 0
  return isWideSpace(code) ? space : 0
}

/** White space between tokens, as the reference sees it. */
export function isSpace(code: number): boolean {
  return classOf(code) === space
}

/** Puts the describing words in the place of emojis, as the reference does. Cut at `textLimit`. */
export function describeEmojis(text: string): string {
  const end = Math.min(text.length, textLimit)
  let from = 0
  let out = ''
  let spaced = true
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at)
    // No emoji of the lexicon but the signs © and ® lies below U+2000.
    if (code < 0x2000 && code !== 0xa9 && code !== 0xae) continue
    const character = String.fromCodePoint(text.codePointAt(at) ?? code)
    const description = emojiDescriptions.get(character)
    if (description !== undefined) {
      if (at > from) {
        out += text.slice(from, at)
        spaced = text.charCodeAt(at - 1) === 32
      }
      out += spaced ? description : ` ${description}`
      if (out.length >= textLimit) return out.slice(0, textLimit)
      spaced = false
      from = at + character.length
    }
    at += character.length - 1
  }
  if (from === 0) return end === text.length ? text : text.slice(0, end)
  return (out + text.slice(from, end)).slice(0, textLimit)
}

/** Splits at white space and strips punctuation off words, but leaves emoticons whole. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = []
  const end = text.length
  let at = 0
  while (at < end) {
    const code = text.charCodeAt(at)
    if (classOf(code) === space) {
      at++
      continue
    }
    const start = at
    let seen = 0
    for (; at < end; at++) {
      const next = text.charCodeAt(at)
      const kind = next < 128 ? (asciiClasses[next] ?? 0) : isWideSpace(next) ? space : 16
      if (kind === space) break
      seen |= kind
    }
    tokens.push(tokenOf(strip(text, start, at), seen))
  }
  return tokens
}

function strip(text: string, start: number, end: number): string {
  let first = start
  let last = end
  while (first < last && classOf(text.charCodeAt(first)) === punctuation) first++
  while (last > first && classOf(text.charCodeAt(last - 1)) === punctuation) last--
  // What leaves two characters or fewer was likely an emoticon.
  const length = last - first
  if (length <= 2) return text.slice(start, end)
  const stripped = text.slice(first, last)
  if (length <= 4 && [...stripped].length <= 2) return text.slice(start, end)
  return stripped
}

function tokenOf(text: string, seen: number): Token {
  const wide = (seen & 16) !== 0
  const lowerText = wide || (seen & upper) !== 0 ? text.toLowerCase() : text
  const entry = lexicon.get(lowerText) ?? null
  const capitals = wide ? isUpper(text) : (seen & (upper | lower)) === upper
  const negates =
    entry?.negates === true || ((seen & punctuation) !== 0 && lowerText.includes("n't"))
  return { text, lower: lowerText, capitals, negates, entry }
}

function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/\p{Lowercase}|\p{Lt}/u.test(text)
}
