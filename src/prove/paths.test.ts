import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Journeys } from './journeys.ts'
import { stepDifferences } from './paths.ts'
import { commonSequences } from './sequences.ts'
import { seededRandom } from '../math/random.ts'

const names = ['ask', 'buy', 'call', 'demo', 'event']

function journeysOf(rows: readonly (readonly [steps: string, reached: boolean])[]): Journeys {
  const steps = rows.map(([text]) => [...text].map((letter) => 'abcde'.indexOf(letter)))
  const offsets = new Int32Array(rows.length + 1)
  steps.forEach((one, j) => (offsets[j + 1] = (offsets[j] ?? 0) + one.length))
  return {
    ...{ names, offsets, steps: Int32Array.from(steps.flat()) },
    reached: Uint8Array.from(rows, ([, reached]) => (reached ? 1 : 0)),
  }
}
const text = fc.string({ unit: fc.constantFrom(...'abcde'), maxLength: 8 })
const rows = fc.array(fc.tuple(text, fc.boolean()), { minLength: 1, maxLength: 40 })

describe('step differences', () => {
  test('count journeys with the step, and with the pair in its order, as a plain search does', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const found = stepDifferences(journeysOf(given), { pairs: true, leastSupport: 1 })
        const ends = (reached: boolean) => given.filter(([, one]) => one === reached)
        const isCompared = ends(true).length > 0 && ends(false).length > 0
        const letters = [...'abcde']
        const patterns = letters.flatMap((a) => [
          a,
          ...letters.filter((b) => b !== a).map((b) => `${a}.*${b}`),
        ])
        for (const pattern of patterns) {
          const has = (reached: boolean): number =>
            ends(reached).filter(([steps]) => new RegExp(pattern).test(steps)).length
          const wanted = pattern.split('.*').map((letter) => names['abcde'.indexOf(letter)])
          const one = found.find(({ steps }) => steps.join() === wanted.join())
          if (!isCompared || has(true) + has(false) === 0) expect(one).toBeUndefined()
          else
            expect(one).toMatchObject({
              reached: { with: has(true), of: ends(true).length },
              others: { with: has(false), of: ends(false).length },
              support: (has(true) + has(false)) / given.length,
            })
        }
        for (const { lift, p, q, difference } of found) {
          expect(lift.low <= lift.value && lift.value <= lift.high).toBe(true)
          expect(Number.isFinite(lift.high) && q >= p - 1e-12 && q <= 1).toBe(true)
          expect(Math.abs(difference.value)).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  test('find the step that matters, and none among those that do not', () => {
    const random = seededRandom('steps')
    const given = Array.from({ length: 2000 }, () => {
      const steps = [...'abcde'].filter(() => random.chance(0.5)).join('')
      return [steps, random.chance(steps.includes('d') ? 0.3 : 0.1)] as const
    })
    const [first, ...others] = stepDifferences(journeysOf(given))
    expect(first?.steps).toEqual(['demo'])
    expect(first?.q).toBeLessThan(1e-10)
    expect(first?.lift.low).toBeGreaterThan(1.3)
    for (const { q } of others) expect(q).toBeGreaterThan(0.05)
  })

  test('rare steps are left out; without anybody to compare with, nothing is said', () => {
    const given = journeysOf([
      ['ab', true],
      ['a', false],
    ])
    expect(stepDifferences(given)).toEqual([])
    expect(stepDifferences(given, { leastSupport: 2 }).map(({ steps }) => steps)).toEqual([['ask']])
    expect(stepDifferences(journeysOf([['ab', true]]), { leastSupport: 1 })).toEqual([])
    expect(() => stepDifferences({ ...given, offsets: new Int32Array([0, 9, 3]) })).toThrow(
      'offsets',
    )
  })
})

describe('sequences', () => {
  test('by hand', () => {
    const journeys = journeysOf([
      ['aab', true],
      ['ab', false],
      ['abbcd', true],
      ['', false],
    ])
    const seen = (keep: 'first' | 'last') =>
      commonSequences(journeys, { longest: 2, keep }).map(({ steps, isCut, count, reached }) => [
        steps.join(' ') + (isCut ? ' ...' : ''),
        count,
        reached,
      ])
    expect(seen('first')).toEqual([
      ['ask buy', 2, 1],
      ['', 1, 0],
      ['ask buy ...', 1, 1],
    ])
    expect(seen('last')).toEqual([
      ['ask buy', 2, 1],
      ['', 1, 0],
      ['call demo ...', 1, 1],
    ])
  })

  test('every journey is in one of them, and no step repeats', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 6 }), (given, longest) => {
        const found = commonSequences(journeysOf(given), { longest, most: 1000 })
        expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(given.length)
        const won = given.filter(([, reached]) => reached).length
        expect(found.reduce((sum, { reached }) => sum + reached, 0)).toBe(won)
        for (const { steps } of found) {
          expect(steps.length).toBeLessThanOrEqual(longest)
          steps.forEach((step, i) => expect(step).not.toBe(steps[i - 1]))
        }
      }),
    )
  })
})
