/**
 * What array literals of our own save against arrays given to the driver: a batch of touchpoints
 * as eight columns into `unnest`, on the embedded server. Run: node bench/array-literal.ts
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as literal from '../src/store/array-literal.ts'
import { openTruth } from '../src/store/truth.ts'

const rows = Array.from({ length: 2000 }, (_, index) => ({
  id: randomUUID(),
  subject: randomUUID(),
  at: 1_760_000_000_000 + index * 1_234_567,
  event: index % 3 ? 'Product Viewed' : `Read "${index}" \\ again`,
  channel: 'organic_search',
  amount: index * 10,
  score: Math.random(),
  properties: {
    url: `https://example.com/a?b=${index}`,
    title: 'The "title"',
    products: [{ sku: 'a', price: 1.5 }],
  },
}))

const asLiterals = (): string[] => [
  literal.uuidArray(rows.map((row) => row.id)),
  literal.uuidArray(rows.map((row) => row.subject)),
  literal.timestampArray(rows.map((row) => row.at)),
  literal.textArray(rows.map((row) => row.event)),
  literal.textArray(rows.map((row) => row.channel)),
  literal.integerArray(rows.map((row) => row.amount)),
  literal.numberArray(rows.map((row) => row.score)),
  literal.jsonArray(rows.map((row) => row.properties)),
]

const asArrays = (): unknown[][] => [
  rows.map((row) => row.id),
  rows.map((row) => row.subject),
  rows.map((row) => new Date(row.at)),
  rows.map((row) => row.event),
  rows.map((row) => row.channel),
  rows.map((row) => row.amount),
  rows.map((row) => row.score),
  rows.map((row) => JSON.stringify(row.properties)),
]

const statement = `select count(id) from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[],
  $5::text[], $6::int8[], $7::float8[], $8::json[]) as row (id, a, b, c, d, e, f, g)`

const dataFolder = mkdtempSync(join(tmpdir(), 'rapport-bench-'))
const truth = await openTruth({ dataFolder })

async function measure(name: string, values: () => unknown[]): Promise<void> {
  const times: { whole: number; processor: number }[] = []
  for (let turn = 0; turn < 60; turn++) {
    const began = performance.now()
    const used = process.cpuUsage()
    await truth.pool.query(statement, values())
    const { user, system } = process.cpuUsage(used)
    times.push({ whole: performance.now() - began, processor: (user + system) / 1000 })
  }
  const median = (list: number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0
  const whole = median(times.slice(10).map((time) => time.whole))
  const processor = median(times.slice(10).map((time) => time.processor))
  const each = ((processor * 1000) / rows.length).toFixed(2)
  console.log(
    `${name}: ${whole.toFixed(1)} ms for ${rows.length} rows, ${each} us of our CPU a row`,
  )
}

try {
  await measure('arrays to the driver', asArrays)
  await measure('our array literals  ', asLiterals)
} finally {
  await truth.close()
  rmSync(dataFolder, { recursive: true, force: true })
}
