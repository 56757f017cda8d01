/**
 * Held against published numbers: heuristics and transition matrix as ChannelAttribution 2.2.4 prints
 * them for its own PathData; removal effects as an exact solution gives them (the package simulates).
 */
import { describe, expect, test } from 'vitest'
import { attribute } from './attribute.ts'
import { bootstrapCredits } from './bootstrap-credit.ts'
import { seededRandom } from '../../math/random.ts'
import { readPathData } from './testing.ts'
import { shapleyOfPaths } from './shapley.ts'
import { countTransitions } from './transitions.ts'

/** Channel: first, last, linear, removal effect, Markov of order 1, Shapley. */
const published: Record<string, readonly [number, number, number, number, number, number]> = {
  alpha: [6308, 8447, 7574.71859, 0.558399, 5344.9477, 7627.944],
  iota: [4606, 3355, 3857.09622, 0.405835, 3884.6147, 3505.044],
  eta: [3164, 4167, 3539.95116, 0.349026, 3340.8474, 3613.656],
  beta: [2831, 989, 2083.50014, 0.264039, 2527.3522, 1982.7393],
  theta: [1606, 653, 1022.80139, 0.20601, 1971.9129, 1190.9631],
  lambda: [902, 1207, 1035.25757, 0.134022, 1282.8472, 987.7821],
  epsilon: [99, 531, 272.17044, 0.062639, 599.5707, 374.6774],
  zeta: [27, 107, 136.55154, 0.039811, 381.0626, 199.9917],
  kappa: [74, 230, 137.96408, 0.028663, 274.3633, 159.0571],
  gamma: [165, 92, 121.04164, 0.01788, 171.1454, 138.1857],
  delta: [1, 5, 1.725, 0.000482, 4.6136, 2.2929],
  mi: [2, 2, 2.22222, 0.00018, 1.7224, 2.6667],
}
const paths = readPathData()

describe.skipIf(paths === null)('PathData (skipped: data not there)', () => {
  if (paths === null) return
  const methods = ['first', 'last', 'linear', 'markov_1', 'markov_2', 'shapley'] as const
  const result = attribute(paths, { methods })
  const channel = (name: string): number => result.channels.indexOf(name)

  test('totals', () => {
    expect(result.totals).toMatchObject({
      paths: 10_000,
      conversions: 19_785,
      nulls: 68_602,
      unattributedConversions: 0,
    })
    expect(result.totals.value).toBeCloseTo(74_802.97, 2)
  })

  test.each(Object.entries(published))('%s', (name, numbers) => {
    const c = channel(name)
    const [first, last, linear, effect, markov, shapley] = numbers
    const credited = (method: (typeof methods)[number]): number =>
      result.credits.get(method)?.conversions[c] ?? Number.NaN
    expect(credited('first')).toBe(first)
    expect(credited('last')).toBe(last)
    expect(credited('linear')).toBeCloseTo(linear, 5)
    expect(result.markov[0]?.removalEffects[c]).toBeCloseTo(effect, 6)
    expect(Math.abs(credited('markov_1') - markov)).toBeLessThan(0.00006)
    expect(Math.abs(credited('shapley') - shapley)).toBeLessThan(0.00006)
  })

  test('to the digits printed: first touch of eta, and the base conversion', () => {
    expect(result.credits.get('first')?.value[channel('eta')]).toBeCloseTo(11909.476213032, 8)
    expect(result.markov[0]?.baseConversion).toBeCloseTo(0.22384513559686, 13)
    // Of whatever order, the chain converts as often as the paths did.
    expect(result.markov[1]?.baseConversion).toBeCloseTo(19_785 / (19_785 + 68_602), 13)
  })

  test('transition probabilities', () => {
    const counts = countTransitions(12, 1)
    counts.add(paths)
    const sums = new Float64Array(13)
    const table = new Map<string, number>()
    counts.forEach((state, next, weight) => {
      // As printed: given that the channel is left.
      if (next === state - 1) return
      sums[state] = (sums[state] ?? 0) + weight
      table.set(`${state} ${next}`, weight)
    })
    const chance = (state: number, next: number): number =>
      (table.get(`${state} ${next}`) ?? 0) / (sums[state] ?? 0)
    expect(chance(0, channel('alpha'))).toBeCloseTo(0.326360211343, 12)
    expect(chance(0, channel('iota'))).toBeCloseTo(0.231108647199, 12)
    expect(chance(channel('eta') + 1, 12)).toBeCloseTo(0.11949415003, 9)
    expect(chance(channel('eta') + 1, 13)).toBeCloseTo(0.407346868548, 9)
  })

  test('Shapley over all 4,096 coalitions is the division by distinct channels', () => {
    const whole = shapleyOfPaths(paths, 'conversions', { random: seededRandom(1) })
    const divided = result.credits.get('shapley')?.conversions ?? new Float64Array()
    divided.forEach((credit, c) => expect(whole.value[c]).toBeCloseTo(credit, 8))
  })

  test('bootstrap intervals hold what was seen, and are the same for a seed', () => {
    const draw = () =>
      bootstrapCredits(paths, {
        methods: ['markov_1', 'shapley'],
        random: seededRandom('draw'),
        replicates: 60,
      })
    const intervals = draw()
    for (const method of ['markov_1', 'shapley'] as const) {
      const { low, high } = intervals.get(method) ?? expect.unreachable()
      const credits = result.credits.get(method)?.conversions ?? new Float64Array()
      credits.forEach((credit, c) => {
        expect(low[c] ?? Infinity).toBeLessThan(credit)
        expect(high[c] ?? 0).toBeGreaterThan(credit)
      })
      // Alpha: 5,300 of 19,785 conversions, a standard error of some 50.
      const width = (high[channel('alpha')] ?? 0) - (low[channel('alpha')] ?? 0)
      expect(width).toBeGreaterThan(80)
      expect(width).toBeLessThan(400)
    }
    expect(draw()).toEqual(intervals)
  })
})
