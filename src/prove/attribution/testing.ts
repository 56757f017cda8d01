/** Paths for tests: those of the R package ChannelAttribution where they are there, and random ones. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { sharedData } from '../../../test/shared-data.ts'
import { createPathBuilder, type PathColumns, type PathRow } from './paths.ts'

/** PathData of ChannelAttribution 2.2.4: 10,000 distinct paths, 12 channels; null where not there. */
export function readPathData(): PathColumns | null {
  const file = sharedData('attribution/PathData.csv.gz')
  if (file === null) return null
  const builder = createPathBuilder()
  const [, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n')
  for (const line of lines) {
    const [, path = '', conversions, value, nulls] = /^"(.*)",(.*),(.*),(.*)$/.exec(line) ?? []
    builder.add({
      steps: path.split(' > '),
      conversions: Number(conversions),
      value: Number(value),
      nulls: Number(nulls),
    })
  }
  return builder.build()
}

export function pathsOf(rows: readonly PathRow[]): PathColumns {
  const builder = createPathBuilder()
  for (const row of rows) builder.add(row)
  return builder.build()
}

const row = fc
  .record({
    steps: fc.array(fc.constantFrom('ads', 'blog', 'call', 'docs', 'expo'), { maxLength: 7 }),
    conversions: fc.integer({ min: 0, max: 5 }),
    value: fc.integer({ min: 0, max: 900 }),
    nulls: fc.integer({ min: 0, max: 9 }),
  })
  .map((one) => (one.conversions === 0 ? { ...one, value: 0 } : one))

export const anyRows: fc.Arbitrary<PathRow[]> = fc.array(row, { minLength: 1, maxLength: 25 })
