import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvReader, recordLimit, type CsvShape, type FileRecord } from './csv-reader.ts'

const shape: CsvShape = { delimiter: ',', quote: '"', trim: false }

function read(text: string, changes: Partial<CsvShape> = {}, pieceLength = 65_536): FileRecord[] {
  const reader = csvReader({ ...shape, ...changes })
  const pieces: FileRecord[][] = []
  for (let at = 0; at < text.length; at += pieceLength) {
    pieces.push(reader.push(text.slice(at, at + pieceLength), false))
  }
  return [...pieces, reader.push('', true)].flat()
}

const cells = (records: readonly FileRecord[]): unknown[] => records.map((one) => one.cells)
const faults = (records: readonly FileRecord[]): unknown[] =>
  records.flatMap(({ line, problem }) => (problem === null ? [] : [[line, problem]]))

describe('csv-spectrum', () => {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('csv-spectrum'))
  const names = readdirSync(join(folder, 'csvs')).map((file) => file.replace('.csv', ''))
  // Its JSON twin is of another row (and no array): there, csv-parse says what is right.
  const wrongTwin = 'location_coordinates'

  test.each(names)('%s', (name) => {
    const csv = readFileSync(join(folder, 'csvs', `${name}.csv`), 'utf8')
    const twin = readFileSync(join(folder, 'json', `${name}.json`), 'utf8')
    const expected: unknown =
      name === wrongTwin ? parse(csv, { columns: true, relax_quotes: true }) : JSON.parse(twin)
    for (const pieceLength of [1, 7, 65_536]) {
      const [header = [], ...rows] = cells(read(csv, {}, pieceLength)) as string[][]
      const objects = rows.map((row) => Object.fromEntries(header.map((key, i) => [key, row[i]])))
      expect(objects).toEqual(expected)
    }
  })

  test('all twelve were there', () => expect(names).toHaveLength(12))
})

