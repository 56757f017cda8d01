import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { dayOfText } from './day-of-text.ts'
import { fitCommand } from './fit.ts'
import { predictCommand } from './predict.ts'
import { file, rapport } from './testing.ts'
import { RapportError } from '../domain/error.ts'
import { sharedData } from '../../test/shared-data.ts'

const orders = [
  'customer,date,value',
  ...['ann,2026-01-01,10', 'ann,2026-01-15,20', 'ann,2026-01-15,5', 'ann,2026-02-12,30'],
  ...['bob,2026-01-03,7', 'cid,2026-01-08,9', 'cid,2026-01-22,11', 'cid,2026-03-26,13'],
  ...['"dee, jr",2026-01-08,9', 'eve,2026-01-08T10:00:00Z,4', 'eve,2026-03-26,4'],
].join('\n')

describe('transactions', () => {
  const asked = ['--customer', 'customer', '--date', 'date', '--calibration-end', '2026-03-01']

  test('to a fit with its holdout, and to forecasts by it', async () => {
    const path = file('orders.csv', orders)
    const fitted = await rapport('fit', 'bgnbd', path, ...asked, '--json')
    expect(fitted.code).toBe(0)
    const model = JSON.parse(fitted.stdout) as Record<string, unknown>
    expect(model).toMatchObject({
      kind: 'bgnbd',
      customers: 5,
      purchases: 3,
      unit: 'week',
      lines: 11,
    })
    expect(model['holdout']).toMatchObject({ customers: 5, actual: 2, time: 25 / 7 })
    expect(fitted.stdout).not.toMatch(/NaN/)
    const spend = await rapport('fit', 'gammagamma', path, ...asked, '--value', 'value', '--json')
    const args = [
      '--model',
      file('m.json', fitted.stdout),
      '--spend-model',
      file('s.json', spend.stdout),
    ]
    const { stdout } = await rapport('predict', path, ...asked, '--value', 'value', ...args)
    const lines = stdout.trim().split('\n')
    expect(lines[0]).toBe('id,alive,expected,low,high,any,typical,spend,value')
    expect(lines.map((line) => line.slice(0, 3))).toEqual([
      'id,',
      'ann',
      'bob',
      'cid',
      '"de',
      'eve',
    ])
  })

  test('with a honeymoon, in days, for people', async () => {
    const path = file('orders.csv', orders)
    const { code, stdout } = await rapport(
      'fit',
      'mbgnbd',
      path,
      ...asked,
      '--unit',
      'day',
      '--honeymoon',
    )
    expect(code).toBe(0)
    for (const words of ['boost', 'fade', 'Log-likelihood', 'Held out (25)'])
      expect(stdout).toContain(words)
  })
})

const summaries = 'id,x,t_x,T\na,2,30.43,38.86\nb,0,0,38.86\n'
const named = ['--frequency', 'x', '--recency', 't_x', '--age', 'T']
const excel = 'bgnbd:r=.243,alpha=4.414,a=.793,b=2.426'

test('forecasts by parameters: the customer of the note on Excel', async () => {
  const path = file('summaries.csv', summaries)
  const args = ['--parameters', excel, '--horizon', '39', '--json']
  const { stdout } = await rapport('predict', path, ...named, ...args)
  const [first] = stdout.split('\n').map((line) => (line ? (JSON.parse(line) as object) : {}))
  expect(first).toMatchObject({ id: 'a', expected: expect.closeTo(1.226, 3) as number, low: 0 })
})

test.each([
  [['fit', 'bgnbd', 'S'], /There is no column "frequency". The file has: id, x, t_x, T/],
  [['fit', 'bgnbd', 'S', ...named.slice(0, 4), '--age', 'x'], /row 1 the recency must lie between/],
  [['fit', 'bgnbd', 'S', ...named, '--honeymoon'], /give transactions/],
  [['fit', 'gammagamma', 'S', ...named], /no column "spend"/],
  [['fit', 'bgnbd', 'S', '--customer', 'id', '--date', 'T'], /is no date/],
  [['predict', 'S', ...named], /--model or --parameters/],
  [['predict', 'S', ...named, '--parameters', 'bgnbd:r=x'], /are written as/],
  [['predict', 'S', ...named, '--parameters', 'bgnbd:r=1'], /needs the parameters/],
  [['predict', 'S', ...named, '--parameters', 'arima:r=1'], /Models to predict by are/],
  [['predict', 'S', ...named, '--model', 'S'], /is not what/],
])('%j says what is wrong', async (args, words) => {
  const path = file('summaries.csv', summaries)
  const program = new Command('rapport').option('--json')
  program.addCommand(fitCommand()).addCommand(predictCommand())
  const asked = args.map((one) => (one === 'S' ? path : one))
  const failed = await program.parseAsync(asked, { from: 'user' }).catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(RapportError)
  expect((failed as RapportError).message).toMatch(words)
})

test('an option that a model does not have', async () => {
  const path = file('summaries.csv', summaries)
  const { code, stderr } = await rapport('fit', 'paretonbd', path, ...named, '--honeymoon')
  expect(code).not.toBe(0)
  expect(stderr).toMatch(/unknown option/)
})

test.each([
  ['1997-01-31', 9892],
  ['19970131', 9892],
  ['1997-01-31T23:59:59-08:00', 9892],
  ['1997-02-29', null],
  ['31.1.1997', null],
  ['1997-0131', null],
])('%s is day %s', (text, day) => expect(dayOfText(text)).toBe(day))

test('BG/BB for people', async () => {
  const path = file(
    'donors.csv',
    'frequency,recency,periods,n\n0,0,6,30\n2,4,6,9\n6,6,6,12\n3,6,6,5\n',
  )
  const { code, stdout } = await rapport('fit', 'bgbb', path, '--weight', 'n')
  expect(code).toBe(0)
  for (const words of ['56 customers', 'alpha', 'delta', 'Log-likelihood'])
    expect(stdout).toContain(words)
})

const cdnow = sharedData('cdnow/CDNOW_sample.txt.gz')

test.skipIf(cdnow === null)('CDNOW from its file (skipped: data not there)', async () => {
  const columns = ['--no-header', '--delimiter', 'space', '--customer', '2', '--date', '3']
  const args = [...columns, '--calibration-end', '1997-09-30', '--json']
  const { stdout } = await rapport('fit', 'bgnbd', cdnow ?? '', ...args)
  expect(JSON.parse(stdout)).toMatchObject({
    logLikelihood: expect.closeTo(-9582.4292, 4) as number,
    ...{ customers: 2357, purchases: 2457, histories: 1016, lines: 6919, converged: true },
    holdout: { actual: 1882, predicted: expect.closeTo(1653.41, 2) as number },
  })
})
