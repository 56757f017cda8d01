/** Data sets of tests: columns of a CSV file as arrays. Null where the file is not there. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { sharedData } from '../../../test/shared-data.ts'

export interface TestTable {
  readonly rows: number
  /** A text that is not a number becomes NaN. */
  numbers(name: string): Float64Array
  texts(name: string): readonly string[]
  /** 1 where the cell is one of these. */
  flags(name: string, ...values: readonly string[]): Uint8Array
}

export function readTestTable(file: string): TestTable | null {
  const path = sharedData(`survival/${file}`)
  if (path === null) return null
  const text = gunzipSync(readFileSync(path)).toString('utf8')
  const [header = '', ...lines] = text.trim().split(/\r?\n/)
  const names = header.split(',')
  const cells = lines.map((line) => line.split(','))
  const texts = (name: string): readonly string[] =>
    cells.map((row) => row[names.indexOf(name)] ?? '')
  return {
    rows: cells.length,
    texts,
    numbers: (name) => Float64Array.from(texts(name), (cell) => (cell === '' ? NaN : Number(cell))),
    flags: (name, ...values) =>
      Uint8Array.from(texts(name), (cell) => Number(values.includes(cell))),
  }
}
