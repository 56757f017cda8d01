/**
 * FEBRL, set 4: two files of 5,000 made-up people, the same in both, the second with faults in it.
 * P. Christen, Febrl: a freely available record linkage system (2008); the bench measures on it too.
 */
import { gunzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { sharedData } from './shared-data.ts'
import type { Cells } from '../src/identify/matching/records.ts'
import type { FieldDefinition } from '../src/identify/matching/fields.ts'

export const febrlFields: readonly FieldDefinition[] = [
  { name: 'given_name', kind: 'name' },
  { name: 'surname', kind: 'name' },
  { name: 'street_number', kind: 'number' },
  { name: 'address_1', kind: 'text' },
  { name: 'address_2', kind: 'text' },
  { name: 'suburb', kind: 'text' },
  { name: 'postcode', kind: 'number' },
  { name: 'state', kind: 'category' },
  { name: 'date_of_birth', kind: 'date' },
  { name: 'soc_sec_id', kind: 'number' },
]

export interface FebrlFile {
  /** Who it is, by place: two records of one person have the same. */
  readonly ids: readonly string[]
  /** A column for each of the fields. */
  readonly cells: Cells
}

/** Both files, or null where one of them is not there. */
export function readFebrl(): readonly [FebrlFile, FebrlFile] | null {
  const [a, b] = (['a', 'b'] as const).map((side) => sharedData(`febrl/dataset4${side}.csv.gz`))
  return a && b ? [readFile(a), readFile(b)] : null
}

function readFile(path: string): FebrlFile {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n')
  const [header = [], ...rows] = lines.map((line) => line.split(',').map((cell) => cell.trim()))
  const column = (name: string): string[] => rows.map((row) => row[header.indexOf(name)] ?? '')
  return {
    // rec-17-org and rec-17-dup-0 are person 17.
    ids: column('rec_id').map((id) => id.split('-')[1] ?? ''),
    cells: febrlFields.map(({ name }) => column(name)),
  }
}
