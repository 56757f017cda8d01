import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusteredMean } from '../../math/clustered-mean.ts'
import { seededRandom } from '../../math/random.ts'
import { addSums, noUnits, sumsOf, sumsOfCount } from './arm-sums.ts'
import { cupedDifference, differenceOfArms, differenceOfRatios } from './effect.ts'
import { sampleRatio } from './sample-ratio.ts'

describe('difference of means', () => {
  test("Student's sleep data: R, t.test(extra ~ group, data = sleep), as its manual prints it", () => {
    const one = sumsOf([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2])
    const other = sumsOf([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    const { difference, p, freedom, standardError, control, treatment } = differenceOfArms(
      one,
      other,
    )
    expect([control, treatment]).toEqual([expect.closeTo(0.75, 12), expect.closeTo(2.33, 12)])
    expect(difference.value / standardError).toBeCloseTo(1.8608, 4)
    expect(freedom).toBeCloseTo(17.776473516178488, 9)
    expect(p).toBeCloseTo(0.0793941401873583, 10)
    expect(difference.low).toBeCloseTo(-0.2054832, 7)
    expect(difference.high).toBeCloseTo(3.3654832, 7)
  })

  test('sums of parts are the sums of the whole, and a count is a metric of 0 and 1', () => {
    const units = fc.array(
      fc.tuple(
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.double({ min: -9, max: 9, noNaN: true }),
      ),
      { maxLength: 30 },
    )
    const of = (rows: readonly (readonly [number, number])[]) =>
      sumsOf(
        rows.map(([y]) => y),
        rows.map(([, x]) => x),
      )
    fc.assert(
      fc.property(units, units, (one, other) => {
        const whole = of([...one, ...other])
        const parts = addSums(of(one), of(other))
        for (const key of ['units', 'y', 'x', 'yy', 'xx', 'xy'] as const)
          expect(parts[key]).toBeCloseTo(whole[key], 8)
      }),
    )
    expect(sumsOfCount(2, 5)).toEqual({ ...sumsOf([1, 0, 0, 1, 0]), yy: expect.closeTo(1.2, 12) })
    expect(addSums(noUnits, noUnits)).toEqual(noUnits)
  })

  test('nothing varies: no p of nothing, no lift of nothing, no NaN', () => {
    const same = differenceOfArms(sumsOf([1, 1, 1]), sumsOf([1, 1]))
    expect(same).toMatchObject({
      p: 1,
      standardError: 0,
      difference: { value: 0, low: 0, high: 0 },
    })
    expect(differenceOfArms(sumsOf([0, 0]), sumsOf([1, 1]))).toMatchObject({ p: 0, lift: null })
    expect(JSON.stringify(differenceOfArms(sumsOf([1e9, 2e9]), sumsOf([-1e9, 0])))).not.toMatch(
      /null,"p|NaN/,
    )
  })

  test('what cannot be is refused', () => {
    expect(() => differenceOfArms(sumsOf([1]), sumsOf([1, 2]))).toThrow(/"control" has 1 units/)
    expect(() => differenceOfArms(sumsOf([1, 2]), noUnits)).toThrow(/"treatment" has 0 units/)
    expect(() => sumsOf([1, Number.NaN])).toThrow(/Unit 2/)
    expect(() => sumsOf([1, 2], [1])).toThrow(/2 units/)
    expect(() => sumsOfCount(3, 2)).toThrow(/3 of 2/)
  })
})

describe('ratios and what was known before', () => {
  test('one ratio is that of Cochran 1977, section 6.3, people being the units', () => {
    const random = seededRandom('ratio')
    const x = Array.from({ length: 50 }, () => 1 + random.poisson(3))
    const y = x.map((n) => random.poisson(n / 3))
    const sum = (of: (i: number) => number): number => x.reduce((all, _, i) => all + of(i), 0)
    const cochran = clusteredMean({
      ...{ people: 50, n: sum((i) => x[i] ?? 0), y: sum((i) => y[i] ?? 0) },
      nn: sum((i) => (x[i] ?? 0) ** 2),
      yy: sum((i) => (y[i] ?? 0) ** 2),
      ny: sum((i) => (x[i] ?? 0) * (y[i] ?? 0)),
    })
    // Against an arm that does not vary, the difference has the error of the one ratio.
    const effect = differenceOfRatios(sumsOf([0, 0], [1, 1]), sumsOf(y, x))
    expect(effect?.treatment).toBeCloseTo(cochran?.value ?? 0, 12)
    expect(effect?.freedom).toBeCloseTo(49, 9)
    expect(effect?.difference.high).toBeCloseTo(cochran?.high ?? 0, 9)
    expect(differenceOfRatios(sumsOf([0, 0]), sumsOf([1, 1], [1, 1]))).toBeNull()
  })

  test('CUPED takes the square of the correlation off the variance (Deng et al. 2013, eq. 4)', () => {
    const random = seededRandom('cuped')
    const draw = (effect: number) => {
      const x = Array.from({ length: 20_000 }, () => random.normal(10, 2))
      return sumsOf(
        x.map((before) => 0.8 * (before - 10) + random.normal(5 + effect, 1.2)),
        x,
      )
    }
    const [control, treatment] = [draw(0), draw(0.05)]
    const plain = differenceOfArms(control, treatment)
    const sharp = cupedDifference(control, treatment)
    expect(sharp.slope).toBeCloseTo(0.8, 1)
    expect(sharp.varianceReduction).toBeCloseTo(2.56 / 4, 1)
    expect(sharp.standardError ** 2 / plain.standardError ** 2).toBeCloseTo(
      1 - sharp.varianceReduction,
      3,
    )
    expect(sharp.difference.low < 0.05 && 0.05 < sharp.difference.high).toBe(true)
    const without = cupedDifference(sumsOf([1, 2, 4]), sumsOf([3, 5]))
    expect(without).toMatchObject({ slope: 0, varianceReduction: 0 })
    expect(without.difference).toEqual(
      differenceOfArms(sumsOf([1, 2, 4]), sumsOf([3, 5])).difference,
    )
  })
})

describe('intervals hold the truth as often as they say', () => {
  const rounds = 1_500
  const bounds = 3.5 * Math.sqrt((0.95 * 0.05) / rounds)
  const share = (hold: (random: ReturnType<typeof seededRandom>) => boolean): number => {
    const random = seededRandom('coverage')
    let held = 0
    for (let round = 0; round < rounds; round++) held += Number(hold(random))
    return held / rounds
  }
  const inside = (one: { low: number; high: number } | null | undefined, truth: number): boolean =>
    one !== null && one !== undefined && one.low <= truth && truth <= one.high
  const many = (n: number, draw: () => number): number[] => Array.from({ length: n }, draw)

  test('difference and lift of means', () => {
    let lifts = 0
    const held = share((random) => {
      const control = sumsOf(many(150, () => random.gamma(2, 3)))
      const effect = differenceOfArms(control, sumsOf(many(200, () => random.gamma(2, 3.3))))
      lifts += Number(inside(effect.lift, 0.1))
      return inside(effect.difference, 0.6)
    })
    expect(Math.abs(held - 0.95)).toBeLessThan(bounds)
    expect(Math.abs(lifts / rounds - 0.95)).toBeLessThan(bounds + 0.005)
  })

  test('ratios, where one person has many views', () => {
    const held = share((random) => {
      const arm = (rate: number) => {
        const liking = many(200, () => random.beta(rate * 4, (1 - rate) * 4))
        const views = liking.map(() => 1 + random.poisson(5))
        const clicks = liking.map((p, i) =>
          many(views[i] ?? 0, () => Number(random.chance(p))).reduce((sum, one) => sum + one, 0),
        )
        return sumsOf(clicks, views)
      }
      return inside(differenceOfRatios(arm(0.2), arm(0.25))?.difference, 0.05)
    })
    expect(Math.abs(held - 0.95)).toBeLessThan(bounds + 0.005)
  })

  test('CUPED', () => {
    const held = share((random) => {
      const arm = (effect: number) => {
        const x = many(120, () => random.exponential(3))
        return sumsOf(
          x.map((before) => before + effect + random.normal()),
          x,
        )
      }
      return inside(cupedDifference(arm(0), arm(0.4)).difference, 0.4)
    })
    expect(Math.abs(held - 0.95)).toBeLessThan(bounds)
  })
})

describe('sample-ratio mismatch', () => {
  test('Kohavi, Tang, Xu, Trustworthy Online Controlled Experiments (2020): 1.8e-6', () => {
    const { p, chiSquare, isMismatch } = sampleRatio([821_588, 815_482])
    expect(p).toBeCloseTo(1.8217928726191858e-6, 12)
    expect(chiSquare).toBeCloseTo(22.77436884189436, 8)
    expect(isMismatch).toBe(true)
  })
  test('planned shares need not be even, and false alarms come as seldom as they should', () => {
    expect(sampleRatio([900, 100], [9, 1])).toEqual({ chiSquare: 0, p: 1, isMismatch: false })
    const random = seededRandom('srm')
    let low = 0
    for (let round = 0; round < 2_000; round++) {
      let first = 0
      for (let i = 0; i < 400; i++) first += Number(random.chance(0.25))
      low += Number(sampleRatio([first, 400 - first], [1, 3]).p < 0.05)
    }
    expect(Math.abs(low / 2_000 - 0.05)).toBeLessThan(0.02)
    expect(sampleRatio([0, 0]).p).toBe(1)
    expect(() => sampleRatio([1])).toThrow(/two arms/)
    expect(() => sampleRatio([1, -1])).toThrow(/counts from 0/)
    expect(() => sampleRatio([1, 1], [1, 0])).toThrow(/above 0/)
  })
})
