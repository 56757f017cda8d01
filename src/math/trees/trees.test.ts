import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../random.ts'
import { binColumn, missingBin } from './bin-column.ts'
import { boostTrees, type BoostOptions } from './boost.ts'
import { childOf, scoreOfTrees, scoresOfTrees, type BoostedTrees, type Tree } from './boosted-trees.ts' // prettier-ignore
import { treeEffects } from './tree-shap.ts'

/** Columns with gaps, ties and interactions; two of them say nothing. */
function made(seed: string, rows: number, features = 5) {
  const random = seededRandom(seed)
  const columns = Array.from({ length: features }, (_, f) =>
    Float64Array.from({ length: rows }, () => {
      if (f % 2 === 1 && random.chance(0.2)) return Number.NaN
      return f % 3 === 2 ? random.integer(4) : random.normal()
    }),
  )
  const [a, b, c] = columns
  const scores = Float64Array.from({ length: rows }, (_, i) => {
    const missing = Number.isNaN(b?.[i]) ? 1 : 0
    return -0.5 + ((a?.[i] ?? 0) * (c?.[i] ?? 0) > 0.5 ? 1.5 : -0.5) + missing
  })
  const outcomes = Uint8Array.from(scores, (one) => (random.chance(1 / (1 + Math.exp(-one))) ? 1 : 0)) // prettier-ignore
  const values = scores.map((one) => one + 0.3 * random.normal())
  return { columns, outcomes, values, random }
}

const grown = (seed: string, rows = 400, features = 5, more: Partial<BoostOptions> = {}) => {
  const { columns, outcomes } = made(seed, rows, features)
  const options = { loss: 'log' as const, random: seededRandom(seed), rounds: 8, heldOut: 0, leastRows: 5 } // prettier-ignore
  return { columns, outcomes, model: boostTrees(columns, outcomes, { ...options, ...more }) }
}

const rowOf = (columns: readonly Float64Array[], row: number): number[] =>
  columns.map((column) => column[row] ?? Number.NaN)

/** Algorithm 1 of Lundberg et al. 2018: the expected score where only `known` features are known. */
function expected(tree: Tree, row: ArrayLike<number>, known: number, node = 0): number {
  const feature = tree.feature[node] ?? -1
  if (feature < 0) return tree.value[node] ?? 0
  const [left, right] = [tree.left[node] ?? 0, tree.right[node] ?? 0]
  if ((known >> feature) & 1)
    return expected(tree, row, known, childOf(tree, node, row[feature] ?? Number.NaN))
  const cover = tree.cover[node] ?? 1
  return (
    ((tree.cover[left] ?? 0) / cover) * expected(tree, row, known, left) +
    ((tree.cover[right] ?? 0) / cover) * expected(tree, row, known, right)
  )
}

/** The definition: mean over all subsets, weighted (L. Shapley 1953). */
function shapleyBySubsets(model: BoostedTrees, row: ArrayLike<number>): number[] {
  const size = model.features
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  const worth = Array.from({ length: 1 << size }, (_, known) =>
    model.trees.reduce((sum, tree) => sum + expected(tree, row, known), model.base),
  )
  return Array.from({ length: size }, (_, feature) => {
    let sum = 0
    for (let known = 0; known < 1 << size; known++) {
      if ((known >> feature) & 1) continue
      const members = known.toString(2).replaceAll('0', '').length
      const weight = (factorial(members) * factorial(size - members - 1)) / factorial(size)
      sum += weight * ((worth[known | (1 << feature)] ?? 0) - (worth[known] ?? 0))
    }
    return sum
  })
}

