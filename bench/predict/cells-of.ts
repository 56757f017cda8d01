/** Columns of a small CSV file in gzip without quotes, by name. */
import { gunzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'

export function cellsOf(file: string, names: readonly string[]): string[][] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n')
  const [header = [], ...rows] = lines.map((line) => line.split(',').map((cell) => cell.trim()))
  return names.map((name) => rows.map((row) => row[header.indexOf(name)] ?? ''))
}
