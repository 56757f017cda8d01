/** Comparison, sequences and flow against sets counted one by one, on walks drawn by chance. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparedEqually } from './paths.ts'
import { flowBefore, sequencesOf } from './paths-picture.ts'
import { stepDifferences } from '../paths.ts'

const walk = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 12 })
const walksOf = (lists: readonly string[][]) =>
  lists.map((steps) => ({
    steps,
    hours: steps.map((_, index) => index * 24),
    before: steps.length,
    reachedAt: steps.length * 24,
  }))
const drawn = fc.tuple(
  fc.array(walk, { minLength: 1, maxLength: 12 }),
  fc.array(walk, { minLength: 1, maxLength: 30 }),
)

/** What stands in the columns, as plain lists again. */
function listsOf({ journeys }: ReturnType<typeof comparedEqually>): string[][] {
  return [...journeys.reached.keys()].map((j) =>
    [...journeys.steps.slice(journeys.offsets[j], journeys.offsets[j + 1])].map(
      (step) => journeys.names[step] ?? '',
    ),
  )
}

test('each compared journey is a piece of a real one, as long as its partner', () => {
  fc.assert(
    fc.property(drawn, ([reached, others]) => {
      const compared = comparedEqually(walksOf(reached), walksOf(others))
      const lists = listsOf(compared)
      const [won, lost] = [lists.slice(0, compared.winners), lists.slice(compared.winners)]
      const real = (all: readonly string[][], piece: readonly string[]): boolean =>
        all.some((one) => one.join('').includes(piece.join('')))
      for (const piece of won) expect(real(reached, piece)).toBe(true)
      for (const piece of lost) expect(real(others, piece)).toBe(true)
      const partners = lost.length / won.length
      const lengths = (all: readonly string[][]): number[] =>
        all.map(({ length }) => length).sort((a, b) => a - b)
      expect(lengths(lost)).toEqual(
        lengths(won.flatMap((one) => Array.from({ length: partners }, () => one))),
      )
    }),
  )
})

test('counts of steps and of pairs in their order are those of sets', () => {
  fc.assert(
    fc.property(drawn, ([reached, others]) => {
      const compared = comparedEqually(walksOf(reached), walksOf(others))
      const lists = listsOf(compared)
      const has = (list: readonly string[], steps: readonly string[]): boolean => {
        const [one = '', other] = steps
        return other === undefined
          ? list.includes(one)
          : list.includes(one) && list.indexOf(one) < list.lastIndexOf(other)
      }
      const options = { pairs: true, leastSupport: 1 }
      for (const difference of stepDifferences(compared.journeys, options)) {
        const taken = lists.map((list) => has(list, difference.steps))
        const count = (list: readonly boolean[]): number => list.filter(Boolean).length
        expect(difference.reached.with).toBe(count(taken.slice(0, compared.winners)))
        expect(difference.others.with).toBe(count(taken.slice(compared.winners)))
      }
    }),
  )
})

test('sequences and the flow count everybody once', () => {
  fc.assert(
    fc.property(drawn, ([reached, others]) => {
      const compared = comparedEqually(walksOf(reached), walksOf(others))
      const { sequences } = sequencesOf(compared, 12)
      for (const { steps, isCut, reached: count } of sequences) {
        expect(isCut).toBe(false)
        const same = listsOf(compared)
          .slice(0, compared.winners)
          .filter((list) => list.filter((one, i) => one !== list[i - 1]).join('') === steps.join('')) // prettier-ignore
        expect(count).toBe(same.length)
      }
      const last = flowBefore(compared, 3).columns.at(-1) ?? []
      expect(last.reduce((sum, { people }) => sum + people, 0)).toBe(compared.winners)
    }),
  )
})