describe('effects', () => {
  test('are the Shapley values of the definition, over all subsets', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 8 }),
        (seed, features, mostDepth) => {
          const { columns, model } = grown(`${seed}`, 300, features, { mostDepth, mostLeaves: 20 })
          for (const at of [0, 1, 2]) {
            const row = rowOf(columns, at)
            const { base, effects } = treeEffects(model, row)
            shapleyBySubsets(model, row).forEach((value, f) =>
              expect(effects[f]).toBeCloseTo(value, 11),
            )
            const sum = effects.reduce((all, one) => all + one, base)
            expect(sum).toBeCloseTo(scoreOfTrees(model, row), 11)
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  test('add up for deep trees that split by one feature again and again', () => {
    const { columns, model } = grown('deep', 3_000, 3, { mostDepth: 14, mostLeaves: 200, leastRows: 1 }) // prettier-ignore
    for (let at = 0; at < 50; at++) {
      const row = rowOf(columns, at)
      const { base, effects } = treeEffects(model, row)
      const sum = effects.reduce((all, one) => all + one, base)
      expect(sum).toBeCloseTo(scoreOfTrees(model, row), 9)
    }
  })

  test('a model without trees says the same of everybody', () => {
    const model: BoostedTrees = { loss: 'log', features: 2, base: -1, trees: [], heldOutLoss: [] }
    expect(treeEffects(model, [1, 2])).toEqual({ base: -1, effects: new Float64Array(2) })
  })
})

describe('growing', () => {
  test('one tree of one split, by hand', () => {
    // Slopes -1 and 1 around the mean .5; leaf = -G / (H + penalty) = -(-1) / (2 + 1).
    const x = Float64Array.of(1, 1, 5, 5)
    const options = { loss: 'squared' as const, random: seededRandom(1), rounds: 1, leastRows: 1 }
    const model = boostTrees([x], Float64Array.of(0, 0, 1, 1), {
      ...options,
      ...{ heldOut: 0, rowShare: 1, shrinkage: 1 },
    })
    expect(model.base).toBe(0.5)
    expect(model.trees).toEqual([
      {
        ...{ feature: [0, -1, -1], threshold: [3, 0, 0], missingLeft: [1, 0, 0] },
        ...{ left: [1, 0, 0], right: [2, 0, 0], cover: [4, 2, 2] },
        value: [0, -1 / 3, 1 / 3],
      },
    ])
  })

  test('known against missing is a split too', () => {
    const x = Float64Array.of(7, 7, 7, Number.NaN, Number.NaN, Number.NaN)
    const y = Float64Array.of(1, 1, 1, 3, 3, 3)
    const options = { loss: 'squared' as const, random: seededRandom(1), rounds: 60, leastRows: 1 }
    const model = boostTrees([x], y, { ...options, heldOut: 0, rowShare: 1, shrinkage: 0.5 })
    expect(scoreOfTrees(model, [7])).toBeCloseTo(1, 4)
    expect(scoreOfTrees(model, [Number.NaN])).toBeCloseTo(3, 4)
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
  })

  test('the same seed grows the same, another differs; JSON loses nothing', () => {
    const [one, same, other] = ['a', 'a', 'b'].map((seed) => {
      const { columns, outcomes } = made('data', 500)
      return boostTrees(columns, outcomes, { loss: 'log', random: seededRandom(seed) })
    })
    expect(same).toEqual(one)
    expect(other).not.toEqual(one)
    expect(JSON.parse(JSON.stringify(one))).toEqual(one)
  })

  test('columns and rows are scored alike, in 32 bits too', () => {
    const { columns, model } = grown('alike')
    const scores = scoresOfTrees(model, columns)
    for (let row = 0; row < 50; row++)
      expect(scores[row]).toBe(scoreOfTrees(model, rowOf(columns, row)))
    const narrow = columns.map((column) => Float32Array.from(column))
    expect(scoresOfTrees(model, narrow)).toHaveLength(400)
  })

  test('learns what is there, and stops where the held-out rows get no better', () => {
    const { columns, values } = made('learn', 6_000)
    const model = boostTrees(columns, values, { loss: 'squared', random: seededRandom(1) })
    const fresh = made('fresh', 3_000)
    const scores = scoresOfTrees(model, fresh.columns)
    const mean = fresh.values.reduce((sum, one) => sum + one, 0) / 3_000
    let [left, all] = [0, 0]
    fresh.values.forEach((value, i) => {
      left += (value - (scores[i] ?? 0)) ** 2
      all += (value - mean) ** 2
    })
    // Noise alone is .09 of a variance of about 1.2.
    expect(1 - left / all).toBeGreaterThan(0.88)
    const best = model.heldOutLoss.indexOf(Math.min(...model.heldOutLoss))
    expect(model.trees).toHaveLength(best + 1)
  })

  test('of pure noise hardly anything is learned', () => {
    const random = seededRandom('noise')
    const columns = [0, 1, 2].map(() => Float64Array.from({ length: 3_000 }, () => random.normal()))
    const outcomes = Uint8Array.from({ length: 3_000 }, () => random.integer(2))
    const model = boostTrees(columns, outcomes, { loss: 'log', random })
    expect(model.trees.length).toBeLessThan(15)
  })

  test('weights of 0 take rows out', () => {
    const { columns, outcomes } = made('weights', 400)
    const flipped = outcomes.map((one, i) => (i < 200 ? 1 - one : one))
    const weights = Float64Array.from(outcomes, (_, i) => (i < 200 ? 0 : 1))
    const options = { loss: 'log' as const, rounds: 20, heldOut: 0, rowShare: 1, weights }
    const [one, other] = [outcomes, flipped].map((targets) =>
      boostTrees(columns, targets, { ...options, random: seededRandom(1) }),
    )
    expect(other).toEqual(one)
  })
})

describe('bins', () => {
  test('few values have a bin each, gaps their own', () => {
    const { bins, cuts } = binColumn(Float64Array.of(3, -1, Number.NaN, 3, 8))
    expect([...cuts]).toEqual([1, 5.5])
    expect([...bins]).toEqual([1, 0, missingBin, 1, 2])
  })

  test('order is kept, and many values share 255 bins about evenly', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e50, max: 1e50 })), (values) => {
        const column = Float64Array.from(values)
        const { bins, cuts } = binColumn(column)
        const risen = cuts.every((cut, i) => i === 0 || cut > (cuts[i - 1] ?? cut))
        expect(risen).toBe(true)
        values.forEach((value, i) => {
          const bin = bins[i] ?? 0
          expect(value <= (cuts[bin] ?? Infinity) && value > (cuts[bin - 1] ?? -Infinity)).toBe(
            true,
          )
        })
      }),
    )
    const random = seededRandom('bins')
    const { bins, cuts } = binColumn(Float64Array.from({ length: 50_000 }, () => random.normal()))
    expect(cuts).toHaveLength(254)
    const counts = new Uint32Array(255)
    for (const bin of bins) counts[bin] = (counts[bin] ?? 0) + 1
    expect(Math.max(...counts)).toBeLessThan(250)
  })
})

