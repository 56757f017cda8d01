/** What the uplift methods are made of: a chance, or a value, learned from columns by one of two ways. */
import type { Column } from '../../math/columns.ts'
import {
  fitLinearScorer,
  fitLinearValues,
  linearScores,
  prepareColumns,
} from '../../math/linear-scorer.ts'
import type { Random } from '../../math/random.ts'
import { boostTrees, type BoostOptions } from '../../math/trees/boost.ts'
import { scoresOfTrees } from '../../math/trees/boosted-trees.ts'

/** Penalised linear models, or boosted trees. */
export const learnerNames = ['logistic', 'trees'] as const
export type LearnerName = (typeof learnerNames)[number]

export interface Learner {
  readonly name: LearnerName
  readonly random: Random
}

/** What was learned, asked of rows in the same columns. */
export type Predictor = (columns: readonly Column[]) => Float64Array

const linearPenalty = 1

/**
 * Effects are small beside the noise: few, shallow trees of large leaves, and no early stop, since what
 * held-out rows tell of so little is mostly chance.
 */
const treeOptions = (rows: number): Omit<BoostOptions, 'loss' | 'random'> => ({
  ...{ rounds: 60, shrinkage: 0.05, mostDepth: 3, mostLeaves: 6, penalty: 10 },
  ...{ leastRows: Math.max(20, Math.round(rows / 100)), heldOut: 0 },
})

/** The chance of an outcome of 1. */
export function learnChance(
  columns: readonly Column[],
  outcomes: Uint8Array,
  { name, random }: Learner,
  weights?: Float64Array,
): Predictor {
  const weighted = weights ? { weights } : {}
  if (name === 'logistic') {
    const options = { penalty: linearPenalty, ...weighted }
    const scorer = fitLinearScorer(prepareColumns(columns), outcomes, options)
    return (asked) => linearScores(scorer, asked).map((score) => 1 / (1 + Math.exp(-score)))
  }
  const options = { ...treeOptions(outcomes.length), ...weighted, loss: 'log' as const, random }
  const model = boostTrees(columns, outcomes, options)
  return (asked) => scoresOfTrees(model, asked).map((score) => 1 / (1 + Math.exp(-score)))
}

/** The mean of values. */
export function learnValue(
  columns: readonly Column[],
  values: Float64Array,
  { name, random }: Learner,
): Predictor {
  if (name === 'logistic') {
    const scorer = fitLinearValues(prepareColumns(columns), values, { penalty: linearPenalty })
    return (asked) => linearScores(scorer, asked)
  }
  const options = { ...treeOptions(values.length), loss: 'squared' as const, random }
  const model = boostTrees(columns, values, options)
  return (asked) => scoresOfTrees(model, asked)
}
