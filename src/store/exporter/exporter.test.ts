/** Whatever happens to the exporter, the lens ends with each touchpoint once, under today's party. */
import { setTimeout } from 'node:timers/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createEngine } from '../../app/compose.ts'
import { createLive } from '../../app/live.ts'
import { readConfig } from '../../app/config.ts'
import { failingLens } from '../testing-failing-lens.ts'
import { freshDatabase, type TestTruth } from '../testing.ts'
import { touchpointOf } from '../../identify/testing.ts'
import { openLens, type Lens } from '../lens.ts'
import { startClickHouse, type ClickHouseServer } from '../testing-clickhouse.ts'
import { createExporter, type Exporter } from './exporter.ts'
import { cutIntoBatches } from './touchpoints.ts'
import type { Engine } from '../../app/engine.ts'

let truth: TestTruth
let lens: Lens
let folder: string
let engine: Engine
let exporter: Exporter
const errors: unknown[] = []

let server: ClickHouseServer | null

async function open(kind: 'chDB' | 'a ClickHouse server'): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'rapport-exporter-'))
  truth = await freshDatabase()
  server = kind === 'chDB' ? null : await startClickHouse(join(folder, 'server'))
  lens = openLens({ dataFolder: folder, ...(server && { clickhouseUrl: server.url }) })
  const config = readConfig({ RAPPORT_DATA: folder })
  const onError = (error: unknown): void => void errors.push(error)
  engine = await createEngine({ config, truth, lens, live: createLive() }, { onError })
  exporter = exporterOver(lens)
  errors.length = 0
}

async function close(): Promise<void> {
  await exporter.stop()
  await engine.stop()
  await lens.close()
  server?.stop()
  await truth.close()
  rmSync(folder, { recursive: true, force: true })
}

const exporterOver = (of: Lens): Exporter =>
  createExporter({
    truth,
    lens: of,
    model: async () => {
      const { version, compiled } = await engine.models.serving(truth.db)
      return { version, rungs: compiled.rungs.map(({ id }) => id) }
    },
    onError: (error) => void errors.push(error),
    rowsABatch: 5,
    now: Date.now,
    archiveFolder: join(folder, 'archive'),
    archiveAfterMonths: null,
  })

let people = 0
/** Some people, each seen a few times, each in transactions of their own. */
async function see(howMany: number, identifiers = (name: string) => [`user_id:${name}`]) {
  const names: string[] = []
  for (let i = 0; i < howMany; i++) {
    const name = `person-${people++}`
    names.push(name)
    const touchpoints = [30, 20, 10].map((ago) =>
      touchpointOf({ identifiers: identifiers(name), ago }),
    )
    await engine.intake.accept({ sourceId: 'test', touchpoints, rejected: [] })
  }
  return names
}

interface Told {
  readonly id: string
  readonly party: string
}

async function inTruth(): Promise<Told[]> {
  const { rows } = await truth.pool.query<Told>(
    'select t.id, i.party_id as party from touchpoint t join identifier i using (subject_id) where not bot order by 1',
  )
  return rows
}

async function ask<Row>(query: string): Promise<Row[]> {
  const client = await lens.client()
  const result = await client.query({ query, format: 'JSONEachRow' })
  return result.json<Row>()
}

const inLens = (): Promise<Told[]> =>
  ask<Told>('select toString(id) as id, toString(party_id) as party from history order by id')

async function expectEqual(): Promise<void> {
  // Parties whose history is retold in the background change without anybody asking.
  if ((await engine.clockwork.finishHistory()) > 0) await exporter.catchUp()
  expect(await inLens()).toEqual(await inTruth())
  const { rows } = await truth.pool.query<{ id: string; moves: number }>(
    `select p.id, count(t.id) as moves from party p left join transition t on t.party_id = p.id
     where p.merged_into is null group by p.id order by p.id`,
  )
  const parties = await ask(
    'select toString(party_id) as id, length(move_at) as moves from parties order by id',
  )
  expect(parties).toEqual(rows)
}

beforeEach(() => expect(errors).toEqual([]))

test('batches end where transactions end', () => {
  const transactions = [3, 9, 10, 12, 20].map((transaction) => ({ transaction, touchpoints: 4 }))
  expect(cutIntoBatches(transactions, 6)).toEqual([
    { from: 3, to: 10, touchpoints: 8 },
    { from: 10, to: 13, touchpoints: 8 },
    { from: 20, to: 21, touchpoints: 4 },
  ])
})

