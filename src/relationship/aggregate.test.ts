import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSortableMark, sortableMark, type Aggregate, type Mark } from './aggregate.ts'
import { addLevels, decayedSum, levelValue } from './aggregates/decayed-sum.ts'
import { count } from './aggregates/count.ts'
import { dayMilliseconds } from './duration.ts'
import { dayOf, days, markedBack, markedPeriods, weekOf, weeks } from './aggregates/bitmap.ts'
import { first, last } from './aggregates/edge.ts'
import { maximum, minimum } from './aggregates/extreme.ts'
import { recent } from './aggregates/recent.ts'
import { sum } from './aggregates/sum.ts'

const now = Date.parse('2026-11-23T12:00:00.000Z')
const idOf = (number: number): string =>
  `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`
let ids = 0
const mark = (daysAgo: number, amount = 1, text = ''): Mark => ({
  at: now - daysAgo * dayMilliseconds,
  id: idOf(++ids),
  amount,
  text,
})

function fold<State>(aggregate: Aggregate<State>, marks: readonly Mark[]): State | null {
  let state: State | null = null
  for (const some of marks) {
    const lifted = aggregate.lift(some)
    if (lifted !== null) state = state === null ? lifted : aggregate.merge(state, lifted)
  }
  return state
}

describe('by hand', () => {
  test('a count counts', () => expect(fold(count, [mark(1), mark(2, 7), mark(0, 0)])).toBe(3))

  test.each([
    [[1.5, 2.25, -0.75], 3_000_000],
    [[0.1, 0.2], 300_000],
    [[0.0000004, 0.0000005, -0.0000005], 1],
    [[0], null],
  ])('a sum of %j is %s millionths', (amounts, expected) =>
    expect(
      fold(
        sum,
        amounts.map((amount) => mark(0, amount)),
      ),
    ).toBe(expected),
  )

  test('the least and the greatest', () => {
    const marks = [3, -7, 12.5].map((amount) => mark(0, amount))
    expect([fold(minimum, marks), fold(maximum, marks)]).toEqual([-7, 12.5])
  })

  test('first and last by time, then by id, whatever order they come in', () => {
    const [early, tied, alsoTied, late] = [mark(9, 1, 'a'), mark(3, 1, 'b'), mark(3, 1, 'c'), mark(1, 1, 'd')] // prettier-ignore
    const text = (state: string | null): string => readSortableMark(state ?? '').text
    expect(text(fold(first, [late, alsoTied, early, tied]))).toBe('a')
    expect(text(fold(last, [late, alsoTied, early, tied]))).toBe('d')
    expect(text(fold(first, [alsoTied, tied]))).toBe('b')
    expect(text(fold(last, [alsoTied, tied]))).toBe('c')
  })

  test('a mark is read as it was written, a long time and odd text too', () => {
    const odd = { at: 9_999_999_999_999, id: idOf(1), text: '  ü 😀\n ', amount: 1 }
    expect(readSortableMark(sortableMark(odd))).toEqual({ at: odd.at, id: odd.id, text: odd.text })
    expect(sortableMark({ ...odd, at: 631_152_000_000 }) < sortableMark(odd)).toBe(true)
  })

  test('the newest are kept, newest first', () => {
    const marks = [5, 1, 3, 4, 2].map((ago) => mark(ago, 1, `${ago}`))
    const kept = fold(recent(3), marks) ?? []
    expect(kept.map((some) => readSortableMark(some).text)).toEqual(['1', '2', '3'])
  })

  test('half is left after a half-life, a quarter after two', () => {
    const month = 30 * dayMilliseconds
    const value = (marks: readonly Mark[]): number =>
      levelValue(fold(decayedSum(month), marks) ?? -Infinity, now, month)
    expect(value([mark(30, 8)])).toBeCloseTo(4, 10)
    expect(value([mark(60, 8), mark(30, 2), mark(0, 1)])).toBeCloseTo(2 + 1 + 1, 10)
    expect(value([mark(-30, 1)])).toBeCloseTo(2, 10)
    expect(fold(decayedSum(month), [mark(0, 0), mark(0, -3)])).toBeNull()
  })

  test('merging what is 2^100 apart keeps the greater, and nothing overflows', () => {
    expect(addLevels(1500, 1400)).toBe(1500)
    expect(addLevels(500_000, 500_000)).toBe(500_001)
    expect(addLevels(10, 10 + 64.5)).toBe(74.5)
  })

  test.each([
    ['1970-01-01T00:00:00Z', 0, 0],
    ['1970-01-04T23:59:59.999Z', 3, 0],
    ['1970-01-05T00:00:00Z', 4, 1],
    // A Monday, and the Sunday before it.
    ['2026-11-23T00:00:00Z', 20780, 2969],
    ['2026-11-22T23:59:59.999Z', 20779, 2968],
  ])('%s is day %i of week %i', (text, day, week) => {
    expect([dayOf(Date.parse(text)), weekOf(Date.parse(text))]).toEqual([day, week])
  })

  test('days are marked once, and 64 are remembered', () => {
    const state = fold(days, [mark(0), mark(0), mark(3), mark(63), mark(64)])
    expect(state).toEqual({ newest: dayOf(now), bits: 1n | (1n << 3n) | (1n << 63n) })
    expect(markedBack(state ?? { newest: 0, bits: 0n })).toEqual([0, 3, 63])
    const gone = fold(days, [mark(64), mark(0)])
    expect(gone).toEqual({ newest: dayOf(now), bits: 1n })
    expect(fold(weeks, [mark(0), mark(1), mark(8)])).toEqual({ newest: weekOf(now), bits: 7n })
  })

  test.each([
    [[0, 1, 6, 7], 7, 3],
    [[0, 1, 6, 7], 8, 4],
    [[2], 2, 0],
    [[2], 3, 1],
    [[63], 64, 1],
    // A clock that runs ahead: tomorrow counts as now.
    [[-1, 0], 1, 2],
  ])('marks %j days ago: within %i there are %i', (ago, length, expected) => {
    const state = fold(
      days,
      ago.map((some) => mark(some)),
    )
    expect(state && markedPeriods(state, dayOf(now), length)).toBe(expected)
  })
})

