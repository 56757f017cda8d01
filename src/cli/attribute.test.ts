import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { file, rapport, type Ended } from './testing.ts'
import { sharedData } from '../../test/shared-data.ts'

const attribute = (...args: readonly string[]) => rapport('attribute', ...args)

interface Answer {
  readonly totals: Record<string, number>
  readonly channels: readonly {
    readonly channel: string
    readonly credits: Record<string, Record<string, number>>
  }[]
  readonly markov: readonly { order: number; baseConversion: number }[]
  readonly errors: readonly unknown[]
}
const answerOf = ({ stdout }: Ended): Answer => JSON.parse(stdout) as Answer

const small = 'path,conversions,value,nulls\nads > blog > call,2,10.5,3\nblog,1,4,1\n,1,2,9\n'

test('a table for people', async () => {
  const { code, stdout } = await attribute(file('small.csv', small), '--methods', 'first,last')
  expect(code).toBe(0)
  expect(stdout).toBe(
    [
      'channel   first  last',
      'call       0.00  2.00',
      'blog       1.00  1.00',
      'ads        2.00  0.00',
      '(nobody)   1.00  1.00',
      'together   4.00  4.00',
      '',
    ].join('\n'),
  )
})

test('one JSON document for programs, with intervals, the same for a seed', async () => {
  const path = file('small.csv.gz', gzipSync(small))
  const args = [path, '--json', '--order', '1,2', '--bootstrap', '20', '--seed', 'a'] as const
  const first = await attribute(...args)
  const answer = answerOf(first)
  expect(answer.totals).toMatchObject({ conversions: 4, value: 16.5, unattributedConversions: 1 })
  expect(answer.markov.map(({ order }) => order)).toEqual([1, 2])
  const blog = answer.channels.find(({ channel }) => channel === 'blog')
  expect(Object.keys(blog?.credits ?? {})).toEqual([
    ...['first', 'last', 'linear', 'time_decay', 'position', 'markov_1', 'markov_2', 'shapley'],
  ])
  const { conversions = 0, low = 1, high = 0 } = blog?.credits['markov_1'] ?? {}
  expect(low <= conversions && conversions <= high).toBe(true)
  expect((await attribute(...args)).stdout).toBe(first.stdout)
  expect(first.stdout).not.toMatch(/:null|NaN/)
})

test('broken rows are told with their line and reason, the others are counted', async () => {
  const rows = [
    'steps;won;worth;lost',
    'a|b;1;2.5;0',
    'a||b;1;2;0',
    'a;many;1;1',
    'a;-1;0;1',
    'a;0;7;1',
    'a;1;1',
    'a;1;Infinity;0',
    'b;2;;',
  ]
  const path = file('broken.csv', rows.join('\n'))
  const options = ['--path', 'steps', '--conversions', 'won', '--value', 'worth', '--nulls', 'lost']
  const ended = await attribute(path, ...options, '--separator', '|', '--delimiter', ';', '--json')
  const answer = answerOf(ended)
  expect(answer.totals).toMatchObject({ conversions: 3, value: 2.5 })
  expect(answer.errors).toEqual([
    { line: 3, reason: 'Step 2 of the path is empty.' },
    { line: 4, reason: 'The conversions are not a number from 0.' },
    { line: 5, reason: 'The conversions are not a number from 0.' },
    { line: 6, reason: 'There is a value without a conversion.' },
    { line: 7, reason: 'The row has 3 cells, not 4.' },
    { line: 8, reason: 'The value is not a number from 0.' },
  ])
})

describe('what cannot be done is said in one sentence', () => {
  test.each([
    ['no such file', ['nowhere.csv'], 'Cannot read nowhere.csv.'],
    ['no such column', [file('a.csv', small), '--value', 'money'], 'There is no column "money".'],
    ['an unknown method', [file('b.csv', small), '--methods', 'magic'], '"magic" is not among'],
    ['an order of 5', [file('c.csv', small), '--order', '5'], 'Orders are 1, 2, 3 or 4.'],
    ['a half-life of 0', [file('d.csv', small), '--half-life', '0'], 'Must be above 0.'],
    ['an empty file', [file('e.csv', '')], 'The file is empty.'],
    ['a header alone', [file('f.csv', 'path,conversions\n')], 'The file has no rows.'],
    ['no good row', [file('g.csv', 'path,conversions\na,x\n')], 'Line 2: The conversions are'],
    [
      'a path in each channel',
      [
        file(
          'h.csv',
          `path,conversions\n${Array.from({ length: 1001 }, (_, i) => `a>${i},1`).join('\n')}`,
        ),
      ],
      'Is ">" the separator?',
    ],
  ])('%s', async (_, args, words) => {
    const { code, stderr, stdout } = await attribute(...args)
    expect(stderr).toContain(words)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).not.toContain('    at ')
  })
})

const pathData = sharedData('attribution/PathData.csv.gz')
test.skipIf(pathData === null)('PathData (skipped: data not there)', async () => {
  const options = ['--conversions', 'total_conversions', '--value', 'total_conversion_value']
  const ended = await attribute(pathData ?? '', ...options, '--nulls', 'total_null', '--json')
  const answer = answerOf(ended)
  expect(answer.markov[0]?.baseConversion).toBeCloseTo(0.22384513559686, 13)
  const eta = answer.channels.find(({ channel }) => channel === 'eta')
  expect(eta?.credits['first']?.['value']).toBeCloseTo(11909.476213032, 8)
  expect(eta?.credits['markov_1']?.['conversions']).toBeCloseTo(3340.8474, 4)
  expect(answer.errors).toEqual([])
})
