/**
 * Jaro-Winkler similarity of two strings, 0 (nothing in common) to 1 (equal).
 *
 *   jaro = (m / |a| + m / |b| + (m - t) / m) / 3
 *
 * m: characters of `a` found in `b` not further than max(|a|, |b|) / 2 - 1 places away, each taken
 * once; t: half the number of those that come in another order, rounded down (M. A. Jaro, JASA 84,
 * 1989). Above .7, jaro + .1 * p * (1 - jaro) with p the length of the common start, at most 4
 * (W. E. Winkler, "String comparator metrics", ASA 1990; the rounding and the .7 as in his
 * strcmp95.c). Characters are UTF-16 code units.
 *
 * The places of each character of `a` are bits of one number, so that a character of `b` finds its
 * partner in a handful of operations (H. Hyyrö's bit-parallel matching; for Jaro as in rapidfuzz).
 */
import { HeldPattern, wordSize } from './held-pattern.ts'
import { longestValue, type Vocabulary } from './vocabulary.ts'

const prefixScale = 0.1
const longestPrefix = 4
const boostAbove = 0.7

/** Compares values of a vocabulary by number. */
export type CompareValues = (a: number, b: number) => number

/**
 * A comparer that allocates nothing. Cheapest when one `a` meets many `b` in a row.
 * @param atLeast  where the similarity is certainly below this, 0 may be given instead
 */
export function createJaroWinkler(vocabulary: Vocabulary, atLeast = 0): CompareValues {
  const pattern = new HeldPattern(vocabulary)
  const { places } = pattern

  return (a, b) => {
    const { codes, starts } = vocabulary
    const startA = starts[a] ?? 0
    const startB = starts[b] ?? 0
    const lengthA = (starts[a + 1] ?? 0) - startA
    const lengthB = (starts[b + 1] ?? 0) - startB
    if (lengthA === 0 || lengthB === 0) return lengthA === lengthB ? 1 : 0
    const jaro =
      lengthA > wordSize || lengthB > wordSize
        ? longJaro(codes.subarray(startA, startA + lengthA), codes.subarray(startB, startB + lengthB)) // prettier-ignore
        : shortJaro(a, lengthA, startB, lengthB)
    if (jaro <= boostAbove) return jaro
    const prefix = commonStart(codes, startA, startB, Math.min(longestPrefix, lengthA, lengthB))
    return jaro + prefixScale * prefix * (1 - jaro)
  }

  function shortJaro(a: number, lengthA: number, startB: number, lengthB: number): number {
    pattern.hold(a)
    const { codes } = vocabulary
    const window = Math.max(0, ((lengthA > lengthB ? lengthA : lengthB) >> 1) - 1)
    let reach = window + 1 === wordSize ? -1 : (1 << (window + 1)) - 1
    let [taken, found] = [0, 0]
    for (let j = 0; j < lengthB; j++) {
      const free = (places[codes[startB + j] ?? 0] ?? 0) & reach & ~taken
      const partner = free & -free
      taken |= partner
      // 1 at place j where there is a partner. Without a branch: nobody can guess it.
      found |= ((free | -free) >>> 31) << j
      reach = (reach << 1) | ((j - window) >>> 31)
    }
    if (taken === 0) return 0
    const m = ones(taken)
    const shares = m / lengthA + m / lengthB
    // Even in order, and with the longest common start, it would stay below.
    const best = (shares + 1) / 3
    if (best + prefixScale * longestPrefix * (1 - best) < atLeast) return 0
    let astray = 0
    while (found !== 0) {
      const place = found & -found
      const partner = taken & -taken
      const code = codes[startB + 31 - Math.clz32(place)] ?? 0
      if (((places[code] ?? 0) & partner) === 0) astray++
      found ^= place
      taken ^= partner
    }
    return (shares + (m - (astray >> 1)) / m) / 3
  }
}

/** How many bits are 1 (H. S. Warren, Hacker's Delight, figure 5-2). */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

function commonStart(codes: Uint16Array, a: number, b: number, longest: number): number {
  let length = 0
  while (length < longest && codes[a + length] === codes[b + length]) length++
  return length
}

/** The definition, for strings of any length. */
export function longJaro(a: Uint16Array, b: Uint16Array): number {
  const window = Math.max(0, (Math.max(a.length, b.length) >> 1) - 1)
  const taken = new Uint8Array(a.length)
  const common: number[] = []
  for (let j = 0; j < b.length; j++) {
    const end = Math.min(a.length, j + window + 1)
    for (let i = Math.max(0, j - window); i < end; i++) {
      if (taken[i] === 1 || a[i] !== b[j]) continue
      taken[i] = 1
      common.push(b[j] ?? 0)
      break
    }
  }
  const m = common.length
  if (m === 0) return 0
  let [astray, at] = [0, 0]
  for (let i = 0; i < a.length; i++) if (taken[i] === 1 && a[i] !== common[at++]) astray++
  return (m / a.length + m / b.length + (m - (astray >> 1)) / m) / 3
}

/** Jaro-Winkler of two strings, for once: many are compared cheaper by number. Two empty ones are equal. */
export function jaroWinkler(a: string, b: string): number {
  const [one, other] = [codesOf(a), codesOf(b)]
  if (one.length === 0 || other.length === 0) return one.length === other.length ? 1 : 0
  const jaro = longJaro(one, other)
  if (jaro <= boostAbove) return jaro
  const codes = new Uint16Array(one.length + other.length)
  codes.set(one)
  codes.set(other, one.length)
  const longest = Math.min(longestPrefix, one.length, other.length)
  return jaro + prefixScale * commonStart(codes, 0, one.length, longest) * (1 - jaro)
}

function codesOf(text: string): Uint16Array {
  const length = Math.min(text.length, longestValue)
  return Uint16Array.from({ length }, (_, i) => text.charCodeAt(i))
}
