import { describe, expect, test } from 'vitest'
import { seededRandom } from '../math/random.ts'
import { chooseSwitch } from './estimators.ts'
import { evaluatePolicy } from './evaluate-policy.ts'
import type { EvaluatedPolicy, LoggedDecisions } from './logged-decisions.ts'
import { termsOf } from './terms.ts'

const logging = [0.6, 0.3, 0.1]
const wanted = [0.2, 0.3, 0.5]
const pays = [0.1, 0.3, 0.4]
const truth = wanted.reduce((sum, chance, a) => sum + chance * (pays[a] ?? 0), 0)

function simulate(rows: number, seed: string): [LoggedDecisions, EvaluatedPolicy] {
  const random = seededRandom(seed)
  const action = Array.from({ length: rows }, () => {
    const u = random.next()
    return u < 0.6 ? 0 : u < 0.9 ? 1 : 2
  })
  const repeat = (of: readonly number[]): number[] => action.flatMap(() => of)
  return [
    {
      ...{ actions: 3, action, propensity: action.map((a) => logging[a] ?? 0) },
      reward: action.map((a) => Number(random.chance(pays[a] ?? 0))),
    },
    // A model that is wrong: the doubly robust ones must not mind.
    { probabilities: repeat(wanted), expectedRewards: repeat([0.2, 0.2, 0.3]) },
  ]
}

test('intervals hold the true value as often as they say, normal and bootstrap', () => {
  const rounds = 300
  const held = new Map<string, number>()
  for (let round = 0; round < rounds; round++) {
    const [logged, policy] = simulate(500, `coverage ${round}`)
    const { estimates } = evaluatePolicy(logged, policy, {
      switchAt: Infinity,
      bootstrap: { replicates: 150, random: seededRandom(round) },
    })
    for (const { estimator, low, high, bootstrap } of estimates) {
      const count = (name: string, is: boolean): unknown =>
        held.set(name, (held.get(name) ?? 0) + Number(is))
      count(estimator, low <= truth && truth <= high)
      if (bootstrap) count(`${estimator} drawn`, bootstrap.low <= truth && truth <= bootstrap.high)
    }
  }
  const error = Math.sqrt((0.95 * 0.05) / rounds)
  for (const [name, count] of held)
    // The direct method believes its wrong model; percentiles of 150 draws are a little narrow.
    if (!name.startsWith('dm'))
      expect(Math.abs(count / rounds - 0.95), name).toBeLessThan(3.5 * error + 0.005)
  expect(held.size).toBe(12)
})

test('the threshold of switch_dr is the one with the least estimated error', () => {
  const [logged, policy] = simulate(2_000, 'switch')
  const terms = termsOf(logged, policy)
  const { switchAt } = evaluatePolicy(logged, policy)
  expect(switchAt).toBe(chooseSwitch(terms))
  expect(chooseSwitch(terms, [0.1, Infinity])).toBe(Infinity)
  expect(chooseSwitch({ ...terms, model: new Float64Array(0) })).toBe(Infinity)
})

