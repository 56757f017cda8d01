/** Equal paths as one row. Neither credit nor transitions change, and drawing anew gets cheap. */
import type { PathColumns } from './paths.ts'

export function collapsePaths(paths: PathColumns): PathColumns {
  // With ages hardly two are equal.
  if (paths.ages) return paths
  const { channels, steps, offsets, conversions, value, nulls } = paths
  const bytes = Buffer.from(steps.buffer, steps.byteOffset, steps.byteLength)
  const rowOf = new Map<string, number>()
  const kept: number[] = []
  const sums: [Float64Array, Float64Array, Float64Array] = [
    new Float64Array(conversions.length),
    new Float64Array(conversions.length),
    new Float64Array(conversions.length),
  ]
  for (let p = 0; p < conversions.length; p++) {
    const key = bytes.toString('latin1', 4 * (offsets[p] ?? 0), 4 * (offsets[p + 1] ?? 0))
    let row = rowOf.get(key)
    if (row === undefined) {
      rowOf.set(key, (row = kept.length))
      kept.push(p)
    }
    sums[0][row] = (sums[0][row] ?? 0) + (conversions[p] ?? 0)
    sums[1][row] = (sums[1][row] ?? 0) + (value[p] ?? 0)
    sums[2][row] = (sums[2][row] ?? 0) + (nulls[p] ?? 0)
  }
  const newOffsets = new Int32Array(kept.length + 1)
  kept.forEach((p, row) => {
    newOffsets[row + 1] = (newOffsets[row] ?? 0) + (offsets[p + 1] ?? 0) - (offsets[p] ?? 0)
  })
  const newSteps = new Int32Array(newOffsets[kept.length] ?? 0)
  kept.forEach((p, row) => {
    newSteps.set(steps.subarray(offsets[p] ?? 0, offsets[p + 1] ?? 0), newOffsets[row] ?? 0)
  })
  return {
    channels,
    steps: newSteps,
    offsets: newOffsets,
    conversions: sums[0].slice(0, kept.length),
    value: sums[1].slice(0, kept.length),
    nulls: sums[2].slice(0, kept.length),
  }
}
