/** What each logged decision adds to the estimators, worked out once. */
import { checkLogged, isPropensity, modelValues } from './logged-decisions.ts'
import type { EvaluatedPolicy, LoggedDecisions } from './logged-decisions.ts'

/** Columns over the rows that have a propensity. */
export interface Terms {
  readonly rows: number
  /** Rows without a usable propensity; they are in no column. */
  readonly dropped: number
  /** w_i = pi_e(a_i | x_i) / pi_b(a_i | x_i), the importance weight. */
  readonly weight: Float64Array
  readonly reward: Float64Array
  /** sum_a pi_e(a | x_i) q(x_i, a): what the model expects of the policy; empty without a model. */
  readonly model: Float64Array
  /** r_i - q(x_i, a_i): what the model missed; empty without a model. */
  readonly miss: Float64Array
  /** Mean chance that the policy gives to actions that were never logged. */
  readonly unsupported: number
}

/** @throws RapportError invalid_analysis for what cannot be judged, with the row. */
export function termsOf(logged: LoggedDecisions, policy: EvaluatedPolicy): Terms {
  checkLogged(logged)
  const { actions, action, reward, propensity } = logged
  const all = action.length
  const values = modelValues(policy, all, actions)
  const { probabilities, expectedRewards: expected } = policy
  const columns = {
    ...{ weight: new Float64Array(all), reward: new Float64Array(all) },
    ...{ model: new Float64Array(expected ? all : 0), miss: new Float64Array(expected ? all : 0) },
  }
  let rows = 0
  const logs = new Uint8Array(actions)
  for (let i = 0; i < all; i++) {
    const chance = propensity[i] ?? Number.NaN
    if (!isPropensity(chance)) continue
    const chosen = action[i] ?? 0
    logs[chosen] = 1
    columns.weight[rows] = (probabilities[i * actions + chosen] ?? 0) / chance
    columns.reward[rows] = reward[i] ?? 0
    if (expected) {
      columns.model[rows] = values[i] ?? 0
      columns.miss[rows] = (reward[i] ?? 0) - (expected[i * actions + chosen] ?? 0)
    }
    rows++
  }
  return {
    rows,
    dropped: all - rows,
    weight: columns.weight.subarray(0, rows),
    reward: columns.reward.subarray(0, rows),
    model: columns.model.subarray(0, expected ? rows : 0),
    miss: columns.miss.subarray(0, expected ? rows : 0),
    unsupported: unsupportedShare(probabilities, logs, all),
  }
}

function unsupportedShare(
  probabilities: ArrayLike<number>,
  logs: Uint8Array,
  rows: number,
): number {
  const missing = [...logs.keys()].filter((a) => logs[a] === 0)
  let sum = 0
  for (const a of missing)
    for (let i = 0; i < rows; i++) sum += probabilities[i * logs.length + a] ?? 0
  return sum / rows
}
