import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addCurves, curveValue, flat, nextCrossing, scaleCurve, type Curve } from './curve.ts'
import { dayMilliseconds } from './duration.ts'
import { turningPoints } from './turning-points.ts'

const now = Date.parse('2026-11-23T12:00:00.000Z')
const days = (count: number): number => Math.round(count * dayMilliseconds)
const fading = (value: number, halfLifeDays: number): Curve => ({
  ...flat(0),
  fading: [{ value, halfLife: days(halfLifeDays) }],
})
const crossing = (curve: Curve, at: number, strict = false): number | null => {
  const time = nextCrossing(curve, { at, strict }, now)
  return time === null ? null : (time - now) / dayMilliseconds
}

describe('crossings by hand', () => {
  test.each([
    ['8 halves to 1 in three half-lives', fading(8, 10), 1, 30],
    ['10 with 30 days falls below 4 after 30 * log2(2.5)', fading(10, 30), 4, 30 * Math.log2(2.5)],
    ['never below nothing', fading(8, 10), 0, null],
    ['never above what it is', fading(8, 10), 9, null],
    ['a debt fades to -1', scaleCurve(fading(8, 10), -1), -1, 30],
    ['an age of 3 days is 10 in 7', { ...flat(3), slope: 1 }, 10, 7],
    ['an age is past 2 for good', { ...flat(3), slope: 1 }, 2, null],
    ['a constant never moves', flat(5), 3, null],
    ['beyond ten years nothing is foretold', { ...flat(0), slope: 1 }, 3651, null],
    ['a threshold out of reach', fading(8, 10), Infinity, null],
  ])('%s', (_, curve, at, expected) => {
    const found = crossing(curve, at)
    if (expected === null) expect(found).toBeNull()
    // Rounded up to the millisecond, or one more where it must be passed.
    else expect(found).toBeCloseTo(expected, 7)
  })

  test('marks leave one by one, and several at once', () => {
    const steps = [2, 1, 1, 4].map((day) => ({ at: now + days(day), change: -1 }))
    expect(crossing({ ...flat(4), steps }, 4)).toBe(1)
    expect(crossing({ ...flat(4), steps }, 3)).toBe(1)
    expect(crossing({ ...flat(4), steps }, 2)).toBe(2)
    expect(crossing({ ...flat(4), steps }, 1)).toBe(4)
    expect(crossing({ ...flat(4), steps }, 0)).toBeNull()
    expect(crossing({ ...flat(4), steps }, 3, true)).toBe(1)
  })

  test('a balance with two half-lives dips below zero and comes back: both are found', () => {
    // 3 * 2^(-t/180) - 4 * 2^(-t/60) = 0 at t = 90 * log2(4/3); it is in debt before.
    const balance = addCurves([fading(3, 180), scaleCurve(fading(4, 60), -1)])
    expect(crossing(balance, 0)).toBeCloseTo(90 * Math.log2(4 / 3), 6)
    // 4 * 2^(-t/30) - 3 * 2^(-t/180): in credit, in debt from 36 * log2(4/3) on, back to 0 never.
    const other = addCurves([fading(4, 30), scaleCurve(fading(3, 180), -1)])
    expect(crossing(other, 0)).toBeCloseTo(36 * Math.log2(4 / 3), 6)
  })

  test('a dip of an hour in years is not missed', () => {
    // The extremum of a*2^(-t/h) - b*2^(-t/k) is known, so a threshold can be set just beyond it.
    const dip = addCurves([fading(-10, 400), fading(4, 90), flat(20)])
    const [turn] = turningPoints(
      [
        { value: -10, rate: 1 / days(400) },
        { value: 4, rate: 1 / days(90) },
      ],
      { slope: 0, start: 0, end: days(3650) },
    )
    const bottom = curveValue(dip, now, Math.round(turn ?? 0))
    const at = bottom + 1e-9
    const found = nextCrossing(dip, { at, strict: false }, now) ?? 0
    expect(Math.abs(found - now - (turn ?? 0))).toBeLessThan(days(1))
    const later = dip.fading.map((part) => ({
      ...part,
      value: part.value * 2 ** (-(found - now) / part.halfLife),
    }))
    const back = nextCrossing({ ...dip, fading: later }, { at, strict: false }, found) ?? Infinity
    expect(back).toBeGreaterThan(found)
    expect(back - found).toBeLessThan(days(3))
  })
})

