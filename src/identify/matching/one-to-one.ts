/**
 * One partner each at most: pairs are taken by falling weight, each where both are still free. (An
 * optimal assignment would differ only where two nearly equal pairs cross.)
 */
import type { ScoredPairs } from './score-pairs.ts'

export function oneToOne(pairs: ScoredPairs): ScoredPairs {
  const takenLeft = new Set<number>()
  const takenRight = new Set<number>()
  const kept = Int32Array.from(pairs.left.keys()).filter((p) => {
    const [left, right] = [pairs.left[p] ?? -1, pairs.right[p] ?? -1]
    if (takenLeft.has(left) || takenRight.has(right)) return false
    takenLeft.add(left)
    takenRight.add(right)
    return true
  })
  return {
    left: kept.map((p) => pairs.left[p] ?? 0),
    right: kept.map((p) => pairs.right[p] ?? 0),
    weight: Float64Array.from(kept, (p) => pairs.weight[p] ?? 0),
    probability: Float64Array.from(kept, (p) => pairs.probability[p] ?? 0),
  }
}
