import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sharedData } from '../../test/shared-data.ts'
import { kaplanMeier, survivalAt, survivalQuantile } from './kaplan-meier.ts'

function columns(file: string, time: string, event: string) {
  const path = sharedData(`survival/${file}`)
  if (path === null) return null
  const [header = '', ...lines] = gunzipSync(readFileSync(path))
    .toString('utf8')
    .trim()
    .split(/\r?\n/)
  const names = header.split(',')
  const cells = lines.map((line) => line.split(','))
  const read = (name: string) => cells.map((row) => row[names.indexOf(name)] ?? '')
  return {
    durations: Float64Array.from(read(time), Number),
    happened: Uint8Array.from(read(event), (value) => (value === '1' || value === 'Yes' ? 1 : 0)),
    read,
  }
}

test('by hand: five people, one lost to sight', () => {
  const curve = kaplanMeier(new Float64Array([3, 1, 2, 2, 5]), new Uint8Array([1, 1, 1, 0, 0]))
  expect([...curve.times]).toEqual([1, 2, 3, 5])
  expect([...curve.atRisk]).toEqual([5, 4, 2, 1])
  expect([...curve.events]).toEqual([1, 1, 1, 0])
  const shares = [0.8, 0.6, 0.3, 0.3]
  shares.forEach((share, i) => expect(curve.survival[i]).toBeCloseTo(share, 14))
  expect(survivalAt(curve, 0.5)).toEqual({ value: 1, low: 1, high: 1 })
  expect(survivalAt(curve, 2.9).value).toBeCloseTo(0.6, 14)
  expect(survivalQuantile(curve).value).toBe(3)
})

// Published: R survival 3.5-3 on the recidivism data of Rossi, Berk and Lenihan (1980).
const rossi = columns('rossi.csv.gz', 'week', 'arrest')
describe.skipIf(rossi === null)('rossi (skipped: data not there)', () => {
  const curve = kaplanMeier(
    rossi?.durations ?? new Float64Array(),
    rossi?.happened ?? new Uint8Array(),
  )
  test.each([
    [10, 0.96527778],
    [20, 0.90740741],
    [30, 0.86111111],
    [40, 0.80324074],
    [52, 0.73611111],
  ])('S(%d)', (week, share) => expect(survivalAt(curve, week).value).toBeCloseTo(share, 8))
  test('standard error and interval on the logarithm', () => {
    expect(curve.error.at(-1)).toBeCloseTo(0.021205102, 10)
    expect(survivalAt(curve, 52).low).toBeCloseTo(0.69570139, 8)
    expect(survivalAt(curve, 52).high).toBeCloseTo(0.77886803, 8)
    expect(survivalQuantile(curve).value).toBeNull()
  })
})

const telco = columns('telco_churn.csv.gz', 'tenure', 'Churn')
test.skipIf(telco === null)('telco churn (skipped: data not there)', () => {
  const curve = kaplanMeier(
    telco?.durations ?? new Float64Array(),
    telco?.happened ?? new Uint8Array(),
  )
  const shares: Record<number, number> = {
    1: 0.9459613,
    12: 0.8431996,
    24: 0.7887364,
    48: 0.7088402,
    72: 0.5927902,
  }
  for (const [month, share] of Object.entries(shares))
    expect(survivalAt(curve, Number(month)).value).toBeCloseTo(share, 7)
})

const waltons = columns('waltons_dataset.csv.gz', 'T', 'E')
test.skipIf(waltons === null)('waltons: medians with interval (skipped: data not there)', () => {
  const groups = waltons?.read('group') ?? []
  const median = (group: string) => {
    const chosen = (_: unknown, i: number): boolean => groups[i] === group
    return survivalQuantile(
      kaplanMeier(
        (waltons?.durations ?? new Float64Array()).filter(chosen),
        (waltons?.happened ?? new Uint8Array()).filter(chosen),
      ),
    )
  }
  expect(median('control')).toEqual({ value: 58, low: 56, high: 60 })
  expect(median('miR-137')).toEqual({ value: 26, low: 22, high: 29 })
})

