import { describe, expect, test } from 'vitest'
import { file, rapport } from './testing.ts'
import { sharedData } from '../../test/shared-data.ts'
import { makeExperiment } from '../prove/uplift/testing.ts'

const uplift = (...args: readonly string[]) => rapport('uplift', ...args)

interface Answer {
  readonly rows: number
  readonly leftOut: number
  readonly best: string
  readonly columns?: readonly string[]
  readonly rankings: readonly {
    readonly name: string
    readonly qini: { value: number; low: number; high: number; p: number } | null
    readonly auuc: { value: number } | null
    readonly tenths: readonly unknown[]
  }[]
}

const made = makeExperiment('command', 3_000)
const [first, second] = made.columns
const lines = [
  'mail,visit,age,town,score',
  ...Array.from(made.outcomes, (outcome, i) =>
    [
      ['none', 'blue', 'red'][i % 10 === 9 ? 2 : (made.treatments[i] ?? 0)],
      outcome,
      i % 50 === 0 ? '' : first?.[i]?.toFixed(3),
      (second?.[i] ?? 0) > 0 ? 'Ulm' : 'Bonn',
      made.effects[i]?.toFixed(4),
    ].join(','),
  ),
]
const mailing = file('mailing.csv', lines.join('\n'))
const arms = ['--treatment', 'mail', '--treated', 'blue', '--control', 'none'] as const

test('learns from numbers, kinds and gaps, one arm against another, the same for a seed', async () => {
  const args = [mailing, ...arms, '--outcome', 'visit', '--features', 'age,town', '--json']
  const ended = await uplift(...args, '--bootstrap', '50')
  const answer = JSON.parse(ended.stdout) as Answer
  expect([answer.rows, answer.leftOut]).toEqual([2_700, 300])
  expect(answer.columns?.[0]).toBe('age')
  expect(answer.columns?.[1]).toMatch(/^town = (Ulm|Bonn)$/)
  expect(answer.rankings.map(({ name }) => name)).toEqual([
    'two-model',
    'class-transformation',
    'x-learner',
  ])
  const best = answer.rankings.find(({ name }) => name === answer.best)
  expect(best?.qini?.value).toBeGreaterThan(0.03)
  expect(best?.tenths).toHaveLength(10)
  expect(ended.stdout).not.toContain('NaN')
  expect((await uplift(...args, '--bootstrap', '50')).stdout).toBe(ended.stdout)
})

test('judges given scores, and says it in words', async () => {
  const ended = await uplift(mailing, ...arms, '--outcome', 'visit', '--score', 'score')
  expect(ended.stderr).toBe('')
  expect(ended.stdout).toMatch(
    /^2700 rows: \d+ treated, \d+ controls; 300 of other arms left out\./,
  )
  expect(ended.stdout).toMatch(/score: Qini 0\.\d{4} \(0\.\d{4} to 0\.\d{4}\), p .*; AUUC 0\.\d{4}/)
  expect(ended.stdout).toMatch(/Effect among the highest 10 %: \+\d+\.\d\d points/)
})

describe('what cannot be done is said in one sentence', () => {
  const asked = ['--treatment', 'mail', '--outcome', 'visit'] as const
  const arm = (lot: string) => file(`${lot}.csv`, ['t,y,x', ...[...lot].map((t, i) => `${t},${i % 2},${i}`)].join('\n')) // prettier-ignore
  const plain = ['--treatment', 't', '--outcome', 'y', '--score', 'x'] as const
  test.each<[string, readonly string[], string]>([
    ['no such file', ['nowhere.csv', ...asked, '--score', 'score'], 'Cannot read nowhere.csv'],
    ['no such column', [mailing, ...asked, '--score', 'luck'], 'There is no column "luck"'],
    ['neither features nor scores', [mailing, ...asked], 'either --features'],
    ['arms without names', [mailing, ...asked, '--score', 'score'], '--treated and --control'],
    ['an arm that is not there', [mailing, ...asked, '--treated', 'green', '--control', 'none', '--score', 'score'], 'Nobody was treated'], // prettier-ignore
    ['an outcome that is no 0 or 1', [mailing, ...arms, '--outcome', 'score', '--features', 'age'], 'is 1 or 0, not'], // prettier-ignore
    ['a score with gaps', [mailing, ...arms, '--outcome', 'visit', '--score', 'age'], 'lacks a score in row 1'], // prettier-ignore
    ['all treated', [arm('111111'), ...plain], 'Everybody was treated'],
    ['too few to learn from', [arm('0101100110'), ...plain.slice(0, 4), '--features', 'x'], 'are needed'], // prettier-ignore
    ['an unknown method', [mailing, ...asked, '--method', 'magic'], "'magic' is invalid"],
    ['one fold', [mailing, ...asked, '--folds', '1'], 'from 2 to 20'],
  ])('%s', async (_, args, words) => {
    const { code, stdout, stderr } = await uplift(...args)
    expect(stderr).toContain(words)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).not.toContain('    at ')
  })
})

const women = sharedData('hillstrom/ref_scores_womens.csv.gz')
test.skipIf(women === null)('scikit-uplift on Hillstrom (skipped: data not there)', async () => {
  const args = ['--treatment', 'treatment', '--outcome', 'y', '--score', 'score', '--json']
  const { rankings } = JSON.parse((await uplift(women ?? '', ...args)).stdout) as Answer
  expect(rankings[0]?.qini?.value).toBeCloseTo(0.05414840974561351, 12)
  expect(rankings[0]?.auuc?.value).toBeCloseTo(0.024446787467538394, 12)
})
