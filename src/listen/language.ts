import { englishFunctionWords, otherFunctionWords } from './function-words.ts'
import { textLimit, type Token } from './tokenise.ts'

/** Why a text is not judged. The lexicon, the rules and the model are of English alone. */
export type LanguageNote =
  | 'no words'
  | 'mostly not in Latin script'
  | 'not in English'
  | 'no word of the lexicon'
  | 'no word known to be English'

const letter = /\p{L}/u
const accentedWord = /[\u00c0-\u024f\u1e00-\u1eff]/

/** Null where English rules may judge the text, else why they may not. */
export function languageNote(text: string, tokens: readonly Token[]): LanguageNote | null {
  if (tokens.length === 0) return 'no words'
  if (isMostlyNotLatin(text)) return 'mostly not in Latin script'
  if (!tokens.some(countsInLexicon)) return 'no word of the lexicon'
  return isOtherLanguage(tokens) ? 'not in English' : null
}

/** English function words that Dutch, German or a Romance language has as well: no sign of English. */
const foundElsewhere = new Set([
  'as',
  'do',
  'so',
  'has',
  'on',
  'at',
  'in',
  'an',
  'will',
  'was',
  'of',
  'is',
  'we',
  'had',
  'or',
])

/** Null where a model of English may judge the text: it needs no word of the lexicon, but English. */
export function englishNote(text: string, tokens: readonly Token[]): LanguageNote | null {
  if (tokens.length === 0) return 'no words'
  if (isMostlyNotLatin(text)) return 'mostly not in Latin script'
  if (isOtherLanguage(tokens)) return 'not in English'
  const known = tokens.some(
    (token) =>
      countsInLexicon(token) ||
      (englishFunctionWords.has(token.lower) && !foundElsewhere.has(token.lower)),
  )
  return known ? null : 'no word known to be English'
}

function countsInLexicon(token: Token): boolean {
  return token.entry !== null && token.entry.valence !== null
}

/** More than half of the letters are of another script. */
function isMostlyNotLatin(text: string): boolean {
  let latin = 0
  let other = 0
  const end = Math.min(text.length, textLimit)
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80) {
      const folded = code | 32
      if (folded >= 97 && folded <= 122) latin++
    } else if (code < 0x250 || (code >= 0x1e00 && code < 0x1f00)) latin++
    else if (letter.test(text[at] ?? '')) other++
  }
  return other > latin
}

/**
 * Function words of another language outnumber the English ones: two of them, or one where there is
 * an accented word or no English one at all. So does an accented word alone, beside no English one.
 * Keeps "die Lieferung kam, und die Qualität ..." from counting as "die" (-2.9), and "schlechter
 * Support, nie wieder" as "support" (+1.7).
 */
function isOtherLanguage(tokens: readonly Token[]): boolean {
  let english = 0
  let other = 0
  for (const { lower } of tokens) {
    if (englishFunctionWords.has(lower)) english++
    else if (otherFunctionWords.has(lower)) other++
  }
  if (other > english && (other > 1 || english === 0)) return true
  // What is left depends on an accent, which few texts are asked for.
  const mayDepend = english === 0 || other > english
  return mayDepend && tokens.some(({ lower }) => accentedWord.test(lower))
}
