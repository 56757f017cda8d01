/**
 * The split of a node that lowers the loss most, by its second-order expansion: gain = 1/2 [G_L^2 /
 * (H_L + penalty) + G_R^2 / (H_R + penalty) - G^2 / (H + penalty)] (T. Chen and C. Guestrin, "XGBoost",
 * KDD 2016, equation 7). Missing values try both sides (algorithm 3 there).
 */
import type { BinnedColumn } from './bin-column.ts'
import { missingBin } from './bin-column.ts'
import { binsOfColumn, sumsOfBin } from './histogram.ts'

export interface Sums {
  readonly slope: number
  readonly curvature: number
  readonly rows: number
}

export interface Split {
  readonly feature: number
  /** Last bin of the left side. */
  readonly bin: number
  readonly threshold: number
  readonly missingLeft: boolean
  readonly gain: number
  readonly left: Sums
  readonly right: Sums
}

export interface SplitLimits {
  readonly leastRows: number
  readonly leastCurvature: number
  readonly penalty: number
}

export const worthOf = ({ slope, curvature }: Sums, penalty: number): number =>
  (slope * slope) / (curvature + penalty)

/** Null where no split is allowed or none gains anything. */
export function findSplit(
  columns: readonly BinnedColumn[],
  chosen: Int32Array,
  histogram: Float64Array,
  { node, limits }: { readonly node: Sums; readonly limits: SplitLimits },
): Split | null {
  let best: Split | null = null
  // What rounding alone could gain is no gain.
  let least = 1e-10 * (1 + Math.abs(worthOf(node, limits.penalty)))
  for (const feature of chosen) {
    const cuts = columns[feature]?.cuts
    if (!cuts) continue
    const from = feature * binsOfColumn * sumsOfBin
    const missing = sumsAt(histogram, from + missingBin * sumsOfBin)
    for (const missingLeft of missing.rows > 0 ? [false, true] : [false]) {
      const found = scan({ histogram, from, cuts: cuts.length, node, limits, missing, missingLeft })
      if (found === null || found.gain <= least) continue
      least = found.gain
      // A value missing later, where none was missing here, goes the way of most.
      const goesLeft = missing.rows > 0 ? missingLeft : found.left.rows >= found.right.rows
      best = {
        feature,
        threshold: cuts[found.bin] ?? Number.MAX_VALUE,
        ...found,
        missingLeft: goesLeft,
      }
    }
  }
  return best
}

interface Scan {
  readonly histogram: Float64Array
  readonly from: number
  readonly cuts: number
  readonly node: Sums
  readonly limits: SplitLimits
  readonly missing: Sums
  readonly missingLeft: boolean
}

type Found = Pick<Split, 'bin' | 'gain' | 'left' | 'right'>

function scan({ histogram, from, cuts, node, limits, missing, missingLeft }: Scan): Found | null {
  const { leastRows, leastCurvature, penalty } = limits
  const whole = worthOf(node, penalty)
  let slope = missingLeft ? missing.slope : 0
  let curvature = missingLeft ? missing.curvature : 0
  let rows = missingLeft ? missing.rows : 0
  let [gain, bin] = [0, -1]
  let left: Sums = missing
  // Beyond the last cut only missing values are left: known ones against missing ones.
  const last = missing.rows > 0 && !missingLeft ? cuts : cuts - 1
  for (let b = 0, at = from; b <= last; b++, at += sumsOfBin) {
    const here = histogram[at + 2] ?? 0
    if (here === 0 && b > 0) continue
    slope += histogram[at] ?? 0
    curvature += histogram[at + 1] ?? 0
    rows += here
    const [otherRows, otherCurvature] = [node.rows - rows, node.curvature - curvature]
    if (otherRows < leastRows || otherCurvature < leastCurvature) break
    if (rows < leastRows || curvature < leastCurvature) continue
    const other = node.slope - slope
    const one =
      ((slope * slope) / (curvature + penalty) +
        (other * other) / (otherCurvature + penalty) -
        whole) /
      2
    if (one <= gain) continue
    gain = one
    bin = b
    left = { slope, curvature, rows }
  }
  if (bin < 0) return null
  const right = {
    slope: node.slope - left.slope,
    curvature: node.curvature - left.curvature,
    rows: node.rows - left.rows,
  }
  return { bin, gain, left, right }
}

function sumsAt(histogram: Float64Array, at: number): Sums {
  return {
    slope: histogram[at] ?? 0,
    curvature: histogram[at + 1] ?? 0,
    rows: histogram[at + 2] ?? 0,
  }
}
