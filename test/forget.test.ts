/** Retention: what is older is gone from both stores, and every figure is what the rest alone gives. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../src/app/compose.ts'
import { createLive } from '../src/app/live.ts'
import { forgetHistory } from '../src/app/forget-history.ts'
import { freshDatabase, type TestTruth } from '../src/store/testing.ts'
import { openLens, type Lens } from '../src/store/lens.ts'
import { readConfig } from '../src/app/config.ts'
import { testNow, touchpointOf } from '../src/identify/testing.ts'
import type { Engine } from '../src/app/engine.ts'
import type { IncomingTouchpoint } from '../src/domain/touchpoint.ts'

interface World {
  readonly truth: TestTruth
  readonly lens: Lens
  readonly engine: Engine
  readonly folder: string
}

const day = 24 * 60
const seen = (user: string, days: readonly number[]): IncomingTouchpoint[] =>
  days.map((ago) => touchpointOf({ identifiers: [`user_id:${user}`], ago: ago * day }))

async function makeWorld(lens: Lens | null): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-forget-'))
  const truth = await freshDatabase()
  const own = lens ?? openLens({ dataFolder: folder })
  const parts = {
    config: readConfig({ RAPPORT_DATA: folder }),
    truth,
    lens: own,
    live: createLive(),
  }
  const engine = await createEngine(parts, { now: () => testNow })
  return { truth, lens: own, engine, folder }
}

let world: World
let reference: World
beforeAll(async () => {
  world = await makeWorld(null)
  reference = await makeWorld(world.lens)
})
afterAll(async () => {
  for (const { engine } of [world, reference]) await engine.stop()
  await world.lens.close()
  for (const { truth, folder } of [world, reference]) {
    await truth.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Standing and state of everybody, by name; ids differ from world to world. */
async function standings({ truth, engine }: World): Promise<unknown> {
  const { version } = await engine.models.serving(truth.db)
  const { rows } = await truth.pool.query<Record<string, unknown>>(
    `select p.display_name as name, r.* from relationship_${version} r join party p on p.id = r.party_id order by 1`,
  )
  const ignored = new Set(['party_id', 'rung_since', 'health_since', 'wake_at'])
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([column]) => !ignored.has(column))
        // Sums of doubles differ in their last digit with the order.
        .map(([column, value]) => [
          column,
          typeof value === 'number' ? Number(value.toPrecision(12)) : value,
        ]),
    ),
  )
}

test('what is older than may be kept is as if it had never been', async () => {
  const kept = [...seen('ann', [3, 40, 70]), ...seen('bob', [10])]
  const old = [...seen('ann', [200, 400]), ...seen('cyd', [500])]
  const accept = (to: World, touchpoints: IncomingTouchpoint[]) =>
    to.engine.intake.accept({ sourceId: 'test', touchpoints, rejected: [] })
  await accept(world, [...old, ...kept])
  await accept(reference, kept)
  await world.engine.history.exporter.archive(5)

  const forgotten = await forgetHistory(world, world.engine, 4)
  expect(forgotten).toEqual({ months: 3, touchpoints: 3 })
  expect(await forgetHistory(world, world.engine, 4)).toEqual({ months: 0, touchpoints: 0 })
  const { rows } = await world.truth.pool.query('select id from touchpoint order by id')
  expect(rows.map(({ id }: { id: string }) => id)).toEqual(kept.map(({ id }) => id).toSorted())
  const counted = await world.engine.history.reader.rows('select count() as n from history')
  expect(counted).toEqual([{ n: kept.length }])
  const withoutCyd = (all: unknown): unknown[] =>
    (all as { name: string }[]).filter(({ name }) => name !== 'cyd')
  expect(withoutCyd(await standings(world))).toEqual(await standings(reference))

  // A client that sends it again does not bring it back.
  const { accepted, duplicate } = await accept(world, old)
  expect({ accepted, duplicate }).toEqual({ accepted: 0, duplicate: old.length })
})
