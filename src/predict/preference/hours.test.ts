import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../math/random.ts'
import { fitHours, hoursOf, smooth, usualSmoothing } from './best-hours.ts'
import { hourOfWeekIn, hoursApart, hoursOfWeek, nextHourOfWeek } from './hour-of-week.ts'

describe('the hour on the wall', () => {
  test('of the zone, through both changes of the clock', () => {
    const berlin = hourOfWeekIn('Europe/Berlin')
    expect(berlin(Date.UTC(2026, 10, 23, 12))).toBe(13) // Monday 13:00
    expect(berlin(Date.UTC(2026, 6, 20, 12))).toBe(14) // in summer
    expect(berlin(Date.UTC(2026, 9, 25, 0, 30))).toBe(6 * 24 + 2) // Sunday 2:30, the first one
    expect(berlin(Date.UTC(2026, 9, 25, 1, 30))).toBe(6 * 24 + 2) // and the second
    expect(hourOfWeekIn('Asia/Kathmandu')(Date.UTC(2026, 10, 22, 18, 14))).toBe(167)
    expect(hourOfWeekIn('Asia/Kathmandu')(Date.UTC(2026, 10, 22, 18, 15))).toBe(0)
    expect(() => hourOfWeekIn('Mars/Olympus')).toThrow(/no time zone/)
  })
  test('and when it is next', () => {
    const now = Date.UTC(2026, 10, 23, 12)
    expect(nextHourOfWeek(13, now, 'Europe/Berlin')).toBe(now)
    expect(nextHourOfWeek(33, now, 'Europe/Berlin')).toBe(Date.UTC(2026, 10, 24, 8))
    // Sunday 2:00 does not exist on the day when clocks go forward: a week later.
    const spring = Date.UTC(2026, 2, 28, 12)
    expect(nextHourOfWeek(6 * 24 + 2, spring, 'Europe/Berlin')).toBe(Date.UTC(2026, 3, 5, 0))
  })
})

describe('best hours', () => {
  test('smoothing keeps the sum, goes around the week, and reaches other days', () => {
    const counts = new Float64Array(hoursOfWeek)
    counts[0] = 4
    const near = smooth(counts, { hours: 1.5, acrossDays: 0 })
    expect(near.reduce((sum, one) => sum + one, 0)).toBeCloseTo(4, 12)
    expect(near[167]).toBeCloseTo(near[1] ?? 0, 12)
    expect(near[24]).toBeLessThan(1e-9)
    expect(smooth(counts, usualSmoothing)[24]).toBeGreaterThan(0.05)
    expect(hoursApart(167, 1)).toBe(2)
  })

  test('of a person with history, of one without, and never at night where that is so wished', () => {
    const random = seededRandom('hours')
    const persons = 300
    const events = new Float64Array(persons * hoursOfWeek)
    for (let p = 0; p < persons; p++) {
      // Early birds about 8 o'clock, owls about 21 o'clock, any day, each a little different.
      const peak = (p % 2 === 0 ? 8 : 21) + random.normal(0, 2)
      for (let i = 0; i < 20; i++) {
        const hour = Math.round(random.normal(peak, 0.8)) + 24 * random.integer(7)
        const at = p * hoursOfWeek + ((hour + hoursOfWeek) % hoursOfWeek)
        events[at] = (events[at] ?? 0) + 1
      }
    }
    const segment = Array.from({ length: persons }, (_, p) => (p === persons - 1 ? 0 : p % 2))
    const model = fitHours({ events, segment, segments: 2 })
    for (const profile of [model.population, ...model.segments])
      expect(profile.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9)
    const none = new Float64Array(hoursOfWeek)
    expect((hoursOf(model, 0, none)[0]?.hour ?? 0) % 24).toBeCloseTo(8, -1)
    expect((hoursOf(model, 1, none)[0]?.hour ?? 0) % 24).toBeCloseTo(21, -1)
    // An owl among early birds: what they do themselves counts for more.
    const owl = hoursOf(model, 0, events.subarray((persons - 1) * hoursOfWeek))
    expect(model.strength).toBeGreaterThan(1)
    const bird = hoursOf(model, 0, events.subarray(0, hoursOfWeek))[0]
    expect(Math.abs(((bird?.hour ?? 0) % 24) - 8)).toBeLessThanOrEqual(5)
    expect(Math.abs(((owl[0]?.hour ?? 0) % 24) - 21)).toBeLessThanOrEqual(5)
    expect(bird && bird.low < bird.value && bird.value < bird.high && bird.lift > 3).toBe(true)
    const day = hoursOf(model, 1, none, { allowed: (hour) => hour % 24 >= 9 && hour % 24 < 20 })
    expect(day.every(({ hour }) => hour % 24 >= 9 && hour % 24 < 20)).toBe(true)
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
  })

  test('nothing at all is spread evenly; what is no count is refused', () => {
    const model = fitHours({ events: new Float64Array(168), segment: [0], segments: 1 })
    const [first] = hoursOf(model, null, new Float64Array(168))
    expect(first?.lift).toBeCloseTo(1, 9)
    const broken = new Float64Array(168).fill(-1)
    expect(() => hoursOf(model, null, broken)).toThrow(/no count/)
    expect(() => fitHours({ events: [1], segment: [0], segments: 1 })).toThrow(/168/)
  })
})
