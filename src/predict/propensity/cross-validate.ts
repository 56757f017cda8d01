/**
 * Both methods on the same folds: each row is scored by models that never saw it (M. Stone, "Cross-
 * validatory choice and assessment of statistical predictions", JRSS B 36, 1974).
 */
import { rowsOf, type Column } from '../../math/columns.ts'
import { fitLinearScorer, linearScores, prepareColumns } from '../../math/linear-scorer.ts'
import type { Random } from '../../math/random.ts'
import { boostTrees, type BoostOptions } from '../../math/trees/boost.ts'
import { scoresOfTrees } from '../../math/trees/boosted-trees.ts'
import { calibratedChances, chanceOf, fitIsotonic, fitPlatt, type Calibrator } from './calibrator.ts' // prettier-ignore
import { logLoss } from './forecast-scores.ts'
import { rowsInFold } from './folds.ts'

/** On coefficients of columns of deviation 1: from nearly free to a hundred rows' worth and more. */
const penalties = [1, 30, 1_000] as const

export const treeOptions = (rows: number): Omit<BoostOptions, 'loss' | 'random'> => ({
  ...{ rounds: 300, shrinkage: 0.1, mostDepth: 4, mostLeaves: 12, penalty: 5 },
  leastRows: Math.max(20, Math.min(200, Math.round(rows / 200))),
  ...{ rowShare: 0.8, columnShare: 0.8, heldOut: 0.15, patience: 20 },
})

export interface FoldedRows {
  readonly features: readonly Column[]
  readonly outcomes: Uint8Array
  readonly parts: Uint8Array
  readonly folds: number
}

/** Log-odds of each row out of fold, before calibration. */
export interface OutOfFold {
  readonly linear: { readonly scores: Float64Array; readonly penalty: number }
  /** `rounds`: as many as were best for the held-out rows, the median of the folds. */
  readonly trees: { readonly scores: Float64Array; readonly rounds: number }
}

export function scoreOutOfFold(
  { features, outcomes, parts, folds }: FoldedRows,
  random: Random,
  onFold: (fold: number) => void,
): OutOfFold {
  const byPenalty = penalties.map(() => new Float64Array(outcomes.length))
  const byTrees = new Float64Array(outcomes.length)
  const rounds: number[] = []
  for (let fold = 0; fold < folds; fold++) {
    onFold(fold)
    const inside = rowsInFold(parts, fold, true)
    const outside = rowsInFold(parts, fold, false)
    const train = features.map((column) => rowsOf(column, outside))
    const test = features.map((column) => rowsOf(column, inside))
    const happened = Uint8Array.from(outside, (row) => outcomes[row] ?? 0)
    const put = (scores: Float64Array, into: Float64Array): void =>
      inside.forEach((row, i) => {
        into[row] = scores[i] ?? 0
      })
    const prepared = prepareColumns(train)
    penalties.forEach((penalty, p) => {
      const scorer = fitLinearScorer(prepared, happened, { penalty })
      put(linearScores(scorer, test), byPenalty[p] ?? byTrees)
    })
    const boosted = boostTrees(train, happened, {
      ...treeOptions(outside.length),
      ...{ loss: 'log', random: random.fork(fold) },
    })
    rounds.push(boosted.trees.length)
    put(scoresOfTrees(boosted, test), byTrees)
  }
  const losses = byPenalty.map((scores) => meanLoss(scores.map(chanceOf), outcomes))
  const best = losses.indexOf(Math.min(...losses))
  const sorted = rounds.toSorted((a, b) => a - b)
  return {
    linear: { scores: byPenalty[best] ?? byTrees, penalty: penalties[best] ?? 1 },
    trees: { scores: byTrees, rounds: sorted[sorted.length >> 1] ?? 0 },
  }
}

export interface Calibrated {
  /** Learned of all rows out of fold. */
  readonly calibrator: Calibrator
  /** Of each row, by what the other folds taught: for judging. */
  readonly chances: Float64Array
  readonly logLoss: number
}

/** The better of Platt and isotonic, judged on rows that did not teach it. */
export function calibrateOutOfFold(
  scores: Float64Array,
  { outcomes, parts, folds }: Omit<FoldedRows, 'features'>,
): Calibrated {
  const candidates = [fitPlatt, fitIsotonic].map((fit): Calibrated => {
    const chances = new Float64Array(scores.length)
    for (let fold = 0; fold < folds; fold++) {
      const outside = rowsInFold(parts, fold, false)
      const inside = rowsInFold(parts, fold, true)
      const happened = Uint8Array.from(outside, (row) => outcomes[row] ?? 0)
      const learned = fit(rowsOf(scores, outside), happened)
      const here = calibratedChances(learned, rowsOf(scores, inside))
      inside.forEach((row, i) => {
        chances[row] = here[i] ?? 0
      })
    }
    return { calibrator: fit(scores, outcomes), chances, logLoss: meanLoss(chances, outcomes) }
  })
  const [platt, isotonic] = candidates as [Calibrated, Calibrated]
  return isotonic.logLoss < platt.logLoss ? isotonic : platt
}

/** The base rate of the other folds, for each row. */
export function baseRates({ outcomes, parts, folds }: Omit<FoldedRows, 'features'>): Float64Array {
  const rates = new Float64Array(outcomes.length)
  for (let fold = 0; fold < folds; fold++) {
    const outside = rowsInFold(parts, fold, false)
    let positives = 0
    for (const row of outside) positives += outcomes[row] ?? 0
    for (const row of rowsInFold(parts, fold, true)) rates[row] = positives / outside.length
  }
  return rates
}

export function meanLoss(chances: Float64Array, outcomes: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < chances.length; i++) sum += logLoss(chances[i] ?? 0, outcomes[i] ?? 0)
  return sum / chances.length
}
