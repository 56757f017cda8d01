import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cholesky, choleskySolve } from '../../math/cholesky.ts'
import { normalCdf } from '../../math/normal.ts'
import { seededRandom } from '../../math/random.ts'
import { banditMethods, fastNormal, thompson } from './exploration.ts'
import { linearArms } from './linear-arms.ts'
import { linearBandit, type BanditOptions } from './linear-bandit.ts'

const arms = ['a', 'b', 'c']
const options: BanditOptions = { arms, features: 3, method: 'thompson' }
const x = [1, 0.5, -2]

/** Ridge regression of weighted rows, solved in one go. */
function solved(rows: readonly (readonly [x: readonly number[], r: number, w: number])[]) {
  const matrix = new Float64Array([1, 0, 0, 0, 1, 0, 0, 0, 1])
  const right = new Float64Array(3)
  for (const [features, reward, weight] of rows)
    for (let i = 0; i < 3; i++) {
      right[i] = (right[i] ?? 0) + weight * reward * (features[i] ?? 0)
      for (let j = 0; j < 3; j++)
        matrix[i * 3 + j] =
          (matrix[i * 3 + j] ?? 0) + weight * (features[i] ?? 0) * (features[j] ?? 0)
    }
  const factor = cholesky(matrix, 3) ?? new Float64Array(9)
  const dot = (one: ArrayLike<number>): number => x.reduce((s, v, i) => s + v * (one[i] ?? 0), 0)
  return {
    mean: dot(choleskySolve(factor, right)),
    spread: Math.sqrt(dot(choleskySolve(factor, x))),
  }
}

describe('what is remembered', () => {
  const events = fc.array(
    fc.tuple(
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 100 }),
    ),
    { minLength: 1, maxLength: 60 },
  )

  test('one reward at a time is the ridge regression of all of them', () => {
    fc.assert(
      fc.property(events, (all) => {
        const memory = linearArms({ arms: 1, features: 3, ridge: 1, halfLife: null })
        for (const [features, reward] of all) memory.learn(0, features, reward, 0)
        const [means, spreads] = [new Float64Array(1), new Float64Array(1)]
        memory.predict(x, means, spreads)
        const { mean, spread } = solved(all.map(([features, reward]) => [features, reward, 1]))
        expect(means[0]).toBeCloseTo(mean, 9)
        expect(spreads[0]).toBeCloseTo(spread, 9)
      }),
    )
  })

  test('with a half-life each event counts as what is left of it, in any order', () => {
    fc.assert(
      fc.property(events, (all) => {
        const halfLife = 40
        const weighted = solved(
          all.map(([features, reward, at]) => [features, reward, 2 ** ((at - 200) / halfLife)]),
        )
        for (const order of [all, all.toReversed()]) {
          const memory = linearArms({ arms: 1, features: 3, ridge: 1, halfLife })
          for (const [features, reward, at] of order) memory.learn(0, features, reward, at)
          memory.forget(200)
          const [means, spreads] = [new Float64Array(1), new Float64Array(1)]
          memory.predict(x, means, spreads)
          expect(means[0]).toBeCloseTo(weighted.mean, 9)
          expect(spreads[0]).toBeCloseTo(weighted.spread, 9)
        }
      }),
    )
  })

  test('a hundred thousand rewards leave no rounding behind; what is forgotten is unsure again', () => {
    const random = seededRandom('long')
    const memory = linearArms({ arms: 1, features: 3, ridge: 1, halfLife: 1_000 })
    const [means, spreads] = [new Float64Array(1), new Float64Array(1)]
    for (let at = 0; at < 100_000; at++) memory.learn(0, [1, random.normal(), 1e3], 1, at)
    memory.predict([1, 0, 1e3], means, spreads)
    expect(means[0]).toBeCloseTo(1, 2)
    memory.forget(1e9)
    memory.predict([0, 1, 0], means, spreads)
    expect([means[0], spreads[0]]).toEqual([0, 1])
  })
})