describe.each(['chDB', 'a ClickHouse server'] as const)('the exporter to %s', (kind) => {
  beforeAll(() => open(kind))
  afterAll(close)

  test('copies what there is, then what came, and nothing twice', async () => {
    await see(10)
    expect(await exporter.catchUp()).toMatchObject({ copied: 30, total: 30 })
    await expectEqual()
    await see(3)
    expect(await exporter.catchUp()).toMatchObject({ copied: 9 })
    expect(await exporter.catchUp()).toMatchObject({ copied: 0 })
    await expectEqual()
  })

  test('copies text of many bytes as it is', async () => {
    const text = '🌱 Größe, 大きさ\t\\n "quoted"\r\n'.repeat(300)
    const touchpoints = Array.from({ length: 40 }, (_, ago) => ({
      ...touchpointOf({ identifiers: ['user_id:writer'], ago }),
      properties: { text: 'x'.repeat(ago) + text },
    }))
    await engine.intake.accept({ sourceId: 'test', touchpoints, rejected: [] })
    await exporter.catchUp()
    const query = `select properties, count() as count from touchpoint where position(properties, '大') > 0 group by 1 order by 1`
    const { rows } = await truth.pool.query(
      `select properties::text as properties, 1 as count from touchpoint where properties::text like '%大%' order by properties::text collate "C"`,
    )
    expect(rows).toHaveLength(40)
    expect(await ask(query)).toEqual(rows)
  })

  test('waits for a transaction that is still open, and takes it then', async () => {
    const open = await truth.pool.connect()
    await open.query('begin')
    await open.query('select pg_current_xact_id()')
    await see(2)
    await exporter.catchUp()
    await open.query('commit')
    open.release()
    await exporter.catchUp()
    await expectEqual()
  })

  test('has what was committed before it is asked, though an older transaction is still at work', async () => {
    const open = await truth.pool.connect()
    await open.query('begin')
    await open.query('select pg_current_xact_id()')
    await see(2)
    const caughtUp = exporter.catchUp()
    await setTimeout(200)
    await open.query('commit')
    open.release()
    await caughtUp
    await expectEqual()
  })

  test('shows a merge and its undoing at once', async () => {
    const [ann = '', anna = ''] = await see(2)
    await exporter.catchUp()
    const partyOf = async (name: string): Promise<string> => {
      const { rows } = await truth.pool.query<{ id: string }>(
        'select party_id as id from identifier where value = $1',
        [name],
      )
      return rows[0]?.id ?? ''
    }
    const by = { name: 'Mo', reason: 'a test' }
    await engine.identityActions.merge(await partyOf(ann), await partyOf(anna), by)
    await exporter.catchUp()
    await expectEqual()
    const { rows } = await truth.pool.query<{ id: string }>(
      `select max(id)::text as id from identity_decision where action = 'merge'`,
    )
    await engine.identityActions.undo(rows[0]?.id ?? '', by)
    await exporter.catchUp()
    await expectEqual()
  })

  test('fills a lens that was emptied or exchanged', async () => {
    const client = await lens.client()
    await client.command({ query: 'truncate table lens_name' })
    await exporterOver(lens).catchUp()
    await expectEqual()
    expect((await exporter.rebuild()).copied).toBe((await inTruth()).length)
    await expectEqual()
  })

  test('two at once copy nothing twice', async () => {
    const other = exporterOver(lens)
    for (let i = 0; i < 5; i++) {
      const seeing = see(3)
      await Promise.all([exporter.catchUp(), other.catchUp(), seeing, other.catchUp()])
    }
    await exporter.catchUp()
    await expectEqual()
  })

  test('brings back what the lens lost', async () => {
    const client = await lens.client()
    await client.command({
      query: `alter table touchpoint delete where cityHash64(id) % 7 = 0 settings mutations_sync = 2`,
    })
    await client.command({ query: 'truncate table party' })
    await exporterOver(lens).catchUp()
    await expectEqual()
  })

  test('brings back a batch that the lens lost whole, as often as it does', async () => {
    await see(2)
    await exporter.catchUp()
    const client = await lens.client()
    for (let i = 0; i < 3; i++) {
      await client.command({
        query: `alter table touchpoint delete where batch = (select max(batch) from touchpoint)
          settings mutations_sync = 2`,
      })
      await exporterOver(lens).catchUp()
      await expectEqual()
    }
  })

  describe('broken off at any step', () => {
    test.each(['before', 'after'] as const)('%s a call to the lens', async (when) => {
      let reached = true
      for (let at = 1; reached; at++) {
        const [one = '', two = ''] = await see(2)
        const breaking = failingLens(lens, at, when === 'after')
        await exporterOver(breaking.lens)
          .catchUp()
          .catch((error: unknown) => expect(String(error)).toContain('gone'))
        reached = breaking.calls() >= at
        // Somebody is merged between the failure and the next try.
        if (at % 3 === 0) {
          const { rows } = await truth.pool.query<{ id: string }>(
            'select party_id as id from identifier where value = any($1)',
            [[one, two]],
          )
          const [first = { id: '' }, second = { id: '' }] = rows
          await engine.identityActions.merge(first.id, second.id, { name: 'Mo', reason: 'test' })
        }
        await exporterOver(lens).catchUp()
        await expectEqual()
      }
    })
  })
})
