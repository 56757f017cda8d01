/**
 * Decisions as they were logged, and another policy held against them. Rows are decisions, actions are
 * numbers from 0; matrices are in rows one after the other: cell (i, a) stands at `i * actions + a`.
 */
import { RapportError } from '../domain/error.ts'

export interface LoggedDecisions {
  /** How many actions there were to choose from, at least 1. */
  readonly actions: number
  /** What was chosen: a number a row, 0 .. actions - 1. */
  readonly action: ArrayLike<number>
  /** What came of it, finite; usually 0 or 1, or money. */
  readonly reward: ArrayLike<number>
  /**
   * The chance with which it was chosen then, from 1e-12 to 1. What is no such number is a
   * missing propensity: its row is left out of all that weighs, and a warning says so.
   */
  readonly propensity: ArrayLike<number>
}

/** The policy to be judged. */
export interface EvaluatedPolicy {
  /** rows x actions: the chance with which it would choose each action; each row adds up to 1. */
  readonly probabilities: ArrayLike<number>
  /**
   * rows x actions: what a model expects of each action, for the direct method and the doubly robust
   * ones. It must not have been fitted on the row itself (cross-fitting: `crossFittedRewards`).
   */
  readonly expectedRewards?: ArrayLike<number>
}

/** As far as the probabilities of a row may be from adding up to 1. */
const rounding = 1e-6
export const mostActions = 10_000

/** @throws RapportError invalid_analysis, with the row and what to do. */
export function checkLogged(logged: LoggedDecisions): void {
  const { actions, action, reward, propensity } = logged
  const rows = action.length
  if (!(Number.isInteger(actions) && actions >= 1 && actions <= mostActions))
    fail(`There must be between 1 and ${mostActions} actions, not ${actions}.`)
  if (rows === 0) fail('There are no decisions to judge by. Log some first.')
  if (reward.length !== rows || propensity.length !== rows)
    fail(`There are ${rows} actions, ${reward.length} rewards, ${propensity.length} propensities.`)
  for (let i = 0; i < rows; i++) {
    const chosen = action[i] ?? -1
    if (!(chosen >= 0 && chosen < actions && (chosen | 0) === chosen))
      fail(`Row ${i + 1}: action ${chosen} is not among 0 to ${actions - 1}.`)
    if (!(Math.abs(reward[i] ?? Number.NaN) <= 1e15))
      fail(`Row ${i + 1}: the reward ${reward[i]} is not a number that can be averaged.`)
  }
}

/** @throws RapportError invalid_analysis unless the matrices of the policy have the right size. */
export function checkSize(policy: EvaluatedPolicy, rows: number, actions: number): void {
  const { probabilities, expectedRewards: expected } = policy
  const cells = rows * actions
  if (probabilities.length !== cells)
    fail(`${rows} rows of ${actions} actions need ${cells} chances, not ${probabilities.length}.`)
  if (expected !== undefined && expected.length !== cells)
    fail(`${rows} rows of ${actions} actions need ${cells} expected rewards.`)
}

/**
 * sum_a pi_e(a | x) q(x, a) of a row: what the model expects of the policy. Divided by the sum of the
 * chances, which differs from 1 by rounding alone. Checks the row on the way, since these matrices are
 * most of what is read.
 *
 * @throws RapportError invalid_analysis, with the row and what to do.
 */
export function modelValue(
  { probabilities, expectedRewards: expected }: EvaluatedPolicy,
  row: number,
  actions: number,
): number {
  const from = row * actions
  const { sum, size, value } = rowSums(probabilities, expected ?? probabilities, from, actions)
  if (!(Math.abs(sum - 1) <= rounding && size <= sum))
    fail(`Row ${row + 1}: the chances of the policy ${faultOf(sum, size)}.`)
  if (!(Math.abs(value) <= 1e15)) fail(`Row ${row + 1}: an expected reward is not a number.`)
  return value / sum
}

/** Sum of the chances, of their sizes (larger where one is below 0), and with the expected rewards. */
function rowSums(
  chances: ArrayLike<number>,
  expected: ArrayLike<number>,
  from: number,
  actions: number,
): { sum: number; size: number; value: number } {
  let sum = 0
  let size = 0
  let value = 0
  for (let k = from; k < from + actions; k++) {
    const chance = chances[k] ?? 0
    sum += chance
    size += Math.abs(chance)
    value += chance * (expected[k] ?? 0)
  }
  return { sum, size, value }
}

function faultOf(sum: number, size: number): string {
  return size > sum ? 'are not all 0 or above' : `add up to ${sum}, not to 1`
}

/** What is rarer than that was not drawn by any policy: it is a fault of whoever logged it. */
const rarest = 1e-12

/** Whether a chance can have been the chance of something that happened. */
export function isPropensity(chance: number): boolean {
  return chance >= rarest && chance <= 1 + 1e-12
}

function fail(detail: string): never {
  throw new RapportError('invalid_analysis', detail)
}
