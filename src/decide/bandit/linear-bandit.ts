/**
 * A contextual bandit: chooses an arm for given features, says with which chance it was chosen, and
 * learns from what came of it. What is logged so can be evaluated off-policy (`evaluatePolicy`).
 */
import { RapportError } from '../../domain/error.ts'
import type { Random } from '../../math/random.ts'
import { greedy, thompson, upperConfidence, type BanditMethod } from './exploration.ts'
import type { Exploration } from './exploration.ts'
import { linearArms, type ArmsState } from './linear-arms.ts'

export interface BanditOptions {
  readonly arms: readonly string[]
  /** Length of a feature vector, a constant 1 among them. */
  readonly features: number
  readonly method: BanditMethod
  /** Precision of the prior of each coefficient, in events; 1 where nothing is said. */
  readonly ridge?: number
  /** Thompson: deviation of a reward. 1/2, the most that a reward from 0 to 1 can have. */
  readonly noise?: number
  /** LinUCB: how many spreads are added to the mean; 1. */
  readonly width?: number
  /**
   * Share of decisions that are made evenly among all eligible arms, 0 to 1: .1 for epsilon-greedy, .01
   * for the others, since a log in which some arm had no chance says nothing about it.
   */
  readonly explore?: number
  /** Milliseconds after which what was learned counts half; null (the default) for never. */
  readonly halfLife?: number | null
}

/** Plain data: may be kept as JSON, and brought back by `linearBandit(options, state)`. */
export interface BanditState extends ArmsState {
  readonly version: 1
  readonly arms: readonly string[]
  readonly features: number
}

export interface Decision {
  /** Number of the arm. */
  readonly arm: number
  /** The chance with which it was chosen: above 0. Log it. */
  readonly propensity: number
}

export interface Outcome {
  readonly arm: number
  readonly features: ArrayLike<number>
  readonly reward: number
  /** Milliseconds since 1970; needed where there is a half-life. */
  readonly at?: number
}

export interface LinearBandit {
  /**
   * @param eligible one number an arm, 0 for those that may not be chosen now; null for all
   * @returns null where none may be chosen
   */
  decide(
    features: ArrayLike<number>,
    random: Random,
    eligible?: ArrayLike<number> | null,
  ): Decision | null
  /** The chance of each arm, 0 for those that may not be chosen: a row of an `EvaluatedPolicy`. */
  chances(features: ArrayLike<number>, eligible?: ArrayLike<number> | null): Float64Array
  /** What is expected of each arm, and how unsure that is (one standard deviation). */
  expected(features: ArrayLike<number>): { readonly mean: number; readonly deviation: number }[]
  learn(outcome: Outcome): void
  forget(now: number): void
  state(): BanditState
}

/** @throws RapportError invalid_analysis for options that cannot be, or a state of another bandit. */
export function linearBandit(options: BanditOptions, state?: BanditState): LinearBandit {
  const { arms: names, features: width, method, ridge = 1, noise = 0.5, halfLife = null } = options
  const { explore = method === 'epsilon_greedy' ? 0.1 : 0.01 } = options
  if (!(explore >= 0 && explore <= 1)) fail('The share of exploration lies between 0 and 1.')
  if (!(noise > 0 && noise < Infinity && (options.width ?? 1) >= 0))
    fail('The noise must be above 0, the width of LinUCB not below.')
  const known = [state?.arms.join('\n') ?? names.join('\n'), state?.features ?? width]
  if (known[0] !== names.join('\n') || known[1] !== width || new Set(names).size !== names.length)
    fail('The state is of a bandit with other arms or features, or an arm is named twice.')
  const memory = linearArms({ arms: names.length, features: width, ridge, halfLife }, state)
  const explored = explorationOf(method, noise, options.width ?? 1)
  const [means, spreads, chance] = [0, 1, 2].map(() => new Float64Array(names.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const some = Array.from({ length: names.length + 1 }, (_, n) => ({
    ...{ means: new Float64Array(n), spreads: new Float64Array(n), chances: new Float64Array(n) },
  }))

  /** Fills `chance`; false where no arm is eligible. */
  function weigh(features: ArrayLike<number>, eligible: ArrayLike<number> | null): boolean {
    memory.predict(features, means, spreads)
    let count = 0
    for (let arm = 0; arm < names.length; arm++) if (isEligible(eligible, arm)) count++
    const packed = some[count]
    if (count === 0 || packed === undefined) return false
    for (let arm = 0, at = 0; arm < names.length; arm++) {
      if (!isEligible(eligible, arm)) continue
      packed.means[at] = means[arm] ?? 0
      packed.spreads[at++] = spreads[arm] ?? 0
    }
    explored(packed.means, packed.spreads, packed.chances)
    for (let arm = 0, at = 0; arm < names.length; arm++)
      chance[arm] = isEligible(eligible, arm)
        ? (1 - explore) * (packed.chances[at++] ?? 0) + explore / count
        : 0
    return true
  }

  return {
    decide(features, random, eligible = null) {
      if (!weigh(features, eligible)) return null
      let left = random.next()
      let chosen = 0
      for (let arm = 0; arm < names.length; arm++) {
        const own = chance[arm] ?? 0
        if (own === 0) continue
        chosen = arm
        left -= own
        if (left < 0) break
      }
      return { arm: chosen, propensity: chance[chosen] ?? 0 }
    },
    chances(features, eligible = null) {
      if (!weigh(features, eligible)) chance.fill(0)
      return chance.slice()
    },
    expected(features) {
      memory.predict(features, means, spreads)
      return Array.from(means, (mean, arm) => ({ mean, deviation: noise * (spreads[arm] ?? 0) }))
    },
    learn: ({ arm, features, reward, at = Number.NaN }) => memory.learn(arm, features, reward, at),
    forget: memory.forget,
    state: () => ({ version: 1, arms: names, features: width, ...memory.state() }),
  }
}

function explorationOf(method: BanditMethod, noise: number, width: number): Exploration {
  if (method === 'thompson') return thompson(noise)
  return method === 'lin_ucb' ? upperConfidence(width) : greedy
}

function isEligible(eligible: ArrayLike<number> | null, arm: number): boolean {
  return eligible === null || eligible[arm] !== 0
}

function fail(detail: string): never {
  throw new RapportError('invalid_analysis', detail)
}
