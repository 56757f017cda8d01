import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sortableMark } from './aggregate.ts'
import { dayMilliseconds, durationMilliseconds } from './duration.ts'
import { dimensionScore, dimensionTotal } from './term.ts'
import { everyKindModel, testNow } from './testing.ts'
import { foldTouchpoints } from './fold.ts'
import { healthDirection, healthOf, healthReasons, rungOf } from './standing.ts'
import { loadModel } from './parse-model.ts'
import { newestMark, reEvaluatingSince, repeatCount, tagCount } from './loyalty.ts'
import { personaFit } from './persona.ts'
import type { Json, JsonObject, Touchpoint } from '../domain/touchpoint.ts'

const model = loadModel(everyKindModel)
let ids = 0
function touchpoint(changes: Partial<Touchpoint>): Touchpoint {
  return {
    id: `00000000-0000-8000-8000-${String(++ids).padStart(12, '0')}`,
    subjectId: '', occurredAt: testNow, receivedAt: testNow, sourceId: 'web', type: 'track', kind: 'page_viewed',
    event: '', channel: 'web', bot: false, amountMinor: null, currency: null, score: null, sentiment: null,
    properties: {}, context: {}, ...changes,
  } // prettier-ignore
}

describe('the loyalty loop', () => {
  /** `c` a choice, `v` a comparison, oldest first, a day apart. */
  const marks = (story: string): string[] =>
    [...story]
      .map((letter, day) =>
        sortableMark({
          at: day * dayMilliseconds,
          id: `${day}`.padEnd(36, '-'),
          amount: 1,
          text: letter,
        }),
      )
      .reverse()
  const repeats = (story: string, reconsidered: boolean): number =>
    repeatCount(marks(story), { choice: 'c', comparison: 'v', reconsidered })

  test.each([
    ['', 0, 0],
    ['c', 0, 0],
    ['cc', 1, 0],
    ['ccc', 2, 0],
    ['cvc', 0, 1],
    ['vc', 0, 0],
    ['vcc', 1, 0],
    ['cvvc', 0, 1],
    ['ccvcc', 2, 1],
    ['cxc', 1, 0],
    ['cv', 0, 0],
  ])('%j: %i repeated straight, %i after looking around', (story, straight, reconsidered) => {
    expect([repeats(story, false), repeats(story, true)]).toEqual([straight, reconsidered])
  })

  test.each([
    ['cv', 1],
    ['cvxv', 1],
    ['cvcv', 3],
    ['cvc', null],
    ['vv', null],
    ['c', null],
    ['', null],
  ])('%j: re-evaluating since day %s', (story, day) => {
    const since = reEvaluatingSince(marks(story), 'c', 'v')
    expect(since).toBe(day === null ? null : day * dayMilliseconds)
  })

  test('marks are counted by tag, and the newest is known', () => {
    expect([tagCount(marks('cvc'), 'c'), tagCount(marks('cvc'), 'x')]).toEqual([2, 0])
    expect(newestMark(marks('cv'))?.text).toBe('v')
    expect(newestMark([])).toBeNull()
  })
})

describe('a dimension', () => {
  test.each([
    [0, 0],
    [6, 50],
    [12, 75],
    [18, 87.5],
    [-3, 0],
    [1e9, 100],
  ])('with half 6 and a total of %s reads %s', (total, score) => {
    expect(dimensionScore(total, 6)).toBe(score)
  })

  test('the inverse gives the total back, and 100 is never reached', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 99.9, noNaN: true }),
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        (score, half) => {
          expect(dimensionScore(dimensionTotal(score, half), half)).toBeCloseTo(score, 8)
        },
      ),
    )
    expect([dimensionTotal(100, 6), dimensionTotal(0, 6), dimensionTotal(-5, 6)]).toEqual([
      Infinity,
      0,
      0,
    ])
  })
})

describe('a persona', () => {
  const fitOf = (...traits: JsonObject[]): number | undefined => {
    const told = traits.map((properties, day) =>
      touchpoint({ type: 'identify', properties, occurredAt: testNow + day }),
    )
    return personaFit(model, foldTouchpoints(model, told))?.fit
  }

  test.each<[JsonObject[], number]>([
    [[], 0],
    [[{ role: 'owner' }], 60],
    [[{ role: 'owner', followers: 10, Role: 'x' }], 100],
    [[{ role: 'owner' }, { role: 'guest' }], 0],
    [[{ followers: '12' }], 20],
    [[{ followers: 'many' }], 0],
    // Text that only looks like a number stays text, and breaks nothing.
    [[{ role: '007' }], 60],
    [[{ role: 7 }], 0],
    [[{ Role: true }], 20],
  ])('of traits %j fits to %s %%', (traits, fit) => expect(fitOf(...traits)).toBeCloseTo(fit, 9))

  test.each<Json>([
    '-01',
    '1.50',
    '1e5',
    '.5',
    '-',
    'Infinity',
    'NaN',
    '99999999999999999999',
    '\u0000',
    'true ',
  ])('nothing in a trait throws: %j', (value) =>
    expect(fitOf({ followers: value, role: value })).toBeGreaterThanOrEqual(0),
  )
})

describe('the standing', () => {
  const days = (count: number): number => testNow - count * dayMilliseconds
  const standing = (...told: Touchpoint[]): [string | undefined, string] => {
    const state = foldTouchpoints(model, told)
    return [model.rungs[rungOf(model, state, testNow)]?.id, healthOf(model, state, testNow)]
  }

  test('is the highest rung whose conditions hold, whatever holds below it', () => {
    expect(standing()).toEqual(['stranger', 'green'])
    const visits = [1, 2].map((ago) => touchpoint({ occurredAt: days(ago) }))
    expect(standing(...visits)).toEqual(['visitor', 'green'])
    // One visit is no visitor's habit, and still a buyer's.
    const bought = touchpoint({ kind: 'purchase', occurredAt: days(19) })
    expect(standing(bought, touchpoint({ occurredAt: days(19) }))[0]).toBe('buyer')
    expect(standing(bought, touchpoint({ occurredAt: days(21) }))[0]).toBe('stranger')
  })

  test('is red before yellow, and says why, worst first', () => {
    const complaint = touchpoint({ kind: 'complaint', occurredAt: testNow })
    const silent = touchpoint({ occurredAt: days(30) })
    expect(standing(complaint)[1]).toBe('red')
    expect(standing(silent)[1]).toBe('yellow')
    const state = foldTouchpoints(model, [silent])
    expect(healthReasons(model, state, testNow)).toEqual(['Silent'])
    expect(healthDirection('green', 'red')).toBe(-1)
    expect(healthDirection('red', 'yellow')).toBe(1)
  })
})

test.each([
  ['36h', 36 * 3_600_000],
  ['1d', 86_400_000],
  ['8w', 56 * 86_400_000],
])('%s lasts %i milliseconds', (text, expected) =>
  expect(durationMilliseconds(text)).toBe(expected),
)