const number = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -50_000_000, max: 50_000_000 }).map((millionths) => millionths / 1e6),
)
const halfLife = fc.constantFrom(1 / 24, 0.25, 1, 1.5, 7, 14, 21, 30, 90, 180, 365, 2000)
const anyCurve: fc.Arbitrary<Curve> = fc
  .record({
    constant: number,
    fading: fc.array(fc.record({ value: number, halfLife: halfLife.map(days) }), { maxLength: 4 }),
    slope: fc.constantFrom(0, 0, 0, 1, -0.3, 0.01),
    steps: fc.array(
      fc.record({
        at: fc.oneof(
          fc.integer({ min: now - days(9), max: now + days(400) }),
          fc.integer({ min: 0, max: 60 }).map((day) => now + days(day)),
        ),
        change: fc.constantFrom(-1, -0.5, 1, -2),
      }),
      { maxLength: 6 },
    ),
  })
  .map((curve) => addCurves([curve]))

/** Dense in the beginning, and around every step. */
function samples(curve: Curve): number[] {
  const elapsed = curve.steps.flatMap(({ at }) => [at - now - 1, at - now, at - now + 1])
  for (let i = 1; i <= 1500; i++) elapsed.push(Math.ceil(days(3650) * (i / 1501) ** 4))
  return elapsed.filter((some) => some > 0 && some < days(3650)).sort((a, b) => a - b)
}

test('no sample shows a flip before the crossing, and at the crossing it is there', () => {
  const thresholds = fc.tuple(anyCurve, number, fc.boolean(), fc.nat({ max: days(500) }))
  fc.assert(
    fc.property(thresholds, ([curve, level, strict, somewhere]) => {
      // Half of the thresholds lie on the curve, where it is nearly touched.
      const at = somewhere % 2 === 0 ? level : curveValue(curve, now, somewhere)
      const isAbove = (elapsed: number): boolean => {
        const value = curveValue(curve, now, elapsed)
        return strict ? value > at : value >= at
      }
      const oracle = (time: number): boolean => isAbove(time - now)
      const found = nextCrossing(curve, { at, strict }, now, oracle)
      // Within the rounding of a sum nobody can say on which side it is.
      const isClear = (elapsed: number): boolean =>
        Math.abs(curveValue(curve, now, elapsed) - at) > 1e-9
      const flip = samples(curve).find(
        (elapsed) => isAbove(elapsed) !== isAbove(0) && isClear(elapsed),
      )
      if (flip !== undefined) expect(found ?? Infinity).toBeLessThanOrEqual(now + flip)
      if (found !== null) {
        expect(found).toBeGreaterThan(now)
        expect(isAbove(found - now)).toBe(!isAbove(0))
        expect(isAbove(found - now - 1)).toBe(isAbove(0))
      }
    }),
    { numRuns: 3000 },
  )
})

test('between its turning points a curve only rises or only falls', () => {
  fc.assert(
    fc.property(anyCurve, (curve) => {
      const smooth = { ...curve, steps: [] }
      const turns = turningPoints(
        smooth.fading.map((part) => ({ value: part.value, rate: 1 / part.halfLife })),
        { slope: smooth.slope / dayMilliseconds, start: 0, end: days(3650) },
      )
      const edges = [0, ...turns, days(3650)]
      const size = Math.abs(curve.constant) + 200 + 3650
      edges.slice(1).forEach((end, i) => {
        const start = edges[i] ?? 0
        const values = Array.from({ length: 40 }, (_, n) =>
          curveValue(smooth, 0, start + ((end - start) * n) / 39),
        )
        const changes = values.slice(1).map((value, n) => value - (values[n] ?? 0))
        const rises = changes.some((change) => change > size * 1e-12)
        const falls = changes.some((change) => change < -size * 1e-12)
        expect(rises && falls).toBe(false)
      })
    }),
    { numRuns: 500 },
  )
})
