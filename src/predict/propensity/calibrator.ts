/**
 * From scores to chances that hold: learned of scores out of fold and what happened.
 *
 * Platt: a logistic curve through them, outcomes drawn in a little from 0 and 1 (J. Platt,
 * "Probabilistic outputs for support vector machines", 1999; H.-T. Lin, C.-J. Lin and R. Weng, Machine
 * Learning 68, 2007). Isotonic: `isotonic.ts`, lines between the blocks; a block of nobody or everybody
 * is drawn in by half a case, so that nothing is ever impossible or sure.
 */
import { fitLogistic } from '../../math/logistic-regression.ts'
import { poolAdjacent } from './isotonic.ts'

export type Calibrator =
  | { readonly method: 'platt'; readonly slope: number; readonly offset: number }
  | {
      readonly method: 'isotonic'
      /** Rising scores, and the log-odds at each; constant beyond the ends. */
      readonly at: readonly number[]
      readonly logOdds: readonly number[]
    }

/** @param outcomes both 0 and 1 among them */
export function fitPlatt(scores: Float64Array, outcomes: Uint8Array): Calibrator {
  const positives = outcomes.reduce((sum, one) => sum + one, 0)
  const high = (positives + 1) / (positives + 2)
  const low = 1 / (outcomes.length - positives + 2)
  const targets = Float64Array.from(outcomes, (one) => (one === 1 ? high : low))
  const { intercept, coefficients } = fitLogistic([scores], targets, { penalty: 0 })
  const slope = coefficients[0] ?? 0
  if (slope > 0) return { method: 'platt', slope, offset: intercept }
  // Higher scores with fewer outcomes: the score says nothing.
  return { method: 'platt', slope: 0, offset: Math.log(positives / (outcomes.length - positives)) }
}

export function fitIsotonic(scores: Float64Array, outcomes: Uint8Array): Calibrator {
  const blocks = poolAdjacent(scores, outcomes)
  const at: number[] = []
  const logOdds: number[] = []
  const lowest = blocks[0]?.rows ?? 1
  const highest = blocks.at(-1)?.rows ?? 1
  const least = Math.min(0.5 / (lowest + 1), 0.5)
  const most = Math.max(1 - 0.5 / (highest + 1), 0.5)
  for (const { from, to, value } of blocks) {
    const chance = Math.min(most, Math.max(least, value))
    for (const end of from === to ? [from] : [from, to]) {
      at.push(end)
      logOdds.push(Math.log(chance / (1 - chance)))
    }
  }
  // Drawn in, an end may have passed its neighbours: they follow.
  for (let i = 1; i < logOdds.length; i++)
    logOdds[i] = Math.max(logOdds[i] ?? 0, logOdds[i - 1] ?? 0)
  return { method: 'isotonic', at, logOdds }
}

/** Calibrated log-odds of a score; never falls as the score rises. */
export function calibrate(calibrator: Calibrator, score: number): number {
  if (calibrator.method === 'platt') return calibrator.slope * score + calibrator.offset
  const { at, logOdds } = calibrator
  let [low, high] = [0, at.length - 1]
  if (score <= (at[low] ?? 0)) return logOdds[low] ?? 0
  if (score >= (at[high] ?? 0)) return logOdds[high] ?? 0
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((at[middle] ?? 0) <= score) low = middle
    else high = middle
  }
  const [from, to] = [at[low] ?? 0, at[high] ?? 0]
  const [below, above] = [logOdds[low] ?? 0, logOdds[high] ?? 0]
  return below + ((score - from) / (to - from)) * (above - below)
}

export const chanceOf = (logOdds: number): number =>
  logOdds >= 0 ? 1 / (1 + Math.exp(-logOdds)) : Math.exp(logOdds) / (1 + Math.exp(logOdds))

export function calibratedChances(calibrator: Calibrator, scores: Float64Array): Float64Array {
  return scores.map((score) => chanceOf(calibrate(calibrator, score)))
}
