/** Every mapping that we ship fits the schema and, where the data are there, the data themselves. */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileMapping } from '../src/collect/import/map/compile-mapping.ts'
import { loadLookups } from '../src/collect/import/lookups.ts'
import { openFile } from '../src/collect/import/read/read-rows.ts'
import { parseMapping } from '../src/collect/import/parse-mapping.ts'
import { addRow, emptyChunk } from '../src/collect/import/row-chunk.ts'
import { sharedData } from './shared-data.ts'
import type { Chunk } from '../src/collect/import/row-chunk.ts'

const folder = join(import.meta.dirname, '..', 'models', 'mappings')
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))

interface Expected {
  readonly file: string
  readonly rows: number
  /** Different touchpoints: rows of one basket give the same visit. */
  readonly touchpoints: number
  readonly people: number
  /** Sum of all amounts in major units, added up from the files by other means. */
  readonly money?: number
}

/** Counted with a CSV reader that shares nothing with ours (Python's). */
const expected: Record<string, Expected> = {
  cdnow: { file: 'cdnow/CDNOW_master.txt.gz', rows: 69_659, touchpoints: 69_659, people: 23_570, money: 2_500_315.63 },
  'cdnow-sample': { file: 'cdnow/CDNOW_sample.txt.gz', rows: 6_919, touchpoints: 6_919, people: 2_357 },
  'completejourney-transactions': {
    file: 'completejourney/transactions_sample.csv.gz', rows: 75_000, touchpoints: 75_000 + 47_243, people: 2_377,
  },
  'completejourney-campaigns': { file: 'completejourney/campaigns.csv.gz', rows: 6_589, touchpoints: 6_589, people: 1_559 },
  'completejourney-coupon-redemptions': {
    file: 'completejourney/coupon_redemptions.csv.gz', rows: 2_102, touchpoints: 2_102, people: 410,
  },
  'completejourney-demographics': { file: 'completejourney/demographics.csv.gz', rows: 801, touchpoints: 801, people: 801 },
  hillstrom: {
    file: 'hillstrom/hillstrom.csv.gz', rows: 64_000, people: 64_000,
    touchpoints: 64_000 * 2 + 42_694 + 9_394 + 578,
  },
  'olist-leads': {
    file: 'olist/olist_marketing_qualified_leads_dataset.csv.gz', rows: 8_000, touchpoints: 8_000, people: 8_000,
  },
  'olist-deals': { file: 'olist/olist_closed_deals_dataset.csv.gz', rows: 842, touchpoints: 2 * 842, people: 842 },
  // 1,775 of the deliveries came after the announced day.
  'olist-orders': {
    file: 'olist/olist_orders_sample.csv.gz', rows: 22_870, people: 22_684,
    touchpoints: 22_870 + 20_686 + 1_775 + 179,
  },
  'olist-payments': { file: 'olist/olist_order_payments_sample.csv.gz', rows: 23_849, touchpoints: 23_849, people: 22_683 },
  'olist-reviews': { file: 'olist/olist_order_reviews_sample.csv.gz', rows: 6_866, touchpoints: 6_866, people: 6_827 },
  'crm-pipeline': {
    file: 'crm-sales/sales_pipeline.csv.gz', rows: 8_800, people: 1_173, money: 10_005_534,
    touchpoints: 8_300 + 4_238 + 2_473,
  },
  'crm-accounts': { file: 'crm-sales/accounts.csv.gz', rows: 85, touchpoints: 85, people: 85 },
  'x-education-leads': {
    file: 'crm-sales/x_education_leads.csv.gz', rows: 9_240, people: 9_240,
    touchpoints: 2 * 9_240 + (9_240 - 103 - 93) + 3_561,
  },
  telco: { file: 'survival/telco_churn.csv.gz', rows: 7_043, touchpoints: 2 * 7_043 + 7_032 + 1_869, people: 7_043 },
  febrl: { file: 'febrl/dataset4a.csv.gz', rows: 5_000, touchpoints: 5_000, people: 5_000 },
} // prettier-ignore

async function importAll(name: string, path: string): Promise<Chunk> {
  const mapping = parseMapping(readFileSync(join(folder, `${name}.yaml`), 'utf8'))
  const lookups = await loadLookups(mapping, dirname(path))
  const file = await openFile(path, mapping.file)
  const map = compileMapping(mapping, { fileHash: 'file', columns: file.columns, lookups })
  const chunk = emptyChunk()
  const given = { sourceId: mapping.source, receivedAt: Date.UTC(2026, 10, 23) }
  for await (const { rows } of file.batches) for (const row of rows) addRow(chunk, row, map, given)
  return chunk
}

it('has a count for each mapping', () => {
  expect(files.map((name) => name.replace('.yaml', '')).sort()).toEqual(
    Object.keys(expected).sort(),
  )
})

describe.each(Object.keys(expected))('%s', (name) => {
  it('fits the schema and says for which files it is', () => {
    const mapping = parseMapping(readFileSync(join(folder, `${name}.yaml`), 'utf8'))
    expect(mapping.file.matches.length).toBeGreaterThan(0)
  })

  const { file, rows, touchpoints, people, money } = expected[name] as Expected
  const path = sharedData(file)
  it.skipIf(path === null)(
    'reads every row of the real file [skipped: data not there]',
    async () => {
      const chunk = await importAll(name, path as string)
      expect(chunk.errors.slice(0, 3)).toEqual([])
      expect(chunk.rows).toBe(rows)
      expect(new Set(chunk.touchpoints.map(({ id }) => id)).size).toBe(touchpoints)
      expect(new Set(chunk.touchpoints.map(({ subjectId }) => subjectId)).size).toBe(people)
      const unknown = chunk.touchpoints.filter(({ kind }) => kind === 'custom')
      expect(unknown.slice(0, 3)).toEqual([])
      if (money === undefined) return
      const cents = chunk.touchpoints.reduce((sum, { amountMinor }) => sum + (amountMinor ?? 0), 0)
      expect(cents / 100).toBeCloseTo(money, 2)
    },
  )
})
