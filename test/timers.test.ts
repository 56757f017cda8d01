/** What time alone changes: at its moment, once, whoever is watching; and no question in between. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { collectBatch } from '../src/collect/collect-batch.ts'
import { createEngine } from '../src/app/compose.ts'
import { createLive } from '../src/app/live.ts'
import { databaseUrlFor, freshDatabase, type TestTruth } from '../src/store/testing.ts'
import { openLens } from '../src/store/lens.ts'
import { openTruth, type Truth } from '../src/store/truth.ts'
import { readConfig } from '../src/app/config.ts'
import { startWholeServer } from './whole-server.ts'
import type { CollectedBatch } from '../src/domain/collected-batch.ts'
import type { Engine } from '../src/app/engine.ts'

const hour = 3_600_000
const day = 24 * hour

/** Warmth halves every hour, so it crosses a half one hour after a visit; a day later one is silent. */
const model = `
model: Short ages
measures:
  seen: { kind: maximum, name: Seen, of: [{ when: { kind: page_viewed }, field: occurred_at }] }
  warmth: { kind: decayed_sum, name: Warmth, half_life: 1h, of: [{ when: { kind: page_viewed } }] }
  chill: { kind: decayed_sum, name: Chill, half_life: 1h, of: [{ when: { kind: complaint } }] }
  paid: { kind: sum, name: Paid, of: [{ when: { kind: purchase }, weight: { field: amount } }] }
trust: { deposits: warmth, withdrawals: chill }
dimensions: { trust: { name: Trust, half: 3, of: [{ trust_balance: true }] } }
rungs:
  - { id: stranger, name: Stranger, meaning: Nobody, when: { all: [] } }
  - { id: guest, name: Guest, meaning: Was here, when: { measure: seen, age: true, at_most: 2 } }
  - { id: friend, name: Friend, meaning: Is here, when: { measure: warmth, at_least: 0.5 } }
health:
  red: []
  yellow: [{ because: Silent, when: { measure: seen, age: true, at_least: 1 } }]
value: { own: paid }
`

let truth: TestTruth
let folder: string
let truths: Truth[]
let engines: Engine[]
const errors: unknown[] = []

beforeEach(async () => {
  truth = await freshDatabase({ poolSize: 3 })
  folder = mkdtempSync(join(tmpdir(), 'rapport-timers-'))
  writeFileSync(join(folder, 'model.yaml'), model)
  truths = []
  engines = []
  errors.length = 0
})
afterEach(async () => {
  for (const engine of engines) await engine.stop()
  for (const own of truths) await own.close()
  await truth.close()
  rmSync(folder, { recursive: true, force: true })
})

async function engineOn(now: () => number, longestSleep?: number): Promise<Engine> {
  const own = await openTruth({ databaseUrl: truth.databaseUrl, dataFolder: folder, poolSize: 4 })
  truths.push(own)
  const config = readConfig({ RAPPORT_DATA: folder, RAPPORT_MODEL: join(folder, 'model.yaml') })
  const parts = { config, truth: own, lens: openLens({ dataFolder: folder }), live: createLive() }
  const engine = await createEngine(parts, {
    ...{ now, onError: (error: unknown) => void errors.push(error) },
    ...(longestSleep === undefined ? {} : { longestSleep }),
  })
  engines.push(engine)
  return engine
}

function visits(times: readonly number[], now: number, person = ''): CollectedBatch {
  const batch = times.map((at, i) => ({
    ...{ type: 'page', messageId: randomUUID(), userId: person || `u-${i}` },
    timestamp: new Date(at).toISOString(),
  }))
  const circumstances = { sourceId: 'web', receivedAt: now, makeMessageId: randomUUID }
  return collectBatch({ json: { batch }, rejected: [] }, { ...circumstances, shape: 'batch' })
}

interface Told {
  readonly at: number
  readonly what: string
  readonly to: string
}

/** Changes after the first sight of each person, oldest first. */
async function changes(): Promise<Told[]> {
  const { rows } = await sql<{ at: Date; what: string; to: string }>`
    select at, what, to_value as "to" from transition where from_value is not null
    order by at, id`.execute(truth.db)
  return rows.map((row) => ({ ...row, at: row.at.getTime() }))
}

async function settled(): Promise<void> {
  await sleep(150)
  // An engine that holds rows is at work yet.
  while (!(await areIdle())) await sleep(20)
}

async function areIdle(): Promise<boolean> {
  const { rows } = await sql<{ busy: number }>`
    select count(*)::int as busy from pg_stat_activity
    where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`.execute(
    truth.db,
  )
  return rows[0]?.busy === 0
}

