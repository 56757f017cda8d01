import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sharedData } from '../../test/shared-data.ts'
import { logRank } from './log-rank.ts'

function read(file: string, time: string, event: string) {
  const path = sharedData(`survival/${file}`)
  const text = path === null ? '' : gunzipSync(readFileSync(path)).toString('utf8')
  const [header = '', ...lines] = text.trim().split(/\r?\n/)
  const names = header.split(',')
  const cells = lines.map((line) => line.split(','))
  const column = (name: string) => cells.map((row) => row[names.indexOf(name)] ?? '')
  const codes = (name: string) => {
    const values = [...new Set(column(name))]
    return column(name).map((value) => values.indexOf(value))
  }
  return {
    codes,
    durations: Float64Array.from(column(time), Number),
    happened: Uint8Array.from(column(event), (value) => (value === '1' || value === 'Yes' ? 1 : 0)),
  }
}

// R survival 3.5-3: survdiff(Surv(time, event) ~ group)
test.skipIf(sharedData('survival/rossi.csv.gz') === null)(
  'as R says of rossi, waltons and telco (skipped: data not there)',
  () => {
    const rossi = read('rossi.csv.gz', 'week', 'arrest')
    const byAid = logRank({ ...rossi, groups: rossi.codes('fin') })
    expect(byAid.chiSquare).toBeCloseTo(3.8375696, 7)
    expect(byAid.p).toBeCloseTo(0.050116117409, 11)
    const strata = rossi.codes('race')
    const within = logRank({ ...rossi, groups: rossi.codes('fin'), strata })
    expect(within.chiSquare).toBeCloseTo(4.04849659774, 10)
    const waltons = read('waltons_dataset.csv.gz', 'T', 'E')
    expect(logRank({ ...waltons, groups: waltons.codes('group') }).chiSquare).toBeCloseTo(
      122.24913,
      5,
    )
    const telco = read('telco_churn.csv.gz', 'tenure', 'Churn')
    const byContract = logRank({ ...telco, groups: telco.codes('Contract') })
    expect(byContract.chiSquare).toBeCloseTo(2352.873, 3)
    expect(byContract.freedom).toBe(2)
  },
)

test('names of groups, units of time and order of rows do not matter', () => {
  const row = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.integer({ min: 0, max: 3 }))
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const of = (list: typeof rows, unit: number, rename: (group: number) => number) =>
        logRank({
          durations: Float64Array.from(list, ([time]) => time * unit),
          happened: Uint8Array.from(list, ([, event]) => (event ? 1 : 0)),
          groups: list.map(([, , group]) => rename(group)),
        })
      const plain = of(rows, 1, (group) => group)
      const other = of(rows.toReversed(), 0.25, (group) => 5 - group)
      expect(other.chiSquare).toBeCloseTo(plain.chiSquare, 8)
      expect(other.freedom).toBe(plain.freedom)
      expect(plain.p).toBeGreaterThanOrEqual(0)
      expect(plain.p).toBeLessThanOrEqual(1)
    }),
  )
  expect(() =>
    logRank({ durations: new Float64Array(1), happened: new Uint8Array(1), groups: [-1] }),
  ).toThrow(RangeError)
})
