/**
 * One tree of a boosted sum, grown best leaf first (Ke et al. 2017, section 3): the leaf whose split
 * gains most is split next, until there are leaves enough, none may be split or none gains. A leaf's
 * value is the Newton step -G / (H + penalty), shrunk (Chen and Guestrin 2016, equation 5).
 */
import { missingBin, type BinnedColumn } from './bin-column.ts'
import type { Tree } from './boosted-trees.ts'
import { findSplit, type Split, type SplitLimits, type Sums } from './find-split.ts'
import { histogramOf, subtract, type Derivatives } from './histogram.ts'

export interface TreeLimits extends SplitLimits {
  readonly mostDepth: number
  readonly mostLeaves: number
  readonly shrinkage: number
}

interface Leaf {
  readonly node: number
  readonly depth: number
  readonly rows: Int32Array
  readonly sums: Sums
  readonly histogram: Float64Array
  readonly split: Split | null
}

export interface GrownTree {
  readonly tree: Tree
  /** Rows that grew it, by the leaf in which they ended. */
  readonly leaves: readonly { readonly node: number; readonly rows: Int32Array }[]
}

type Nodes = { -readonly [key in keyof Tree]: number[] }

/** @param rows that grow it, at least one; @param chosen columns that it may split by */
export function growTree(
  columns: readonly BinnedColumn[],
  chosen: Int32Array,
  derivatives: Derivatives,
  { rows, limits }: { readonly rows: Int32Array; readonly limits: TreeLimits },
): GrownTree {
  const nodes: Nodes = {
    ...{ feature: [], threshold: [], missingLeft: [] },
    ...{ left: [], right: [], value: [], cover: [] },
  }
  const add = ({ slope, curvature, rows: cover }: Sums): number => {
    const step = -slope / (curvature + limits.penalty)
    nodes.value.push(limits.shrinkage * (Number.isFinite(step) ? step : 0))
    nodes.cover.push(cover)
    for (const column of [nodes.threshold, nodes.missingLeft, nodes.left, nodes.right])
      column.push(0)
    return nodes.feature.push(-1) - 1
  }
  const seek = (leaf: Omit<Leaf, 'split'>): Leaf => {
    const mayGo = leaf.depth < limits.mostDepth && leaf.rows.length >= 2 * limits.leastRows
    const asked = { node: leaf.sums, limits }
    return { ...leaf, split: mayGo ? findSplit(columns, chosen, leaf.histogram, asked) : null }
  }
  const histogram = histogramOf(columns, chosen, derivatives, rows)
  const sums = sumOf(derivatives, rows)
  const open = [seek({ node: add(sums), depth: 0, rows, sums, histogram })]
  for (let leaves = 1; leaves < limits.mostLeaves; leaves++) {
    const at = bestOf(open)
    const split = open[at]?.split
    const [leaf] = split ? open.splice(at, 1) : []
    if (!leaf || !split) break
    const { left, right } = part(columns, leaf.rows, split)
    // The smaller side is counted, the other is what is left.
    const smaller = histogramOf(columns, chosen, derivatives, left.length < right.length ? left : right) // prettier-ignore
    const larger = subtract(leaf.histogram, smaller)
    const isLeftSmaller = left.length < right.length
    const depth = leaf.depth + 1
    const children = [
      { rows: left, sums: split.left, histogram: isLeftSmaller ? smaller : larger },
      { rows: right, sums: split.right, histogram: isLeftSmaller ? larger : smaller },
    ].map((child) => seek({ ...child, depth, node: add(child.sums) }))
    const { node } = leaf
    nodes.feature[node] = split.feature
    nodes.threshold[node] = split.threshold
    nodes.missingLeft[node] = split.missingLeft ? 1 : 0
    nodes.left[node] = children[0]?.node ?? 0
    nodes.right[node] = children[1]?.node ?? 0
    nodes.value[node] = 0
    open.push(...children)
  }
  return { tree: nodes, leaves: open }
}

function bestOf(open: readonly Leaf[]): number {
  let [best, gain] = [-1, 0]
  open.forEach(({ split }, at) => {
    if (split === null || split.gain <= gain) return
    best = at
    gain = split.gain
  })
  return best
}

function sumOf({ slope, curvature }: Derivatives, rows: Int32Array): Sums {
  let [slopes, curvatures] = [0, 0]
  for (const row of rows) {
    slopes += slope[row] ?? 0
    curvatures += curvature[row] ?? 0
  }
  return { slope: slopes, curvature: curvatures, rows: rows.length }
}

function part(
  columns: readonly BinnedColumn[],
  rows: Int32Array,
  split: Split,
): { left: Int32Array; right: Int32Array } {
  const bins = columns[split.feature]?.bins ?? new Uint8Array()
  const left = new Int32Array(split.left.rows)
  const right = new Int32Array(split.right.rows)
  let [l, r] = [0, 0]
  for (const row of rows) {
    const bin = bins[row] ?? 0
    if (bin === missingBin ? split.missingLeft : bin <= split.bin) left[l++] = row
    else right[r++] = row
  }
  return { left, right }
}
