/**
 * Decisions: bandits of three arms with 12 features, most of them categories, as in Hillstrom's campaign
 * (Vowpal Wabbit 9.11.2, 3 arms, text parsing included); off-policy values of 10,000 decisions among 34
 * actions, as in the Open Bandit Dataset (obp 0.5.5, .04 to .05 s).
 */
import { linearBandit, type BanditOptions } from '../../src/decide/bandit/linear-bandit.ts'
import type { BanditMethod } from '../../src/decide/bandit/exploration.ts'
import { evaluatePolicy } from '../../src/decide/evaluate-policy.ts'
import { learnSafely } from '../../src/decide/safe-policy.ts'
import { seededRandom } from '../../src/math/random.ts'
import { timed, type PredictRow } from './row.ts'

const width = 12
const arms = ['none', 'men', 'women']
const vowpal = 'Vowpal Wabbit 9.11.2'

export async function* rows(size: number): AsyncGenerator<PredictRow> {
  for (const method of ['thompson', 'lin_ucb', 'epsilon_greedy'] as const)
    yield decisionRow(method, size)
  yield learningRow(size)
  yield await evaluationRow(false)
  yield await evaluationRow(true)
  yield await drawnRow()
  yield await policyRow()
}

/** Four numbers and categories as columns of 0 and 1. */
function people(count: number, seed: string): Float64Array[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () =>
    Float64Array.from({ length: width }, (_, i) =>
      i === 0 ? 1 : i < 4 ? random.normal() : Number(random.chance(0.3)),
    ),
  )
}

const pays = (arm: number, x: ArrayLike<number>): number =>
  ([0.11, 0.18, 0.15][arm] ?? 0) * (1 + 0.3 * Math.tanh(x[arm + 1] ?? 0))

function taught(method: BanditMethod, some: readonly Float64Array[]) {
  const options: BanditOptions = { arms, features: width, method }
  const bandit = linearBandit(options)
  const random = seededRandom('taught')
  for (const [i, features] of some.entries()) {
    const arm = i % 3
    bandit.learn({ arm, features, reward: Number(random.chance(pays(arm, features))) })
  }
  return bandit
}

async function decisionRow(method: BanditMethod, size: number): Promise<PredictRow> {
  const some = people(5_000, 'people')
  const bandit = taught(method, some)
  const { seconds: ours, result } = await timed(() => {
    const random = seededRandom('decisions')
    let exploited = 0
    for (let i = 0; i < size; i++) {
      const features = some[i % some.length]
      exploited += Number(features && bandit.decide(features, random)?.arm === 1)
    }
    return exploited / size
  })
  return {
    ...{ what: `${method}: ${size.toLocaleString('en')} decisions`, ours },
    ...(size === 1_000_000 && method !== 'epsilon_greedy' ? { aim: 1 } : {}),
    result: `${(100 * result).toFixed(1)} % the arm that is best on average`,
  }
}

async function learningRow(size: number): Promise<PredictRow> {
  const some = people(5_000, 'learning')
  const { seconds: ours, result } = await timed(() => {
    const random = seededRandom('outcomes')
    const bandit = linearBandit({ arms, features: width, method: 'thompson' })
    let sum = 0
    for (let i = 0; i < size; i++) {
      const features = some[i % some.length] ?? some[0]
      const arm = features ? (bandit.decide(features, random)?.arm ?? 0) : 0
      if (!features) continue
      const reward = Number(random.chance(pays(arm, features)))
      bandit.learn({ arm, features, reward })
      sum += reward
    }
    return sum / size
  }, 1)
  return {
    ...{ what: `thompson: ${size.toLocaleString('en')} decided and learned`, ours },
    ...(size === 1_000_000 ? { peer: { name: vowpal, seconds: 2.46 }, aim: 2 } : {}),
    result: `mean reward ${result.toFixed(4)}`,
  }
}

function logged() {
  const random = seededRandom('logged')
  const [rows, actions] = [10_000, 34]
  const probabilities = new Float64Array(rows * actions)
  const expectedRewards = new Float64Array(rows * actions)
  const chances = Array.from({ length: actions }, () => random.gamma(0.5))
  const total = chances.reduce((sum, one) => sum + one, 0)
  for (let k = 0; k < probabilities.length; k++) {
    probabilities[k] = (chances[k % actions] ?? 0) / total
    expectedRewards[k] = 0.004 + 0.002 * random.next()
  }
  const action = Int32Array.from({ length: rows }, () => random.integer(actions))
  const reward = Float64Array.from(action, () => Number(random.chance(0.005)))
  const propensity = new Float64Array(rows).fill(1 / actions)
  return { log: { actions, action, reward, propensity }, probabilities, expectedRewards }
}

async function evaluationRow(withModel: boolean): Promise<PredictRow> {
  const { log, probabilities, expectedRewards } = logged()
  const policy = withModel ? { probabilities, expectedRewards } : { probabilities }
  const times = 200
  const { seconds, result } = await timed(() => {
    for (let i = 1; i < times; i++) evaluatePolicy(log, policy)
    return evaluatePolicy(log, policy)
  })
  const value = result.estimates.at(-1)
  return {
    what: `10,000 decisions: ${withModel ? 'ips to switch-dr' : 'ips and snips'}, intervals`,
    ...{ ours: seconds / times, peer: { name: 'obp 0.5.5', seconds: 0.045 }, aim: 0.001 },
    result: `${value?.estimator ?? ''} ${value?.value.toFixed(6) ?? ''}`,
  }
}

async function drawnRow(): Promise<PredictRow> {
  const { log, probabilities, expectedRewards } = logged()
  const { seconds: ours, result } = await timed(() =>
    evaluatePolicy(
      log,
      { probabilities, expectedRewards },
      { bootstrap: { replicates: 1_000, random: seededRandom('draws') } },
    ),
  )
  return {
    ...{ what: 'all six with 1,000 draws of the bootstrap', ours },
    result: `effective sample ${result.overlap.effectiveSample.toFixed(1)}`,
  }
}

async function policyRow(): Promise<PredictRow> {
  const count = 44_800
  const all = people(count, 'policy')
  const random = seededRandom('arms')
  const action = Array.from({ length: count }, () => random.integer(3))
  const log = {
    ...{ actions: 3, action, propensity: new Float64Array(count).fill(1 / 3) },
    reward: action.map((arm, i) => Number(random.chance(pays(arm, all[i] ?? [])))),
  }
  const values = new Float64Array(count * (width - 1))
  for (const [i, x] of all.entries()) values.set(x.subarray(1), i * (width - 1))
  const { seconds: ours, result } = await timed(() =>
    learnSafely(log, { values, width: width - 1 }, { random: seededRandom('folds') }),
  )
  return {
    ...{ what: 'a safe policy of 44,800 decisions, 5 folds', ours },
    peer: { name: `${vowpal}, one pass, no folds`, seconds: 0.18 },
    result: `serves the ${result.policy.serves} one`,
  }
}
