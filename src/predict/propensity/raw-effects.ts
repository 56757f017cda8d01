/** What each feature adds to the log-odds before calibration, by either method. */
import { linearEffect, linearScores, type LinearScorer } from '../../math/linear-scorer.ts'
import type { Column } from '../../math/columns.ts'
import { scoresOfTrees, type BoostedTrees } from '../../math/trees/boosted-trees.ts'
import { treeEffects } from '../../math/trees/tree-shap.ts'

/** One of the two. */
export interface Scorer {
  readonly linear: LinearScorer | null
  readonly trees: BoostedTrees | null
}

/** Base and effects add up to the score. */
export function rawEffects(
  { linear, trees }: Scorer,
  row: ArrayLike<number>,
): { readonly base: number; readonly effects: Float64Array } {
  if (trees) return treeEffects(trees, row)
  if (!linear) return { base: 0, effects: new Float64Array(row.length) }
  const effects = Float64Array.from(linear.slopes, (_, f) =>
    linearEffect(linear, f, row[f] ?? Number.NaN),
  )
  return { base: linear.base, effects }
}

export function rawScores({ linear, trees }: Scorer, columns: readonly Column[]): Float64Array {
  if (trees) return scoresOfTrees(trees, columns)
  if (linear) return linearScores(linear, columns)
  return new Float64Array(columns[0]?.length ?? 0)
}
