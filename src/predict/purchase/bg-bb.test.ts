/** Donors of the 1995 cohort: Fader, Hardie and Shang 2010; tests of the package BTYD. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import {
  bgbbAlive,
  bgbbCountsNew,
  bgbbExpected,
  bgbbExpectedNew,
  bgbbLoss,
  fitBgbb,
  type BgbbParameters,
} from './bg-bb.ts'
import { off, sum } from './testing.ts'
import { sharedData } from '../../../test/shared-data.ts'

const file = sharedData('cdnow/donations.csv.gz')
const printed: BgbbParameters = { alpha: 1.204, beta: 0.75, gamma: 0.657, delta: 2.783 }

test.skipIf(file === null)('the donors (skipped: data not there)', () => {
  const rows = gunzipSync(readFileSync(file ?? ''))
    .toString('utf8')
    .trim()
    .split('\n')
    .slice(1)
  const cells = rows.map((line) => line.split(',').map(Number))
  const [frequency, recency, periods, weight] = [0, 1, 2, 3].map((place) =>
    Float64Array.from(cells, (row) => row[place] ?? 0),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array]
  const fit = fitBgbb({ frequency, recency, periods, weight })
  expect(fit).toMatchObject({ customers: 11_104, converged: true })
  for (const [name, value] of Object.entries(printed))
    expect(Math.abs((fit.parameters[name] ?? 0) - value)).toBeLessThan(5.5e-4)
  expect(fit.logLikelihood).toBeCloseTo(-33_225.58, 2)
  const parameters = fit.parameters as unknown as BgbbParameters
  const counts = bgbbCountsNew(parameters, 6)
  expect(11_104 * (counts[0] ?? 0)).toBeCloseTo(3454.9, 1)
  expect(11_104 * (counts[6] ?? 0)).toBeCloseTo(1253.1, 1)
  const five = cells.map(
    ([x = 0, t = 0, n = 0, donors = 0]) =>
      donors * bgbbExpected(parameters, { frequency: x, recency: t, periods: n }, 5),
  )
  expect(off(sum(five), 12_884.2)).toBeLessThan(1e-5)
})

test('who gives next year', () => {
  for (const [x, t, alive] of [
    [0, 0, 0.11],
    [2, 4, 0.59],
    [6, 6, 0.93],
  ] as const) {
    const history = { frequency: x, recency: t, periods: 6 }
    expect(bgbbAlive(printed, history)).toBeCloseTo(alive, 2)
  }
})

test('expected donations (BTYD; its parameters have more digits than the paper)', () => {
  expect(off(bgbbExpectedNew(printed, 10), 3.179805)).toBeLessThan(5e-4)
  const [never, often] = [
    [0, 0],
    [4, 5],
  ].map(([frequency = 0, recency = 0]) =>
    bgbbExpected(printed, { frequency, recency, periods: 6 }, 10),
  )
  expect(off(never ?? 0, 0.1302169)).toBeLessThan(2e-3)
  expect(off(often ?? 0, 3.627858)).toBeLessThan(5e-4)
})

test('the gradient is that of the value; chances add up', () => {
  const loss = bgbbLoss(
    {
      ...{ frequency: Float64Array.of(0, 2, 6, 1), recency: Float64Array.of(0, 4, 6, 6) },
      periods: Float64Array.of(6, 6, 6, 9),
    },
    4,
  )
  const point = Float64Array.of(1.2, 0.7, 0.6, 2.8).map(Math.log)
  const gradient = new Float64Array(4)
  loss(point, gradient)
  for (let i = 0; i < 4; i++) {
    const near = (step: number): number =>
      loss(
        point.map((value, j) => value + (i === j ? step : 0)),
        new Float64Array(4),
      )
    expect(gradient[i]).toBeCloseTo((near(1e-5) - near(-1e-5)) / 2e-5, 8)
  }
  const counts = bgbbCountsNew(printed, 12)
  expect(sum(counts)).toBeCloseTo(1, 12)
  expect(sum(counts.map((chance, n) => n * chance))).toBeCloseTo(bgbbExpectedNew(printed, 12), 12)
})

test.each([
  [1.5, 2, 6, /whole numbers/],
  [3, 2, 6, /frequency may not be above/],
  [0, 2, 6, /none is counted/],
  [0, 0, 0, /periods must lie/],
])('(%d, %d, %d) is refused', (x, t, n, words) => {
  const [frequency, recency, periods] = [x, t, n].map((value) => Float64Array.of(value)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  expect(() => fitBgbb({ frequency, recency, periods })).toThrow(words)
})
