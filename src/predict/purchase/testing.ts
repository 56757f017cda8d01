/** The histories of CDNOW customers (Fader and Hardie), for tests, where the data are there. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { sharedData } from '../../../test/shared-data.ts'

export interface CdnowCustomers {
  readonly frequency: Float64Array
  readonly recency: Float64Array
  readonly age: Float64Array
  readonly spend: Float64Array
  readonly heldPurchases: Float64Array
}

export const cdnowFile = (size: 'sample' | 'full'): string | null =>
  sharedData(`cdnow/ref_cbs_${size}.csv.gz`)

/** Weeks; calibration to 1997-09-30, then 39 weeks held out. */
export function readCdnow(file: string): CdnowCustomers {
  const [, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n')
  const cells = lines.map((line) => line.split(',').map(Number))
  const column = (place: number): Float64Array => Float64Array.from(cells, (row) => row[place] ?? 0)
  return {
    ...{ frequency: column(1), recency: column(2), age: column(3), spend: column(4) },
    heldPurchases: column(5),
  }
}

export const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}

/** Relative difference. */
export const off = (value: number, truth: number): number => Math.abs(value / truth - 1)
