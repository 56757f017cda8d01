import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestTruth } from '../../store/testing.ts'
import { listImportJobs } from './import-job.ts'
import { temporaryFile } from './testing.ts'

let truth: TestTruth
beforeAll(async () => {
  truth = await freshDatabase()
})
afterAll(() => truth.close())

/** Imports in a process of its own and kills it (SIGKILL) after so many chunks; false where it ended before. */
async function importAndKill(path: string, afterChunks: number): Promise<boolean> {
  const script = fileURLToPath(new URL('./testing-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, truth.databaseUrl, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let chunks = 0
  child.stdout.on('data', (data: Buffer) => {
    chunks += data.toString().split('\n').length - 1
    if (chunks >= afterChunks) child.kill('SIGKILL')
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return code !== 0
}

test('a process killed again and again loses and doubles nothing', async () => {
  const rows = Array.from({ length: 3_000 }, (_, i) =>
    i % 100 === 7 ? `${i},no` : `${i},user${i % 20}@example.com,2026-01-01T00:00:00Z,${i}.00`,
  )
  const path = temporaryFile('orders.csv', `id,email,at,total\n${rows.join('\n')}\n`)
  let kills = 0
  for (const chunks of [3, 7, 11, 15]) if (await importAndKill(path, chunks)) kills++
  expect(kills).toBe(4)
  expect(await importAndKill(path, Infinity)).toBe(false)

  const [job] = await listImportJobs(truth.db)
  expect(job).toMatchObject({ state: 'done', rows: 3_000, rejected: 30 })
  const counted = await sql<{ all: number; distinct: number; cents: number }>`
    select count(*) as all, count(distinct id) as distinct, sum(amount_minor)::bigint as cents
    from touchpoint`.execute(truth.db)
  const expected = Array.from({ length: 3_000 }, (_, i) => (i % 100 === 7 ? 0 : i * 100))
  const cents = expected.reduce((sum, one) => sum + one, 0)
  expect(counted.rows).toEqual([{ all: 2_970, distinct: 2_970, cents }])
  const errors = (parse(readFileSync(`${path}.errors.csv`)) as string[][]).slice(1)
  expect(errors.map(([line]) => Number(line))).toEqual(
    Array.from({ length: 30 }, (_, i) => i * 100 + 9),
  )
}, 60_000)
