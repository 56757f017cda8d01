import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../math/random.ts'
import { attribute } from './attribute.ts'
import { bootstrapCredits } from './bootstrap-credit.ts'
import type { PathColumns, PathRow } from './paths.ts'
import { splitBlocks } from './split-blocks.ts'
import { anyRows, pathsOf } from './testing.ts'

function journeys(count: number): PathRow[] {
  const random = seededRandom('journeys')
  const channels = ['ads', 'blog', 'call', 'docs', 'expo']
  return Array.from({ length: count }, () => {
    const steps = Array.from({ length: 1 + random.integer(4) }, () => random.choice(channels))
    const won = random.chance(steps.includes('docs') ? 0.3 : 0.1) ? 1 : 0
    return { steps, conversions: won, value: 10 * won, nulls: 1 - won }
  })
}

describe('blocks', () => {
  test('hold every journey once, whatever a row stands for', () => {
    const weights = fc.tuple(anyRows, fc.constantFrom(1, 0.5, 4000))
    fc.assert(
      fc.property(weights, fc.integer(), ([rows, weight], seed) => {
        const scaled = rows.map((row) => ({
          ...row,
          conversions: row.conversions * weight,
          nulls: (row.nulls ?? 0) * weight,
        }))
        const paths = pathsOf(scaled)
        const blocks = splitBlocks(paths, 7, seededRandom(seed))
        const whole = attribute(paths)
        const parts = attribute(blocks)
        for (const key of ['conversions', 'nulls', 'value'] as const)
          expect(parts.totals[key]).toBeCloseTo(whole.totals[key], 6)
        for (const [method, { conversions }] of whole.credits)
          conversions.forEach((credit, c) =>
            expect(parts.credits.get(method)?.conversions[c]).toBeCloseTo(credit, 6),
          )
      }),
    )
  })

  test('give the same intervals as drawing every row, but for chance', () => {
    const rows = journeys(24_000)
    const many: PathColumns = pathsOf(rows)
    const half = rows.slice(0, 12_000)
    const doubled = pathsOf(
      half.map((row) => ({
        ...row,
        conversions: 2 * row.conversions,
        nulls: 2 * (row.nulls ?? 0),
      })),
    )
    const methods = ['linear', 'markov_1', 'markov_2', 'shapley'] as const
    const widths = (paths: PathColumns): number[] => {
      const intervals = bootstrapCredits(paths, {
        ...{ methods, random: seededRandom('draw'), replicates: 400 },
      })
      const credits = attribute(paths, { methods }).credits
      return methods.flatMap((method) => {
        const { low, high } = intervals.get(method) ?? expect.unreachable()
        credits.get(method)?.conversions.forEach((credit, c) => {
          expect((low[c] ?? 0) < credit && credit < (high[c] ?? 0)).toBe(true)
        })
        return [...high].map((end, c) => end - (low[c] ?? 0))
      })
    }
    // The first is drawn in blocks, the second, of half the rows for twice the journeys, by rows.
    const blocks = widths(many)
    const byRow = widths(doubled)
    const mean = blocks.reduce((sum, width, i) => sum + width / (byRow[i] ?? 1), 0) / blocks.length
    expect(mean).toBeGreaterThan(0.85)
    expect(mean).toBeLessThan(1.18)
  })
})

test('intervals of nothing are nothing, not NaN', () => {
  const lost = pathsOf([{ steps: ['a'], conversions: 0, nulls: 4 }])
  for (const [, { low, high }] of bootstrapCredits(lost, { random: seededRandom(1) }))
    expect([...low, ...high]).toEqual([0, 0])
})
