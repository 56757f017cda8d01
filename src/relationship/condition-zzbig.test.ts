import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyTouchpoint, everyKindModel, testNow } from './testing.ts'
import { compileCondition, leafValue } from './condition.ts'
import { dayMilliseconds } from './duration.ts'
import { foldTouchpoints } from './fold.ts'
import { healthOf, rungOf, standingOf } from './standing.ts'
import { loadModel } from './parse-model.ts'
import type { Condition, Leaf } from './model-schema.ts'
import type { State } from './measure-table.ts'
import type { Touchpoint } from '../domain/touchpoint.ts'

const model = loadModel(everyKindModel)
const hour = dayMilliseconds / 24

/** Enough kinds that most measures hold something, in the last months. */
const anyState: fc.Arbitrary<State> = fc
  .array(
    fc.record({
      touchpoint: anyTouchpoint,
      at: fc.integer({ min: testNow - 100 * dayMilliseconds, max: testNow + dayMilliseconds }),
    }),
    { maxLength: 20, size: 'max' },
  )
  .map((list) =>
    foldTouchpoints(
      model,
      list.map(
        ({ touchpoint, at }): Touchpoint => ({
          ...touchpoint, occurredAt: at, subjectId: '', bot: false,
        }), // prettier-ignore
      ),
    ),
  )

const term = fc.constantFrom<Leaf[]>(
  { measure: 'good' },
  { measure: 'bad' },
  { measure: 'brief' },
  { measure: 'active_days' },
  { measure: 'active_days', within: '7d' },
  { measure: 'active_days', within: '64d' },
  { measure: 'active_weeks', within: '4w' },
  { measure: 'active_days', age: true },
  { measure: 'active_weeks', age: true },
  { measure: 'choices', age: true },
  { measure: 'last_text', age: true },
  { measure: 'seen', age: true },
  { measure: 'choices', count: 'choice' },
  { measure: 'visits' },
  { trust_balance: true },
  { dimension: 'trust' },
  { dimension: 'habit' },
  { persona_fit: true },
)
const threshold = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 5, 7, 30, 45, 50, 90, 100, -1, -5, 0.5, 12.25),
  fc.double({ min: -3, max: 60, noNaN: true }),
)
const leaf = fc
  .tuple(term, threshold, fc.boolean())
  .map(([of, needs, least]): Leaf => ({ ...of, [least ? 'at_least' : 'at_most']: needs }))
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('condition'), { maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie('condition').map((not) => ({ not })),
  ),
}))

const until = testNow + 200 * dayMilliseconds
/** Hours at first, then days; and the edges of all days, where marks leave. */
const moments: number[] = []
for (
  let at = testNow + 1;
  at < until;
  at += at < testNow + 20 * dayMilliseconds ? hour : dayMilliseconds
)
  moments.push(at)
for (let day = 1; day < 90; day++) {
  const edge = (Math.floor(testNow / dayMilliseconds) + day) * dayMilliseconds
  moments.push(edge - 1, edge)
}
moments.sort((a, b) => a - b)

describe('when time alone flips a condition', () => {
  test('a single comparison flips right at the time told, and not before', () => {
    fc.assert(
      fc.property(leaf, anyState, (written, state) => {
        const compiled = compileCondition(written, model)
        const before = compiled.holds(state, testNow)
        const told = compiled.flipsAt(state, testNow)
        const flip = moments.find((at) => compiled.holds(state, at) !== before)
        if (flip !== undefined) expect(told).toBeLessThanOrEqual(flip)
        if (!Number.isFinite(told)) return
        expect(compiled.holds(state, told)).toBe(!before)
        expect(compiled.holds(state, told - 1)).toBe(before)
      }),
      { numRuns: 1500 * 20 },
    )
  })

  test('conditions of conditions are never told too late', () => {
    fc.assert(
      fc.property(condition, anyState, (written, state) => {
        const compiled = compileCondition(written, model)
        const before = compiled.holds(state, testNow)
        const flip = moments.find((at) => compiled.holds(state, at) !== before)
        if (flip !== undefined) {
          const told = compiled.flipsAt(state, testNow)
          expect(told).toBeLessThanOrEqual(flip)
          expect(told).toBeGreaterThan(testNow)
        }
      }),
      { numRuns: 800 * 20 },
    )
  })

  test('neither is the standing as a whole', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const { rung, health, wakeAt } = standingOf(model, state, testNow)
        expect([rung, health]).toEqual([
          rungOf(model, state, testNow),
          healthOf(model, state, testNow),
        ])
        const change = moments.find(
          (at) => rungOf(model, state, at) !== rung || healthOf(model, state, at) !== health,
        )
        if (change !== undefined) expect(wakeAt ?? Infinity).toBeLessThanOrEqual(change)
        if (wakeAt !== null) expect(wakeAt).toBeGreaterThan(testNow)
      }),
      { numRuns: 400 * 20 },
    )
  })
})

describe('how a condition reads', () => {
  const empty = foldTouchpoints(model, [])
  const says = (written: Condition, holding: boolean): string[] => {
    const compiled = compileCondition(written, model)
    return (holding ? compiled.leaves : compiled.missing(empty, testNow)).map((part) => part.says)
  }

  test('a sentence is made where none is written', () => {
    expect(says({ measure: 'visits', at_least: 3 }, true)).toEqual(['Visits at least 3'])
    expect(says({ measure: 'seen', age: true, at_most: 2.5 }, true)).toEqual([
      'Days since: Seen at most 2.5',
    ])
    expect(
      says({ measure: 'active_days', within: '7d', at_least: 2, says: 'Came twice' }, true),
    ).toEqual(['Came twice'])
  })

  test('what keeps it from holding is told, and nothing of a choice that is met', () => {
    const visits: Condition = { measure: 'visits', at_least: 1 }
    const quiet: Condition = { trust_balance: true, at_most: 0 }
    expect(says({ all: [visits, quiet] }, false)).toEqual(['Visits at least 1'])
    expect(says({ any: [visits, quiet] }, false)).toEqual([])
    expect(says({ any: [visits, visits] }, false)).toHaveLength(2)
    expect(says({ not: quiet }, false)).toEqual(['Not: Trust balance at most 0'])
    expect(says({ not: visits }, false)).toEqual([])
  })

  test('within a not, what holds is good, and what broke it speaks for itself', () => {
    const [part] = compileCondition(
      { not: { measure: 'visits', at_least: 1, says: 'Visited' } },
      model,
    ).leaves
    expect(part?.holds(empty, testNow)).toBe(true)
    expect(part?.says).toBe('Not: Visited')
    expect(part?.broken).toBe('Visited')
  })

  test('what never happened has no age', () => {
    const compiled = compileCondition({ measure: 'seen', age: true, at_least: 30 }, model)
    const [part] = compiled.leaves
    expect(part && leafValue(part, empty, testNow)).toBeNull()
    // Older than any threshold.
    expect(compiled.holds(empty, testNow)).toBe(true)
  })
})
