import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { RapportError } from '../../../domain/error.ts'
import { fileShape, rowsOf, temporaryFile } from '../testing.ts'
import { incompleteTail, PieceDecoder, readText } from './read-text.ts'

const text = 'name,city\nZoë,Köln\nŁukasz 😀,"Gdańsk\nPL"\n'
const expected = [
  ['Zoë', 'Köln'],
  ['Łukasz 😀', 'Gdańsk\nPL'],
]

async function cellsOf(
  content: string | Uint8Array,
  changes: Record<string, unknown> = {},
): Promise<unknown[]> {
  const { rows } = await rowsOf(temporaryFile('file.csv', content), fileShape(changes))
  return rows.map((row) => row.cells)
}

describe('encodings', () => {
  test('UTF-8 with and without byte order mark', async () => {
    expect(await cellsOf(text)).toEqual(expected)
    expect(await cellsOf(`\ufeff${text}`)).toEqual(expected)
  })

  test.each(['utf-16le', 'utf-16be'])('%s by its byte order mark', async (encoding) => {
    expect(await cellsOf(iconv.encode(text, encoding, { addBOM: true }))).toEqual(expected)
  })

  test.each(['utf-16le', 'windows-1252', 'iso-8859-1', 'iso-8859-15'])(
    '%s by the mapping',
    async (encoding) => {
      const western = 'name,city\nZoë,Köln\n'
      expect(await cellsOf(iconv.encode(western, encoding), { encoding })).toEqual([
        ['Zoë', 'Köln'],
      ])
    },
  )

  test('a byte order mark is stronger than the mapping', async () => {
    expect(await cellsOf(`\ufeff${text}`, { encoding: 'windows-1252' })).toEqual(expected)
  })

  test('rows with bytes that are not UTF-8 are refused, the others are read', async () => {
    const bytes = Buffer.concat([
      Buffer.from('name,city\nZo\u00eb,fine\n'),
      iconv.encode('Zoë,broken\n', 'latin1'),
      Buffer.from('plain,fine\n'),
    ])
    const { rows } = await rowsOf(temporaryFile('file.csv', bytes), fileShape())
    expect(rows.map(({ cells }) => cells?.[1 as never])).toEqual(['fine', undefined, 'fine'])
    expect(rows[1]).toMatchObject({ line: 3, problem: expect.stringContaining('windows-1252') })
  })

  test('a replacement character that stands in the file itself is no damage', async () => {
    expect(await cellsOf('name,city\nZo\ufffd,x\n')).toEqual([['Zo\ufffd', 'x']])
  })

  test('characters cut in two by a piece are put together again', () => {
    const bytes = Buffer.from(`\ufeff${text}`)
    for (let size = 1; size < 9; size++) {
      const decoder = new PieceDecoder('utf-8')
      let out = ''
      for (let at = 0; at < bytes.length; at += size) {
        out += decoder.write(bytes.subarray(at, at + size))
      }
      expect([out + decoder.end(), decoder.damaged]).toEqual([text, false])
    }
    expect(incompleteTail(Buffer.from('a😀').subarray(0, 4))).toBe(3)
  })
})

describe('gzip', () => {
  test('is unpacked, also where the name does not say so', async () => {
    expect(await cellsOf(gzipSync(text))).toEqual(expected)
  })

  test('that is cut off is an error of the file', async () => {
    const cut = gzipSync(text.repeat(50)).subarray(0, 60)
    await expect(cellsOf(cut)).rejects.toMatchObject({ code: 'invalid_csv' })
  })

  test('that unpacks without end is stopped', async () => {
    const member = gzipSync(Buffer.alloc(16 * 1024 * 1024, '0'))
    const bomb = temporaryFile('a.csv.gz', Buffer.concat(Array.from({ length: 6 }, () => member)))
    const readAll = async (): Promise<void> => {
      for await (const _ of readText(bomb, fileShape())) continue
    }
    await expect(readAll()).rejects.toThrow('200 times its size')
  })
})

describe('shapes', () => {
  test('lines above the table are passed over and counted', async () => {
    const path = temporaryFile('a.csv', 'Report\nof today\nname,city\nZoë,Köln\n')
    const { columns, rows } = await rowsOf(path, fileShape({ skip_lines: 2 }))
    expect(columns).toEqual(['name', 'city'])
    expect(rows).toMatchObject([{ row: 1, line: 4, cells: ['Zoë', 'Köln'] }])
  })

  test('without header every row must have the named columns', async () => {
    const path = temporaryFile('a.csv', '1;2\n3;4;5\n')
    const shape = fileShape({ header: false, columns: ['a', 'b'], delimiter: ';' })
    const { columns, rows } = await rowsOf(path, shape)
    expect(columns).toEqual(['a', 'b'])
    expect(rows.map(({ problem }) => problem)).toEqual([null, 'The row has 3 cells, not 2.'])
  })

  test('NDJSON: one object a line, faulty lines alone are refused', async () => {
    const lines = ['{"a":1}', '', 'not json', '[1]', `{"long":"${'x'.repeat(300_000)}"}`, '{"a":2}']
    const path = temporaryFile('a.ndjson', lines.join('\n'))
    const { rows } = await rowsOf(path, fileShape({ format: 'ndjson' }))
    expect(rows.map(({ line, problem }) => [line, problem])).toEqual([
      [1, null],
      [3, 'The line is not valid JSON.'],
      [4, 'The line is not a JSON object.'],
      [5, 'The line is longer than 256 KB.'],
      [6, null],
    ])
  })

  test('an empty file, a file that is not there, a folder', async () => {
    for (const path of [temporaryFile('a.csv', ''), '/nowhere/a.csv', '/']) {
      const error = await rowsOf(path, fileShape()).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(RapportError)
      expect(error).toMatchObject({ code: 'invalid_csv' })
    }
  })
})
