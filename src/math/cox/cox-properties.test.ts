import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitCox, type CoxOptions } from './fit-cox.ts'
import { partialLikelihood } from './partial-likelihood.ts'
import { prepareCoxRows, type CoxData } from './cox-rows.ts'

interface Row {
  readonly from: number
  readonly length: number
  readonly event: boolean
  readonly x: number
  readonly y: number
  readonly weight: number
  readonly stratum: number
}
const anyRow = fc.record<Row>({
  from: fc.integer({ min: 0, max: 4 }),
  length: fc.integer({ min: 1, max: 6 }),
  event: fc.boolean(),
  x: fc.integer({ min: -2, max: 2 }),
  y: fc.integer({ min: -80, max: 80 }).map((sixteenths) => sixteenths / 16),
  weight: fc.integer({ min: 1, max: 3 }),
  stratum: fc.integer({ min: 0, max: 1 }),
})
const anyRows = fc.array(anyRow, { minLength: 12, maxLength: 40 })

const dataOf = (rows: readonly Row[], unit = 1): CoxData => ({
  start: Float64Array.from(rows, ({ from }) => from * unit),
  stop: Float64Array.from(rows, ({ from, length }) => (from + length) * unit),
  event: Uint8Array.from(rows, ({ event }) => Number(event)),
  covariates: [Float64Array.from(rows, ({ x }) => x), Float64Array.from(rows, ({ y }) => y)],
  names: ['x', 'y'],
  strata: rows.map(({ stratum }) => stratum),
})
const withWeights = (rows: readonly Row[]): CoxData => ({
  ...dataOf(rows),
  weights: Float64Array.from(rows, ({ weight }) => weight),
})

/** The fit, or null where these rows allow none. */
function fitOf(data: CoxData, options: CoxOptions = {}) {
  try {
    return fitCox(data, options).fit
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError)
    return null
  }
}
const closeTo = (a: Float64Array | undefined, b: Float64Array | undefined): void => {
  expect(a?.length).toBe(b?.length)
  a?.forEach((value, i) => expect(value - (b?.[i] ?? 0)).toBeCloseTo(0, 6))
}

test('score and information are the derivatives of the likelihood', () => {
  const anyPoint = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
    ...{ minLength: 2, maxLength: 2 },
  })
  fc.assert(
    fc.property(anyRows, anyPoint, fc.constantFrom('efron', 'breslow'), (list, point, ties) => {
      if (fitOf(dataOf(list)) === null) return
      const rows = prepareCoxRows(withWeights(list))
      const at = (j: number, step: number) => {
        const moved = Float64Array.from(point, (one, k) => one + (k === j ? step : 0))
        const found = partialLikelihood(rows, moved, ties)
        if (found === null) throw new RangeError('The coefficients are out of all bounds.')
        return found
      }
      const h = 1e-5
      const here = at(0, 0)
      for (let j = 0; j < 2; j++) {
        const [up, down] = [at(j, h), at(j, -h)]
        const slope = (up.logLikelihood - down.logLikelihood) / (2 * h)
        expect(here.score[j]).toBeCloseTo(slope, 4)
        for (let k = 0; k < 2; k++) {
          const bend = ((down.score[k] ?? 0) - (up.score[k] ?? 0)) / (2 * h)
          expect(here.information[j * 2 + k]).toBeCloseTo(bend, 4)
        }
      }
    }),
  )
})

test('order of rows, units of time and of covariates do not matter', () => {
  fc.assert(
    fc.property(
      anyRows,
      fc.constantFrom<CoxOptions>({}, { robust: true, ties: 'breslow' }),
      (rows, options) => {
        const fit = fitOf(dataOf(rows), options)
        const turned = fitOf(dataOf(rows.toReversed(), 1 / 8), options)
        closeTo(turned?.coefficients, fit?.coefficients)
        closeTo(turned?.errors, fit?.errors)
        expect(turned?.concordance ?? -1).toBeCloseTo(fit?.concordance ?? -1, 10)
        const plain = dataOf(rows)
        const [x, y] = plain.covariates
        if (!x || !y) return
        const scaled = fitOf(
          { ...plain, covariates: [x, y.map((one) => 1e6 * one + 5e6)] },
          options,
        )
        expect((scaled?.coefficients[1] ?? 0) * 1e6).toBeCloseTo(fit?.coefficients[1] ?? 0, 5)
      },
    ),
  )
})

test('a weight of two is the row twice, with ties as Breslow has them', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const weighted = fitOf(withWeights(rows), { ties: 'breslow' })
      const repeated = rows.flatMap((row) => Array.from({ length: row.weight }, () => row))
      const fit = fitOf(dataOf(repeated), { ties: 'breslow' })
      closeTo(weighted?.coefficients, fit?.coefficients)
      closeTo(weighted?.errors, fit?.errors)
      if (fit && weighted) expect(weighted.logLikelihood).toBeCloseTo(fit.logLikelihood, 6)
    }),
  )
})

