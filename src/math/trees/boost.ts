/**
 * Gradient boosting with trees, for log loss and squared loss (Friedman 2001; each tree of a share of
 * rows and columns: Friedman, "Stochastic gradient boosting", 2002; second-order steps: Chen and
 * Guestrin 2016). Where rows are held out, it stops when they get no better and keeps the rounds that
 * were best for them: none, where nothing can be learned. The same seed gives the same trees.
 */
import { checkColumns, type Column } from '../columns.ts'
import type { Random } from '../random.ts'
import { binColumn } from './bin-column.ts'
import { addTree, type BoostedTrees, type Tree, type TreeLoss } from './boosted-trees.ts'
import { growTree, type TreeLimits } from './grow-tree.ts'

export interface BoostOptions {
  readonly loss: TreeLoss
  readonly random: Random
  readonly weights?: Column
  /** Trees at most; 300 where not said. */
  readonly rounds?: number
  /** Of each tree's step, above 0 up to 1; 0.1 where not said. */
  readonly shrinkage?: number
  /** Edges from root to leaf, at most; 4 where not said. */
  readonly mostDepth?: number
  /** 12 where not said. */
  readonly mostLeaves?: number
  /** Rows in a leaf; 20 where not said. */
  readonly leastRows?: number
  /** On leaf values; 1 where not said. */
  readonly penalty?: number
  /** Share of rows, and of columns, for each tree; 0.8 and 1 where not said. */
  readonly rowShare?: number
  readonly columnShare?: number
  /** Share of rows held out to know when to stop; 0.15 where not said, 0 for all rounds. */
  readonly heldOut?: number
  /** Rounds without a better held-out loss after which it stops; 20 where not said. */
  readonly patience?: number
}

const mostMagnitude = 1e150

/**
 * @param columns NaN is a missing value
 * @param targets 0 to 1 for the log loss, any for the squared
 * @throws RangeError for lengths that differ, values that are not finite and options out of range.
 */
export function boostTrees(
  columns: readonly Column[],
  targets: Column | Uint8Array,
  options: BoostOptions,
): BoostedTrees {
  const { loss, random, rounds = 300, rowShare = 0.8, columnShare = 1 } = options
  const { heldOut = 0.15, patience = 20 } = options
  const limits = limitsOf(options)
  const rows = targets.length
  checkTargets(columns, targets, options)
  for (const share of [rowShare, columnShare, 1 - heldOut])
    if (!(share > 0 && share <= 1))
      throw new RangeError(`A share lies above 0 and up to 1, not at ${share}.`)
  const mixed = shuffledRows(rows, random)
  const out = rows < 20 ? 0 : Math.round(heldOut * rows)
  const [watched, grown] = [mixed.slice(0, out).sort(), mixed.slice(out).sort()]
  const base = baseOf(loss, targets, options.weights, grown)
  const state = { scores: new Float64Array(rows).fill(base), targets, loss }
  const weights = options.weights ?? null
  const binned = columns.map(binColumn)
  const derivatives = { slope: new Float64Array(rows), curvature: new Float64Array(rows) }
  const trees: Tree[] = []
  const losses: number[] = []
  let [best, bestLoss] = [0, out > 0 ? meanLoss(state, weights, watched) : 0]
  for (let round = 0; round < rounds; round++) {
    derive(state, weights, derivatives)
    const [drawn, left] = draw(grown, Math.max(1, Math.round(rowShare * grown.length)), random)
    const chosen = drawColumns(columns.length, columnShare, random)
    const { tree, leaves } = growTree(binned, chosen, derivatives, { rows: drawn, limits })
    // Without a split there is nothing more to gain (but by another draw of columns).
    if (tree.feature.length === 1 && columnShare === 1 && rowShare === 1) break
    trees.push(tree)
    // Those that grew it stand in its leaves already; the others walk down.
    for (const { node, rows: inLeaf } of leaves) add(state.scores, inLeaf, tree.value[node] ?? 0)
    for (const others of [left, watched]) addTree(tree, columns, state.scores, others)
    if (out === 0) continue
    const here = meanLoss(state, weights, watched)
    losses.push(here)
    if (here < bestLoss) [best, bestLoss] = [round + 1, here]
    else if (round + 1 - best >= patience) break
  }
  const kept = out > 0 ? trees.slice(0, best) : trees
  return { loss, features: columns.length, base, trees: kept, heldOutLoss: losses }
}

