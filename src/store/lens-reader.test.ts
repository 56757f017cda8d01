import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createExporter, type Exporter } from './exporter/exporter.ts'
import { createLensReader } from './lens-reader.ts'
import { freshDatabase, type TestTruth } from './testing.ts'
import { openLens, type Lens } from './lens.ts'

let truth: TestTruth
let lens: Lens
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-reader-'))
  truth = await freshDatabase()
  // What the exporter reads of a model: a table with the standing of each party.
  await truth.pool.query(`create table relationship_1 (party_id uuid primary key, rung smallint,
    rung_since timestamptz, health text, health_since timestamptz, persona text, persona_fit real)`)
  lens = openLens({ dataFolder: folder })
})
afterAll(async () => {
  await lens.close()
  await truth.close()
  rmSync(folder, { recursive: true, force: true })
})

const exporterOf = (of: Lens): Exporter =>
  createExporter({
    truth,
    lens: of,
    model: async () => ({ version: 1, rungs: ['aware'] }),
    onError: () => {},
    now: Date.now,
    archiveFolder: null,
    archiveAfterMonths: null,
  })

test('a lens that is away is told as such, and is filled once it is back', async () => {
  const away = openLens({ dataFolder: folder, clickhouseUrl: 'http://127.0.0.1:9' })
  const reader = createLensReader({ lens: away, exporter: exporterOf(away) })
  await expect(reader.rows('select 1')).rejects.toMatchObject({ code: 'store_unavailable' })
  await away.close()
  const back = createLensReader({ lens, exporter: exporterOf(lens) })
  expect(await back.rows('select count() as count from history')).toEqual([{ count: 0 }])
})

test('who has to wait too long hears how far it is', async () => {
  const exporter = exporterOf(lens)
  const slow: Exporter = {
    ...exporter,
    catchUp: () => new Promise(() => {}),
    underWay: () => ({ copied: 3, total: 10 }),
  }
  const reader = createLensReader({ lens, exporter: slow, patience: 20 })
  await expect(reader.rows('select 1')).rejects.toMatchObject({
    code: 'lens_filling',
    detail: '3 of 10 touchpoints are there.',
    extra: { copied: 3, total: 10 },
  })
})

test('a question without end is stopped, and the next one is answered', async () => {
  const reader = createLensReader({ lens, exporter: exporterOf(lens), secondsAQuery: 1 })
  const endless = 'select count() as n from numbers(1e15) where sipHash64(number) = 7'
  await expect(reader.rows(endless)).rejects.toMatchObject({ code: 'query_too_expensive' })
  expect(await reader.rows('select 1 as one')).toEqual([{ one: 1 }])
  // What it had already written is not put before the next answer, nor before those asked meanwhile.
  const half =
    'select number, sleepEachRow(0.02) as s from numbers(2000) settings max_block_size = 10'
  const [failed, ...others] = await Promise.allSettled([
    reader.rows(half),
    ...[2, 3, 4].map((n) => reader.rows(`select ${n} as n`)),
  ])
  expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'query_too_expensive' } })
  expect(others).toEqual([2, 3, 4].map((n) => ({ status: 'fulfilled', value: [{ n }] })))
})

test('values travel beside the text', async () => {
  const reader = createLensReader({ lens, exporter: exporterOf(lens) })
  const hostile = `it's \\ "x'; drop table touchpoint; --\n`
  const rows = await reader.rows('select {text: String} as text, {list: Array(String)} as list', {
    text: hostile,
    list: [hostile, ''],
  })
  expect(rows).toEqual([{ text: hostile, list: [hostile, ''] }])
})