describe('where the likelihood has no greatest value, a ridge is added and said', () => {
  const stop = new Float64Array([1, 2, 3, 4, 5, 6, 7, 8])
  const event = new Uint8Array([1, 1, 1, 1, 0, 0, 0, 0])
  test('a covariate that tells events from all others', () => {
    const { fit } = fitCox({ stop, event, names: ['x'], covariates: [Float64Array.from(event)] })
    expect(fit.ridge).toEqual({ penalty: 0.16, reason: 'monotone' })
    expect(fit.coefficients[0]).toBeGreaterThan(1)
    expect(fit.coefficients[0]).toBeLessThan(15)
    expect(Number.isFinite(fit.errors[0])).toBe(true)
  })
  test('a covariate that is made of another', () => {
    const x = new Float64Array([3, 1, 4, 1, 5, 9, 2, 6])
    const { fit } = fitCox({
      stop,
      event,
      names: ['x', 'y'],
      covariates: [x, x.map((one) => 2 * one)],
    })
    expect(fit.ridge?.reason).toBe('collinear')
    expect(2 * (fit.coefficients[1] ?? 0)).toBeCloseTo(fit.coefficients[0] ?? 0, 8)
  })
  test('a ridge that was asked for draws the coefficients to 0', () => {
    const x = new Float64Array([3, 1, 4, 1, 5, 9, 2, 6])
    const of = (ridge: number) =>
      fitCox({ stop, event, names: ['x'], covariates: [x] }, { ridge }).fit
    expect(of(0).ridge).toBeNull()
    expect(of(5).ridge).toEqual({ penalty: 5, reason: 'asked' })
    expect(Math.abs(of(5).coefficients[0] ?? 0)).toBeLessThan(Math.abs(of(0).coefficients[0] ?? 0))
  })
})

describe('what cannot be analysed is refused with what to do', () => {
  const data: CoxData = {
    ...{ stop: new Float64Array([1, 2, 3]), event: new Uint8Array([1, 0, 1]), names: ['x'] },
    covariates: [new Float64Array([1, 2, 3])],
  }
  test.each<[string, Partial<CoxData>, RegExp]>([
    ['no events', { event: new Uint8Array(3) }, /No row has an event/],
    ['a constant', { covariates: [new Float64Array([7, 7, 7])] }, /"x" is 7 in every row/],
    ['NaN', { covariates: [new Float64Array([7, Number.NaN, 7])] }, /Row 2: "x" is NaN/],
    ['infinite', { stop: new Float64Array([1, 2, Infinity]) }, /Row 3: the time is Infinity/],
    ['too large', { covariates: [new Float64Array([1e200, 1, 2])] }, /too large/],
    ['a start after the end', { start: new Float64Array([0, 2, 0]) }, /Row 2: it starts at 2/],
    ['a weight of 0', { weights: new Float64Array([1, 0, 1]) }, /Row 2: the weight is 0/],
    ['a stratum', { strata: [0, -1, 0] }, /Row 2: a stratum/],
    ['lengths', { event: new Uint8Array(2) }, /as many rows/],
    ['names', { names: [] }, /a name for each/],
  ])('%s', (_, change, reason) => {
    expect(() => fitCox({ ...data, ...change })).toThrow(reason)
  })
  test('no rows, and a ridge that is none', () => {
    const nothing = new Float64Array()
    expect(() =>
      fitCox({ stop: nothing, event: new Uint8Array(), covariates: [nothing], names: ['x'] }),
    ).toThrow(/no rows/)
    expect(() => fitCox(data, { ridge: -1 })).toThrow(/ridge/)
    expect(() => fitCox(data, { clusters: [1] })).toThrow(/cluster for each row/)
  })
  test('values of a billion are fitted like others', () => {
    const { fit } = fitCox({ ...data, covariates: [new Float64Array([2e9, 1e9, 1.5e9])] })
    expect([...fit.coefficients, ...fit.errors].every(Number.isFinite)).toBe(true)
  })
})

test('rows of very different risk that come and go do not leave rounding behind', () => {
  // One of e^30 times the usual risk is there between 5 and 6 only; the others never meet it.
  const start = new Float64Array([0, 0, 0, 0, 0, 0, 5, 5])
  const stop = new Float64Array([1, 2, 3, 4, 4.5, 4.7, 6, 5.5])
  const event = new Uint8Array([1, 1, 0, 1, 1, 0, 1, 0])
  const x = new Float64Array([1, 0, 1, 1, 0, 0, 30, 0])
  const data = { start, stop, event, covariates: [x], names: ['x'] }
  const rows = prepareCoxRows(data)
  const calm = prepareCoxRows({
    ...{ start: start.slice(0, 6), stop: stop.slice(0, 6), event: event.slice(0, 6) },
    ...{ covariates: [x.slice(0, 6)], names: ['x'] },
  })
  const at = (of: typeof rows) =>
    partialLikelihood(of, new Float64Array([of.deviations[0] ?? 1]), 'efron')?.logLikelihood
  // With a coefficient of 1 the time from 5 on adds nothing: the one at risk is the one that ends.
  expect(at(rows)).toBeCloseTo(at(calm) ?? 0, 10)
})
