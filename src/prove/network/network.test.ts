import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generationSizes, plantForest, reachByGeneration, type Referrals } from './forest.ts'
import { kFactorOfMembers, kFactorOfTotals } from './k-factor.ts'
import { layOut } from './layout.ts'
import { pageRank } from './page-rank.ts'
import { findRings } from './rings.ts'
import { seededRandom } from '../../math/random.ts'

type Edge = readonly [from: number, to: number, time?: number, value?: number]

function referralsOf(personCount: number, edges: readonly Edge[]): Referrals {
  return {
    personCount,
    from: Int32Array.from(edges, ([from]) => from),
    to: Int32Array.from(edges, ([, to]) => to),
    times: Float64Array.from(edges, ([, , time], i) => time ?? i),
    values: Float64Array.from(edges, ([, , , value]) => value ?? 1),
  }
}
const person = fc.integer({ min: 0, max: 14 })
const edges = fc.array(
  fc.tuple(person, person, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 99 })),
  { maxLength: 40 },
)

describe('the forest', () => {
  test('by hand: the earlier one brought them, and value counts once', () => {
    const forest = plantForest(
      referralsOf(6, [
        [0, 1, 1, 10],
        [4, 1, 0, 20],
        [1, 2, 2, 5],
        [1, 3, 3, 6],
        [2, 4, 9, 100],
      ]),
    )
    expect([...forest.parent]).toEqual([-1, 4, 1, 1, -1, -1])
    expect([...forest.generation]).toEqual([0, 1, 2, 2, 0, 0])
    expect([...forest.reach]).toEqual([0, 2, 0, 0, 3, 0])
    expect([...forest.reachValue]).toEqual([0, 11, 0, 0, 31, 0])
    expect(reachByGeneration(forest, 4)).toEqual([1, 2])
    expect(reachByGeneration(forest, 5)).toEqual([])
    expect(generationSizes(forest)).toEqual([3, 1, 2])
  })

  test('is one for any referrals, rings included: everybody once, reach by plain counting', () => {
    fc.assert(
      fc.property(edges, (given) => {
        const forest = plantForest(referralsOf(15, given))
        expect([...forest.order].toSorted((a, b) => a - b)).toEqual([...forest.parent.keys()])
        const isBelow = (one: number, top: number): boolean => {
          for (let at = forest.parent[one] ?? -1; at >= 0; at = forest.parent[at] ?? -1)
            if (at === top) return true
          return false
        }
        const everybody = [...forest.parent.keys()]
        for (const top of everybody) {
          const below = everybody.filter((one) => isBelow(one, top))
          expect(forest.reach[top]).toBe(below.length)
          const byGeneration = reachByGeneration(forest, top)
          expect(byGeneration.reduce((sum, count) => sum + count, 0)).toBe(below.length)
        }
        // Of all values, none is counted twice at the tops of the trees.
        const tops = everybody.filter((one) => forest.parent[one] === -1)
        const counted = tops.reduce((sum, one) => sum + (forest.reachValue[one] ?? 0), 0)
        const highest = everybody.reduce((sum, one) => {
          const values = given.filter(([, to]) => to === one).map(([, , , value]) => value)
          return sum + Math.max(0, ...values)
        }, 0)
        expect(counted).toBeLessThanOrEqual(highest)
      }),
    )
  })

  test('a chain of a million takes no stack', () => {
    const size = 1_000_000
    const chain: Referrals = {
      personCount: size,
      from: Int32Array.from({ length: size }, (_, i) => i),
      to: Int32Array.from({ length: size }, (_, i) => (i + 1) % size),
      times: new Float64Array(size),
      values: new Float64Array(size),
    }
    expect(plantForest(chain).reach[0]).toBe(size - 1)
    expect(findRings(chain)[0]?.circle).toHaveLength(size)
  })
})

describe('rings', () => {
  test('are found, with one way around', () => {
    const found = findRings(
      referralsOf(8, [
        [0, 1],
        [1, 2],
        [2, 0],
        [2, 3],
        [3, 4],
        [4, 5],
        [5, 4],
        [6, 6],
        [2, 1],
      ]),
    )
    expect(found).toEqual([
      { members: [0, 1, 2], circle: [0, 1, 2] },
      { members: [4, 5], circle: [4, 5] },
      { members: [6], circle: [6] },
    ])
  })

  test('somebody is in a ring just where a way leads back', () => {
    fc.assert(
      fc.property(edges, (given) => {
        const rings = findRings(referralsOf(15, given))
        const reaches = (from: number, to: number): boolean => {
          const seen = new Set<number>()
          const open = [from]
          for (const one of open) {
            for (const [a, b] of given) {
              if (a !== one || seen.has(b)) continue
              seen.add(b)
              open.push(b)
            }
          }
          return seen.has(to)
        }
        for (let one = 0; one < 15; one++) {
          const inRing = rings.some(({ members }) => members.includes(one))
          expect(inRing).toBe(reaches(one, one))
        }
        for (const { circle } of rings) {
          circle.forEach((one, i) => {
            const next = circle[(i + 1) % circle.length]
            expect(given.some(([a, b]) => a === one && b === next)).toBe(true)
          })
        }
      }),
    )
  })
})

