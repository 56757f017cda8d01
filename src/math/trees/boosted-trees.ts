/**
 * Boosted trees as plain data, and their score of a row: `base + sum of the leaves that it falls into`
 * (J. H. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics
 * 29, 2001). Learned by `boost.ts`.
 */
import type { Column } from '../columns.ts'

/** Nodes in arrays, the root first. A leaf has the feature -1. */
export interface Tree {
  readonly feature: readonly number[]
  /** A row goes left where its value is at most this. */
  readonly threshold: readonly number[]
  /** 1 where a missing value goes left. */
  readonly missingLeft: readonly number[]
  readonly left: readonly number[]
  readonly right: readonly number[]
  /** Of a leaf: what it adds to the score, shrunk already. */
  readonly value: readonly number[]
  /** Rows that grew this node: what `tree-shap.ts` weighs by. */
  readonly cover: readonly number[]
}

export type TreeLoss = 'log' | 'squared'

export interface BoostedTrees {
  readonly loss: TreeLoss
  readonly features: number
  /** Score of a row before any tree: log-odds for the log loss, the mean for the squared. */
  readonly base: number
  readonly trees: readonly Tree[]
  /** Mean loss on the rows held out after each round; empty where none were. */
  readonly heldOutLoss: readonly number[]
}

/** Leaf of a row. */
export function leafOf(tree: Tree, row: ArrayLike<number>): number {
  let node = 0
  for (;;) {
    const feature = tree.feature[node] ?? -1
    if (feature < 0) return node
    node = childOf(tree, node, row[feature] ?? Number.NaN)
  }
}

export function childOf(tree: Tree, node: number, value: number): number {
  const isLeft = Number.isNaN(value)
    ? tree.missingLeft[node] === 1
    : value <= (tree.threshold[node] ?? 0)
  return (isLeft ? tree.left[node] : tree.right[node]) ?? 0
}

/** Score of a row: log-odds for the log loss. NaN is a missing value. */
export function scoreOfTrees({ base, trees }: BoostedTrees, row: ArrayLike<number>): number {
  let sum = base
  for (const tree of trees) sum += tree.value[leafOf(tree, row)] ?? 0
  return sum
}

/** Rows scored by all trees before the next: their columns stay in the processor's nearer memory. */
const blockRows = 2_048

/** Scores of many rows. */
export function scoresOfTrees(
  { base, trees, features }: BoostedTrees,
  columns: readonly Column[],
): Float64Array {
  if (columns.length !== features)
    throw new RangeError(`The trees know ${features} columns, not ${columns.length}.`)
  const scores = new Float64Array(columns[0]?.length ?? 0).fill(base)
  const packed = trees.map(pack)
  const rows = new Int32Array(blockRows)
  for (let start = 0; start < scores.length; start += blockRows) {
    const size = Math.min(blockRows, scores.length - start)
    for (let i = 0; i < size; i++) rows[i] = start + i
    for (const tree of packed) walkDown(tree, columns, scores, rows.subarray(0, size))
  }
  return scores
}

/** Adds what a tree says of these rows. */
export function addTree(
  tree: Tree,
  columns: readonly Column[],
  scores: Float64Array,
  rows: Int32Array,
): void {
  walkDown(pack(tree), columns, scores, rows)
}

interface PackedTree {
  readonly feature: Int32Array
  readonly threshold: Float64Array
  readonly missingLeft: Uint8Array
  readonly left: Int32Array
  readonly right: Int32Array
  readonly value: Float64Array
}

function pack(tree: Tree): PackedTree {
  return {
    feature: Int32Array.from(tree.feature),
    threshold: Float64Array.from(tree.threshold),
    missingLeft: Uint8Array.from(tree.missingLeft),
    left: Int32Array.from(tree.left),
    right: Int32Array.from(tree.right),
    value: Float64Array.from(tree.value),
  }
}

function walkDown(
  { feature, threshold, missingLeft, left, right, value }: PackedTree,
  columns: readonly Column[],
  scores: Float64Array,
  rows: Int32Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0
    let node = 0
    for (let f = feature[0] ?? -1; f >= 0; f = feature[node] ?? -1) {
      const here = columns[f]?.[row] ?? Number.NaN
      const isLeft = here <= (threshold[node] ?? 0) || (here !== here && missingLeft[node] === 1)
      node = (isLeft ? left[node] : right[node]) ?? 0
    }
    scores[row] = (scores[row] ?? 0) + (value[node] ?? 0)
  }
}