test('without anybody lost to sight it is the share of those left; order does not matter', () => {
  const people = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.boolean()), { minLength: 1 })
  const curveOf = (rows: readonly (readonly [number, boolean])[]) =>
    kaplanMeier(
      Float64Array.from(rows, ([time]) => time),
      Uint8Array.from(rows, ([, event]) => (event ? 1 : 0)),
    )
  fc.assert(
    fc.property(people, (rows) => {
      expect(curveOf(rows.toReversed())).toEqual(curveOf(rows))
      const all = curveOf(rows.map(([time]) => [time, true] as const))
      all.times.forEach((time, i) => {
        const left = rows.filter(([other]) => other > time).length
        expect(all.survival[i]).toBeCloseTo(left / rows.length, 10)
      })
      const curve = curveOf(rows)
      // Whole numbers are counted, others sorted: both give the same curve.
      const halves = curveOf(rows.map(([time, event]) => [time / 64, event] as const))
      expect({ ...halves, times: halves.times.map((time) => 64 * time) }).toEqual(curve)
      curve.survival.forEach((share, i) => {
        if (share > 0) {
          expect(curve.low[i] ?? 2).toBeLessThanOrEqual(share)
          expect(curve.high[i] ?? -1).toBeGreaterThanOrEqual(share)
        }
      })
    }),
  )
  expect(() => kaplanMeier(new Float64Array([Number.NaN]), new Uint8Array([1]))).toThrow(RangeError)
})

test('somebody counted twice is two people; somebody who came later was not at risk before', () => {
  const row = fc.tuple(
    fc.integer({ min: 1, max: 20 }),
    fc.boolean(),
    fc.integer({ min: 1, max: 4 }),
  )
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), fc.constantFrom(1, 1 / 64), (rows, unit) => {
      const curveOf = (list: typeof rows, weights?: Float64Array) =>
        kaplanMeier(
          Float64Array.from(list, ([time]) => time * unit),
          Uint8Array.from(list, ([, event]) => (event ? 1 : 0)),
          weights ? { weights } : {},
        )
      const repeated = rows.flatMap((one) => Array.from({ length: one[2] }, () => one))
      const weighted = curveOf(
        rows,
        Float64Array.from(rows, ([, , count]) => count),
      )
      expect(weighted).toEqual(curveOf(repeated))
      // A stay that is cut in two is the same stay.
      const halves = kaplanMeier(
        Float64Array.from([...rows, ...rows], ([time], i) => (i < rows.length ? time : time / 2)),
        Uint8Array.from([...rows, ...rows], ([, event], i) => (i < rows.length && event ? 1 : 0)),
        {
          entries: Float64Array.from([...rows, ...rows], ([time], i) =>
            i < rows.length ? time / 2 : -1,
          ),
        },
      )
      for (const [time] of rows)
        expect(survivalAt(halves, time)).toEqual(
          survivalAt(
            kaplanMeier(
              Float64Array.from(rows, ([one]) => one),
              Uint8Array.from(rows, ([, event]) => (event ? 1 : 0)),
            ),
            time,
          ),
        )
    }),
  )
})

// R survival 3.5-3: survfit(Surv(week, arrest) ~ 1, conf.type = "log-log")
test.skipIf(rossi === null)('rossi on the log-log scale (skipped: data not there)', () => {
  const curve = kaplanMeier(
    rossi?.durations ?? new Float64Array(),
    rossi?.happened ?? new Uint8Array(),
    { scale: 'log-log' },
  )
  expect(survivalAt(curve, 52).low).toBeCloseTo(0.691859715796, 10)
  expect(survivalAt(curve, 52).high).toBeCloseTo(0.775063183375, 10)
})
