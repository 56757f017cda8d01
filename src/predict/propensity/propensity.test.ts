import { describe, expect, test } from 'vitest'
import { errorCatalogue } from '../../domain/error.ts'
import { seededRandom } from '../../math/random.ts'
import type { PropensityInput, PropensityModel } from './propensity-model.ts'
import { scorePropensities, scorePropensity } from './score-propensity.ts'
import { trainPropensity } from './train-propensity.ts'

type Truth = (row: readonly number[]) => number

const linear: Truth = ([a = 0, b = 0]) => -1.5 + 0.9 * a - 0.5 * b
const crossed: Truth = ([a = 0, b = 0, c = 0]) => -1.5 + (a * b > 0 ? 1.2 : -1.2) + (Number.isNaN(c) ? 1 : 0) // prettier-ignore
const noise: Truth = () => -1.5

function simulate(seed: string, rows: number, truth: Truth) {
  const random = seededRandom(seed)
  const features = [0, 1, 2, 3].map((f) =>
    Float64Array.from({ length: rows }, () =>
      f === 2 && random.chance(0.2) ? Number.NaN : random.normal(),
    ),
  )
  const chances = Float64Array.from({ length: rows }, (_, i) => {
    const eta = truth(features.map((column) => column[i] ?? 0))
    return 1 / (1 + Math.exp(-eta))
  })
  const outcomes = Uint8Array.from(chances, (one) => (random.chance(one) ? 1 : 0))
  return { features, names: ['a', 'b', 'c', 'd'], outcomes, chances, seed: 1 }
}

const verdictOf = ({ checks }: PropensityModel, name: string): string | undefined =>
  checks.find((check) => check.name === name)?.verdict