describe('bad input', () => {
  const x = Float64Array.of(1, 2)
  const random = seededRandom(1)
  test.each<[string, () => unknown, string]>([
    ['no rows', () => boostTrees([], new Uint8Array(), { loss: 'log', random }), 'no rows'],
    ['a chance of 2', () => boostTrees([x], Uint8Array.of(0, 2), { loss: 'log', random }), 'is 2'],
    ['a value of NaN', () => boostTrees([x], Float64Array.of(0, Number.NaN), { loss: 'squared', random }), 'is NaN'], // prettier-ignore
    ['infinity', () => boostTrees([Float64Array.of(1, Infinity)], x, { loss: 'squared', random }), 'holds Infinity'], // prettier-ignore
    ['other lengths', () => boostTrees([Float64Array.of(1)], x, { loss: 'squared', random }), 'has 1 values'], // prettier-ignore
    ['a share of 2', () => boostTrees([x], x, { loss: 'squared', random, rowShare: 2 }), 'A share'],
    ['a shrinkage of 0', () => boostTrees([x], x, { loss: 'squared', random, shrinkage: 0 }), 'Shrinkage'], // prettier-ignore
  ])('%s', (_, act, words) => {
    expect(act).toThrow(words)
  })

  test.each([
    ['no columns', [] as Float64Array[]],
    ['columns that never vary', [new Float64Array(50).fill(1e9)]],
    ['columns never known', [new Float64Array(50).fill(Number.NaN)]],
  ])('%s: everybody gets the base', (_, columns) => {
    const outcomes = Uint8Array.from({ length: 50 }, (__, i) => i % 2)
    const model = boostTrees(columns, outcomes, { loss: 'log', random: seededRandom(1) })
    expect(scoreOfTrees(model, [1])).toBeCloseTo(0, 0)
    expect(model.trees.every(({ feature }) => feature[0] === -1)).toBe(true)
  })

  test('all of one outcome: finite', () => {
    const model = boostTrees([x], Uint8Array.of(1, 1), { loss: 'log', random: seededRandom(1) })
    expect(Number.isFinite(scoreOfTrees(model, [1]))).toBe(true)
  })
})
