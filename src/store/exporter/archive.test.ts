/** Months in files are counted as before, whatever is interrupted, lost, merged or late. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createExporter, type Exporter } from './exporter.ts'
import { createIdentityActions } from '../../app/identity-actions.ts'
import { ensureFirstModel, ModelCache } from '../../measure/serving-model.ts'
import { everyKindModel } from '../../relationship/testing.ts'
import { failingLens } from '../testing-failing-lens.ts'
import { freshDatabase, type TestTruth } from '../testing.ts'
import { KnownParties } from '../../identify/known-parties.ts'
import { monthBefore } from './archive.ts'
import { openLens, type Lens } from '../lens.ts'
import { takeBatches, type PipelineParts } from '../../app/pipeline.ts'
import { testNow, touchpointOf } from '../../identify/testing.ts'

let truth: TestTruth
let lens: Lens
let folder: string
let parts: PipelineParts
const daysAgo = 24 * 60

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-archive-'))
  truth = await freshDatabase()
  await ensureFirstModel(truth.db, everyKindModel, 'test')
  lens = openLens({ dataFolder: folder })
  parts = { db: truth.db, models: new ModelCache(), knownParties: new KnownParties(), now: () => testNow, newId: randomUUID } // prettier-ignore
})
afterAll(async () => {
  await lens.close()
  await truth.close()
  rmSync(folder, { recursive: true, force: true })
})

const archiveFolder = (): string => join(folder, 'archive')
const exporterOver = (of: Lens): Exporter =>
  createExporter({
    truth,
    lens: of,
    model: async () => ({
      version: (await parts.models.serving(truth.db)).version,
      rungs: ['any'],
    }),
    onError: () => {},
    rowsABatch: 10,
    now: () => testNow,
    archiveFolder: archiveFolder(),
    archiveAfterMonths: null,
  })

/** Somebody seen now and then in the last ten months. */
async function see(user: string): Promise<void> {
  const touchpoints = Array.from({ length: 12 }, (_, i) =>
    touchpointOf({ identifiers: [`user_id:${user}`], ago: i * 25 * daysAgo }),
  )
  await takeBatches(parts, [{ sourceId: 'test', touchpoints, rejected: [] }])
}

async function ask<Row>(query: string): Promise<Row[]> {
  const result = await (await lens.client()).query({ query, format: 'JSONEachRow' })
  return result.json<Row>()
}

async function expectEqual(): Promise<void> {
  const { rows } = await truth.pool.query(
    'select t.id, i.party_id as party from touchpoint t join identifier i using (subject_id) where not bot order by 1',
  )
  const columns = 'toString(id) as id, toString(party_id) as party'
  expect(await ask(`select ${columns} from history order by id`)).toEqual(rows)
  const [held] = await ask<{ n: number }>('select count() as n from stored_touchpoint')
  expect(held?.n).toBe(rows.length)
}

const months = async (): Promise<number[]> =>
  (await ask<{ m: number }>('select distinct toYYYYMM(occurred_at) as m from touchpoint order by m')).map(({ m }) => m) // prettier-ignore

test('a month is old once it is so many months gone', () => {
  expect(monthBefore(Date.UTC(2026, 10, 23), 3)).toBe(202608)
  expect(monthBefore(Date.UTC(2026, 0, 1), 1)).toBe(202512)
  expect(monthBefore(Date.UTC(2026, 10, 23), 24)).toBe(202411)
})

test('old months go into files and are counted as before', async () => {
  for (const user of ['ann', 'bob', 'cyd']) await see(user)
  const exporter = exporterOver(lens)
  const archived = await exporter.archive(3)
  expect(archived).toBeGreaterThanOrEqual(6)
  expect(readdirSync(archiveFolder())).toHaveLength(archived)
  expect(Math.min(...(await months()))).toBeGreaterThanOrEqual(monthBefore(testNow, 3))
  await expectEqual()
  // Nothing is left to put away.
  expect(await exporter.archive(3)).toBe(0)
})

test('what comes late for such a month is counted, and put away next', async () => {
  await see('late')
  const exporter = exporterOver(lens)
  await exporter.catchUp()
  await expectEqual()
  expect(await exporter.archive(3)).toBeGreaterThanOrEqual(6)
  await expectEqual()
})

test('people merged since are one, in files too', async () => {
  const { rows } = await truth.pool.query<{ id: string }>(
    `select party_id as id from identifier where value in ('ann', 'bob')`,
  )
  const actions = createIdentityActions({ ...parts, onMeasured: () => {} })
  await actions.merge(rows[0]?.id ?? '', rows[1]?.id ?? '', { name: 'Mo', reason: 'a test' })
  await exporterOver(lens).catchUp()
  await expectEqual()
})

test('a lost file is filled anew from the truth', async () => {
  rmSync(join(archiveFolder(), readdirSync(archiveFolder())[0] ?? 'none'))
  await exporterOver(lens).catchUp()
  await expectEqual()
  expect(readdirSync(archiveFolder())).toEqual([])
})

test.each([true, false])(
  'broken off at any call (after it: %s), it is whole at every moment',
  async (after) => {
    await exporterOver(lens).rebuild()
    let reached = true
    for (let at = 12; reached; at += 3) {
      const broken = failingLens(lens, at, after)
      await exporterOver(broken.lens)
        .archive(3)
        .catch((error: unknown) => expect(String(error)).toContain('gone'))
      reached = broken.calls() >= at
      await expectEqual()
      await exporterOver(lens).catchUp()
      await expectEqual()
    }
  },
)