describe('what is learned', () => {
  const straight = simulate('straight', 6_000, linear)
  const bent = simulate('bent', 6_000, crossed)
  const straightModel = trainPropensity(straight)
  const bentModel = trainPropensity(bent)

  test('the better method is chosen, and served where it beats the base rate', () => {
    expect(straightModel).toMatchObject({ served: true, rows: 6_000 })
    expect(straightModel.trained?.method).toBe('logistic')
    expect(bentModel.served).toBe(true)
    expect(bentModel.trained?.method).toBe('trees')
    for (const { trained } of [straightModel, bentModel]) {
      const { logistic, trees, baseline, improvement } = trained?.comparison ?? fail()
      expect(improvement.value).toBeCloseTo(baseline - Math.min(logistic, trees), 12)
      expect(improvement.low).toBeGreaterThan(0)
      expect(trained?.scores.logLoss).toBeCloseTo(Math.min(logistic, trees), 12)
      expect(trained?.scores.auc ?? 0).toBeGreaterThan(trained?.baselineScores.auc ?? 1)
      expect(trained?.scores.brier ?? 1).toBeLessThan(trained?.baselineScores.brier ?? 0)
      expect(trained?.scores.calibrationError).toBeLessThan(0.03)
    }
  })

  test('nearly as well as the truth itself would', () => {
    for (const [model, truth] of [
      [straightModel, linear],
      [bentModel, crossed],
    ] as const) {
      const fresh = simulate('fresh', 20_000, truth)
      const { probability } = scorePropensities(model, fresh.features)
      const distance = probability.reduce((sum, one, i) => sum + Math.abs(one - (fresh.chances[i] ?? 0)), 0) // prettier-ignore
      expect(distance / 20_000).toBeLessThan(truth === linear ? 0.02 : 0.06)
    }
  })

  test.each([
    ['logistic', straightModel, straight],
    ['trees', bentModel, bent],
  ] as const)('effects of %s add up to the log-odds of the chance', (_, model, { features }) => {
    for (let row = 0; row < 200; row++) {
      const score = scorePropensity(
        model,
        features.map((column) => column[row] ?? 0),
      )
      const { base, effects, calibration, logOdds, probability, interval } = score
      const sum = effects.reduce((all, { effect }) => all + effect, base) + calibration
      expect(Math.abs(sum - logOdds)).toBeLessThan(1e-12)
      expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(probability, 12)
      expect(interval.low <= probability && probability <= interval.high).toBe(true)
      expect(effects.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd'])
    }
  })

  test('many at once are scored as each alone, and intervals hold about as often as said', () => {
    const fresh = simulate('intervals', 4_000, linear)
    const many = scorePropensities(straightModel, fresh.features)
    let inside = 0
    fresh.chances.forEach((chance, i) => {
      if (chance >= (many.low[i] ?? 1) && chance <= (many.high[i] ?? 0)) inside++
    })
    expect(inside / 4_000).toBeGreaterThan(0.9)
    for (let row = 0; row < 30; row++) {
      const one = scorePropensity(
        straightModel,
        fresh.features.map((column) => column[row] ?? 0),
      )
      expect(many.probability[row]).toBeCloseTo(one.probability, 12)
      expect(many.low[row]).toBeCloseTo(one.interval.low, 12)
      expect(many.high[row]).toBeCloseTo(one.interval.high, 12)
    }
  })

  test('the same to the bit for a seed, and through JSON', () => {
    const again = trainPropensity(bent)
    expect(again).toEqual(bentModel)
    const read = JSON.parse(JSON.stringify(again)) as PropensityModel
    expect(scorePropensities(read, bent.features)).toEqual(
      scorePropensities(bentModel, bent.features),
    )
  })

  test('features are told by what they do', () => {
    const [a, b, c, d] = straightModel.trained?.features ?? []
    expect(a?.importance).toBeGreaterThan(3 * (d?.importance ?? 1))
    expect([Math.round(a?.direction ?? 0), Math.round(b?.direction ?? 0)]).toEqual([1, -1])
    expect(c?.missing).toBeCloseTo(0.2, 1)
    expect(a?.deciles).toHaveLength(9)
  })

  test('32-bit columns and a sample of the rows do as well', () => {
    const { features } = straight
    const narrow = { ...straight, features: features.map((column) => Float32Array.from(column)) }
    const model = trainPropensity({ ...narrow, mostRows: 2_000 })
    expect([model.rows, model.served]).toEqual([2_000, true])
  })
})

describe('what is not served', () => {
  test('noise: at most one of forty by chance', () => {
    let served = 0
    for (let run = 0; run < 40; run++) {
      const model = trainPropensity(simulate(`noise ${run}`, 600, noise))
      if (model.served) served++
      else expect(model.reason).toContain('Not better than the base rate for sure')
    }
    expect(served).toBeLessThanOrEqual(1)
  }, 120_000)

  const { features, names, outcomes } = simulate('few', 500, linear)
  const few: PropensityInput = { features, names, outcomes, seed: 1 }
  test.each<[string, Partial<PropensityInput>, string, string]>([
    [
      'no positives',
      { outcomes: new Uint8Array(500) },
      'positives',
      '0 cases in which it happened',
    ],
    ['no negatives', { outcomes: new Uint8Array(500).fill(1) }, 'negatives', 'did not happen'],
    ['too few', { outcomes: outcomes.map((one, i) => (i < 100 ? one : 0)) }, 'positives', 'at least'], // prettier-ignore
    ['constant features', { features: features.map(() => new Float64Array(500).fill(7)) }, 'constant_features', 'No feature varies'], // prettier-ignore
    ['features never known', { features: features.map(() => new Float64Array(500).fill(NaN)) }, 'constant_features', 'No feature varies'], // prettier-ignore
    ['too short a log', { history: { daysBefore: 20, horizonDays: 90 } }, 'history', 'as long'],
  ])('%s', (_, change, name, words) => {
    const model = trainPropensity({ ...few, ...change })
    expect([model.served, model.trained]).toEqual([false, null])
    expect(verdictOf(model, name)).toBe('failed')
    expect(model.reason).toContain(words)
    expect(() => scorePropensity(model, [1, 2, 3, 4])).toThrow('was not trained')
  })

  test('what is weak is said and goes on', () => {
    const same = new Float64Array(500).fill(3)
    const knows = Float64Array.from(outcomes, (one) => one + 0.001)
    const rare = Float64Array.from(outcomes, (_, i) => (i < 10 ? 1 : Number.NaN))
    const model = trainPropensity({
      ...few,
      ...{ features: [...features.slice(0, 1), same, knows, rare], names: ['a', 'same', 'knows', 'rare'] }, // prettier-ignore
      history: { daysBefore: 100, horizonDays: 90 },
    })
    const weak = model.checks.flatMap(({ name, verdict }) => (verdict === 'weak' ? [name] : []))
    expect(weak).toEqual(['history', 'constant_features', 'missing_values', 'telling_features'])
    // Separable: the penalty keeps it finite.
    const score = scorePropensity(model, [0, 3, 1.001, Number.NaN])
    expect(score.probability).toBeGreaterThan(0.9)
    expect(score.probability).toBeLessThan(1)
    expect(score.effects.every(({ effect }) => Number.isFinite(effect))).toBe(true)
  })

  test('groups that hold all outcomes between them cannot be judged', () => {
    const groups = Int32Array.from(outcomes, (one) => (one === 1 ? 0 : 1))
    const model = trainPropensity({ ...few, groups })
    expect([model.served, model.trained]).toEqual([false, null])
    expect(model.reason).toContain('too few groups')
  })

  test('rows of a group stay together: what is known by heart is not taken for learned', () => {
    const small = simulate('groups', 300, noise)
    const groups = Int32Array.from({ length: 1_500 }, (_, i) => i % 300)
    const repeated = {
      features: small.features.map((column) => Float64Array.from(groups, (g) => column[g] ?? 0)),
      outcomes: Uint8Array.from(groups, (g) => small.outcomes[g] ?? 0),
      ...{ names: small.names, seed: 1 },
    }
    expect(trainPropensity(repeated).served).toBe(true)
    expect(trainPropensity({ ...repeated, groups }).served).toBe(false)
  })
})

describe('bad input is refused in a sentence', () => {
  const { features, names, outcomes } = simulate('bad', 200, linear)
  const good: PropensityInput = { features, names, outcomes, seed: 1 }
  const [first = new Float64Array()] = features
  test.each<[string, Partial<PropensityInput>, string]>([
    ['no rows', { features: [], names: [], outcomes: new Uint8Array() }, 'no rows'],
    ['no features', { features: [], names: [] }, 'no features'],
    ['names too few', { names: ['a'] }, '4 features and 1 names'],
    ['a name twice', { names: ['a', 'a', 'b', 'c'] }, 'same name'],
    ['other lengths', { features: [first.subarray(1), ...features.slice(1)] }, 'has 199 values'],
    ['an outcome of 3', { outcomes: outcomes.map(() => 3) }, 'is 3, not 0 or 1'],
    ['infinity', { features: [first.map(() => Infinity), ...features.slice(1)] }, 'is Infinity in'],
    ['one fold', { folds: 1 }, 'from 2 to 20'],
    ['other groups', { groups: new Int32Array(3) }, '3 groups'],
  ])('%s', (_, change, words) => {
    expect(() => trainPropensity({ ...good, ...change })).toThrow(words)
    expect(() => trainPropensity({ ...good, ...change })).toThrow(
      errorCatalogue.invalid_analysis[1],
    )
  })

  test('numbers of 10^9 and beyond are numbers', () => {
    const huge = features.map((column) => column.map((value) => 1e9 + 1e80 * value))
    const model = trainPropensity({ ...good, features: huge })
    const { probability } = scorePropensity(
      model,
      huge.map((column) => column[0] ?? 0),
    )
    expect(probability > 0 && probability < 1).toBe(true)
  })

  test('a row of another length, or endless', () => {
    const model = trainPropensity(good)
    expect(() => scorePropensity(model, [1])).toThrow('knows 4 features, not 1')
    expect(() => scorePropensity(model, [1, Infinity, 2, 3])).toThrow('b is Infinity')
    expect(() => scorePropensities(model, [first])).toThrow('knows 4 features')
  })
})

function fail(): never {
  throw new RangeError('was not trained')
}
