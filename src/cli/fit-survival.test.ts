import { expect, test } from 'vitest'
import { file, rapport } from './testing.ts'
import { sharedData } from '../../test/shared-data.ts'

const fit = (...args: readonly string[]) => rapport('fit', ...args)

const stays = `months,gone,plan,price
1,yes,small,5
2,no,small,7
3,yes,large,3
4,yes,small,6
4,no,large,2
,no,large,4
6,no,large,6
`

// Fader and Hardie (2007), table 1: high end, years 1 to 7.
test('sbg of a cohort in shares, later years held against it', async () => {
  const shares = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8]
  const path = file('cohort.csv', ['share', ...shares].join('\n'))
  const { stdout } = await fit(
    ...['sbg', path, '--survivors', 'share', '--customers', '1000', '--until', '7', '--json'],
  )
  const answer = JSON.parse(stdout) as {
    parameters: { alpha: number }
    logLikelihood: number
    periods: { survivors: number; seen: number | null; low: number; high: number }[]
  }
  expect(answer.parameters.alpha).toBeCloseTo(0.668088, 6)
  expect(answer.logLikelihood).toBeCloseTo(-1611.1581, 4)
  expect(answer.periods).toHaveLength(12)
  expect(answer.periods[7]?.survivors).toBeCloseTo(0.4604, 4)
  expect(answer.periods[7]?.seen).toBeCloseTo(0.468, 10)
  expect(answer.periods[8]?.seen).toBeNull()
})

test('sbg of customers, in words', async () => {
  const lines = [1, 1, 1, 2, 2, 3, 4, 4].map((months, i) => `${months},${i % 3 === 2 ? 0 : 1}`)
  const path = file('customers.csv', ['months,churned', ...lines].join('\n'))
  const { stdout, code } = await fit('sbg', path, '--periods', 'months', '--left', 'churned')
  expect(code).toBe(0)
  expect(stdout).toMatch(/renewals were up; 6 customers left/)
})

test('kaplanmeier by group, with lines that lack a value', async () => {
  const path = file('stays.csv', stays)
  const args = ['--time', 'months', '--event', 'gone', '--group', 'plan', '--at', '3']
  const { stdout } = await fit('kaplanmeier', path, ...args)
  expect(stdout).toMatch(/^small\s+3\s+2\s+4/m)
  expect(stdout).toMatch(/Log-rank: chi-square/)
  expect(stdout).toMatch(/1 lines lack a value/)
  const json = await fit('kaplanmeier', path, ...args, '--json')
  const answer = JSON.parse(json.stdout) as { groups: { group: string; survival: object[] }[] }
  expect(answer.groups.map(({ group }) => group)).toEqual(['small', 'large'])
  expect(answer.groups[1]?.survival[0]).toMatchObject({
    time: 3,
    survival: expect.closeTo(2 / 3, 12),
  })
})

test('cox with a category, and what it cannot do', async () => {
  const path = file('more.csv', stays)
  const asked = ['cox', path, '--time', 'months', '--event', 'gone']
  const { stdout } = await fit(...asked, '--covariates', 'price', '--categories', 'plan', '--json')
  const answer = JSON.parse(stdout) as { rows: number; covariates: { name: string }[] }
  expect(answer.rows).toBe(6)
  expect(answer.covariates.map(({ name }) => name)).toEqual(['price', 'plan=small'])
  const none = await fit(...asked)
  expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/--covariates/)])
  const wrong = await fit(
    'cox',
    path,
    '--time',
    'months',
    '--event',
    'plan',
    '--covariates',
    'price',
  )
  expect(wrong.stderr).toMatch(/neither yes nor no.*--event-value/)
})

const telco = sharedData('survival/telco_churn.csv.gz')
// R survival 3.5-3.
test.skipIf(telco === null)('telco churn as R fits it (skipped: data not there)', async () => {
  const { stdout } = await fit(
    ...['cox', telco ?? '', '--time', 'tenure', '--event', 'Churn', '--categories', 'Contract'],
    ...['--covariates', 'MonthlyCharges,SeniorCitizen', '--json'],
  )
  const answer = JSON.parse(stdout) as {
    covariates: { coefficient: number }[]
    logLikelihood: number
  }
  const coefficients = [0.000134296, 0.0227685688, -2.187104783, -4.2174382157]
  coefficients.forEach((value, j) =>
    expect(answer.covariates[j]?.coefficient).toBeCloseTo(value, 8),
  )
  expect(answer.logLikelihood).toBeCloseTo(-14343.46, 2)
})