describe('sound files are read as csv-parse reads them', () => {
  const table = fc
    .tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n'),
    )
    .chain(([width, delimiter, lineEnd]) =>
      fc.record({
        delimiter: fc.constant(delimiter),
        lineEnd: fc.constant(lineEnd),
        quoted: fc.boolean(),
        pieceLength: fc.integer({ min: 1, max: 50 }),
        rows: fc.array(
          fc.array(fc.string({ unit: fc.constantFrom(...'ab 1",;\t|\n\r\'é€😀'), maxLength: 8 }), {
            minLength: width,
            maxLength: width,
          }),
          { minLength: 1, maxLength: 12 },
        ),
      }),
    )

  test('whatever the cells hold and wherever the pieces are cut', () => {
    fc.assert(
      fc.property(table, ({ delimiter, lineEnd, quoted, pieceLength, rows }) => {
        const csv = stringify(rows, {
          delimiter,
          record_delimiter: lineEnd,
          quoted,
          quoted_empty: quoted,
          // Else a bare line feed stays unquoted where records end with CR LF.
          quoted_match: /[\r\n]/,
        })
        const reference = parse(csv, { delimiter, record_delimiter: lineEnd }) as string[][]
        // A row of empty cells alone may be a blank line, which holds nothing.
        const isBlank = (row: readonly string[]): boolean =>
          !quoted && row.every((cell) => cell.trim() === '')
        const given = cells(read(csv, { delimiter }, pieceLength)) as string[][]
        const strip = (all: readonly string[][]): string[][] => all.filter((row) => !isBlank(row))
        expect(strip(given)).toEqual(strip(reference))
      }),
      { numRuns: 500 },
    )
  })

  test('the pieces never matter, for any text at all', () => {
    const text = fc.string({ unit: fc.constantFrom(...'a,",\n\r '), maxLength: 60 })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 9 }), (csv, pieceLength) => {
        // One line feed at the beginning: how lines end must be known from the first piece.
        expect(read(`\n${csv}`, {}, pieceLength)).toEqual(read(`\n${csv}`))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a broken row costs itself and no other', () => {
  const good = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => `${from + i},x\n`).join('')

  test('a quote that is never closed', () => {
    const records = read(`id,name\n${good(0, 5)}5,"never\n${good(6, 2_000)}`)
    expect(faults(records)).toEqual([[7, 'A quote is opened and never closed.']])
    expect(records).toHaveLength(2_001)
  })

  test('a quote that is never closed, in a file that quotes everything', () => {
    const quoted = good(0, 3).replaceAll(/[^,\n]+/g, '"$&"')
    const records = read(`"id","name"\n"a","b\n${quoted}`)
    expect(faults(records)).toEqual([[2, 'There is text after a closing quote.']])
    expect(records).toHaveLength(5)
  })

  test('a quote that swallows the rows up to the next quote', () => {
    const records = read(`id,name\n1,"never\n2,x\n3,"fine"\n4,y\n`)
    expect(faults(records).map((fault) => (fault as [number])[0])).toEqual([2])
    expect(cells(records).at(-1)).toEqual(['4', 'y'])
    expect(records).toHaveLength(5)
  })

  test('text after a closing quote', () => {
    const records = read(`a,b\n"x" y,1\n${good(0, 90)}`)
    expect(faults(records)).toEqual([[2, 'There is text after a closing quote.']])
    expect(records).toHaveLength(92)
  })

  test('too few and too many cells; a delimiter at the end is none', () => {
    const records = read('a,b\n1\n1,2,3\n1,2,,\n1,2\n')
    expect(faults(records)).toEqual([
      [2, 'The row has 1 cells, not 2.'],
      [3, 'The row has 3 cells, not 2.'],
    ])
    expect(cells(records).slice(3)).toEqual([
      ['1', '2'],
      ['1', '2'],
    ])
  })

  test('a row longer than the limit, with its line number and those after it', () => {
    const long = 'x'.repeat(3 * recordLimit)
    for (const pieceLength of [10_000, 10_000_000]) {
      const records = read(`a,b\n1,2\n${long},1\n3,4\n`, {}, pieceLength)
      expect(faults(records)).toEqual([[3, 'The row is longer than 256 KB.']])
      expect(records.at(-1)).toMatchObject({ line: 4, cells: ['3', '4'] })
    }
  })

  test('lines are counted through quoted line ends and blank lines', () => {
    const records = read('a,b\n1,"x\ny\r\nz"\n\n\n2,y\n')
    expect(records.map(({ line }) => line)).toEqual([1, 2, 7])
  })
})

describe('what is found in the wild', () => {
  test('a quote inside a bare cell is an ordinary sign', () => {
    expect(cells(read('a,b\n5" pipe,it"s\n'))).toEqual([
      ['a', 'b'],
      ['5" pipe', 'it"s'],
    ])
  })

  test('spaces around cells, quoted or not', () => {
    expect(cells(read(' a , b \n "x" , y z \n', { trim: true }))).toEqual([
      ['a', 'b'],
      ['x', 'y z'],
    ])
  })

  test('carriage returns alone end lines where there is no line feed', () => {
    expect(cells(read('a,b\r1,2\r3,4'))).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ])
  })

  test('columns lined up with spaces', () => {
    expect(cells(read(' 00001 19970101  1   11.77\n', { delimiter: 'whitespace' }))).toEqual([
      ['00001', '19970101', '1', '11.77'],
    ])
  })
})

describe('hostile text takes linear time', () => {
  test.each([
    ['open quotes', '"a\n'.repeat(300_000)],
    ['triple quotes', '"""\n'.repeat(300_000)],
    ['pairs of quotes after an open one', `"\n${'""\n'.repeat(300_000)}`],
    ['one open quote in each window', `"${'x\n'.repeat(150_000)}`.repeat(3)],
    ['quotes only', '"'.repeat(1_000_000)],
    ['no line end', 'x'.repeat(1_000_000)],
    ['bare quotes in one column', 'a"b\n'.repeat(300_000)],
  ])(
    '%s',
    (_, text) => {
      // About 1 MB each: quadratic work would take minutes and run into the time limit of the test.
      expect(read(text).length).toBeGreaterThan(0)
    },
    10_000,
  )
})
