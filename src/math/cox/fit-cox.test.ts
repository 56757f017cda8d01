import { describe, expect, test } from 'vitest'
import { fitCox } from './fit-cox.ts'
import { readTestTable, type TestTable } from './testing.ts'
import type { CoxData } from './cox-rows.ts'

// All numbers: R 4.2.2, survival 3.5-3, coxph(control = coxph.control(eps = 1e-15)): its default stops
// at a change of 1e-9, which leaves the tenth digit open.
const rossi = readTestTable('rossi.csv.gz')
const rossiNames = ['fin', 'age', 'race', 'wexp', 'mar', 'paro', 'prio']
const close = (actual: ArrayLike<number>, expected: readonly number[], digits = 11): void => {
  expect(actual).toHaveLength(expected.length)
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, digits))
}

const dataOf = (table: TestTable, names: readonly string[]): CoxData => ({
  stop: table.numbers('week'),
  event: table.flags('arrest', '1'),
  covariates: names.map((name) => table.numbers(name)),
  names,
})

describe.skipIf(rossi === null)('rossi (skipped: data not there)', () => {
  const table = rossi as TestTable
  const data = (): CoxData => dataOf(table, rossiNames)

  test('Efron', () => {
    const { fit } = fitCox(data())
    close(fit.coefficients, [
      ...[-0.37942216687121, -0.05743774301376, 0.3138997859493, -0.14979569722279],
      ...[-0.43370387669025, -0.08487108299084, 0.09149707935112],
    ])
    close(fit.errors, [
      ...[0.19137948071281, 0.02199947062795, 0.30799277639294, 0.21222429615816],
      ...[0.38186805746492, 0.19575667192092, 0.02864855007347],
    ])
    expect(fit.nullLogLikelihood).toBeCloseTo(-675.380632347, 9)
    expect(fit.logLikelihood).toBeCloseTo(-658.747659446, 9)
    expect(fit.concordance).toBeCloseTo(0.6403292471, 10)
    expect(fit.ridge).toBeNull()
    expect([fit.rows, fit.events]).toEqual([432, 114])
  })

  test('Breslow', () => {
    const { fit } = fitCox(data(), { ties: 'breslow', robust: true })
    close(fit.coefficients, [
      ...[-0.37902188779503, -0.05724592536356, 0.31412976506825, -0.15111459962746],
      ...[-0.43278257254905, -0.08498283575161, 0.09111154050047],
    ])
    expect(fit.logLikelihood).toBeCloseTo(-659.12061, 5)
    close(fit.errors, [
      ...[0.19468774009336, 0.02522870020501, 0.29107772334744, 0.21696090349916],
      ...[0.37889121679818, 0.19834201086771, 0.02874838709293],
    ])
    close(fit.covariance.filter((_, k) => k % 8 === 0).map(Math.sqrt), [
      ...[0.19136442585902, 0.02198318575147, 0.30801727957876, 0.21212316079632],
      ...[0.38179493506431, 0.19574820732321, 0.02863125306682],
    ])
  })

  test('robust errors, by row and by cluster', () => {
    close(fitCox(data(), { robust: true }).fit.errors, [
      ...[0.19554177888059, 0.02533614632082, 0.29232855510888, 0.21806031518614],
      ...[0.38024446538607, 0.19920082956569, 0.02897459481161],
    ])
    const clusters = Int32Array.from({ length: table.rows }, (_, i) => i % 40)
    close(fitCox(data(), { clusters }).fit.errors, [
      ...[0.22028882591959, 0.02471268346471, 0.26569296781192, 0.21239607836394],
      ...[0.37138124114264, 0.19845628901051, 0.02822055500712],
    ])
  })

  test('strata', () => {
    const { fit } = fitCox({
      ...dataOf(table, ['fin', 'age', 'prio']),
      strata: table.flags('race', '1'),
    })
    close(fit.coefficients, [-0.36417192411, -0.0674582345098, 0.1007481749778])
    expect(fit.nullLogLikelihood).toBeCloseTo(-636.926967332, 9)
    expect(fit.logLikelihood).toBeCloseTo(-621.895194551, 9)
    expect(fit.concordance).toBeCloseTo(0.62537273774, 10)
  })

  const cut = splitRows(data(), [10, 20, 30])
  test('rows that are cut in time give the same fit', () => {
    const whole = fitCox(data(), { robust: true }).fit
    const { fit } = fitCox(cut.data, { clusters: cut.row })
    close(fit.coefficients, [...whole.coefficients], 10)
    close(fit.errors, [...whole.errors], 10)
    expect(fit.logLikelihood).toBeCloseTo(whole.logLikelihood, 9)
    expect(fit.concordance).toBeCloseTo(whole.concordance ?? 0, 10)
  })

  test('a covariate that changes with time: survSplit at 10, 20, 30; age after 20; cluster', () => {
    const [fin, age, , , , , prio] = cut.data.covariates
    const late = age?.map((value, i) => ((cut.data.start?.[i] ?? 0) >= 20 ? value : 0))
    const { fit } = fitCox(
      {
        ...{ ...cut.data, names: ['fin', 'age', 'late', 'prio'] },
        covariates: [fin, age, late, prio].filter((column) => column !== undefined),
      },
      { clusters: cut.row },
    )
    close(fit.coefficients, [
      ...[-0.3469608789908, -0.0283520266218, -0.064941429715, 0.0975302971745],
    ])
    close(fit.errors, [0.1915944704933, 0.0344092961264, 0.0471805111432, 0.0270389042285])
    expect(fit.logLikelihood).toBeCloseTo(-659.665740572, 9)
    expect(fit.concordance).toBeCloseTo(0.631099995303, 10)
  })

  test('people over 25 who were not watched from the beginning', () => {
    const { covariates, start = new Float64Array(), stop, event } = cut.data
    const keep = (_: number, i: number): boolean =>
      !((start[i] ?? 0) === 0 && (covariates[1]?.[i] ?? 0) > 25)
    const { fit } = fitCox({
      ...{ stop: stop.filter(keep), event: event.filter(keep), start: start.filter(keep) },
      names: ['fin', 'age', 'prio'],
      covariates: [0, 1, 6].map((j) => (covariates[j] ?? stop).filter(keep)),
    })
    expect(fit.rows).toBe(1483)
    close(fit.coefficients, [-0.3571719859154, -0.0929068619744, 0.1044258691117])
    close(fit.errors, [0.1957249202705, 0.024452418051, 0.0278615208481])
    expect(fit.logLikelihood).toBeCloseTo(-617.53023291, 8)
    expect(fit.concordance).toBeCloseTo(0.653073027787, 10)
  })
})

