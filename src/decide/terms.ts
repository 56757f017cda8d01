/** What each logged decision adds to the estimators, worked out once. */
import { checkLogged, checkSize, isPropensity, modelValue } from './logged-decisions.ts'
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
  checkSize(policy, all, actions)
  const { probabilities, expectedRewards: expected } = policy
  const [weight, rewards] = [new Float64Array(all), new Float64Array(all)]
  const [model, miss] = [new Float64Array(all), new Float64Array(all)]
  let rows = 0
  const logs = new Uint8Array(actions)
  for (let i = 0; i < all; i++) {
    const value = modelValue(policy, i, actions)
    const chance = propensity[i] ?? Number.NaN
    if (!isPropensity(chance)) continue
    const chosen = action[i] ?? 0
    const came = reward[i] ?? 0
    logs[chosen] = 1
    weight[rows] = (probabilities[i * actions + chosen] ?? 0) / chance
    rewards[rows] = came
    if (expected) {
      model[rows] = value
      miss[rows] = came - (expected[i * actions + chosen] ?? 0)
    }
    rows++
  }
  return {
    rows,
    dropped: all - rows,
    weight: weight.subarray(0, rows),
    reward: rewards.subarray(0, rows),
    model: model.subarray(0, expected ? rows : 0),
    miss: miss.subarray(0, expected ? rows : 0),
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
