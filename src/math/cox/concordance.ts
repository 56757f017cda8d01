/**
 * Concordance: of all pairs of whom it is known who had the event first, the share in which that one
 * had the higher predicted risk, equal risks counting half (F. E. Harrell et al., JAMA 247, 1982).
 * Pairs are within a stratum and both at risk at the time; somebody last seen at the time of another's
 * event outlived it. Weighted by the product of the weights. Counted with a tree of partial sums over
 * the ranks of the risks (P. M. Fenwick, Software: Practice and Experience 24, 1994), n ln n.
 */
import { sortedOrder } from '../sorted-order.ts'
import type { CoxRows } from './cox-rows.ts'

/** @param risks of the sorted rows, on any scale. Null where no pair can be compared. */
export function concordance(rows: CoxRows, risks: Float64Array): number | null {
  const { strata, groups, groupEvents, event, weights, start, stop } = rows
  const weightOf = (i: number): number => (weights ? (weights[i] ?? 0) : 1)
  let [agreed, tied, pairs] = [0, 0, 0]
  for (let s = strata.length - 2; s >= 0; s--) {
    const [from, end] = [strata[s] ?? 0, strata[s + 1] ?? 0]
    const [low, high] = [groups[from] ?? 0, groups[end] ?? 0]
    // Ranks of the stratum alone: many strata then cost no more than one.
    const { ranks, count } = ranksOf(risks.subarray(low, high))
    const hasTies = count < high - low
    const tree = partialSums({ count, hasTies, isWeighted: weights !== null })
    const leaving = start && sortedOrder(start.slice(low, high))
    let left = high - low - 1
    const put = (i: number, sign: 1 | -1): void => tree.add(ranks[i - low] ?? 0, sign * weightOf(i))
    for (let g = end - 1; g >= from; g--) {
      const [first, last] = [groups[g] ?? 0, groups[g + 1] ?? 0]
      for (let i = first; i < last; i++) if (!event[i]) put(i, 1)
      if (!groupEvents[g]) continue
      const time = stop[first] ?? 0
      for (; leaving && start && left >= 0; left--) {
        const i = low + (leaving[left] ?? 0)
        if ((start[i] ?? 0) < time) break
        put(i, -1)
      }
      for (let i = first; i < last; i++) {
        if (!event[i]) continue
        const rank = ranks[i - low] ?? 0
        const below = tree.below(rank)
        agreed += weightOf(i) * below
        tied += weightOf(i) * tree.at(rank)
        pairs += weightOf(i) * tree.total()
      }
      for (let i = first; i < last; i++) if (event[i]) put(i, 1)
    }
  }
  return pairs > 0 ? (agreed + tied / 2) / pairs : null
}

/** Equal values have the same rank, from 0. */
function ranksOf(values: Float64Array): { readonly ranks: Uint32Array; readonly count: number } {
  const order = sortedOrder(values)
  const ranks = new Uint32Array(values.length)
  let rank = 0
  for (let k = 0; k < order.length; k++) {
    const i = order[k] ?? 0
    if (k > 0 && values[i] !== values[order[k - 1] ?? 0]) rank++
    ranks[i] = rank
  }
  return { ranks, count: rank + 1 }
}

function partialSums({ count, isWeighted, hasTies }: SumsOf) {
  // Whole numbers take half the memory, and memory is what this takes its time for.
  const sums = isWeighted ? new Float64Array(count + 1) : new Int32Array(count + 1)
  const single = hasTies ? new Float64Array(count) : null
  let total = 0
  return {
    add(rank: number, weight: number): void {
      if (single) single[rank] = (single[rank] ?? 0) + weight
      total += weight
      for (let k = rank + 1; k <= count; k += k & -k) sums[k] = (sums[k] ?? 0) + weight
    },
    below(rank: number): number {
      let sum = 0
      for (let k = rank; k > 0; k -= k & -k) sum += sums[k] ?? 0
      return sum
    },
    at: (rank: number): number => (single ? (single[rank] ?? 0) : 0),
    total: (): number => total,
  }
}

interface SumsOf {
  readonly count: number
  readonly isWeighted: boolean
  /** Whether there are equal ranks. */
  readonly hasTies: boolean
}