function limitsOf(options: BoostOptions): TreeLimits {
  const { shrinkage = 0.1, mostDepth = 4, mostLeaves = 12, leastRows = 20, penalty = 1 } = options
  if (!(shrinkage > 0 && shrinkage <= 1 && penalty >= 0 && leastRows >= 1 && mostLeaves >= 1))
    throw new RangeError('Shrinkage lies in (0, 1], penalty from 0, rows and leaves from 1.')
  const leastCurvature = options.loss === 'log' ? 1e-3 : 1e-12
  return { shrinkage, mostDepth, mostLeaves, leastRows, penalty, leastCurvature }
}

function checkTargets(
  columns: readonly Column[],
  targets: Column | Uint8Array,
  { loss, weights }: BoostOptions,
): void {
  const rows = targets.length
  if (rows === 0) throw new RangeError('There are no rows to learn from.')
  checkColumns(columns, rows, true)
  if (weights) checkColumns([weights], rows, false)
  for (let i = 0; i < rows; i++) {
    const target = targets[i] ?? Number.NaN
    const isGood = loss === 'log' ? target >= 0 && target <= 1 : Math.abs(target) < mostMagnitude
    if (!isGood) throw new RangeError(`The target of row ${i} is ${target}.`)
    if (weights && (weights[i] ?? 0) < 0)
      throw new RangeError(`The weight of row ${i} is negative.`)
  }
}

function shuffledRows(rows: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, i) => i)
  for (let i = rows - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
  return order
}

/**
 * So many of these rows, each set equally likely, and the others; both in the order of the rows.
 * Selection sampling (Knuth, The Art of Computer Programming 2, algorithm 3.4.2 S).
 */
function draw(
  rows: Int32Array,
  size: number,
  random: Random,
): readonly [drawn: Int32Array, left: Int32Array] {
  if (size >= rows.length) return [rows, new Int32Array()]
  const drawn = new Int32Array(size)
  const left = new Int32Array(rows.length - size)
  for (let i = 0, taken = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0
    const isTaken = taken < size && random.next() * (rows.length - i) < size - taken
    if (isTaken) drawn[taken++] = row
    else left[i - taken] = row
  }
  return [drawn, left]
}

function drawColumns(columns: number, share: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: columns }, (_, c) => c)
  const [drawn] = draw(all, Math.min(columns, Math.max(1, Math.round(share * columns))), random)
  return drawn
}

function add(scores: Float64Array, rows: Int32Array, value: number): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0
    scores[row] = (scores[row] ?? 0) + value
  }
}

interface State {
  readonly scores: Float64Array
  readonly targets: Column | Uint8Array
  readonly loss: TreeLoss
}

function baseOf(
  loss: TreeLoss,
  targets: Column | Uint8Array,
  weights: Column | undefined,
  rows: Int32Array,
): number {
  let [sum, total] = [0, 0]
  for (const row of rows) {
    const weight = weights ? (weights[row] ?? 0) : 1
    sum += weight * (targets[row] ?? 0)
    total += weight
  }
  if (total === 0) throw new RangeError('All weights are 0.')
  if (loss === 'squared') return sum / total
  // Of one outcome only the log-odds are infinite: half a case of the other is thought of.
  const half = 0.5 / rows.length
  const share = Math.min(1 - half, Math.max(half, sum / total))
  return Math.log(share / (1 - share))
}

function derive(
  { scores, targets, loss }: State,
  weights: Column | null,
  { slope, curvature }: { slope: Float64Array; curvature: Float64Array },
): void {
  for (let i = 0; i < scores.length; i++) {
    const weight = weights === null ? 1 : (weights[i] ?? 0)
    const score = scores[i] ?? 0
    const target = targets[i] ?? 0
    if (loss === 'squared') {
      slope[i] = weight * (score - target)
      curvature[i] = weight
      continue
    }
    const chance = 1 / (1 + Math.exp(-score))
    slope[i] = weight * (chance - target)
    curvature[i] = weight * chance * (1 - chance)
  }
}

function meanLoss(
  { scores, targets, loss }: State,
  weights: Column | null,
  rows: Int32Array,
): number {
  let [sum, total] = [0, 0]
  for (const row of rows) {
    const weight = weights === null ? 1 : (weights[row] ?? 0)
    const score = scores[row] ?? 0
    const target = targets[row] ?? 0
    const one =
      loss === 'squared'
        ? (score - target) ** 2 / 2
        : Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - target * score
    sum += weight * one
    total += weight
  }
  return total === 0 ? 0 : sum / total
}