describe('what speaks against an evaluation is said', () => {
  const [logged, policy] = simulate(2_000, 'warnings')
  const codesOf = (one: Partial<LoggedDecisions>, other: Partial<EvaluatedPolicy> = {}): string[] =>
    evaluatePolicy({ ...logged, ...one }, { ...policy, ...other }).warnings.map(
      ({ code, level }) => `${level} ${code}`,
    )

  test('nothing, where nothing does', () => {
    expect(codesOf({}).filter((one) => one.startsWith('danger'))).toEqual([])
  })
  test('propensities that are 0, missing or no chances', () => {
    const missing = logged.action
    const some = Array.from(missing, (_, i) =>
      i % 4 === 0
        ? ([0, Number.NaN, -1, 1.5, 1e-300][(i / 4) % 5] ?? 0)
        : (logged.propensity[i] ?? 0),
    )
    const { overlap, warnings, estimates } = evaluatePolicy({ ...logged, propensity: some }, policy)
    expect(overlap.rows).toBe(1_500)
    expect(warnings[0]).toMatchObject({ code: 'missing_propensity', level: 'danger' })
    expect(warnings[0]?.message).toContain('500 of 2,000')
    for (const { value } of estimates) expect(Number.isFinite(value)).toBe(true)
  })
  test('propensities of another policy', () => {
    expect(
      codesOf({ propensity: logged.action && Array.from(logged.action, () => 1 / 3) }),
    ).toContain('danger weights_off')
  })
  test('actions that were never logged, and a policy that never did what was done', () => {
    const only = Array.from(logged.action, () => 0)
    const all = Array.from(logged.action, () => 1)
    expect(codesOf({ action: only, propensity: all })).toContain('danger no_support')
    const never = Array.from(logged.action).flatMap(() => [0, 0, 1])
    const { estimates, warnings } = evaluatePolicy(
      { ...logged, action: only, propensity: all },
      { ...policy, probabilities: never },
    )
    expect(warnings[0]).toMatchObject({ code: 'no_overlap', level: 'danger' })
    expect(estimates.map(({ estimator }) => estimator)).toEqual(['dm'])
  })
  test('too few rewards', () => {
    expect(codesOf({ reward: Array.from(logged.action, () => 0) })).toContain('danger few_rewards')
  })
})

test('the largest numbers that are let in give numbers', () => {
  const logged = {
    ...{ actions: 2, action: [0, 1, 0, 1], reward: [1e15, -1e15, 0, 1e9] },
    propensity: [1e-12, 1e-12, 1, 1],
  }
  const policy = {
    probabilities: [1, 0, 0, 1, 0.5, 0.5, 1, 0],
    expectedRewards: [1e15, -1e15, 0, 0, 1e15, 0, 0, 0],
  }
  const random = seededRandom('large')
  const bootstrap = { replicates: 20, random }
  const found = evaluatePolicy(logged, policy, { bootstrap })
  const numbers = JSON.stringify({ ...found, switchAt: 0 })
  expect(numbers).not.toMatch(/null|NaN/)
  expect(found.warnings[0]?.level).toBe('danger')
})

test.each([
  ['no rows', { action: [], reward: [], propensity: [] }, /no decisions/],
  ['columns of different length', { reward: [1] }, /2 actions, 1 rewards/],
  ['an action that is not there', { action: [0, 3] }, /Row 2: action 3/],
  ['half an action', { action: [0, 0.5] }, /Row 2: action 0.5/],
  ['a reward that is no number', { reward: [1, Number.NaN] }, /Row 2: the reward/],
  ['no usable propensity', { propensity: [0, 0] }, /Log it with each decision/],
  ['no actions', { actions: 0 }, /between 1 and/],
])('%s: refused', (_, broken, words) => {
  const logged = { actions: 2, action: [0, 1], reward: [0, 1], propensity: [0.5, 0.5], ...broken }
  const policy = { probabilities: [1, 0, 0, 1] }
  expect(() => evaluatePolicy(logged, policy)).toThrow(words)
})

test.each([
  ['chances that do not add up', { probabilities: [0.5, 0.4, 0, 1] }, /Row 1: .* add up to 0.9/],
  ['a chance below 0', { probabilities: [1, 0, 2, -1] }, /Row 2: .* not all 0 or above/],
  ['too few chances', { probabilities: [1, 0] }, /need 4 chances/],
  ['a model without numbers', { expectedRewards: [0, 0, Number.NaN, 0] }, /Row 2: an expected/],
])('%s: refused', (_, broken, words) => {
  const logged = { actions: 2, action: [0, 1], reward: [0, 1], propensity: [0.5, 0.5] }
  const policy = { probabilities: [1, 0, 0, 1], ...broken }
  expect(() => evaluatePolicy(logged, policy)).toThrow(words)
  expect(() => evaluatePolicy(logged, { probabilities: [1, 0, 0, 1] }, { clip: 0 })).toThrow(
    /above 0/,
  )
})
