/** What a model expects of each action in each row, fitted without the fold of the row. */
import { RapportError } from '../domain/error.ts'
import type { Random } from '../math/random.ts'
import { checkLogged, isPropensity, type LoggedDecisions } from './logged-decisions.ts'
import { fitRewardModels, predictRewards, type FeatureRows } from './reward-model.ts'

export interface CrossFitOptions {
  /** Deals rows out to folds. */
  readonly random: Random
  readonly folds?: number
  /** Precision of the prior of each coefficient; 1. */
  readonly ridge?: number
}

/**
 * rows x actions, for `EvaluatedPolicy.expectedRewards`. Actions that were hardly logged get 0, of which
 * a warning of the evaluation tells.
 *
 * @throws RapportError invalid_analysis for columns that do not fit.
 */
export function crossFittedRewards(
  logged: LoggedDecisions,
  features: FeatureRows,
  { random, folds = 5, ridge = 1 }: CrossFitOptions,
): Float64Array {
  checkLogged(logged)
  const { actions, propensity } = logged
  const fold = dealOut(propensity, folds, random)
  const models = fitRewardModels({ ...logged, features, fold, folds }, ridge)
  const expected = new Float64Array(fold.length * actions)
  const errors = new Float64Array(actions)
  for (let i = 0; i < fold.length; i++) {
    const own = fold[i] ?? -1
    const model = models[own < 0 ? folds : own]
    const into = expected.subarray(i * actions, (i + 1) * actions)
    if (model) predictRewards(model, { ...features, row: i }, into, errors)
  }
  return expected
}

/** Folds of equal size by chance; -1 for rows without a propensity. */
export function dealOut(propensity: ArrayLike<number>, folds: number, random: Random): Int32Array {
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= 50))
    throw new RapportError('invalid_analysis', 'Take 2 to 50 folds.')
  const usable = Array.from({ length: propensity.length }, (_, i) => i).filter((i) =>
    isPropensity(propensity[i] ?? Number.NaN),
  )
  const fold = new Int32Array(propensity.length).fill(-1)
  for (const [place, i] of random.shuffled(usable).entries()) fold[i] = place % folds
  return fold
}
