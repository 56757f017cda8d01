/**
 * Learns who should get what from logged decisions, and serves what it learned only where it is shown to
 * be better than giving everybody the same.
 *
 * 1. Rewards are modelled with each fold left out; the policy of a fold leaves the best constant action
 *    only where another one is expected to bring more by `caution` standard errors.
 * 2. Each row gets the doubly robust score of each action (Dudik et al. 2014, equation 3.2):
 *      G(i, a) = q(x_i, a) + 1(a_i = a) (r_i - q(x_i, a)) / p_i       q from folds without row i
 * 3. Served is the learned policy only if E[G(i, policy) - G(i, a)] has a lower bound above 0 for EVERY
 *    constant action a. As all must hold, no correction for several questions is needed (Berger,
 *    Technometrics 24, 1982), and a constant action that is best by luck alone is no danger. Else the
 *    action with the best mean score is served to all.
 */
import { RapportError } from '../domain/error.ts'
import { checkConfidence, usualConfidence, type Estimate } from '../math/interval.ts'
import { twoSidedDeviate } from '../math/normal.ts'
import { dealOut, type CrossFitOptions } from './cross-fitted-rewards.ts'
import { deviation, mean } from './estimators.ts'
import { checkLogged, type LoggedDecisions } from './logged-decisions.ts'
import { fitRewardModels, predictRewards } from './reward-model.ts'
import type { FeatureRows, RewardModel } from './reward-model.ts'

export interface SafePolicyOptions extends CrossFitOptions {
  /** Standard errors by which another action must be better; 1. */
  readonly caution?: number
  readonly confidence?: number
}

/** Plain data: may be kept as JSON, and asked by `chooseAction`. */
export interface SafePolicy {
  readonly serves: 'learned' | 'constant'
  /** The best action for all; what the learned policy leaves only with reason. */
  readonly constantAction: number
  readonly caution: number
  readonly model: RewardModel
}

export interface SafePolicyReport {
  readonly policy: SafePolicy
  /** Value of the learned policy on rows that it had not seen, served or not. */
  readonly learned: Estimate
  /** Value of each action for all; null where too little was logged. */
  readonly constants: readonly (Estimate | null)[]
  /** How much more the learned policy brings than the constant action that comes closest. */
  readonly advantage: Estimate
  /** Share of rows that the learned policy gives another action than the constant one. */
  readonly deviates: number
  /** Why it serves what it serves, in a sentence. */
  readonly reason: string
}

/** @throws RapportError invalid_analysis for columns that do not fit, or where no action is logged enough. */
export function learnSafely(
  logged: LoggedDecisions,
  features: FeatureRows,
  options: SafePolicyOptions,
): SafePolicyReport {
  checkLogged(logged)
  const { caution = 1, folds = 5, confidence = usualConfidence } = options
  checkConfidence(confidence)
  if (!(caution >= 0)) throw new RapportError('invalid_analysis', 'The caution is from 0.')
  const fold = dealOut(logged.propensity, folds, options.random)
  const models = fitRewardModels({ ...logged, features, fold, folds }, options.ridge)
  const whole = models.at(-1)
  const known = whole?.actions.flatMap((action, a) => (action === null ? [] : [a])) ?? []
  if (!whole || known.length === 0)
    throw new RapportError(
      'invalid_analysis',
      'No action has enough rows with a propensity to learn from. Log more decisions.',
    )
  const scores = crossFit({ logged, features, fold, models, known, caution })
  return judge({ scores, whole, known, caution, z: twoSidedDeviate(confidence) })
}

/** The action that a policy gives for the features of a row. */
export function chooseAction(policy: SafePolicy, features: ArrayLike<number>): number {
  const { serves, constantAction, caution, model } = policy
  if (serves === 'constant') return constantAction
  const actions = model.actions.length
  const [expected, errors] = [new Float64Array(actions), new Float64Array(actions)]
  predictRewards(model, { values: features, width: model.width, row: 0 }, expected, errors)
  return leaveWithReason(expected, errors, constantAction, caution)
}

/** The best action that is better than the usual one by so many standard errors, else the usual one. */
function leaveWithReason(
  expected: Float64Array,
  errors: Float64Array,
  usual: number,
  caution: number,
): number {
  let [best, gain] = [usual, 0]
  for (let a = 0; a < expected.length; a++) {
    const more = (expected[a] ?? 0) - (expected[usual] ?? 0)
    const error = Math.hypot(errors[a] ?? Infinity, errors[usual] ?? Infinity)
    if (more > gain && more > caution * error) [best, gain] = [a, more]
  }
  return best
}