const telco = readTestTable('telco_churn.csv.gz')
test.skipIf(telco === null)('telco churn, many ties (skipped: data not there)', () => {
  const table = telco as TestTable
  const { fit } = fitCox({
    stop: table.numbers('tenure'),
    event: table.flags('Churn', 'Yes'),
    names: ['one year', 'two year', 'MonthlyCharges', 'SeniorCitizen'],
    covariates: [
      Float64Array.from(table.flags('Contract', 'One year')),
      Float64Array.from(table.flags('Contract', 'Two year')),
      table.numbers('MonthlyCharges'),
      table.numbers('SeniorCitizen'),
    ],
  })
  close(
    fit.coefficients,
    [-2.1871047829708137, -4.2174382157437256, 0.0001342955915118, 0.0227685687944753],
    10,
  )
  close(
    fit.errors,
    [0.083866269707346, 0.157257050848788, 0.000917756409092, 0.054881588404765],
    11,
  )
  expect(fit.logLikelihood).toBeCloseTo(-14343.4561202, 7)
  expect(fit.concordance).toBeCloseTo(0.763240502824, 10)
})

const gbsg2 = readTestTable('gbsg2.csv.gz')
test.skipIf(gbsg2 === null)('gbsg2 (skipped: data not there)', () => {
  const table = gbsg2 as TestTable
  const { fit } = fitCox({
    stop: table.numbers('time'),
    event: table.flags('cens', '1'),
    names: ['horTh', 'age', 'pnodes', 'progrec'],
    covariates: [
      Float64Array.from(table.flags('horTh', 'yes')),
      ...['age', 'pnodes', 'progrec'].map((name) => table.numbers(name)),
    ],
  })
  close(fit.coefficients, [
    ...[-0.3397786083206065, 0.0003135652574314, 0.0558112032752947, -0.0026144161967205],
  ])
  close(fit.errors, [0.1281549738759311, 0.006012042025829, 0.0066940972724572, 0.0005695190700366])
  expect(fit.logLikelihood).toBeCloseTo(-1743.85824276, 7)
  expect(fit.concordance).toBeCloseTo(0.681957887459, 10)
})

const lung = readTestTable('lung.csv.gz')
test.skipIf(lung === null)('lung, weighted by 1 + inst mod 3 (skipped: data not there)', () => {
  const table = lung as TestTable
  const [inst, ecog] = [table.numbers('inst'), table.numbers('ph.ecog')]
  const keep = (_: number, i: number): boolean => !Number.isNaN((inst[i] ?? 0) + (ecog[i] ?? 0))
  const column = (name: string): Float64Array => table.numbers(name).filter(keep)
  const { fit } = fitCox(
    {
      stop: column('time'),
      event: table.flags('status', '1').filter(keep),
      names: ['age', 'sex', 'ph.ecog'],
      covariates: ['age', 'sex', 'ph.ecog'].map(column),
      weights: inst.filter(keep).map((value) => 1 + (value % 3)),
    },
    { robust: true },
  )
  expect(fit.rows).toBe(226)
  close(fit.coefficients, [0.0136097929291, -0.59255147247, 0.4922513077586])
  close(fit.errors, [0.0101583431541, 0.1786076664866, 0.1297230374146])
  expect(Math.sqrt(fit.covariance[0] ?? 0)).toBeCloseTo(0.00709092620495, 12)
  expect(fit.logLikelihood).toBeCloseTo(-1464.66138053, 8)
  expect(fit.concordance).toBeCloseTo(0.649783855045, 10)
})

/** Rows cut at these times into (start, stop], as R's survSplit does. */
function splitRows(data: CoxData, times: readonly number[]) {
  const [start, stop, event, row]: [number[], number[], number[], number[]] = [[], [], [], []]
  data.stop.forEach((end, i) => {
    const ends = [...times.filter((time) => time < end), end]
    ends.forEach((to, k) => {
      start.push(ends[k - 1] ?? 0)
      stop.push(to)
      event.push(to === end ? (data.event[i] ?? 0) : 0)
      row.push(i)
    })
  })
  const cutData: CoxData = {
    ...{ start: Float64Array.from(start), stop: Float64Array.from(stop) },
    ...{ event: Uint8Array.from(event), names: data.names },
    covariates: data.covariates.map((column) => Float64Array.from(row, (i) => column[i] ?? 0)),
  }
  return { data: cutData, row: Int32Array.from(row) }
}
