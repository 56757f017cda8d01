/** Sums of slope, curvature and rows by bin of each column, for the rows of one node. */
import type { BinnedColumn } from './bin-column.ts'

export const binsOfColumn = 256
/** Slope, curvature, rows. */
export const sumsOfBin = 3
const columnWidth = binsOfColumn * sumsOfBin

export interface Derivatives {
  /** Slope and curvature of the loss of each row by its score, weighted. */
  readonly slope: Float64Array
  readonly curvature: Float64Array
}

/** @param chosen columns that this tree may split by; the others' sums stay 0 */
export function histogramOf(
  columns: readonly BinnedColumn[],
  chosen: Int32Array,
  { slope, curvature }: Derivatives,
  rows: Int32Array,
): Float64Array {
  const sums = new Float64Array(columns.length * columnWidth)
  const size = rows.length
  const slopes = new Float64Array(size)
  const curvatures = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const row = rows[i] ?? 0
    slopes[i] = slope[row] ?? 0
    curvatures[i] = curvature[row] ?? 0
  }
  for (const c of chosen) {
    const bins = columns[c]?.bins
    if (bins) addColumn({ bins, rows, slopes, curvatures }, sums, c * columnWidth)
  }
  return sums
}

interface OrderedRows {
  readonly bins: Uint8Array
  readonly rows: Int32Array
  readonly slopes: Float64Array
  readonly curvatures: Float64Array
}

function addColumn(
  { bins, rows, slopes, curvatures }: OrderedRows,
  sums: Float64Array,
  from: number,
): void {
  for (let i = 0; i < rows.length; i++) {
    const at = from + (bins[rows[i] ?? 0] ?? 0) * sumsOfBin
    sums[at] = (sums[at] ?? 0) + (slopes[i] ?? 0)
    sums[at + 1] = (sums[at + 1] ?? 0) + (curvatures[i] ?? 0)
    sums[at + 2] = (sums[at + 2] ?? 0) + 1
  }
}

/** What is left of a node when one child is taken away: the other child. */
export function subtract(whole: Float64Array, part: Float64Array): Float64Array {
  const rest = new Float64Array(whole.length)
  for (let i = 0; i < whole.length; i++) rest[i] = (whole[i] ?? 0) - (part[i] ?? 0)
  return rest
}
