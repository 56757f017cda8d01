import { describe, expect, test } from 'vitest'
import { seededRandom } from '../math/random.ts'
import { chooseAction, learnSafely } from './safe-policy.ts'

/** Three actions logged with uneven chances; `pays` is the chance of a reward. */
function simulate(
  rows: number,
  seed: string,
  pays: (action: number, features: readonly number[]) => number,
) {
  const random = seededRandom(seed)
  const chances = [0.5, 0.3, 0.2]
  const values = new Float64Array(2 * rows)
  const [action, reward, propensity] = [[], [], []] as [number[], number[], number[]]
  for (let i = 0; i < rows; i++) {
    const x = [random.normal(), random.integer(2)]
    values.set(x, 2 * i)
    const u = random.next()
    const a = u < 0.5 ? 0 : u < 0.8 ? 1 : 2
    action.push(a)
    propensity.push(chances[a] ?? 1)
    reward.push(Number(random.chance(pays(a, x))))
  }
  return { logged: { actions: 3, action, reward, propensity }, features: { values, width: 2 } }
}

describe('what was learned is served', () => {
  const pays = (action: number, [x = 0]: readonly number[]): number =>
    action === 2 ? 0.2 : (action === 0) === x > 0 ? 0.3 : 0.1
  const { logged, features } = simulate(12_000, 'worth it', pays)
  const report = learnSafely(logged, features, { random: seededRandom('folds') })

  test('where it is shown to be better than every action for all', () => {
    expect(report.policy.serves).toBe('learned')
    expect(report.advantage.low).toBeGreaterThan(0)
    expect(report.deviates).toBeGreaterThan(0.3)
    expect(report.learned.low).toBeGreaterThan(0.22)
    expect(report.constants.map((one) => one && Math.abs(one.value - 0.2) < 0.03)).toEqual([
      ...[true, true, true],
    ])
  })

  test('and gives each what suits them, also after JSON', () => {
    const policy = JSON.parse(JSON.stringify(report.policy)) as typeof report.policy
    expect([chooseAction(policy, [2, 1]), chooseAction(policy, [-2, 0])]).toEqual([0, 1])
  })

  test('its value is the one that it then has', () => {
    const random = seededRandom('fresh')
    let sum = 0
    for (let i = 0; i < 40_000; i++) {
      const x = [random.normal(), random.integer(2)]
      sum += pays(chooseAction(report.policy, x), x)
    }
    expect(sum / 40_000).toBeGreaterThan(report.learned.low)
    expect(sum / 40_000).toBeLessThan(report.learned.high + 0.01)
  })
})

describe('the constant action is served', () => {
  test('where people do not differ: never more often by mistake than the interval says', () => {
    let mistakes = 0
    for (let round = 0; round < 100; round++) {
      const { logged, features } = simulate(1_500, `alike ${round}`, (a) => 0.1 + 0.02 * a)
      const { policy } = learnSafely(logged, features, { random: seededRandom(round) })
      mistakes += Number(policy.serves === 'learned')
    }
    // At most 2.5 of 100 are expected; three Monte-Carlo errors more.
    expect(mistakes).toBeLessThanOrEqual(7)
  })

  test('where everybody is alike to the last digit', () => {
    const same = {
      logged: {
        actions: 2,
        action: Array.from({ length: 200 }, (_, i) => i % 2),
        reward: Array.from({ length: 200 }, () => 1),
        propensity: Array.from({ length: 200 }, () => 0.5),
      },
      features: { values: new Float64Array(200).fill(1e9), width: 1 },
    }
    const { policy, learned, reason } = learnSafely(same.logged, same.features, {
      random: seededRandom(1),
    })
    expect(policy.serves).toBe('constant')
    expect(learned.value).toBeCloseTo(1, 6)
    expect(reason).not.toMatch(/NaN|Infinity/)
  })

  test('an action that was hardly logged is never chosen', () => {
    const { logged, features } = simulate(600, 'rare', () => 0.3)
    const rare = logged.action.map((a, i) => (a === 2 && i > 50 ? 0 : a))
    const report = learnSafely({ ...logged, action: rare }, features, { random: seededRandom(2) })
    expect(report.constants[2]).toBeNull()
    expect(report.policy.constantAction).not.toBe(2)
  })
})

test('what cannot be learned from is refused', () => {
  const { logged, features } = simulate(300, 'broken', () => 0.3)
  const random = seededRandom(3)
  const none = logged.propensity.map(() => 0)
  expect(() => learnSafely({ ...logged, propensity: none }, features, { random })).toThrow(
    /Log more decisions/,
  )
  const broken = { width: 2, values: features.values.map((v, i) => (i === 7 ? Number.NaN : v)) }
  expect(() => learnSafely(logged, broken, { random })).toThrow(/Row 4: feature 2 is NaN/)
  expect(() => learnSafely(logged, { values: [1], width: 2 }, { random })).toThrow(
    /needs 2 features/,
  )
  expect(() => learnSafely(logged, features, { random, folds: 1 })).toThrow(/folds/)
})
