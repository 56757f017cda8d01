import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchCuts } from './matched-cut.ts'
import { seededRandom } from '../math/random.ts'

const lengths = fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 60 })

test('partners are observed as long as those whose partners they are, and nobody twice', () => {
  fc.assert(
    fc.property(lengths, lengths, fc.integer({ min: 1, max: 5 }), (before, others, most) => {
      const matched = matchCuts({ before, others, random: seededRandom(1), most })
      const { window, partners, reached, cuts } = matched
      expect(cuts).toHaveLength(reached.length * partners)
      expect(new Set(cuts.map(({ other }) => other)).size).toBe(cuts.length)
      for (const { other, at } of cuts) {
        expect(at).toBeGreaterThan(0)
        expect(at).toBeLessThanOrEqual(others[other] ?? 0)
      }
      // What is compared is as long on both sides, one by one.
      const seen = (steps: number): number => Math.min(steps, window)
      const ofReached = reached.flatMap((place) =>
        Array.from({ length: partners }, () => seen(before[place] ?? 0)),
      )
      const ofOthers = cuts.map(({ at }) => seen(at))
      expect(ofOthers.toSorted((a, b) => a - b)).toEqual(ofReached.toSorted((a, b) => a - b))
    }),
  )
})

test('all who took a step find partners, or as many as there are others', () => {
  fc.assert(
    fc.property(lengths, lengths, (before, others) => {
      const { reached } = matchCuts({ before, others, random: seededRandom(2) })
      const some = (list: readonly number[]): number => list.filter((steps) => steps > 0).length
      expect(reached).toHaveLength(Math.min(some(before), some(others)))
    }),
  )
})

test('the window shrinks until everybody has a partner', () => {
  const random = seededRandom(3)
  expect(matchCuts({ before: [50, 3], others: [60, 40, 3, 3], random })).toMatchObject({
    window: 40,
    partners: 2,
  })
  // One long history cannot stand beside two: both are looked at through their last steps.
  expect(matchCuts({ before: [50, 50], others: [60, 12], random })).toMatchObject({
    window: 10,
    partners: 1,
  })
  expect(matchCuts({ before: [0], others: [4], random }).reached).toEqual([])
  expect(matchCuts({ before: [4], others: [], random }).reached).toEqual([])
})