describe('PageRank', () => {
  test('six pages of Langville and Meyer (2006, section 4.5), damping .9, with a dead end', () => {
    const links = [
      ...[
        [0, 1],
        [0, 2],
        [2, 0],
        [2, 1],
        [2, 4],
        [3, 4],
        [3, 5],
        [4, 3],
        [4, 5],
        [5, 3],
      ],
    ]
    const rank = pageRank(
      {
        nodeCount: 6,
        from: Int32Array.from(links, ([from = 0]) => from),
        to: Int32Array.from(links, ([, to = 0]) => to),
      },
      { damping: 0.9 },
    )
    const published = [0.03721, 0.05396, 0.04151, 0.3751, 0.206, 0.2862]
    published.forEach((value, page) => expect(rank[page]).toBeCloseTo(value, 4))
  })

  test('adds up to 1 and stands still under one more step', () => {
    fc.assert(
      fc.property(edges, (given) => {
        const { from, to } = referralsOf(15, given)
        const rank = pageRank({ nodeCount: 15, from, to })
        expect(rank.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
        const out = (node: number): number => given.filter(([a]) => a === node).length
        const dangling = rank.reduce((sum, value, node) => sum + (out(node) ? 0 : value), 0)
        rank.forEach((value, node) => {
          const into = given
            .filter(([, b]) => b === node)
            .reduce((sum, [a]) => sum + (rank[a] ?? 0) / out(a), 0)
          expect(value).toBeCloseTo(0.15 / 15 + 0.85 * (into + dangling / 15), 11)
        })
      }),
    )
    expect([...pageRank({ nodeCount: 0, from: new Int32Array(), to: new Int32Array() })]).toEqual(
      [],
    )
  })
})

describe('K-factor', () => {
  test('by hand, with the interval of Garwood', () => {
    const found = kFactorOfTotals({ members: 100, invitations: 250, accepted: 10 })
    expect(found?.k.value).toBe(0.1)
    expect(found?.k.low).toBeCloseTo(0.047953886961, 9)
    expect(found?.k.high).toBeCloseTo(0.18390356042, 9)
    expect(found?.invitationsPerMember.value).toBe(2.5)
    expect(found?.conversion?.value).toBe(0.04)
    expect(found?.method).toBe('poisson')
    expect(kFactorOfTotals({ members: 0, invitations: 0, accepted: 0 })).toBeNull()
    expect(kFactorOfTotals({ members: 5, invitations: 0, accepted: 0 })?.conversion).toBeNull()
    expect(() => kFactorOfTotals({ members: 5, invitations: 1, accepted: 2 })).toThrow('accepted')
  })

  test('of members: a few who bring many make the interval wide', () => {
    const of = (accepted: number[]) =>
      kFactorOfMembers(new Float64Array(400).fill(5), Float64Array.from(accepted), {
        random: seededRandom('members'),
      })
    const even = of(Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0)))
    const uneven = of(Array.from({ length: 400 }, (_, i) => (i < 20 ? 5 : 0)))
    expect([even?.k.value, uneven?.k.value, even?.method]).toEqual([0.25, 0.25, 'bootstrap'])
    const width = (found: typeof even): number => (found ? found.k.high - found.k.low : 0)
    // Normal theory: 2 * 1.96 * sqrt(variance / n).
    expect(width(even)).toBeCloseTo(2 * 1.96 * Math.sqrt(0.1875 / 400), 1)
    expect(width(uneven)).toBeGreaterThan(2 * width(even))
  })
})

describe('the picture', () => {
  const overlaps = ({ x, y, radius }: ReturnType<typeof layOut>): number => {
    let count = 0
    for (let i = 0; i < x.length; i++) {
      for (let j = 0; j < i; j++) {
        const apart = Math.hypot((x[i] ?? 0) - (x[j] ?? 0), (y[i] ?? 0) - (y[j] ?? 0))
        if (apart < (radius[i] ?? 0) + (radius[j] ?? 0) - 1e-9) count++
      }
    }
    return count
  }

  test('nobody covers anybody, all lie within, and it is the same each time', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 2, max: 300 }),
        fc.boolean(),
        (seed, size, deep) => {
          const random = seededRandom(seed)
          const given = Array.from({ length: size - 1 }, (_, i): Edge => {
            const from = deep ? Math.max(0, i - random.integer(3)) : random.integer(i + 1)
            return [random.chance(0.1) ? i + 1 : from, i + 1]
          })
          const forest = plantForest(referralsOf(size, given))
          const layout = layOut(forest)
          expect(overlaps(layout)).toBe(0)
          layout.x.forEach((x, i) => {
            const [y, radius] = [layout.y[i] ?? Number.NaN, layout.radius[i] ?? Number.NaN]
            expect(x - radius >= 0 && x + radius <= layout.width).toBe(true)
            expect(y - radius >= 0 && y + radius <= layout.height).toBe(true)
          })
          expect(layOut(forest)).toEqual(layout)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('of too many, the largest trees; of one too large, its first generations', () => {
    const star = Array.from({ length: 9_000 }, (_, i): Edge => [0, i + 1])
    const layout = layOut(plantForest(referralsOf(9_003, [...star, [9_001, 9_002]])))
    expect([layout.people.length, layout.left]).toEqual([5_000, 4_003])
    expect(layout.people[0]).toBe(0)
    const nobody = layOut(plantForest(referralsOf(3, [])))
    expect([nobody.people.length, nobody.left]).toEqual([0, 3])
  })
})
