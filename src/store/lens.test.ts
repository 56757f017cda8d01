import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLens, type Lens } from './lens.ts'

// One engine and one folder a process, so the tests here share both.
describe('the lens on chDB', () => {
  let dataFolder: string
  let lens: Lens
  beforeAll(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'rapport-lens-'))
    lens = openLens({ dataFolder })
  })
  afterAll(async () => {
    await lens.close()
    rmSync(dataFolder, { recursive: true, force: true })
  })

  it('opens nothing before it is asked', () => {
    expect(readdirSync(dataFolder)).toEqual([])
  })

  it('inserts and queries through the official client', async () => {
    const client = await lens.client()
    expect(await lens.client()).toBe(client)
    await client.command({
      query: `create table seen (id UUID, at DateTime64(3, 'UTC'), event String, amount Int64)
        engine = MergeTree order by (at, id) settings non_replicated_deduplication_window = 100`,
    })
    const rows = Array.from({ length: 1000 }, (_, index) => ({
      id: `00000000-0000-8000-8000-${String(index).padStart(12, '0')}`,
      at: new Date(1_760_000_000_000 + index).toISOString(),
      event: index === 7 ? 'it\'s "\\ \n; drop table seen; 😀' : 'Product Viewed',
      amount: index,
    }))
    const batch = { table: 'seen', values: rows, format: 'JSONEachRow' } as const
    const token = { clickhouse_settings: { insert_deduplication_token: 'batch 1' } }
    await client.insert({ ...batch, ...token })
    // The same batch again, as after a crash between insert and record.
    await client.insert({ ...batch, ...token })
    const result = await client.query({
      query: `select count() as count, sum(amount) as sum, max(at) as last,
        anyIf(event, event != {common: String}) as odd, getSetting('max_threads') as threads
        from seen`,
      query_params: { common: 'Product Viewed' },
      format: 'JSONEachRow',
    })
    expect(await result.json()).toEqual([
      {
        count: 1000,
        sum: 499_500,
        last: '2025-10-09 08:53:20.999',
        odd: rows[7]?.event,
        threads: 2,
      },
    ])
  })

  it('does not carry a setting of one query over to the next', async () => {
    const client = await lens.client()
    const engine = `engine = MergeTree order by n settings non_replicated_deduplication_window = 100`
    await client.command({ query: `create table counted (n Int64) ${engine}` })
    const insert = (n: number, token?: string): Promise<unknown> =>
      client.insert({
        table: 'counted',
        values: [{ n }],
        format: 'JSONEachRow',
        ...(token && { clickhouse_settings: { insert_deduplication_token: token } }),
      })
    await insert(1, 'a token')
    await insert(2)
    await Promise.all(Array.from({ length: 20 }, (_, n) => insert(10 + n, n % 2 ? `${n}` : '')))
    const query = 'select count() as count, uniqExact(n) as distinct from counted'
    const result = await client.query({ query, format: 'JSONEachRow' })
    expect(await result.json()).toEqual([{ count: 22, distinct: 22 }])
  })

  it('says what is wrong with a query', async () => {
    const client = await lens.client()
    await expect(client.query({ query: 'select nothing_there' })).rejects.toMatchObject({
      type: 'UNKNOWN_IDENTIFIER',
    })
  })

  it('tells a second process that the folder is taken', async () => {
    await lens.client()
    const script = `import { openLens } from ${JSON.stringify(import.meta.dirname + '/lens.ts')}
      const lens = openLens({ dataFolder: ${JSON.stringify(dataFolder)} })
      await lens.client().then(async (client) => {
        const result = await client.query({ query: 'select count() from seen', format: 'TSV' })
        console.log('opened', await result.text())
      }, (error) => console.log(error.message))
      await lens.close()`
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module-typescript',
      '-e',
      script,
    ])
    expect(stdout).toMatch(/Only one process at a time/)
  })
})
