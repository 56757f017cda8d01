/**
 * The order in which a world becomes known must not matter: whatever the order, the batches, the
 * repetitions and the number of workers, the stores end where one sequential fold ends.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectBatch } from '../src/collect/collect-batch.ts'
import { createEngine } from '../src/app/compose.ts'
import type { Engine } from '../src/app/engine.ts'
import { createLive } from '../src/app/live.ts'
import { readConfig } from '../src/app/config.ts'
import { freshDatabase, type TestTruth } from '../src/store/testing.ts'
import { historyDueCount } from '../src/measure/rewrite-history.ts'
import { openLens, type Lens } from '../src/store/lens.ts'
import { openTruth, type Truth } from '../src/store/truth.ts'
import { withRetries } from '../src/app/retry.ts'
import { scoreTexts } from '../src/app/score-texts.ts'
import { relationshipTable } from '../src/relationship/postgres.ts'
import { seededRandom } from '../src/math/random.ts'
import { printedSeed } from './seed.ts'
import { createHands } from './world/hands.ts'
import { expectSamePictures } from './world/compare.ts'
import {
  anyDelivery,
  anyWorld,
  briefly,
  worldKinds,
  worldModelYaml,
  worldNow,
} from './world/random-world.ts'
import { decidedByHand, strays, toldPictures } from './world/told.ts'
import { referencePictures } from './world/reference.ts'
import type { CollectedBatch } from '../src/domain/collected-batch.ts'
import type { Delivery, World } from './world/random-world.ts'
import type { IncomingTouchpoint, JsonObject } from '../src/domain/touchpoint.ts'

const seed = printedSeed('order-free')
const workers = 3

let truth: TestTruth
let lens: Lens
let folder: string
let truths: Truth[]
let engines: Engine[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-order-'))
  truth = await freshDatabase({ poolSize: 4 })
  lens = openLens({ dataFolder: folder })
  const { databaseUrl } = truth
  const config = readConfig({ RAPPORT_DATA: folder })
  truths = await Promise.all(
    Array.from({ length: workers }, () =>
      openTruth({ databaseUrl, dataFolder: folder, poolSize: 4 }),
    ),
  )
  const options = { now: () => worldNow, onError: (error: unknown) => void errors.push(error) }
  engines = []
  for (const own of truths) {
    engines.push(await createEngine({ config, truth: own, lens, live: createLive() }, options))
  }
})
afterAll(async () => {
  for (const engine of engines) await engine.stop()
  for (const own of truths) await own.close()
  await lens.close()
  await truth.close()
  rmSync(folder, { recursive: true, force: true })
})

const errors: unknown[] = []

function collect(events: readonly JsonObject[]): CollectedBatch {
  return collectBatch(
    { json: { batch: [...events] }, rejected: [] },
    { shape: 'batch', sourceId: 'web', receivedAt: worldNow, makeMessageId: () => 'none' },
  )
}

async function forgetEverything(): Promise<void> {
  const { version } = await engine(0).models.serving(truth.db)
  // An engine may be at work in the background, on the same tables in another order.
  const truncate = sql`truncate source_count, received_message, touchpoint, reject, party, identifier, identity_link,
    identity_decision, trait, membership, transition, history_due,
    ${sql.table(relationshipTable(version))}`
  await withRetries(() => truncate.execute(truth.db))
}

const engine = (place: number): Engine => engines[place % workers] as Engine

async function deliver(
  { batches }: Delivery,
  meanwhile?: (delivered: number) => Promise<unknown>,
): Promise<void> {
  let delivered = 0
  await Promise.all(
    batches.map(async (batch, place) => {
      await engine(place).intake.accept(collect(batch))
      delivered++
      await meanwhile?.(delivered)
    }),
  )
}

async function expectReference(world: World): Promise<void> {
  // What an engine has begun by itself counts too.
  while ((await historyDueCount(truth.db)) > 0) await engine(0).clockwork.finishHistory()
  const model = await engine(0).models.serving(truth.db)
  const touchpoints = scoreTexts(collect(world.events).touchpoints)
  const reference = referencePictures({
    model: model.compiled,
    touchpoints,
    byHand: await decidedByHand(truth.db),
    now: worldNow,
  })
  const told = await toldPictures(truth.db, model)
  expectSamePictures(model.compiled, told, reference, worldNow)
  expect(await strays(truth.db, model)).toEqual([])
  expect(errors).toEqual([])
}

async function expectCounts(world: World, { batches }: Delivery): Promise<void> {
  const { rows } = await sql<Record<string, number>>`
    select sum(received)::int as received, sum(accepted)::int as accepted, sum(duplicate)::int as duplicate,
      sum(rejected)::int as rejected, sum(bot)::int as bot from source_count`.execute(truth.db)
  const { touchpoints } = collect(world.events)
  const sent = batches.map((batch) => collect(batch))
  const rejected = sent.reduce((sum, batch) => sum + batch.rejected.length, 0)
  const received = batches.reduce((sum, batch) => sum + batch.length, 0)
  const accepted = touchpoints.length
  const bot = touchpoints.filter((touchpoint: IncomingTouchpoint) => touchpoint.bot).length
  const duplicate = received - accepted - rejected
  expect(rows[0]).toEqual({ received, accepted, duplicate, rejected, bot })
}

const worldAndDelivery = anyWorld.chain((world) =>
  anyDelivery(world).map((delivery) => ({ world, delivery, ...briefly })),
)
const settings = { seed, endOnFailure: process.env['RAPPORT_SHRINK'] === undefined }

test('every kind that the playbook knows can be sent', () => {
  const unreachable = [...worldKinds].flatMap(([kind, call]) => (call === null ? kind : []))
  expect(unreachable).toEqual([])
})

test(
  'any order, any batches, several workers: one and the same world',
  { timeout: 180_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(worldAndDelivery, async ({ world, delivery }) => {
        await forgetEverything()
        await deliver(delivery)
        await expectCounts(world, delivery)
        await expectReference(world)
      }),
      { ...settings, numRuns: 12, interruptAfterTimeLimit: 45_000 },
    )
  },
)

test('also where people merge, split and take back in between', { timeout: 60_000 }, async () => {
  let acted = 0
  await fc.assert(
    fc.asyncProperty(worldAndDelivery, fc.integer(), async ({ world, delivery }, handSeed) => {
      await forgetEverything()
      const hands = createHands(truth.db, seededRandom(handSeed))
      await deliver(delivery, async () => {
        acted += await hands.act(engine(hands.acts()).identityActions)
      })
      for (let more = 0; more < 4; more++) acted += await hands.act(engine(more).identityActions)
      await expectCounts(world, delivery)
      await expectReference(world)
    }),
    { ...settings, numRuns: 10, interruptAfterTimeLimit: 45_000 },
  )
  expect(acted).toBeGreaterThan(10)
})

test(
  'also after a replay, and where touchpoints come in while it runs',
  { timeout: 180_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(worldAndDelivery, fc.integer(), async ({ world, delivery }, handSeed) => {
        await forgetEverything()
        const middle = delivery.batches.length >> 1
        await deliver({ batches: delivery.batches.slice(0, middle) })
        const hands = createHands(truth.db, seededRandom(handSeed))
        await Promise.all([
          engine(0).applyModel(worldModelYaml, 'test'),
          deliver({ batches: delivery.batches.slice(middle) }, async () => {
            await hands.act(engine(1).identityActions)
          }),
        ])
        await expectCounts(world, delivery)
        await expectReference(world)
        await engine(1).applyModel(worldModelYaml, 'test')
        await expectReference(world)
      }),
      { ...settings, numRuns: 4, interruptAfterTimeLimit: 45_000 },
    )
  },
)
