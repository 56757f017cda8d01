/**
 * What each feature added to a score: exact Shapley values of boosted trees, where a feature that is
 * left out is followed down both branches by the rows that grew them (S. M. Lundberg, G. G. Erion and
 * S.-I. Lee, "Consistent individualized feature attribution for tree ensembles", arXiv 1802.03888,
 * 2018, algorithm 2; Lundberg et al., Nature Machine Intelligence 2, 2020: "path-dependent"). In time
 * leaves times depth squared a tree, where the definition takes 2^features. Base and effects add up to
 * the score.
 */
import { childOf, type BoostedTrees, type Tree } from './boosted-trees.ts'

export interface TreeEffects {
  /** Score of the average row that grew the trees. */
  readonly base: number
  readonly effects: Float64Array
}

export function treeEffects(model: BoostedTrees, row: ArrayLike<number>): TreeEffects {
  const effects = new Float64Array(model.features)
  let base = model.base
  for (const tree of model.trees) {
    base += meanOf(tree)
    const depth = depthOf(tree, 0)
    // Each level of the walk has its own copy of the path.
    const size = ((depth + 2) * (depth + 3)) / 2
    const path: Path = {
      feature: new Int32Array(size),
      zero: new Float64Array(size),
      one: new Float64Array(size),
      weight: new Float64Array(size),
    }
    walk({ tree, row, effects, path }, { node: 0, from: 0, length: 0 }, [1, 1, -1])
  }
  return { base, effects }
}

/** Features on the way, the share of subsets that flow down without and with each, and their weights. */
interface Path {
  readonly feature: Int32Array
  readonly zero: Float64Array
  readonly one: Float64Array
  readonly weight: Float64Array
}

interface Walk {
  readonly tree: Tree
  readonly row: ArrayLike<number>
  readonly effects: Float64Array
  readonly path: Path
}

interface Place {
  readonly node: number
  /** Where the parent's path begins, and how long it is. */
  readonly from: number
  readonly length: number
}

/** @param step share that flows here without and with the feature, and the feature */
function walk(
  all: Walk,
  { node, from: above, length: aboveLength }: Place,
  step: readonly [zero: number, one: number, feature: number],
): void {
  const { tree, row, path, effects } = all
  const from = above + aboveLength
  for (const part of [path.feature, path.zero, path.one, path.weight])
    part.copyWithin(from, above, above + aboveLength)
  extend(path, from, aboveLength, step)
  let length = aboveLength + 1
  const feature = tree.feature[node] ?? -1
  if (feature < 0) {
    for (let i = 1; i < length; i++) {
      const share = unwoundSum(path, from, length - 1, i)
      const known = path.feature[from + i] ?? 0
      const difference = (path.one[from + i] ?? 0) - (path.zero[from + i] ?? 0)
      effects[known] = (effects[known] ?? 0) + share * difference * (tree.value[node] ?? 0)
    }
    return
  }
  const hot = childOf(tree, node, row[feature] ?? Number.NaN)
  const cold = (hot === tree.left[node] ? tree.right[node] : tree.left[node]) ?? 0
  let [zero, one] = [1, 1]
  for (let i = 1; i < length; i++) {
    if (path.feature[from + i] !== feature) continue
    // The feature was split by before: its part of the path is taken out and made anew.
    zero = path.zero[from + i] ?? 1
    one = path.one[from + i] ?? 1
    unwind(path, from, length - 1, i)
    length--
    break
  }
  const cover = tree.cover[node] ?? 1
  const share = (child: number): number => (zero * (tree.cover[child] ?? 0)) / cover
  walk(all, { node: hot, from, length }, [share(hot), one, feature])
  walk(all, { node: cold, from, length }, [share(cold), 0, feature])
}

/** EXTEND of algorithm 2: one more feature, at place `last`. */
function extend(
  { feature, zero, one, weight }: Path,
  from: number,
  last: number,
  [zeroShare, oneShare, index]: readonly [number, number, number],
): void {
  feature[from + last] = index
  zero[from + last] = zeroShare
  one[from + last] = oneShare
  weight[from + last] = last === 0 ? 1 : 0
  for (let i = last - 1; i >= 0; i--) {
    const here = weight[from + i] ?? 0
    const next = weight[from + i + 1] ?? 0
    weight[from + i + 1] = next + (oneShare * here * (i + 1)) / (last + 1)
    weight[from + i] = (zeroShare * here * (last - i)) / (last + 1)
  }
}

/** UNWIND of algorithm 2: the feature at place `at` is taken out again; `last` is the last place. */
function unwind(
  { feature, zero, one, weight }: Path,
  from: number,
  last: number,
  at: number,
): void {
  const oneShare = one[from + at] ?? 0
  const zeroShare = zero[from + at] ?? 0
  let next = weight[from + last] ?? 0
  for (let i = last - 1; i >= 0; i--) {
    const here = weight[from + i] ?? 0
    if (oneShare === 0) {
      weight[from + i] = (here * (last + 1)) / (zeroShare * (last - i))
      continue
    }
    const grown = (next * (last + 1)) / ((i + 1) * oneShare)
    weight[from + i] = grown
    next = here - (grown * zeroShare * (last - i)) / (last + 1)
  }
  for (let i = from + at; i < from + last; i++) {
    feature[i] = feature[i + 1] ?? 0
    zero[i] = zero[i + 1] ?? 0
    one[i] = one[i + 1] ?? 0
  }
}

/** Sum of the weights that would be left after `unwind`. */
function unwoundSum({ zero, one, weight }: Path, from: number, last: number, at: number): number {
  const oneShare = one[from + at] ?? 0
  const zeroShare = zero[from + at] ?? 0
  let next = weight[from + last] ?? 0
  let sum = 0
  for (let i = last - 1; i >= 0; i--) {
    const here = weight[from + i] ?? 0
    if (oneShare === 0) {
      sum += (here * (last + 1)) / (zeroShare * (last - i))
      continue
    }
    const grown = (next * (last + 1)) / ((i + 1) * oneShare)
    sum += grown
    next = here - (grown * zeroShare * (last - i)) / (last + 1)
  }
  return sum
}

function meanOf({ feature, value, cover }: Tree): number {
  let sum = 0
  feature.forEach((one, node) => {
    if (one < 0) sum += (value[node] ?? 0) * (cover[node] ?? 0)
  })
  return sum / (cover[0] ?? 1)
}

function depthOf(tree: Tree, node: number): number {
  if ((tree.feature[node] ?? -1) < 0) return 0
  return 1 + Math.max(depthOf(tree, tree.left[node] ?? 0), depthOf(tree, tree.right[node] ?? 0))
}
