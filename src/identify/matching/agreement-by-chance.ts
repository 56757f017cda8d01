/**
 * How two records of different people agree by chance, per field. Equality is counted, not sampled:
 * a value that a records of one side and b of the other have makes a * b equal pairs. How near the
 * unequal ones come is seen in pairs drawn at random.
 */
import { createLevelOf, type Field } from './fields.ts'
import { isOneTable, type Records } from './records.ts'
import { topLevel } from './patterns.ts'
import type { Random } from '../../math/random.ts'

export interface ChanceAgreement {
  /** Pairs of which both have a value, and those of them that are equal. */
  readonly pairs: number
  readonly equal: number
  /** Of unequal pairs, the share at each level: index 1 to the level below the highest. */
  readonly shares: Float64Array
  /** Records with each value, of both sides together. */
  readonly counts: Int32Array
  /** Records with any value. */
  readonly present: number
}

/** Pairs of records drawn. */
const drawn = 20_000
/** Counted in advance for each level, so that one that was never drawn is not impossible. */
const pseudoCount = 0.5

export function agreementByChance(records: Records, random: Random): ChanceAgreement[] {
  const { left, right } = records
  const draw = (below: number): Int32Array =>
    Int32Array.from({ length: below > 0 ? drawn : 0 }, () => random.integer(below))
  // By left, so that a value is looked at once for all that it meets.
  const pairs = { left: draw(left.count).sort(), right: draw(right.count) }
  return records.fields.map((field, f) => ofField(records, field, f, pairs))
}

interface DrawnPairs {
  readonly left: Int32Array
  readonly right: Int32Array
}

function ofField(records: Records, field: Field, f: number, draws: DrawnPairs): ChanceAgreement {
  const isOne = isOneTable(records)
  const left = records.left.columns[f] ?? new Int32Array()
  const right = records.right.columns[f] ?? new Int32Array()
  const counts = countOf(left, field.vocabulary.size)
  const others = isOne ? counts : countOf(right, field.vocabulary.size)
  let [presentLeft, presentRight, equal] = [0, 0, 0]
  for (let v = 0; v < counts.length; v++) {
    const [a, b] = [counts[v] ?? 0, others[v] ?? 0]
    presentLeft += a
    presentRight += b
    equal += isOne ? (a * (a - 1)) / 2 : a * b
  }
  const pairs = isOne ? (presentLeft * (presentLeft - 1)) / 2 : presentLeft * presentRight
  const together = isOne ? counts : counts.map((count, v) => count + (others[v] ?? 0))
  const present = isOne ? presentLeft : presentLeft + presentRight
  return { pairs, equal, shares: drawnShares(field, left, right, draws), counts: together, present } // prettier-ignore
}

function countOf(column: Int32Array, size: number): Int32Array {
  const counts = new Int32Array(size)
  for (let i = 0; i < column.length; i++) {
    const value = column[i] ?? -1
    if (value >= 0) counts[value] = (counts[value] ?? 0) + 1
  }
  return counts
}

function drawnShares(
  field: Field,
  left: Int32Array,
  right: Int32Array,
  draws: DrawnPairs,
): Float64Array {
  const shares = new Float64Array(topLevel(field)).fill(pseudoCount, 1)
  const levelOf = createLevelOf(field)
  for (let k = 0; k < draws.left.length; k++) {
    const a = left[draws.left[k] ?? 0] ?? -1
    const b = right[draws.right[k] ?? 0] ?? -1
    if (a < 0 || b < 0 || a === b) continue
    const level = levelOf(a, b)
    shares[level] = (shares[level] ?? 0) + 1
  }
  const sum = shares.reduce((one, other) => one + other, 0)
  return shares.map((share) => share / sum)
}
