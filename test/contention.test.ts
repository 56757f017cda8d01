/**
 * Several workers on the same few people at once: they wait for each other in one order, so that no
 * deadlock (which PostgreSQL finds after a second only) ever slows intake down.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { collectBatch } from '../src/collect/collect-batch.ts'
import { createEngine } from '../src/app/compose.ts'
import { createLive } from '../src/app/live.ts'
import { freshDatabase } from '../src/store/testing.ts'
import { historyDueCount } from '../src/measure/rewrite-history.ts'
import { openLens } from '../src/store/lens.ts'
import { openTruth } from '../src/store/truth.ts'
import { printedSeed } from './seed.ts'
import { readConfig } from '../src/app/config.ts'
import { seededRandom, type Random } from '../src/math/random.ts'
import type { CollectedBatch } from '../src/domain/collected-batch.ts'
import type { Engine } from '../src/app/engine.ts'

const seed = printedSeed('contention')
const people = 12
const day = 86_400_000

let number = 0
/** Everything that touches a person: names, new devices, companies, late and present touchpoints. */
function batchOf(random: Random): CollectedBatch {
  const now = Date.now()
  const batch = Array.from({ length: 25 }, () => {
    const person = random.integer(people)
    const late = random.chance(0.4) ? random.integer(30) * day : 0
    return {
      type: random.choice(['identify', 'track', 'track', 'group']),
      messageId: `m-${number++}`,
      userId: `u-${person}`,
      anonymousId: `a-${person}-${random.integer(40)}`,
      groupId: `g-${person % 3}`,
      event: 'Order Completed',
      traits: { name: `Name ${number}`, plan: number },
      timestamp: new Date(now - late).toISOString(),
    }
  })
  const circumstances = { sourceId: 'web', receivedAt: now, makeMessageId: () => 'none' }
  return collectBatch({ json: { batch }, rejected: [] }, { ...circumstances, shape: 'batch' })
}

test('nobody waits crosswise', { timeout: 60_000 }, async () => {
  const truth = await freshDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'rapport-contention-'))
  const errors: unknown[] = []
  const truths = []
  const engines: Engine[] = []
  for (let i = 0; i < 3; i++) {
    const own = await openTruth({ databaseUrl: truth.databaseUrl, dataFolder: folder, poolSize: 6 })
    truths.push(own)
    const config = readConfig({ RAPPORT_DATA: folder })
    const parts = { config, truth: own, lens: openLens({ dataFolder: folder }), live: createLive() }
    engines.push(await createEngine(parts, { onError: (error) => void errors.push(error) }))
  }
  const random = seededRandom(seed)
  const lane = async ({ intake }: Engine, own: Random): Promise<void> => {
    for (let i = 0; i < 30; i++) await intake.accept(batchOf(own))
  }
  await Promise.all([...engines, ...engines].map((engine, i) => lane(engine, random.fork(i))))
  while ((await historyDueCount(truth.db)) > 0) await engines[0]?.clockwork.finishHistory()
  for (const engine of engines) await engine.stop()
  // Statistics of a connection are complete when it has ended.
  for (const own of truths) await own.close()
  const { rows } = await sql<{ deadlocks: number }>`
    select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()`.execute(
    truth.db,
  )
  expect(rows[0]?.deadlocks).toBe(0)
  expect(errors).toEqual([])
  // Whoever was last to tell a name, everybody is called by the newest.
  const { rows: misnamed } = await sql`
    select p.display_name, t.value from party p
    cross join lateral (select t.value #>> '{}' as value from identifier i join trait t using (subject_id)
      where i.party_id = p.id and t.key = 'name' order by t.at desc, t.touchpoint_id desc limit 1) t
    where p.merged_into is null and p.display_name <> t.value`.execute(truth.db)
  expect(misnamed).toEqual([])
  await truth.close()
  rmSync(folder, { recursive: true, force: true })
})