interface CrossFit {
  readonly logged: LoggedDecisions
  readonly features: FeatureRows
  readonly fold: Int32Array
  readonly models: readonly RewardModel[]
  readonly known: readonly number[]
  readonly caution: number
}

interface Scores {
  /** By action, then row: G(i, a). */
  readonly ofAction: readonly Float64Array[]
  readonly ofPolicy: Float64Array
  readonly deviating: number
}

function crossFit({ logged, features, fold, models, known, caution }: CrossFit): Scores {
  const { actions, action, reward, propensity } = logged
  const rows = fold.filter((one) => one >= 0).length
  const ofAction = Array.from({ length: actions }, () => new Float64Array(rows))
  const ofPolicy = new Float64Array(rows)
  const usual = usualByFold(logged, fold, { known, folds: models.length - 1 })
  const [expected, errors] = [new Float64Array(actions), new Float64Array(actions)]
  let [at, deviating] = [0, 0]
  for (let i = 0; i < fold.length; i++) {
    const own = fold[i] ?? -1
    const model = models[own]
    if (own < 0 || model === undefined) continue
    predictRewards(model, { ...features, row: i }, expected, errors)
    for (let a = 0; a < actions; a++) {
      const miss =
        action[i] === a ? ((reward[i] ?? 0) - (expected[a] ?? 0)) / (propensity[i] ?? 1) : 0
      const scores = ofAction[a]
      if (scores) scores[at] = (expected[a] ?? 0) + miss
    }
    const constant = usual[own] ?? 0
    const chosen = leaveWithReason(expected, errors, constant, caution)
    if (chosen !== constant) deviating++
    ofPolicy[at] = ofAction[chosen]?.[at] ?? 0
    at++
  }
  return { ofAction, ofPolicy, deviating: deviating / rows }
}

/** The action with the best self-normalised value (snips) among rows that the fold does not hold. */
function usualByFold(
  { actions, action, reward, propensity }: LoggedDecisions,
  fold: Int32Array,
  { known, folds }: { readonly known: readonly number[]; readonly folds: number },
): number[] {
  return Array.from({ length: folds }, (_, left) => {
    const [sum, weight] = [new Float64Array(actions), new Float64Array(actions)]
    for (let i = 0; i < fold.length; i++) {
      if ((fold[i] ?? -1) < 0 || fold[i] === left) continue
      const a = action[i] ?? 0
      const w = 1 / (propensity[i] ?? 1)
      sum[a] = (sum[a] ?? 0) + w * (reward[i] ?? 0)
      weight[a] = (weight[a] ?? 0) + w
    }
    const value = (a: number): number =>
      (weight[a] ?? 0) === 0 ? -Infinity : (sum[a] ?? 0) / (weight[a] ?? 1)
    return known.reduce((best, a) => (value(a) > value(best) ? a : best), known[0] ?? 0)
  })
}

interface Judged {
  readonly scores: Scores
  readonly whole: RewardModel
  readonly known: readonly number[]
  readonly caution: number
  readonly z: number
}

function judge({ scores, whole, known, caution, z }: Judged): SafePolicyReport {
  const { ofAction, ofPolicy, deviating } = scores
  const constants = ofAction.map((one, a) => (known.includes(a) ? estimate(one, z) : null))
  const value = (a: number): number => constants[a]?.value ?? -Infinity
  const best = known.reduce((top, a) => (value(a) > value(top) ? a : top), known[0] ?? 0)
  const advantages = known.map((a) =>
    estimate(
      ofPolicy.map((score, i) => score - (ofAction[a]?.[i] ?? 0)),
      z,
    ),
  )
  const advantage = advantages.reduce((least, one) => (one.low < least.low ? one : least))
  const isBetter = advantage.low > 0
  const range = `${shown(advantage.value)} a decision (${shown(advantage.low)} to ${shown(advantage.high)})`
  return {
    policy: {
      ...{ serves: isBetter ? 'learned' : 'constant', constantAction: best, caution, model: whole },
    },
    learned: estimate(ofPolicy, z),
    ...{ constants, advantage, deviates: deviating },
    reason: isBetter
      ? `The learned policy brings ${range} more than any action given to all.`
      : `The learned policy brings ${range} more than the best action given to all: that it is ` +
        'better is not shown, so all get that action.',
  }
}

function estimate(values: Float64Array, z: number): Estimate {
  const value = mean(values)
  const half = values.length < 2 ? Infinity : (z * deviation(values)) / Math.sqrt(values.length)
  return { value, low: value - half, high: value + half }
}

const shown = (value: number): string => String(Number(value.toPrecision(3)))