const anyMark = fc.record({
  at: fc.integer({ min: now - 400 * dayMilliseconds, max: now }),
  id: fc.uuid(),
  amount: fc.integer({ min: -3_000_000, max: 3_000_000 }).map((millionths) => millionths / 1e6),
  text: fc.string({ maxLength: 5 }),
})

const kinds: [string, Aggregate<unknown>][] = Object.entries({
  count, sum, minimum, maximum, first, last, days, weeks, recent: recent(4),
} as unknown as Record<string, Aggregate<unknown>>) // prettier-ignore

test.each(kinds)('%s: a commutative monoid, and cells that read back', (_, aggregate) => {
  const lists = fc.array(fc.uniqueArray(anyMark, { selector: ({ id }) => id, maxLength: 8 }), {
    minLength: 1,
    maxLength: 4,
  })
  fc.assert(
    fc.property(lists, fc.nat(), (parts, turn) => {
      const whole = fold(aggregate, parts.flat())
      const rotated = [...parts.slice(turn % parts.length), ...parts.slice(0, turn % parts.length)]
      let merged: unknown = null
      for (const part of rotated) {
        const state = fold(aggregate, part.toReversed())
        if (state !== null) merged = merged === null ? state : aggregate.merge(state, merged)
      }
      expect(merged).toEqual(whole)
      if (whole === null) return
      expect(aggregate.fromCells(aggregate.toCells(whole))).toEqual(whole)
    }),
  )
})

test('a decayed sum is the naive sum of w * 2^(-(now - t) / h)', () => {
  const positive = fc.uniqueArray(anyMark, {
    selector: ({ id }) => id,
    minLength: 1,
    maxLength: 60,
  })
  fc.assert(
    fc.property(positive, fc.constantFrom(1, 14, 30, 365), (marks, halfLifeDays) => {
      const halfLife = halfLifeDays * dayMilliseconds
      const naive = marks
        .filter(({ amount }) => amount > 0)
        .reduce((total, { at, amount }) => total + amount * 2 ** (-(now - at) / halfLife), 0)
      const level = fold(decayedSum(halfLife), marks)
      if (naive === 0) expect(level).toBeNull()
      else
        expect(Math.abs(levelValue(level ?? -Infinity, now, halfLife) / naive - 1)).toBeLessThan(
          1e-10,
        )
    }),
  )
})
