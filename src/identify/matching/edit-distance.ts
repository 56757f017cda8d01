/**
 * Number of insertions, deletions, replacements and exchanges of neighbours that make one string of
 * the other, nothing being edited twice (optimal string alignment: F. J. Damerau, CACM 7, 1964). For
 * dates, numbers and keys, where one wrong digit is a slip of the finger. Bit-parallel (H. Hyyrö, "A
 * bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003, figure 9).
 */
import { HeldPattern, wordSize } from './held-pattern.ts'
import { Vocabulary } from './vocabulary.ts'
import type { CompareValues } from './jaro-winkler.ts'

/**
 * A comparer that allocates nothing for values of up to 32 code units. Cheapest when one `a` meets
 * many `b` in a row.
 * @param atMost  where the distance is certainly above this, a lower bound above it may be given
 */
export function createEditDistance(vocabulary: Vocabulary, atMost = Infinity): CompareValues {
  const pattern = new HeldPattern(vocabulary)
  return (a, b) => {
    const { codes, starts } = vocabulary
    const [startA, startB] = [starts[a] ?? 0, starts[b] ?? 0]
    const [endA, endB] = [starts[a + 1] ?? 0, starts[b + 1] ?? 0]
    const [lengthA, lengthB] = [endA - startA, endB - startB]
    const difference = lengthA > lengthB ? lengthA - lengthB : lengthB - lengthA
    if (lengthA === 0 || lengthB === 0 || difference > atMost) return difference
    if (lengthA > wordSize)
      return longDistance(codes.subarray(startA, endA), codes.subarray(startB, endB))
    pattern.hold(a)
    return shortDistance(lengthA, startB, endB)
  }

  function shortDistance(length: number, start: number, end: number): number {
    const { places } = pattern
    const { codes } = vocabulary
    const last = length - 1
    let distance = length
    // Where a value rises or falls by one against its neighbour above, and a diagonal that stays.
    let rising = -1
    let falling = 0
    let diagonal = 0
    let before = 0
    for (let j = start; j < end; j++) {
      const here = places[codes[j] ?? 0] ?? 0
      const exchanged = ((~diagonal & here) << 1) & before
      diagonal = ((((here & rising) + rising) | 0) ^ rising) | here | falling | exchanged
      const across = falling | ~(diagonal | rising)
      const down = diagonal & rising
      distance += ((across >>> last) & 1) - ((down >>> last) & 1)
      // It falls by one a character at most.
      const bound = distance - (end - j - 1)
      if (bound > atMost) return bound
      const shifted = (across << 1) | 1
      rising = (down << 1) | ~(diagonal | shifted)
      falling = shifted & diagonal
      before = here
    }
    return distance
  }
}

/** The definition, row by row. */
export function longDistance(a: Uint16Array, b: Uint16Array): number {
  let older = new Int32Array(b.length + 1)
  let old = Int32Array.from(older, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = new Int32Array(b.length + 1)
    row[0] = i
    for (let j = 1; j <= b.length; j++) {
      const replaced = (old[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(replaced, (old[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      const isExchange = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isExchange) best = Math.min(best, (older[j - 2] ?? 0) + 1)
      row[j] = best
    }
    ;[older, old] = [old, row]
  }
  return old[b.length] ?? 0
}

/** The distance between two strings. */
export function editDistance(a: string, b: string): number {
  const vocabulary = new Vocabulary()
  return createEditDistance(vocabulary)(vocabulary.add(a), vocabulary.add(b))
}
