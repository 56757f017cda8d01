import { sql } from 'kysely'
import pg from 'pg'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RapportError } from '../domain/error.ts'
import { isStoreUnavailable, storeErrorOf } from './store-error.ts'
import { freshDatabase, type TestTruth } from './testing.ts'
import { openTruth } from './truth.ts'

let truth: TestTruth
beforeAll(async () => {
  truth = await freshDatabase({ poolSize: 2 })
})
afterAll(() => truth.close())

async function valueOf(expression: string): Promise<unknown> {
  const found = await truth.pool.query<{ value: unknown }>(`select ${expression} as value`)
  return found.rows[0]?.value
}

describe('values come out of the truth store', () => {
  it.each<[string, unknown]>([
    ['9007199254740991::int8', Number.MAX_SAFE_INTEGER],
    ['9007199254740993::int8', '9007199254740993'],
    ['array[1, null]::int8[]', [1, null]],
    ['1.5::numeric', 1.5],
    ['0.1::float8', 0.1],
    [`'{"a": [1]}'::json`, { a: [1] }],
    [`'2026-11-23'::date`, '2026-11-23'],
    [`'2026-11-23 04:43:00.123+01'::timestamptz`, new Date('2026-11-23T03:43:00.123Z')],
    [`array['2026-11-23Z', null]::timestamptz[]`, [new Date('2026-11-23T00:00:00Z'), null]],
    [`'infinity'::timestamptz`, Infinity],
    [`'0044-03-15 00:00Z BC'::timestamptz`, new Date('-000043-03-15T00:00:00Z')],
    [`'12345-01-01Z'::timestamptz`, new Date('+012345-01-01T00:00:00Z')],
    [`current_setting('timezone')`, 'UTC'],
  ])('%s', async (expression, expected) => {
    expect(await valueOf(expression)).toEqual(expected)
  })

  it('through Kysely as well', async () => {
    const result = await sql<{ n: number }>`select count(*) as n from source`.execute(truth.db)
    expect(result.rows).toEqual([{ n: 0 }])
  })
})

describe('a database URL', () => {
  it('may carry options of its own', async () => {
    const url = new URL(truth.databaseUrl)
    url.searchParams.set('options', '-c work_mem=3MB -c timezone=Asia/Tokyo')
    const other = await openTruth({ databaseUrl: url.href, dataFolder: tmpdir(), poolSize: 1 })
    const found = await other.pool.query(`select current_setting('work_mem') as memory`)
    expect(found.rows).toEqual([{ memory: '3MB' }])
    await other.close()
  })

  it('that is none is refused with an example', async () => {
    const opening = openTruth({ databaseUrl: 'localhost', dataFolder: tmpdir() })
    await expect(opening).rejects.toThrow(/Write postgresql:/)
  })
})

describe('when the store fails', () => {
  it('survives connections that are cut, in use or idle', async () => {
    const client = await truth.pool.connect()
    const failed = client.query('select pg_sleep(10)').then(
      () => null,
      (error: unknown) => error,
    )
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
    await truth.pool.query(cut)
    const error = await failed
    expect(isStoreUnavailable(error)).toBe(true)
    expect(storeErrorOf(error)).toMatchObject({ code: 'store_unavailable', status: 503 })
    client.release(true)
    expect(await valueOf('42')).toBe(42)
  })

  it('says that it cannot be reached', async () => {
    const folder = join(tmpdir(), 'nobody-here')
    const databaseUrl = `postgresql://rapport@localhost/rapport?host=${encodeURIComponent(folder)}`
    for (const url of [databaseUrl, 'postgresql://rapport@127.0.0.1:1/rapport']) {
      await expect(openTruth({ databaseUrl: url, dataFolder: tmpdir() })).rejects.toMatchObject({
        code: 'store_unavailable',
      })
    }
  })

  it('tells a full disk from a store that is gone, and both from a faulty statement', async () => {
    const coded = (code: string): pg.DatabaseError => {
      const error = new pg.DatabaseError('made up', 0, 'error')
      error.code = code
      return error
    }
    expect(storeErrorOf(coded('53100'))?.code).toBe('disk_full')
    expect(storeErrorOf(coded('57P01'))?.code).toBe('store_unavailable')
    expect(storeErrorOf(new RapportError('internal', '', {}, coded('08006')))).toBeNull()
    const faulty = await truth.pool.query('select 1 / 0').catch((error: unknown) => error)
    expect(faulty).toBeInstanceOf(pg.DatabaseError)
    expect(storeErrorOf(faulty)).toBeNull()
  })

  it('explains a database that is not there', async () => {
    const databaseUrl = `${truth.databaseUrl}`.replace(/rapport_test_\w+/, 'not_there')
    await expect(openTruth({ databaseUrl, dataFolder: tmpdir() })).rejects.toThrow(/not_there/)
  })
})
