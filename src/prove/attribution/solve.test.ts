import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../math/random.ts'
import { buildChain, type Chain } from './chain.ts'
import { removalEffects } from './removal-effects.ts'
import { exactShapley, shapleyOfPaths } from './shapley.ts'
import { attribute } from './attribute.ts'
import { anyRows, pathsOf } from './testing.ts'
import { countTransitions, lowerOrder } from './transitions.ts'
import type { PathRow } from './paths.ts'

/** Removal effects as the definition says, one plain dense system for each removed channel. */
function effectsByDefinition(chain: Chain): number[] {
  const solve = (removed: number): number => {
    const { size } = chain
    const matrix = Array.from({ length: size }, (_, row) => {
      const line = Array.from({ length: size + 1 }, (__, column): number =>
        row === column ? 1 : 0,
      )
      if (chain.newest[row] === removed && removed >= 0) return line
      for (let entry = chain.rows[row] ?? 0; entry < (chain.rows[row + 1] ?? 0); entry++) {
        const column = chain.targets[entry] ?? 0
        line[column] = (line[column] ?? 0) - (chain.probabilities[entry] ?? 0)
      }
      line[size] = chain.toConversion[row] ?? 0
      return line
    })
    for (let pivot = 0; pivot < size; pivot++) {
      const best = matrix
        .slice(pivot)
        .reduce((a, b) => (Math.abs(b[pivot] ?? 0) > Math.abs(a[pivot] ?? 0) ? b : a))
      const at = matrix.indexOf(best)
      matrix[at] = matrix[pivot] ?? []
      matrix[pivot] = best
      for (let row = 0; row < size; row++) {
        const factor = (matrix[row]?.[pivot] ?? 0) / (best[pivot] ?? 1)
        if (row !== pivot && factor !== 0)
          matrix[row] = (matrix[row] ?? []).map((cell, j) => cell - factor * (best[j] ?? 0))
      }
    }
    return (matrix[0]?.[size] ?? 0) / (matrix[0]?.[0] ?? 1)
  }
  const base = solve(-1)
  return Array.from({ length: chain.channelCount }, (_, c) =>
    base === 0 ? 0 : 1 - solve(c) / base,
  )
}

/** Paths that wander: `length` steps on average over so many channels. */
function wandering(seed: string, channels: number, length: number): PathRow[] {
  const random = seededRandom(seed)
  return Array.from({ length: 400 }, () => {
    const steps = [`${random.integer(channels)}`]
    while (random.next() < 1 - 1 / length) steps.push(`${random.integer(channels)}`)
    return { steps, conversions: random.integer(2), nulls: 1 }
  })
}

const chainOf = (rows: readonly PathRow[], order: number): Chain => {
  const paths = pathsOf(rows)
  const counts = countTransitions(paths.channels.length, order)
  counts.add(paths)
  return buildChain(counts)
}

describe('removal effects are what their definition says', () => {
  test('for small chains, solved directly', () => {
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 1, max: 3 }), (rows, order) => {
        const chain = chainOf(rows, order)
        const expected = effectsByDefinition(chain)
        removalEffects(chain).effects.forEach((effect, c) => {
          expect(effect).toBeCloseTo(expected[c] ?? Number.NaN, 10)
        })
      }),
    )
  })

  test.each([
    ['short paths', 12, 4, 2],
    ['long paths, which settle slowly', 7, 60, 2],
    ['very long paths', 6, 400, 2],
    ['more channels than are solved side by side', 60, 4, 1],
  ])('for large chains: %s', (_, channels, length, order) => {
    const chain = chainOf(wandering('walk', channels, length), order)
    expect(chain.size).toBeGreaterThan(36)
    const expected = effectsByDefinition(chain)
    removalEffects(chain).effects.forEach((effect, c) => {
      expect(Math.abs(effect - (expected[c] ?? Number.NaN))).toBeLessThan(1e-10)
    })
  })

  test('a circle that is hardly ever left', () => {
    const steps = Array.from({ length: 9_000 }, (_, i) => `${i % 60}`)
    const chain = chainOf([{ steps, conversions: 1, nulls: 1 }], 1)
    for (const effect of removalEffects(chain).effects) expect(effect).toBeCloseTo(1, 9)
  })
})

test('counts of a lower order are those counted of it, also where only what was seen is kept', () => {
  fc.assert(
    fc.property(anyRows, fc.integer({ min: 1, max: 4 }), fc.boolean(), (rows, order, many) => {
      const paths = pathsOf(rows)
      // So many channels that the table of order 4 is not kept whole.
      const channelCount = paths.channels.length + (many ? 60 : 0)
      const gather = (from: number, to: number) => {
        const counts = countTransitions(channelCount, from)
        counts.add(paths)
        const seen = new Map<string, number>()
        lowerOrder(counts, to).forEach((state, next, weight) =>
          seen.set(`${state} ${next}`, weight),
        )
        return seen
      }
      expect(gather(4, order)).toEqual(gather(order, order))
    }),
  )
})

describe('Shapley', () => {
  test('the glove game: one right glove, two left (Shapley and Shubik)', () => {
    const worth = Float64Array.from({ length: 8 }, (_, coalition) =>
      coalition & 1 && coalition & 6 ? 1 : 0,
    )
    const value = exactShapley(worth)
    expect([...value].map((one) => Math.round(one * 6))).toEqual([4, 1, 1])
  })

  test('of conversions is the division by distinct channels, of rates adds up to the rate', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const paths = pathsOf(rows)
        const random = seededRandom(1)
        const { credits, totals } = attribute(paths)
        const { value } = shapleyOfPaths(paths, 'conversions', { random })
        credits
          .get('shapley')
          ?.conversions.forEach((credit, c) => expect(value[c]).toBeCloseTo(credit, 9))
        const rates = shapleyOfPaths(paths, 'rate', { random }).value
        const none = rows.filter(({ steps }) => steps.length === 0)
        const rate = (given: readonly PathRow[]): number => {
          const won = given.reduce((sum, { conversions }) => sum + conversions, 0)
          const lost = given.reduce((sum, { nulls = 0 }) => sum + nulls, 0)
          return won + lost === 0 ? 0 : won / (won + lost)
        }
        expect(totals.conversions).toBeGreaterThanOrEqual(0)
        const total = rates.reduce((sum, one) => sum + one, 0)
        if (paths.channels.length > 0) expect(total).toBeCloseTo(rate(rows) - rate(none), 9)
      }),
    )
  })

  test('sampled beyond 12 channels, with an interval that holds the exact value', () => {
    const paths = pathsOf(wandering('many', 15, 3))
    const exact = attribute(paths).credits.get('shapley')?.conversions ?? new Float64Array()
    const sampled = shapleyOfPaths(paths, 'conversions', {
      random: seededRandom('orders'),
      orders: 4_000,
      confidence: 0.999,
    })
    exact.forEach((value, c) => {
      expect(sampled.low?.[c] ?? Infinity).toBeLessThan(value)
      expect(sampled.high?.[c] ?? -Infinity).toBeGreaterThan(value)
      expect(Math.abs((sampled.value[c] ?? 0) - value)).toBeLessThan(0.03 * value)
    })
  })
})
