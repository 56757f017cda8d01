import { describe, expect, test } from 'vitest'
import { file, rapport } from './testing.ts'
import { sharedData } from '../../test/shared-data.ts'

const match = (...args: readonly string[]) => rapport('match', ...args)

const firstNames = ['Ada', 'Grace', 'Emmy', 'Sofja', 'Lise', 'Rosalind', 'Hedy', 'Jane', 'Mae']
const lastNames = ['Lovelace', 'Hopper', 'Noether', 'Germain', 'Meitner', 'Franklin', 'Lamarr']
const people = firstNames.flatMap((first, i) =>
  lastNames.map((last, j) => [first, last, `19${40 + i}-0${j + 1}-1${j}`, `${i}${j}`]),
)
const twice = people
  .slice(0, 20)
  .map(([first = '', last = '', ...rest]) => [`${first}h`, last, ...rest])
const csv = (rows: readonly (readonly string[])[]): string =>
  ['first,last,born,person', ...rows.map((row) => row.join(','))].join('\n')
const fields = ['--fields', 'first:name,last:name,born:date', '--block', 'born,first+last']

interface Answer {
  readonly pairs: readonly {
    readonly left: string
    readonly right: string
    readonly probability: number
    readonly reasons: readonly { field: string; level: string; weight: number }[]
  }[]
  readonly quality: { readonly f1: number; readonly truePairs: number } | null
}

test('duplicates in one file, as a table with reasons, and how good it is to standard error', async () => {
  const path = file('all.csv', csv([...people, ...twice]))
  const { code, stdout, stderr } = await match(path, ...fields, '--truth', 'person')
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: '20 pairs are likely, of 20 compared. Precision 1.0000, recall 1.0000, F1 1.0000.\n',
  })
  const [header, first = ''] = stdout.split('\n')
  expect(header).toBe(
    'left,right,probability,weight,first,first_weight,last,last_weight,born,born_weight',
  )
  expect(first).toMatch(/^\d+,\d+,(0\.99|1\.00)\d+,[\d.]+,similar,[\d.]+,same,[\d.]+,same,[\d.]+$/)
})

test('two files, as JSON', async () => {
  const [one, other] = [file('one.csv', csv(people)), file('other.csv', csv(twice))]
  const { stdout } = await match('--json', one, other, ...fields, '--id', 'person', '--one-to-one')
  const { pairs, quality } = JSON.parse(stdout) as Answer
  expect(quality).toBeNull()
  expect(pairs.map(({ left, right }) => left === right)).toEqual(twice.map(() => true))
  expect(pairs[0]?.reasons.map(({ field, level }) => [field, level])).toEqual([
    ['first', 'similar'],
    ['last', 'same'],
    ['born', 'same'],
  ])
})

test.each([
  [['--fields', 'first'], 'is not like surname:name'],
  [['--fields', 'first:name', '--block', 'last'], '"last" to block on is not among the fields'],
  [['--fields', 'first:name', '--truth', 'x', '--truth-pattern', '('], 'no regular expression'],
  [['--fields', 'first:name', '--one-to-one'], 'One to one needs two tables'],
])('what is asked wrongly (%j) is said', async (args, words) => {
  const { code, stderr } = await match(file('wrong.csv', csv(people)), ...args)
  expect(code).not.toBe(0)
  expect(stderr).toContain(words)
})

const [a, b] = ['a', 'b'].map((side) => sharedData(`febrl/dataset4${side}.csv.gz`))

describe.skipIf(!a || !b)('FEBRL, set 4 (skipped: data not there)', () => {
  test('every pair, and no other', async () => {
    const { stdout } = await match(
      ...['--json', a ?? '', b ?? '', '--truth', 'rec_id', '--truth-pattern', '^rec-(\\d+)'],
      '--fields',
      'given_name:name,surname:name,street_number:number,address_1:text,address_2:text,' +
        'suburb:text,postcode:number,state:category,date_of_birth:date,soc_sec_id:number',
      ...['--block', 'given_name,surname,date_of_birth,soc_sec_id,postcode'],
    )
    const { quality } = JSON.parse(stdout) as Answer
    expect(quality).toMatchObject({ truePairs: 5000, right: 5000, f1: 1 })
  })
})
