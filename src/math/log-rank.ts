/**
 * Log-rank test: do groups last equally long? At each event time, what a group would have lost if
 * all were alike, E = d n_g / n, with the hypergeometric variance (N. Mantel, Cancer Chemotherapy
 * Reports 50, 1966; R. Peto and J. Peto, JRSS A 135, 1972); sums over strata, then
 * chi^2 = (O - E)' V^-1 (O - E) with one degree of freedom less than there are groups.
 * As R's survdiff(rho = 0).
 */
import { cholesky, choleskySolve } from './cholesky.ts'
import { upperGamma } from './gamma.ts'
import { sortedOrder } from './sorted-order.ts'

export interface LogRankRows {
  readonly durations: Float64Array
  /** 1 where the event was seen. */
  readonly happened: Uint8Array
  /** A whole number from 0 for each row: the group. */
  readonly groups: ArrayLike<number>
  /** A whole number from 0 for each row: only rows of the same stratum are compared. */
  readonly strata?: ArrayLike<number>
}

export interface LogRank {
  /** By group: events seen, and how many there would be if all groups were alike. */
  readonly observed: Float64Array
  readonly expected: Float64Array
  readonly chiSquare: number
  readonly freedom: number
  /** Probability of such a difference, or a larger one, among groups that are alike. */
  readonly p: number
}

/** @throws RangeError for lengths that differ, or groups that are no small whole numbers. */
export function logRank(rows: LogRankRows): LogRank {
  const { durations, happened, groups, strata } = rows
  const size = durations.length
  if (happened.length !== size || groups.length !== size || (strata?.length ?? size) !== size)
    throw new RangeError('There must be a group and an event for each duration.')
  const groupCount = countCodes(groups)
  const tally: Tally = {
    observed: new Float64Array(groupCount),
    expected: new Float64Array(groupCount),
    variance: new Float64Array(groupCount * groupCount),
  }
  const order = sortedOrder(durations)
  const byStratum = Array.from({ length: strata ? countCodes(strata) : 1 }, (): number[] => [])
  for (let k = size - 1; k >= 0; k--) {
    const i = order[k] ?? 0
    byStratum[strata ? (strata[i] ?? 0) : 0]?.push(i)
  }
  for (const places of byStratum) addStratum(tally, rows, places)
  return verdict(tally)
}

const mostCodes = 1 << 16

function countCodes(codes: ArrayLike<number>): number {
  let most = -1
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? -1
    if (!(Number.isInteger(code) && code >= 0 && code < mostCodes))
      throw new RangeError(`A group is a whole number from 0 to ${mostCodes - 1}, not ${code}.`)
    if (code > most) most = code
  }
  return most + 1
}

interface Tally {
  readonly observed: Float64Array
  readonly expected: Float64Array
  readonly variance: Float64Array
}

/** @param places rows of the stratum, the longest duration first */
function addStratum(tally: Tally, rows: LogRankRows, places: readonly number[]): void {
  const { durations, happened, groups } = rows
  const groupCount = tally.observed.length
  const atRisk = new Float64Array(groupCount)
  const events = new Float64Array(groupCount)
  for (let k = 0; k < places.length;) {
    const time = durations[places[k] ?? 0] ?? 0
    events.fill(0)
    let died = 0
    for (; k < places.length && durations[places[k] ?? 0] === time; k++) {
      const i = places[k] ?? 0
      const group = groups[i] ?? 0
      atRisk[group] = (atRisk[group] ?? 0) + 1
      if (!happened[i]) continue
      events[group] = (events[group] ?? 0) + 1
      died++
    }
    const there = k
    if (died === 0) continue
    const spread = there > 1 ? (died * (there - died)) / (there - 1) / there : 0
    for (let g = 0; g < groupCount; g++) {
      const ofGroup = atRisk[g] ?? 0
      tally.observed[g] = (tally.observed[g] ?? 0) + (events[g] ?? 0)
      tally.expected[g] = (tally.expected[g] ?? 0) + (died * ofGroup) / there
      for (let h = 0; h <= g; h++) {
        const both = (ofGroup * (atRisk[h] ?? 0)) / there
        const cell = g * groupCount + h
        tally.variance[cell] =
          (tally.variance[cell] ?? 0) + spread * ((g === h ? ofGroup : 0) - both)
      }
    }
  }
}

/** One group of those that are ever at risk is left out: the differences add up to 0. */
function verdict({ observed, expected, variance }: Tally): LogRank {
  const groupCount = observed.length
  const chosen = [...expected.keys()]
    .filter((g) => (variance[g * groupCount + g] ?? 0) > 0)
    .slice(1)
  const size = chosen.length
  const matrix = new Float64Array(size * size)
  chosen.forEach((g, i) =>
    chosen.forEach((h, j) => {
      matrix[i * size + j] = variance[Math.max(g, h) * groupCount + Math.min(g, h)] ?? 0
    }),
  )
  const factor = cholesky(matrix, size)
  if (factor === null || size === 0) return { observed, expected, chiSquare: 0, freedom: 0, p: 1 }
  const apart = chosen.map((g) => (observed[g] ?? 0) - (expected[g] ?? 0))
  const solved = choleskySolve(factor, apart)
  const chiSquare = apart.reduce((sum, one, i) => sum + one * (solved[i] ?? 0), 0)
  return { observed, expected, chiSquare, freedom: size, p: upperGamma(size / 2, chiSquare / 2) }
}
