/** Experiments for tests and benches. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { seededRandom } from '../../math/random.ts'
import type { UpliftData } from './uplift-methods.ts'

/** Cells of a packed CSV by column; a comma within quotes is a blank here. */
export function readCells(path: string): (name: string) => string[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(path))
    .toString('utf8')
    .trim()
    .split(/\r?\n/)
  const names = header.split(',')
  const cells = lines.map((line) =>
    line.replaceAll(/"[^"]*"/g, (quoted) => quoted.replaceAll(',', ' ')).split(','),
  )
  return (name) => cells.map((row) => row[names.indexOf(name)] ?? '')
}

export interface MadeExperiment extends UpliftData {
  /** What the treatment adds to the chance of each row. */
  readonly effects: Float64Array
}

/** Half (or another share) treated by lot; the effect is larger where the first column is. */
export function makeExperiment(seed: string, rows: number, share = 0.5): MadeExperiment {
  const random = seededRandom(seed)
  const columns = [0, 1, 2].map(() => Float64Array.from({ length: rows }, () => random.normal()))
  const effects = Float64Array.from(columns[0] ?? [], (x) => 0.1 + 0.1 * Math.tanh(2 * x))
  const treatments = Uint8Array.from({ length: rows }, () => (random.chance(share) ? 1 : 0))
  const outcomes = Uint8Array.from(effects, (effect, i) => {
    const base = 0.2 + 0.1 * Math.tanh(columns[1]?.[i] ?? 0)
    return random.chance(base + (treatments[i] === 1 ? effect : 0)) ? 1 : 0
  })
  return { columns, effects, treatments, outcomes }
}
