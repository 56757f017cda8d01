/**
 * Import: rows a second from a CSV file to normalised touchpoints (the pipeline behind takes its own
 * time), and the memory that it needs, which must not grow with the file.
 *
 *     node bench/import.ts [rows]
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { checkFile } from '../src/collect/import/check-file.ts'
import { parseMapping } from '../src/collect/import/parse-mapping.ts'

const rows = Number(process.argv[2] ?? 1_000_000)
const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`

function* lines(): Generator<string> {
  yield 'id,email,at,product,total\n'
  for (let first = 0; first < rows; first += 1_000) {
    let text = ''
    for (let i = first; i < Math.min(first + 1_000, rows); i++) {
      const at = new Date(1.7e12 + i * 10_000).toISOString()
      text += `order-${i},customer${i % 40_000}@example.com,${at},"Chair, ""Vienna""",${i % 500}.90\n`
    }
    yield text
  }
}

const mapping = parseMapping(`
mapping: Bench
source: bench
file: {}
touchpoints:
  order:
    event: { constant: Order Completed }
    id: [id]
    time: { column: at }
    identifiers: { email: email }
    amount: { value: total, currency: { constant: EUR } }
    properties: { product: product }
`)

const folder = mkdtempSync(join(tmpdir(), 'rapport-bench-'))
try {
  const path = join(folder, 'orders.csv')
  await pipeline(Readable.from(lines()), createWriteStream(path))
  const memory: number[] = []
  const start = performance.now()
  const result = await checkFile({
    path,
    mapping,
    now: Date.now,
    onProgress: () => memory.push(process.memoryUsage.rss()),
  })
  const seconds = (performance.now() - start) / 1000
  console.log(
    `${result.touchpoints} touchpoints from ${result.rows} rows in ${seconds.toFixed(1)} s`,
  )
  console.log(`${Math.round(rows / seconds)} rows/s`)
  const half = Math.floor(memory.length / 2)
  console.log(
    `resident at most ${megabytes(Math.max(...memory.slice(0, half)))} in the first half,`,
  )
  console.log(`${megabytes(Math.max(...memory.slice(half)))} in the second`)
} finally {
  rmSync(folder, { recursive: true })
}
