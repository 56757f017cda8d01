import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../math/random.ts'
import { baselineHazards } from '../../math/cox/baseline-hazard.ts'
import { fitCox } from '../../math/cox/fit-cox.ts'
import { proportionalHazards } from '../../math/cox/proportional-hazards.ts'
import { createForecaster } from './remaining-time.ts'
import { readTestTable } from '../../math/cox/testing.ts'
import type { CoxData } from '../../math/cox/cox-rows.ts'

const names = ['fin', 'age', 'race', 'wexp', 'mar', 'paro', 'prio']
const table = readTestTable('rossi.csv.gz')
const columns = table && {
  stop: table.numbers('week'),
  event: table.flags('arrest', '1'),
  covariates: names.map((name) => table.numbers(name)),
}

describe.skipIf(columns === null)('rossi (skipped: data not there)', () => {
  const data = (): CoxData => ({ ...(columns ?? noRows), names })
  // R survival 3.5-3: survfit(coxph(...), newdata, conf.type = "log-log") at weeks 10, 20, 52.
  const covariates = [1, 25, 1, 0, 0, 1, 3]
  test('survival of one person as R says', () => {
    const { survival } = createForecaster(fitCox(data()))
    const expected = [
      [10, 0.9723690322401, 0.9484940323057, 0.9852625284285],
      [20, 0.9243959795883, 0.879529883888, 0.9529954874009],
      [52, 0.7728991170361, 0.6762349759428, 0.8439781252137],
    ] as const
    for (const [week, value, low, high] of expected) {
      const found = survival({ covariates, now: 0 }, week)
      expect(found.value).toBeCloseTo(value, 11)
      expect(found.low).toBeCloseTo(low, 11)
      expect(found.high).toBeCloseTo(high, 11)
    }
    const breslow = createForecaster(fitCox(data(), { ties: 'breslow' }))
    expect(breslow.survival({ covariates, now: 0 }, 20).value).toBeCloseTo(0.9244864349774, 11)
  })

  test('given that somebody is there in week 20, of week 52: one over the other', () => {
    const { survival } = createForecaster(fitCox(data()))
    const later = survival({ covariates, now: 20 }, 52)
    expect(later.value).toBeCloseTo(0.7728991170361 / 0.9243959795883, 11)
    expect(survival({ covariates, now: 20 }, 20)).toEqual({ value: 1, low: 1, high: 1 })
  })

  // R: summary(survfit(m, newdata), rmean = 40); and survfit(stype = 2, ctype = 2), rmean = 52.
  test('expected time until week 40', () => {
    const { remaining } = createForecaster(fitCox(data()))
    const { value, low, high, horizon } = remaining({ covariates, now: 0 }, 40)
    expect(value).toBeCloseTo(37.15424901032483, 10)
    expect([low < value, high > value, horizon]).toEqual([true, true, 40])
    const plain = createForecaster(fitCox({ ...data(), covariates: [], names: [] }))
    expect(plain.remaining({ covariates: [], now: 0 }, 52).value).toBeCloseTo(45.86127469952034, 10)
    expect(remaining({ covariates, now: 0 }, 1000).horizon).toBe(52)
    expect(() => remaining({ covariates, now: 52 }, 60)).toThrow(/nobody was watched/)
  })

  test('what the coefficients do to the baseline hazard is its drift: by differences', () => {
    const { rows, scaled } = fitCox(data())
    const step = 1e-6
    const moved = (sign: number) =>
      baselineHazards(
        rows,
        scaled.map((one, j) => (j === 1 ? one + sign * step : one)),
        'efron',
      )[0]
    const [here, up, down] = [moved(0), moved(1), moved(-1)]
    here?.hazard.forEach((_, k) => {
      const slope = ((up?.hazard[k] ?? 0) - (down?.hazard[k] ?? 0)) / (2 * step)
      expect(-(here.drift[k * 7 + 1] ?? 0)).toBeCloseTo(slope, 8)
    })
  })

  // R survival 3.5-3: cox.zph(m), and with transform = "identity".
  test('proportional hazards as cox.zph says', () => {
    const model = fitCox(data())
    const { covariates: each, together } = proportionalHazards(model)
    const chiSquares = [
      ...[0.06242975008938, 5.9739816611519, 2.06826538335464, 4.22459563869861],
      ...[1.01102156455446, 0.01838329913584, 0.52058426700615],
    ]
    chiSquares.forEach((value, j) => expect(each[j]?.chiSquare).toBeCloseTo(value, 9))
    expect(each[1]?.p).toBeCloseTo(0.01451846271031, 10)
    expect(together?.chiSquare).toBeCloseTo(17.69441529602792, 8)
    expect(together?.p).toBeCloseTo(0.0134275065763, 10)
    const plain = proportionalHazards(model, 'identity')
    expect(plain.covariates[1]?.chiSquare).toBeCloseTo(6.615943797908315, 8)
    expect(plain.together?.chiSquare).toBeCloseTo(18.182687081388895, 7)
  })
})

