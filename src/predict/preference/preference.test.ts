import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../math/random.ts'
import { betaBinomialLikelihood, fitBetaBinomial, shareOf } from './beta-binomial.ts'
import { addEvent, fadedCount, fadedExposure, noLevel, preferenceHalfLife } from './faded-counts.ts'
import { fitGammaPoisson, rateOf } from './gamma-poisson.ts'
import { fitShares, preferencesOf, type AnswerCounts } from './shrunken-shares.ts'

/** Tumours among rats in 71 experiments: Tarone 1982; Gelman et al., BDA 3rd ed., table 5.1. */
const rats =
  '0/20 0/20 0/20 0/20 0/20 0/20 0/20 0/19 0/19 0/19 0/19 0/18 0/18 0/17 1/20 1/20 1/20 1/20 1/19 ' +
  '1/19 1/18 1/18 2/25 2/24 2/23 2/20 2/20 2/20 2/20 2/20 2/20 1/10 5/49 2/19 5/46 3/27 2/17 7/49 ' +
  '7/47 3/20 3/20 2/13 9/48 10/50 4/20 4/20 4/20 4/20 4/20 4/20 4/20 10/48 4/19 4/19 4/19 5/22 ' +
  '11/46 12/49 5/20 5/20 6/23 5/19 6/22 6/20 6/20 6/20 16/52 15/47 15/46 9/24 4/14'
const experiments = rats.split(' ').map((one) => one.split('/').map(Number))
const tumours = {
  successes: experiments.map(([x]) => x ?? 0),
  trials: experiments.map(([, n]) => n ?? 0),
}

describe('beta-binomial', () => {
  test('rats: most likelihood as SciPy finds it (a 2.341615, b 14.114807, ln L -730.338454)', () => {
    const prior = fitBetaBinomial(tumours)
    if (!prior) return expect.unreachable()
    expect(prior.mean * prior.strength).toBeCloseTo(2.34161486, 4)
    expect((1 - prior.mean) * prior.strength).toBeCloseTo(14.1148071, 3)
    expect(betaBinomialLikelihood(tumours, prior)).toBeCloseTo(-730.3384545243887, 9)
  })

  test('after the prior Beta(1.4, 8.6), 4 of 14 leave Beta(5.4, 18.6)', () => {
    const { value, low, high } = shareOf({ mean: 0.14, strength: 10 }, 4, 14)
    expect(value).toBeCloseTo(0.225, 12) // 5.4 / 24
    expect((high - low) / 2 / 1.96).toBeCloseTo(0.083, 2)
  })

  test('edges: nothing tried, none or all succeed, nobody differs', () => {
    expect(fitBetaBinomial({ successes: [0], trials: [0] })).toBeNull()
    expect(fitBetaBinomial({ successes: [0, 0], trials: [5, 9] })?.mean).toBeCloseTo(0.5 / 15, 12)
    expect(fitBetaBinomial({ successes: [5, 9], trials: [5, 9] })?.mean).toBeCloseTo(14.5 / 15, 12)
    const same = fitBetaBinomial({ successes: [50, 50, 50], trials: [100, 100, 100] })
    expect(same?.mean).toBeCloseTo(0.5, 5)
    expect(same?.strength).toBeGreaterThan(1e5)
  })
})

describe('Gamma-Poisson', () => {
  test('mites on apple leaves: Bliss and Fisher, Biometrics 9 (1953): mean 1.1467, k 1.02459', () => {
    const leaves = [70, 38, 17, 10, 9, 3, 2, 1].flatMap((n, mites) => Array<number>(n).fill(mites))
    const prior = fitGammaPoisson({ events: leaves, exposure: leaves.map(() => 1) })
    if (!prior) return expect.unreachable()
    expect(prior.mean).toBeCloseTo(172 / 150, 7)
    expect(prior.mean * prior.strength).toBeCloseTo(1.0245924245, 5)
  })

  test('posterior: Gamma(5, 1 / 4), quantiles as SciPy (.811743, 2.560397)', () => {
    const { value, low, high } = rateOf({ mean: 1, strength: 2 }, 3, 2)
    expect(value).toBe(1.25)
    expect(low).toBeCloseTo(0.40587159, 6)
    expect(high).toBeCloseTo(2.56039722, 6)
    expect(fitGammaPoisson({ events: [0, 0], exposure: [1, 2] })).toBeNull()
  })
})

describe('counts that fade', () => {
  const day = 86_400_000
  test('are the sum of what each event is still worth, in any order', () => {
    const times = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(times, (days) => {
        const start = Date.UTC(2024, 0, 1)
        const now = start + 3_000 * day
        const add = (level: number, one: number): number =>
          addEvent(level, start + one * day, 90 * day)
        const expected = days.reduce((sum, one) => sum + 2 ** (-(3_000 - one) / 90), 0)
        for (const order of [days, days.toReversed()])
          expect(fadedCount(order.reduce(add, noLevel), now, 90 * day) / expected).toBeCloseTo(1, 9)
      }),
    )
    expect(fadedCount(null, 0, day)).toBe(0)
    const once = addEvent(noLevel, 0, preferenceHalfLife)
    expect(fadedCount(once, preferenceHalfLife, preferenceHalfLife)).toBeCloseTo(0.5, 12)
    expect(addEvent(noLevel, 5, day, 0)).toBe(noLevel)
  })
  test('an exposure is the integral of what is still remembered', () => {
    expect(fadedExposure(0, day, day)).toBeCloseTo(day / 2 / Math.LN2, 3)
    expect(fadedExposure(5, 0, day)).toBe(0)
  })
})

