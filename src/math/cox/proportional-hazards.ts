/**
 * Are the hazards proportional: does a coefficient stay the same over time? Score test of
 * coefficient(t) = b + c g(t) for c = 0, from the Schoenfeld residuals s_k (covariates of the events
 * at t_k less their expectation) and the information V_k of each time (P. M. Grambsch and T. M.
 * Therneau, Biometrika 81, 1994; the exact form of R's cox.zph since survival 3.0):
 *
 *   U = sum g(t_k) s_k,  chi^2 = (0, U)' [sum V_k, sum g V_k; sum g V_k, sum g^2 V_k]^-1 (0, U)
 *
 * g(t) = 1 - Kaplan-Meier of all before t, which is robust against outlying times.
 */
import { cholesky, choleskySolve } from '../cholesky.ts'
import { upperGamma } from '../gamma.ts'
import { sortedOrder } from '../sorted-order.ts'
import { addInformation, unfold } from './partial-likelihood.ts'
import { emptyTieSums, expectedSum, tieSums } from './ties.ts'
import { predictorsOf, walkRiskSets } from './risk-sets.ts'
import type { CoxModel } from './fit-cox.ts'
import type { CoxRows } from './cox-rows.ts'

export interface Proportionality {
  /** By covariate; null where it cannot be tested. */
  readonly covariates: readonly (ChiSquare | null)[]
  /** All together. */
  readonly together: ChiSquare | null
}

export interface ChiSquare {
  readonly chiSquare: number
  readonly freedom: number
  /** Small where the effect changes with time. */
  readonly p: number
}

export type TimeScale = 'kaplan-meier' | 'identity'

export function proportionalHazards(
  { fit, rows, scaled }: CoxModel,
  scale: TimeScale = 'kaplan-meier',
): Proportionality {
  const { width } = rows
  const predictors = predictorsOf(rows, scaled)
  if (predictors === null || width === 0) return { covariates: [], together: null }
  const score = new Float64Array(width)
  const halves = [0, 1, 2].map(() => new Float64Array((width * (width + 1)) / 2))
  const sums = emptyTieSums()
  const g = scale === 'identity' ? (time: number): number => time : lostBefore(rows)
  const centre = middleOf(rows, g)
  walkRiskSets(rows, predictors, { second: true }, (set) => {
    if (tieSums(set, fit.ties, sums) === null) return
    const at = g(set.time) - centre
    for (let j = 0; j < width; j++)
      score[j] = (score[j] ?? 0) + at * ((set.deathSum[j] ?? 0) - expectedSum(set, sums, j))
    halves.forEach((half, power) => addInformation(half, set, sums, at ** power))
  })
  const [plain, once, twice] = halves.map((half) => unfold(half, width))
  const test = (chosen: readonly number[]): ChiSquare | null => {
    const size = width + chosen.length
    const cell = (i: number, j: number): number => {
      const [a, b] = [i, j].map((k) => (k < width ? k : (chosen[k - width] ?? 0)))
      const matrix = i < width && j < width ? plain : i < width || j < width ? once : twice
      return matrix?.[(a ?? 0) * width + (b ?? 0)] ?? 0
    }
    const matrix = Float64Array.from({ length: size * size }, (_, k) =>
      cell(Math.floor(k / size), k % size),
    )
    const right = Float64Array.from({ length: size }, (_, k) =>
      k < width ? 0 : (score[chosen[k - width] ?? 0] ?? 0),
    )
    const factor = cholesky(matrix, size)
    if (factor === null) return null
    const solved = choleskySolve(factor, right)
    const chiSquare = right.reduce((sum, one, k) => sum + one * (solved[k] ?? 0), 0)
    const freedom = chosen.length
    return { chiSquare, freedom, p: upperGamma(freedom / 2, Math.max(0, chiSquare) / 2) }
  }
  const all = [...scaled.keys()]
  return { covariates: all.map((j) => test([j])), together: test(all) }
}

/** The mean of g over the events: taken off, it keeps digits and changes no test. */
function middleOf({ groups, groupEvents, stop, events }: CoxRows, g: (time: number) => number) {
  let sum = 0
  groupEvents.forEach((count, k) => (sum += count === 0 ? 0 : count * g(stop[groups[k] ?? 0] ?? 0)))
  return sum / events
}

/** 1 less the share of all, of any stratum, that was still there just before a time. */
function lostBefore({ stop, start, event }: CoxRows): (time: number) => number {
  const [ends, begins] = [sortedOrder(stop), start && sortedOrder(start)]
  const lost = new Map<number, number>()
  let [there, entered, share] = [start ? 0 : stop.length, 0, 1]
  for (let k = 0; k < ends.length;) {
    const time = stop[ends[k] ?? 0] ?? 0
    for (; begins && start && entered < begins.length; entered++, there++)
      if ((start[begins[entered] ?? 0] ?? 0) >= time) break
    let [died, gone] = [0, 0]
    for (; k < ends.length && stop[ends[k] ?? 0] === time; k++, gone++)
      died += event[ends[k] ?? 0] ?? 0
    if (died > 0) {
      lost.set(time, 1 - share)
      share *= 1 - died / there
    }
    there -= gone
  }
  return (time) => lost.get(time) ?? 0
}