test('by an injected clock: not a millisecond before its time, and once, with two engines', async () => {
  const start = Date.parse('2026-11-20T08:00:00.000Z')
  let time = start
  const two = [await engineOn(() => time), await engineOn(() => time)]
  await two[0]?.intake.accept(
    visits(
      Array.from({ length: 200 }, () => start),
      start,
    ),
  )
  const at = async (moment: number): Promise<Told[]> => {
    time = moment
    // Both are woken at once, as their own alarms would.
    for (const { clockwork } of two) clockwork.wakeBy(0)
    await settled()
    return changes()
  }
  expect(await at(start + hour)).toEqual([])
  const friends = await at(start + hour + 1)
  expect(friends).toHaveLength(200)
  expect(new Set(friends.map(({ at: when, what, to }) => `${when - start} ${what} ${to}`))).toEqual(
    new Set([`${hour + 1} rung guest`]),
  )
  expect(await at(start + day - 1)).toHaveLength(200)
  expect(await at(start + day)).toHaveLength(400)
  expect(await at(start + 2 * day)).toHaveLength(400)
  const last = (await at(start + 30 * day)).slice(400)
  // Told at the moment when it was due, though it was looked at weeks later.
  expect(last).toHaveLength(200)
  expect(new Set(last.map((told) => told.at - start))).toEqual(new Set([2 * day + 1]))
  expect(errors).toEqual([])
})

test('by the real clock: within a second, and once, with two engines', async () => {
  const two = [await engineOn(Date.now), await engineOn(Date.now)]
  for (const { clockwork } of two) await clockwork.start()
  const now = Date.now()
  const cold = now + 1_200
  const silent = now + 1_900
  await two[0]?.intake.accept(visits([cold - hour], now, 'cold'))
  await two[1]?.intake.accept(visits([silent - day], now, 'silent'))
  expect(await changes()).toEqual([])
  await expect.poll(changes, { timeout: 5_000, interval: 20 }).toHaveLength(1)
  expect(Math.abs(Date.now() - cold)).toBeLessThan(1_000)
  await expect.poll(changes, { timeout: 5_000, interval: 20 }).toHaveLength(2)
  expect(Math.abs(Date.now() - silent)).toBeLessThan(1_000)
  // History of what came late is written anew meanwhile: it must tell the same.
  await sleep(2_500)
  expect(await changes()).toEqual([
    { at: silent - day + hour + 1, what: 'rung', to: 'guest' },
    { at: cold + 1, what: 'rung', to: 'guest' },
    { at: silent, what: 'health', to: 'yellow' },
  ])
  expect(errors).toEqual([])
})

/** In a process of its own, which dies as soon as the batch is acknowledged. */
async function acceptAndDie(batch: CollectedBatch): Promise<void> {
  const program = join(import.meta.dirname, 'child/accept-and-die.ts')
  const environment = { RAPPORT_DATA: folder, RAPPORT_MODEL: join(folder, 'model.yaml') }
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, ...environment, DATABASE_URL: truth.databaseUrl },
  })
  child.stdin.end(JSON.stringify(batch))
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
}

test('what a killed engine left is done by another that knew nothing of it', async () => {
  const survivor = await engineOn(Date.now, 1_000)
  await survivor.clockwork.start()
  await settled()
  const now = Date.now()
  // Late by more than an hour, so its history is due too; cold by now, and silent soon.
  const silent = now + 3_000
  await acceptAndDie(visits([silent - day], now, 'silent'))
  const { rows } = await sql`select from history_due`.execute(truth.db)
  expect(rows).toHaveLength(1)
  await expect.poll(changes, { timeout: 9_000, interval: 20 }).toHaveLength(2)
  expect(Date.now() - silent).toBeLessThan(2_000)
  await sleep(2_000)
  expect(await changes()).toEqual([
    { at: silent - day + hour + 1, what: 'rung', to: 'guest' },
    { at: silent, what: 'health', to: 'yellow' },
  ])
  const left = await sql`select from history_due`.execute(truth.db)
  expect(left.rows).toEqual([])
  expect(errors).toEqual([])
})

test('the store was away when it was time: it is made up for', { timeout: 30_000 }, async () => {
  const engine = await engineOn(Date.now)
  await engine.clockwork.start()
  const now = Date.now()
  await engine.intake.accept(visits([now + 700 - hour], now))
  await settled()
  // As if the network were gone: who was connected is not any more, and nobody may connect.
  const { pathname } = new URL(truth.databaseUrl)
  const outside = new pg.Client(databaseUrlFor(truth.databaseUrl, 'postgres'))
  await outside.connect()
  const database = pathname.slice(1)
  await outside.query(`alter database ${database} allow_connections false`)
  await outside.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    database,
  ])
  await sleep(1_500)
  expect(errors.length).toBeGreaterThan(0)
  await outside.query(`alter database ${database} allow_connections true`)
  await outside.end()
  await expect.poll(changes, { timeout: 8_000 }).toHaveLength(1)
})

test('at rest nobody asks the store anything', { timeout: 40_000 }, async () => {
  const server = await startWholeServer()
  const answer = await fetch(`${server.url}/v1/track`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${server.writeKey}:`)}` },
    body: JSON.stringify({ userId: 'u', event: 'Order Completed', timestamp: '2026-11-01' }),
  })
  expect(answer.status).toBe(200)
  await sleep(3_000)
  const lastAsked = async (): Promise<string[]> => {
    const { rows } = await sql<{ pid: number; at: string }>`
      select pid, state_change::text as at from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() order by pid`.execute(
      server.truth.db,
    )
    return rows.map(({ pid, at }) => `${pid} ${at}`)
  }
  const before = await lastAsked()
  await sleep(8_000)
  // Connections that nobody needs may end; those that are left were not asked.
  expect(before).toEqual(expect.arrayContaining(await lastAsked()))
  await server.close()
})
