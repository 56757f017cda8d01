import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { numberParser } from './parse-number.ts'
import { numbersOf, readColumns, type ColumnFile, type ColumnRequest } from './read-columns.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-columns-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Asked = Omit<ColumnRequest, 'file'>

function read(text: string | Uint8Array, asked: Asked, name = 'a.csv'): Promise<ColumnFile> {
  const file = join(folder, name)
  writeFileSync(file, text)
  return readColumns({ ...asked, file })
}

const textsOf = ({ texts }: ColumnFile, name: string): string[] => {
  const { codes = new Uint32Array(), values = [] } = texts.get(name) ?? {}
  return Array.from(codes, (code) => values[code] ?? '')
}

test('numbers and texts by name, in any order, quoted, with blank lines and a byte order mark', async () => {
  const text = '\ufeffid,x, t_x ,note\r\n"a ""b""",1,2.5,"x,\ny"\r\n\r\né, -3 ,"4e1",\r\n'
  const file = await read(text, { numbers: ['t_x', 'x'], texts: ['id', 'note'] })
  expect(file.rows).toBe(2)
  expect([...numbersOf(file, 'x')]).toEqual([1, -3])
  expect([...numbersOf(file, 't_x')]).toEqual([2.5, 40])
  expect(textsOf(file, 'id')).toEqual(['a "b"', 'é'])
  expect(textsOf(file, 'note')).toEqual(['x,\ny', ''])
})

test('columns parted by blanks, without a header, packed', async () => {
  const packed = gzipSync(' 00001 19970101  1   11.77\r\n 00002 19970112  5   77.00 \r\n')
  const asked = { delimiter: 'space', header: false, numbers: ['2', '4'], texts: ['1'] }
  const file = await read(packed, asked, 'a.txt.gz')
  expect([...numbersOf(file, '2')]).toEqual([19970101, 19970112])
  expect([...numbersOf(file, '4')]).toEqual([11.77, 77])
  expect(textsOf(file, '1')).toEqual(['00001', '00002'])
})

test('columns that need not be there', async () => {
  const file = await read('x\n1', { numbers: ['x', 'w'], optional: ['w'] })
  expect(file.numbers.has('w')).toBe(false)
})

test('pieces may end anywhere', async () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => `"r,${i}",${i / 7},${i}`)
  const file = await read(`id,a,b\n${rows.join('\n')}`, { numbers: ['a', 'b'], texts: ['id'] })
  expect(file.rows).toBe(200_000)
  expect(numbersOf(file, 'a').every((value, i) => value === i / 7)).toBe(true)
  expect(numbersOf(file, 'b').every((value, i) => value === i)).toBe(true)
  expect(textsOf(file, 'id')[199_999]).toBe('r,199999')
})

describe('what is wrong is said with its line', () => {
  test.each([
    ['x,y\n1,2\n1\n', /Line 3 has 1 cells/],
    ['x,y\n1,2\n"1\n3",4\n', /Line 3: column "x" is not a number: "1\n3"/],
    ['x\n1\nabc\n', /Line 3: column "x" is not a number: "abc"/],
    ['x\n1\nInfinity\n', /Line 3/],
    ['x\n1\n1e999\n', /Line 3/],
    ['x,z\n1,\n,2\n', /Line 3: column "x" is empty/],
    ['y\n1\n', /There is no column "x". The file has: y/],
    ['x\n', /has no rows/],
    ['', /has no rows/],
    ['x\n"1\n2\n', /Line 2 opens a quote/],
  ])('%j', async (text, message) => {
    await expect(read(text, { numbers: ['x'] })).rejects.toThrow(message)
  })

  test('no file, no delimiter, no gzip', async () => {
    const numbers = ['x']
    await expect(readColumns({ file: join(folder, 'none'), numbers })).rejects.toThrow(
      /Cannot read/,
    )
    await expect(read('x\n1', { numbers }, 'b.gz')).rejects.toThrow(/Cannot read/)
    await expect(read('x\n1', { numbers, delimiter: '::' })).rejects.toThrow(/delimiter/)
  })

  test('an empty number may be NaN where asked', async () => {
    const file = await read('x,y\n,1\nNA,2\n3,3', { numbers: ['x'], empty: 'nan' })
    expect([...numbersOf(file, 'x')]).toEqual([Number.NaN, Number.NaN, 3])
  })
})

test('every number is what Number makes of it, first and again', () => {
  const parse = numberParser()
  const check = (text: string): void => {
    const bytes = Buffer.from(`;${text};`)
    for (let round = 0; round < 2; round++)
      expect(parse(bytes, 1, bytes.length - 1)).toBe(Number(text))
  }
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => check(String(x))),
  )
  fc.assert(fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (x) => check(String(x))))
  fc.assert(fc.property(fc.stringMatching(/^-?\d{1,25}\.\d{0,25}$/), check))
})

test.each(['', '-', '.', '-.', '1.2.3', '0x10', '1_000', 'one', ' '])('%j is no number', (text) => {
  expect(numberParser()(Buffer.from(text), 0, text.length)).toBeNaN()
})
