/** Percentile intervals of all estimators at once, from the same rows drawn anew. */
import { RapportError } from '../domain/error.ts'
import { percentileInterval } from '../math/bootstrap.ts'
import type { Interval } from '../math/interval.ts'
import type { Random } from '../math/random.ts'
import type { Contributions } from './estimators.ts'

export interface BootstrapValuesOptions {
  readonly replicates: number
  readonly random: Random
  readonly confidence: number
}

const mostReplicates = 100_000

/**
 * One interval for each; null where nothing was drawn. A replicate in which no row has a weight says
 * nothing about a ratio and is left out.
 */
export function bootstrapValues(
  contributions: readonly Contributions[],
  { replicates, random, confidence }: BootstrapValuesOptions,
): (Interval | null)[] {
  if (!(Number.isInteger(replicates) && replicates >= 0 && replicates <= mostReplicates))
    throw new RapportError('invalid_analysis', `Draw 0 to ${mostReplicates} times.`)
  const width = 2 * contributions.length + 1
  const table = interleave(contributions, width)
  const rows = table.length / width
  const values = contributions.map((): number[] => [])
  const sums = new Float64Array(width)
  for (let replicate = 0; replicate < replicates; replicate++) {
    sums.fill(0)
    for (let i = 0; i < rows; i++) {
      const from = random.integer(rows) * width
      for (let k = 0; k < width; k++) sums[k] = (sums[k] ?? 0) + (table[from + k] ?? 0)
    }
    for (const [c, { part }] of contributions.entries()) {
      const ratio = part === null ? 0 : (sums[2 * c + 1] ?? 0) / (sums[width - 1] ?? 0)
      const value = (sums[2 * c] ?? 0) / rows + ratio
      if (Number.isFinite(value)) values[c]?.push(value)
    }
  }
  return values.map((all) => (all.length === 0 ? null : percentileInterval(all, confidence)))
}

/** Base and part of each, then the weight: a row lies together in memory. */
function interleave(contributions: readonly Contributions[], width: number): Float64Array {
  const weight = contributions[0]?.weight ?? new Float64Array(0)
  const table = new Float64Array(weight.length * width)
  for (const [c, { base, part }] of contributions.entries())
    for (let i = 0; i < weight.length; i++) {
      table[i * width + 2 * c] = base?.[i] ?? 0
      table[i * width + 2 * c + 1] = part?.[i] ?? 0
    }
  for (let i = 0; i < weight.length; i++) table[i * width + width - 1] = weight[i] ?? 0
  return table
}
