import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { file, rapport, type Ended } from './testing.ts'
import { openBandit, readOpenBandit } from '../decide/testing.ts'
import { sharedData } from '../../test/shared-data.ts'

const evaluate = (...args: readonly string[]) => rapport('evaluate-policy', ...args)

interface Answer {
  readonly actions: readonly string[]
  readonly serves: string
  readonly constantAction: string
  readonly estimates: readonly {
    readonly estimator: string
    readonly value: number
    readonly bootstrap: { readonly low: number; readonly high: number } | null
  }[]
  readonly overlap: { readonly effectiveSample: number }
  readonly warnings: readonly { readonly code: string; readonly level: string }[]
}
const answerOf = ({ stdout }: Ended): Answer => JSON.parse(stdout) as Answer
const valueOf = ({ estimates }: Answer, name: string): number | undefined =>
  estimates.find(({ estimator }) => estimator === name)?.value

/** Two actions, evenly logged; the policy prefers push. */
const log = [
  'action,reward,propensity,p_email,p_push,proposed,age',
  ...Array.from({ length: 400 }, (_, i) => {
    const [action, reward] = [i % 2 === 0 ? 'email' : 'push', Number(i % 10 < 3)]
    return `${action},${reward},0.5,0.25,0.75,push,${i % 7}`
  }),
].join('\n')
const columns = ['--policy-columns', 'p_email,p_push', '--actions', 'email,push']

test('a table for people', async () => {
  const { code, stdout } = await evaluate(file('log.csv', log), ...columns)
  expect(code).toBe(0)
  // Email brings 80 in 200, push 40 in 200: (.25 * 80 + .75 * 40) / .5 / 400 = .25.
  expect(stdout.split('\n').map((line) => line.trim().split(/\s{2,}/))).toEqual([
    ['value', '95 %'],
    ['ips', '0.25', expect.stringMatching(/ to /)],
    ['snips', '0.25', expect.stringMatching(/ to /)],
    ['as logged', '0.3', expect.stringMatching(/ to /)],
    [''],
    ['400 rows count like 320 equal ones; the largest weight is 1.5.'],
    [''],
  ])
})

test('one JSON document for programs, with draws, the same for a seed', async () => {
  const args = [
    file('log.csv.gz', gzipSync(log)),
    ...columns,
    '--json',
    '--bootstrap',
    '50',
  ] as const
  const first = await evaluate(...args, '--features', 'age')
  const answer = answerOf(first)
  expect(answer.estimates.map(({ estimator }) => estimator)).toEqual([
    ...['ips', 'snips', 'dm', 'dr', 'sndr', 'switch_dr'],
  ])
  expect(valueOf(answer, 'dr')).toBeCloseTo(0.25, 1)
  for (const { bootstrap } of answer.estimates) expect(bootstrap).toBeTruthy()
  expect((await evaluate(...args, '--features', 'age')).stdout).toBe(first.stdout)
  expect(first.stdout).not.toMatch(/NaN/)
})

test('a policy that proposes one action; one chance for all rows', async () => {
  const args = ['--policy-action', 'proposed', '--propensity', '0.5', '--json']
  const answer = answerOf(await evaluate(file('proposed.csv', log), ...args))
  expect(answer.actions).toEqual(['email', 'push'])
  expect(valueOf(answer, 'snips')).toBeCloseTo(0.2, 12)
})

test('a tiny effective sample is told on the way', async () => {
  const rare = log.replace('push,1,0.5', 'push,1,0.0001')
  const { code, stdout, stderr } = await evaluate(file('rare.csv', rare), ...columns, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    warnings: expect.arrayContaining([
      expect.objectContaining({ code: 'tiny_effective_sample', level: 'danger' }),
    ]) as unknown,
  })
  expect(stderr).toContain('WARNING: 400 rows weigh as little as')
})

describe('what cannot be done is said in one sentence', () => {
  const path = file('bad.csv', log)
  test.each([
    ['nothing to judge', [path], 'give --policy-columns or --policy-action'],
    ['no such file', ['nowhere.csv', ...columns], 'Cannot read nowhere.csv.'],
    ['no such column', [path, ...columns, '--reward', 'money'], '"money"'],
    ['columns without their actions', [path, '--policy-columns', 'p_email,p_push'], '--actions'],
    ['an action that is not named', [path, ...columns.slice(0, 3), 'email,call'], '"push" is not'],
    ['too few columns', [path, '--policy-columns', 'p_email', ...columns.slice(2)], '1 columns'],
    [
      'chances that do not add up',
      [path, '--policy-columns', 'p_email,age', ...columns.slice(2)],
      'add up',
    ],
    ['both ways', [path, ...columns, '--policy-action', 'proposed'], 'either'],
    ['an unusable chance', [path, ...columns, '--propensity', '7'], 'Log it with each decision'],
  ])('%s', async (_, args, words) => {
    const { code, stderr, stdout } = await evaluate(...args)
    expect(stderr).toContain(words)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).not.toContain('    at ')
  })
})

test.skipIf(!openBandit)('Open Bandit, men (skipped: data not there)', async () => {
  const { logged, other } = readOpenBandit('bts', 'men')
  const names = Array.from({ length: 34 }, (_, a) => `p${a}`)
  const rows = Array.from(logged.action, (action, i) =>
    [action, logged.reward[i], logged.propensity[i], ...other.subarray(34 * i, 34 * i + 34)].join(),
  )
  const text = [['action', 'reward', 'propensity', ...names].join(), ...rows].join('\n')
  const path = file('men.csv', text)
  const answer = answerOf(await evaluate(path, '--policy-columns', names.join(), '--json'))
  expect(Math.abs((valueOf(answer, 'ips') ?? 0) - 0.0030086263272564836)).toBeLessThan(1e-12)
  expect(Math.abs((valueOf(answer, 'snips') ?? 0) - 0.003189423162277392)).toBeLessThan(1e-12)
  expect(answer.overlap.effectiveSample).toBeCloseTo(655.709849587315, 6)
})

const hillstrom = sharedData('hillstrom/hillstrom.csv.gz')
test.skipIf(hillstrom === null)('Hillstrom: men for all (skipped: data not there)', async () => {
  const options = ['--action', 'segment', '--reward', 'visit', '--propensity', '0.3333333333333333']
  const features = ['--features', 'recency,history,mens,womens,zip_code,newbie,channel']
  const answer = answerOf(await evaluate(hillstrom ?? '', ...options, ...features, '--json'))
  expect(answer).toMatchObject({ serves: 'constant', constantAction: 'Mens E-Mail' })
})