const noRows = { stop: new Float64Array(), event: new Uint8Array(), covariates: [] }

function simulate(seed: string, size: number): CoxData {
  const random = seededRandom(seed)
  const x = Float64Array.from({ length: size }, () => random.normal())
  const stop = new Float64Array(size)
  const event = new Uint8Array(size)
  for (let i = 0; i < size; i++) {
    const time = random.exponential(10 * Math.exp(-0.5 * (x[i] ?? 0)))
    const watched = 25 * random.next()
    stop[i] = Math.min(time, watched)
    event[i] = time <= watched ? 1 : 0
  }
  return { stop, event, covariates: [x], names: ['x'] }
}

test('simulated: survival, expected time and coefficient lie in the intervals as often as said', () => {
  const held = { survival: 0, remaining: 0, coefficient: 0 }
  const rounds = 200
  const risk = Math.exp(0.5) / 10
  for (let round = 0; round < rounds; round++) {
    const model = fitCox(simulate(`remaining ${round}`, 250))
    const { survival, remaining } = createForecaster(model)
    const somebody = { covariates: [1], now: 2 }
    const within = ({ low, high }: { low: number; high: number }, truth: number): number =>
      Number(low <= truth && truth <= high)
    held.survival += within(survival(somebody, 10), Math.exp(-8 * risk))
    held.remaining += within(remaining(somebody, 12), (1 - Math.exp(-10 * risk)) / risk)
    const [value = 0, error = 0] = [model.fit.coefficients[0], model.fit.errors[0]]
    held.coefficient += Number(Math.abs(value - 0.5) < 1.96 * error)
  }
  for (const count of Object.values(held)) {
    expect(count).toBeGreaterThanOrEqual(190 - 9.3)
    expect(count).toBeLessThanOrEqual(200)
  }
})

test('whatever is asked, the answer is finite and its interval holds it', () => {
  const row = fc.record({
    stop: fc.integer({ min: 1, max: 12 }),
    event: fc.boolean(),
    x: fc.integer({ min: -3, max: 3 }),
  })
  const asked = fc.record({ x: fc.double({ min: -1e9, max: 1e9, noNaN: true }), now: fc.nat(14) })
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), asked, (rows, { x, now }) => {
      try {
        const model = fitCox({
          stop: Float64Array.from(rows, ({ stop }) => stop),
          event: Uint8Array.from(rows, ({ event }) => Number(event)),
          covariates: [Float64Array.from(rows, (one) => one.x)],
          names: ['x'],
        })
        const { survival, remaining } = createForecaster(model)
        const somebody = { covariates: [x], now }
        for (const { value, low, high } of [survival(somebody, 20), remaining(somebody, 20)]) {
          expect([value, low, high].every(Number.isFinite)).toBe(true)
          expect(low).toBeLessThanOrEqual(value + 1e-9)
          expect(high).toBeGreaterThanOrEqual(value - 1e-9)
        }
      } catch (error) {
        if (!(error instanceof RangeError))
          expect(error).toMatchObject({ code: 'invalid_analysis' })
      }
    }),
  )
})
