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
  const columns = [...new Set(contributions.flatMap(columnsOf))]
  const places = contributions.map(({ base, part, weight }) => ({
    base: base === null ? -1 : columns.indexOf(base),
    part: part === null ? -1 : columns.indexOf(part),
    weight: columns.indexOf(weight),
  }))
  const width = columns.length
  const table = interleave(columns)
  const rows = width === 0 ? 0 : table.length / width
  const values = contributions.map((): number[] => [])
  const sums = new Float64Array(width)
  for (let replicate = 0; replicate < replicates; replicate++) {
    sums.fill(0)
    for (let i = 0; i < rows; i++) {
      const from = random.integer(rows) * width
      for (let k = 0; k < width; k++) sums[k] = (sums[k] ?? 0) + (table[from + k] ?? 0)
    }
    for (const [c, { base, part, weight }] of places.entries()) {
      const ratio = part < 0 ? 0 : (sums[part] ?? 0) / (sums[weight] ?? 0)
      const value = (base < 0 ? 0 : (sums[base] ?? 0) / rows) + ratio
      if (Number.isFinite(value)) values[c]?.push(value)
    }
  }
  return values.map((all) => (all.length === 0 ? null : percentileInterval(all, confidence)))
}

function columnsOf({ base, part, weight }: Contributions): Float64Array[] {
  return [base, part, weight].filter((column) => column !== null)
}

/** A row lies together in memory: it is fetched at random. */
function interleave(columns: readonly Float64Array[]): Float64Array {
  const rows = columns[0]?.length ?? 0
  const table = new Float64Array(rows * columns.length)
  for (const [c, column] of columns.entries())
    for (let i = 0; i < rows; i++) table[i * columns.length + c] = column[i] ?? 0
  return table
}