describe('chances', () => {
  test('Thompson: of two arms the normal one, of three as often as draws say', () => {
    const [two, three] = [new Float64Array(2), new Float64Array(3)]
    thompson(1)(Float64Array.of(0.1, 0), Float64Array.of(0.3, 0.4), two)
    expect(two[0]).toBeCloseTo(normalCdf(0.2), 5)
    const [means, spreads] = [Float64Array.of(0.1, 0.05, 0.3), Float64Array.of(0.2, 0.5, 0.05)]
    thompson(1)(means, spreads, three)
    const random = seededRandom('draws')
    const wins = [0, 0, 0]
    for (let i = 0; i < 200_000; i++) {
      const draws = [0, 1, 2].map((arm) => random.normal(means[arm], spreads[arm]))
      const best = draws.indexOf(Math.max(...draws))
      wins[best] = (wins[best] ?? 0) + 1
    }
    for (const [arm, won] of wins.entries())
      expect(Math.abs(won / 200_000 - (three[arm] ?? 0))).toBeLessThan(0.01)
    expect(fastNormal(0.3)).toBeCloseTo(normalCdf(0.3), 5)
  })

  test.each(banditMethods)('%s: add up to 1, none below the share of exploration', (method) => {
    const random = seededRandom(method)
    const bandit = linearBandit({ ...options, method, explore: 0.03 })
    for (let i = 0; i < 500; i++) {
      const features = [1, random.normal(), random.normal()]
      const chances = bandit.chances(features)
      expect(chances.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12)
      expect(Math.min(...chances)).toBeGreaterThan(0.0099)
      const chosen = bandit.decide(features, random)
      if (!chosen) return expect.unreachable()
      expect(chosen.propensity).toBe(chances[chosen.arm])
      bandit.learn({ arm: chosen.arm, features, reward: Number(random.chance(0.3)) })
    }
  })

  test('are those with which arms are chosen, among the eligible ones alone', () => {
    const random = seededRandom('eligible')
    const bandit = linearBandit(options)
    bandit.learn({ arm: 0, features: x, reward: 1 })
    const counts = [0, 0, 0]
    for (let i = 0; i < 20_000; i++) {
      const { arm } = bandit.decide(x, random, [1, 0, 1]) ?? { arm: 1 }
      counts[arm] = (counts[arm] ?? 0) + 1
    }
    const chances = bandit.chances(x, [1, 0, 1])
    expect([counts[1], chances[1]]).toEqual([0, 0])
    expect(Math.abs((counts[0] ?? 0) / 20_000 - (chances[0] ?? 0))).toBeLessThan(0.015)
    expect(bandit.decide(x, random, [0, 0, 0])).toBeNull()
    expect(bandit.decide(x, random, [0, 1, 0])).toEqual({ arm: 1, propensity: 1 })
  })
})

describe('a bandit', () => {
  /** Arm 0 pays where the feature is above 0, arm 1 where it is below, arm 2 a little always. */
  const pays = (arm: number, feature: number): number =>
    arm === 2 ? 0.3 : (arm === 0) === feature > 0 ? 0.6 : 0.1

  test.each(banditMethods)('%s learns who gets what, the same for a seed', (method) => {
    const play = (): [share: number, state: unknown] => {
      const random = seededRandom('play')
      const bandit = linearBandit({ ...options, features: 2, method })
      let good = 0
      for (let i = 0; i < 6_000; i++) {
        const features = [1, random.chance(0.5) ? 1 : -1]
        const arm = bandit.decide(features, random)?.arm ?? 0
        const best = features[1] === 1 ? 0 : 1
        if (i >= 3_000) good += Number(arm === best)
        const reward = Number(random.chance(pays(arm, features[1] ?? 0)))
        bandit.learn({ arm, features, reward })
      }
      return [good / 3_000, bandit.state()]
    }
    const [share, state] = play()
    expect(share).toBeGreaterThan(0.9)
    expect(play()).toEqual([share, state])
  })

  test('comes back from JSON as it was', () => {
    const random = seededRandom('json')
    const bandit = linearBandit({ ...options, halfLife: 1e6 })
    for (let at = 0; at < 300; at++)
      bandit.learn({ arm: at % 3, features: [1, random.normal(), at % 2], reward: at % 5, at })
    const state = JSON.parse(JSON.stringify(bandit.state())) as ReturnType<typeof bandit.state>
    const again = linearBandit({ ...options, halfLife: 1e6 }, state)
    for (const [arm, { mean, deviation }] of again.expected(x).entries()) {
      expect(mean).toBeCloseTo(bandit.expected(x)[arm]?.mean ?? Number.NaN, 9)
      expect(deviation).toBeCloseTo(bandit.expected(x)[arm]?.deviation ?? Number.NaN, 9)
    }
    expect(() => linearBandit({ ...options, arms: ['a', 'b', 'd'] }, state)).toThrow(/other arms/)
    expect(() => linearBandit(options, { ...state, b: [1] })).toThrow(/another shape/)
  })

  test.each([
    [
      'a feature that is no number',
      () => linearBandit(options).decide([1, Number.NaN, 0], seededRandom(1)),
    ],
    ['too few features', () => linearBandit(options).chances([1])],
    ['10^9', () => linearBandit(options).learn({ arm: 0, features: [1, 1e9, 0], reward: 1 })],
    ['no reward', () => linearBandit(options).learn({ arm: 0, features: x, reward: Infinity })],
    ['no such arm', () => linearBandit(options).learn({ arm: 3, features: x, reward: 1 })],
    [
      'no time',
      () => linearBandit({ ...options, halfLife: 1 }).learn({ arm: 0, features: x, reward: 1 }),
    ],
    ['no arms', () => linearBandit({ ...options, arms: [] })],
    ['a name twice', () => linearBandit({ ...options, arms: ['a', 'a'] })],
    ['exploring too much', () => linearBandit({ ...options, explore: 2 })],
  ])('refuses %s', (_, act) => {
    expect(act).toThrow(/invalid|cannot be analysed/i)
  })
})
