/** Rows dealt into parts of equal size and, but for chance, equal share of outcomes. */
import type { Random } from '../../math/random.ts'

/**
 * Part of each row, 0 to `folds` - 1. Without groups positives and negatives are dealt apart, so that
 * each part has its share; with groups whole groups are dealt.
 */
export function dealFolds(
  outcomes: Uint8Array,
  groups: Int32Array | null,
  folds: number,
  random: Random,
): Uint8Array {
  const parts = new Uint8Array(outcomes.length)
  if (groups) {
    const names = random.shuffled([...new Set(groups)])
    const part = new Map(names.map((name, i) => [name, i % folds]))
    for (let i = 0; i < parts.length; i++) parts[i] = part.get(groups[i] ?? 0) ?? 0
    return parts
  }
  let dealt = 0
  for (const outcome of [1, 0]) {
    const rows: number[] = []
    for (let i = 0; i < outcomes.length; i++) if (outcomes[i] === outcome) rows.push(i)
    for (const row of random.shuffled(rows)) parts[row] = dealt++ % folds
  }
  return parts
}

/** Rows inside a part, or outside it. */
export function rowsInFold(parts: Uint8Array, fold: number, isInside: boolean): Int32Array {
  let size = 0
  for (const part of parts) if ((part === fold) === isInside) size++
  const rows = new Int32Array(size)
  let at = 0
  for (let i = 0; i < parts.length; i++) if ((parts[i] === fold) === isInside) rows[at++] = i
  return rows
}
