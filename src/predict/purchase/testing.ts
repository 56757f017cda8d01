/** The histories of CDNOW customers (Fader and Hardie), for tests, where the data are there. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { sharedData } from '../../../test/shared-data.ts'
import type { Transactions } from './summarise-transactions.ts'

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

/** All transactions: of the file with all customers, or of the tenth that was published as a sample. */
export function readTransactions(size: 'sample' | 'full'): Transactions {
  const file = sharedData(`cdnow/CDNOW_${size === 'full' ? 'master' : 'sample'}.txt.gz`) ?? ''
  const rows = gunzipSync(readFileSync(file))
    .toString('latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map((cells) => (size === 'full' ? cells : cells.slice(1)))
    .filter(([id = 0]) => id > 0)
  const dayOf = (date: number): number =>
    Date.UTC(Math.floor(date / 1e4), (Math.floor(date / 100) % 100) - 1, date % 100) / 86_400_000
  return {
    customer: Uint32Array.from(rows, ([id = 0]) => id),
    day: Float64Array.from(rows, ([, date = 0]) => dayOf(date)),
    worth: Float64Array.from(rows, ([, , , worth = 0]) => worth),
  }
}

export const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}

/** Relative difference. */
export const off = (value: number, truth: number): number => Math.abs(value / truth - 1)