/** Two channels, three segments; persons' shares around those of their segment. */
function simulate(persons: number, seed: string): { counts: AnswerCounts; truth: Float64Array } {
  const random = seededRandom(seed)
  const means = [0.1, 0.3, 0.2, 0.05, 0.4, 0.35]
  const segment = Int32Array.from({ length: persons }, (_, p) => p % 3)
  const [trials, successes, truth] = [0, 1, 2].map(() => new Float64Array(2 * persons)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let k = 0; k < 2 * persons; k++) {
    const mean = means[((k >> 1) % 3) * 2 + (k % 2)] ?? 0
    truth[k] = random.beta(mean * 12, (1 - mean) * 12)
    trials[k] = random.integer(15)
    for (let t = 0; t < (trials[k] ?? 0); t++)
      successes[k] = (successes[k] ?? 0) + Number(random.chance(truth[k] ?? 0))
  }
  const options = ['email', 'push']
  return { counts: { options, segment, segments: 3, trials, successes }, truth }
}

describe('person -> segment -> everybody', () => {
  const { counts, truth } = simulate(6_000, 'shares')
  const model = fitShares(counts)
  const rowOf = (values: ArrayLike<number>, p: number): number[] => [
    values[2 * p] ?? 0,
    values[2 * p + 1] ?? 0,
  ]
  const of = (p: number) =>
    preferencesOf(model, counts.segment[p] ?? 0, {
      trials: rowOf(counts.trials, p),
      successes: rowOf(counts.successes, p),
    })

  test('finds how much persons differ, and what segments are like', () => {
    for (const strength of model.personStrength) expect(strength / 12).toBeCloseTo(1, 0)
    expect(model.segmentMeans[0]?.[0]).toBeCloseTo(0.1, 1)
    expect(model.segmentMeans[2]?.[0]).toBeCloseTo(0.4, 1)
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
  })

  test('intervals hold the truth as often as they say, and beat raw shares', () => {
    let [held, ours, raw, tried, best] = [0, 0, 0, 0, 0]
    let claimed = 0
    for (let p = 0; p < 1_500; p++) {
      const found = of(p)
      for (const { option, value, low, high, trials, successes } of found) {
        const real = truth[2 * p + (option === 'email' ? 0 : 1)] ?? 0
        held += Number(low <= real && real <= high)
        if (trials === 0) continue
        tried++
        ours += (value - real) ** 2
        raw += (successes / trials - real) ** 2
      }
      const winner = (truth[2 * p] ?? 0) > (truth[2 * p + 1] ?? 0) ? 'email' : 'push'
      best += Number(found[0]?.option === winner)
      claimed += Math.max(...found.map(({ chanceOfBest }) => chanceOfBest))
      expect(found.reduce((sum, { chanceOfBest }) => sum + chanceOfBest, 0)).toBeCloseTo(1, 9)
    }
    // Four Monte-Carlo errors of 3,000 draws at .95.
    expect(Math.abs(held / 3_000 - 0.95)).toBeLessThan(4 * 0.004)
    expect(ours / tried).toBeLessThan(0.5 * (raw / tried))
    expect(Math.abs(best - claimed) / 1_500).toBeLessThan(0.05)
  })

  test('who has no history gets their segment, who is of no segment everybody', () => {
    const nothing = { trials: [0, 0], successes: [0, 0] }
    const email = preferencesOf(model, 2, nothing).find(({ option }) => option === 'email')
    expect(email?.value).toBeCloseTo(model.segmentMeans[2]?.[0] ?? 0, 9)
    const [first] = preferencesOf(model, null, nothing)
    expect(model.population.map(({ mean }) => mean)).toContain(first?.value)
  })

  test('an option that was never tried is unknown, counts that cannot be are refused', () => {
    const one = { options: ['a', 'b'], segment: [0], segments: 1 }
    const fresh = fitShares({ ...one, trials: [4, 0], successes: [1, 0] })
    const unknown = preferencesOf(fresh, 0, { trials: [4, 0], successes: [1, 0] })
    expect(unknown.find(({ option }) => option === 'b')).toMatchObject({ value: 0.5 })
    for (const successes of [
      [5, 0],
      [-1, 0],
      [Number.NaN, 0],
    ])
      for (const act of [
        () => fitShares({ ...one, trials: [4, 0], successes }),
        () => preferencesOf(fresh, 0, { trials: [4, 0], successes }),
      ])
        expect(act).toThrow(/cannot be/)
    expect(() => fitShares({ ...one, segment: [3], trials: [4, 0], successes: [1, 0] })).toThrow(
      /segment 3/,
    )
  })
})
