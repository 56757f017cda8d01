/**
 * A column as at most 255 bins, so that a split is sought among sums by bin in place of sorted values
 * (G. Ke et al., "LightGBM", NeurIPS 2017, section 2.1). Few values get a bin each; of many, bins hold
 * about equally many rows, by a sample.
 */
import type { Column } from '../columns.ts'

export const mostBins = 255
/** Bin of missing values. */
export const missingBin = 255
/** Values looked at to choose the cuts. */
const sampleRows = 100_000

export interface BinnedColumn {
  readonly bins: Uint8Array
  /** Rising; bin b holds the values above cut b - 1 and up to cut b. One fewer than bins. */
  readonly cuts: Float64Array
}

export function binColumn(column: Column): BinnedColumn {
  const cuts = cutsOf(column)
  const bins = new Uint8Array(column.length)
  for (let i = 0; i < column.length; i++) {
    const value = column[i] ?? Number.NaN
    bins[i] = value !== value ? missingBin : binOf(cuts, value)
  }
  return { bins, cuts }
}

/** Number of cuts below the value. */
function binOf(cuts: Float64Array, value: number): number {
  let [low, high] = [0, cuts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cuts[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}

function cutsOf(column: Column): Float64Array {
  const sorted = sampleOf(column).sort()
  const values: number[] = []
  const counts: number[] = []
  for (const value of sorted) {
    if (values.length > 0 && value === values.at(-1)) counts.push((counts.pop() ?? 0) + 1)
    else {
      values.push(value)
      counts.push(1)
    }
  }
  const cuts: number[] = []
  let [inBin, left, binsLeft] = [0, sorted.length, mostBins]
  for (let v = 0; v + 1 < values.length; v++) {
    inBin += counts[v] ?? 0
    // As many as an equal share of what is left; every value, where there are bins enough.
    const isFull = values.length <= mostBins || inBin >= left / binsLeft
    if (!isFull || cuts.length >= mostBins - 1) continue
    cuts.push(between(values[v] ?? 0, values[v + 1] ?? 0))
    left -= inBin
    binsLeft--
    inBin = 0
  }
  return Float64Array.from(cuts)
}

/** The known values, or evenly spaced ones of them. */
function sampleOf(column: Column): Float64Array {
  const stride = Math.max(1, Math.ceil(column.length / sampleRows))
  const sample: number[] = []
  for (let i = 0; i < column.length; i += stride) {
    const value = column[i] ?? Number.NaN
    // -0 and 0 are one value.
    if (value === value) sample.push(value + 0)
  }
  return Float64Array.from(sample)
}

/** A number from the lower value to just below the upper. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2
  return middle >= low && middle < high ? middle : low
}
