/**
 * Whatever the order in which a world becomes known, however it is cut into batches, whoever merges and
 * splits, however long one waits: membership is what evaluating everybody from scratch gives.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anySighting, touchpointOf } from '../src/identify/testing.ts'
import { anyTouchpoint, everyKindModel, testNow } from '../src/relationship/testing.ts'
import { anyTree } from '../src/segment/testing.ts'
import { Catalogues } from '../src/segment/catalogue.ts'
import { createEngine } from '../src/app/compose.ts'
import { createHands } from './world/hands.ts'
import { createLive } from '../src/app/live.ts'
import { changeSegment, createSegment } from '../src/segment/save.ts'
import { freshDatabase, type TestTruth } from '../src/store/testing.ts'
import { historyDueCount } from '../src/measure/rewrite-history.ts'
import { openLens, type Lens } from '../src/store/lens.ts'
import { openTruth, type Truth } from '../src/store/truth.ts'
import { readConfig } from '../src/app/config.ts'
import { relationshipTable } from '../src/relationship/postgres.ts'
import { seededRandom } from '../src/math/random.ts'
import { verdictsSql } from '../src/segment/everybody.ts'
import { withRetries } from '../src/app/retry.ts'
import { briefly } from './world/random-world.ts'
import { printedSeed } from './seed.ts'
import type { Engine } from '../src/app/engine.ts'
import type { IncomingTouchpoint } from '../src/domain/touchpoint.ts'
import type { SegmentGroup, SegmentRule } from '../src/domain/segment-view.ts'

const seed = printedSeed('segments')
const day = 86_400_000
let truth: TestTruth
let truths: Truth[]
let lens: Lens
let engines: Engine[]
let folder: string
let time = testNow
const errors: unknown[] = []

beforeAll(async () => {
  truth = await freshDatabase({ poolSize: 4 })
  folder = mkdtempSync(join(tmpdir(), 'rapport-segments-'))
  writeFileSync(join(folder, 'model.yaml'), everyKindModel)
  lens = openLens({ dataFolder: folder })
  truths = []
  engines = []
  for (let place = 0; place < 2; place++) {
    const own = await openTruth({ databaseUrl: truth.databaseUrl, dataFolder: folder, poolSize: 6 })
    truths.push(own)
    const config = readConfig({ RAPPORT_DATA: folder, RAPPORT_MODEL: join(folder, 'model.yaml') })
    const parts = { config, truth: own, lens, live: createLive() }
    const options = { now: () => time, longestSleep: 50, onError: (error: unknown) => void errors.push(error) } // prettier-ignore
    engines.push(await createEngine(parts, options))
  }
})
afterAll(async () => {
  for (const engine of engines) await engine.stop()
  for (const own of truths) await own.close()
  await lens.close()
  await truth.close()
  rmSync(folder, { recursive: true, force: true })
})

const engine = (place: number): Engine => engines[place % 2] as Engine

async function forgetEverything(): Promise<void> {
  const { version } = await engine(0).models.serving(truth.db)
  const truncate = sql`truncate source_count, received_message, touchpoint, reject, party, identifier, identity_link,
    identity_decision, trait, membership, transition, history_due, segment, segment_version, segment_build,
    segment_member, segment_touched, segment_change, ${sql.table(relationshipTable(version))}`
  await withRetries(() => truncate.execute(truth.db))
  await sql`update segment_epoch set epoch = epoch + 1`.execute(truth.db)
}

const incoming = fc.record({
  touchpoint: anyTouchpoint,
  sighting: anySighting,
  traits: fc.option(fc.record({ role: fc.constantFrom('owner', 'x'), n: fc.constantFrom<(number | string)[]>(3, '3') }, { requiredKeys: [] }), { freq: 3 }),
  account: fc.option(fc.constantFrom('acme', 'bolt'), { freq: 3 }),
}) // prettier-ignore

function madeOf({ touchpoint, sighting, traits, account }: typeof incoming extends fc.Arbitrary<infer T> ? T : never): IncomingTouchpoint {
  const identity = touchpointOf({ ...sighting, traits, account }, '')
  const { identifiers, subjectId } = identity
  return { ...identity, ...touchpoint, id: randomUUID(), identifiers, subjectId, traits }
} // prettier-ignore

const batchesIn = fc.array(fc.array(incoming, { minLength: 1, maxLength: 25 }), {
  minLength: 2,
  maxLength: 8,
})

async function makeSegment(tree: SegmentGroup, kind: 'person' | 'account'): Promise<string> {
  const model = (db: TestTruth['db']) => engine(0).models.serving(db)
  const parts = { db: truth.db, model, now: () => time, newId: randomUUID }
  return createSegment(parts, { name: randomUUID(), about: '', kind, tree, by: 'test' })
}

const withoutAccount = (node: SegmentGroup['rules'][number]): SegmentGroup['rules'][number] =>
  'rules' in node
    ? { ...node, rules: node.rules.map(withoutAccount) }
    : node.field === 'account'
      ? { field: 'rung', operator: 'at_least', value: 'visitor' }
      : node

/** All that was begun has come to its end, at this time. */
async function settled(): Promise<void> {
  while ((await historyDueCount(truth.db)) > 0) await engine(0).clockwork.finishHistory()
  for (;;) {
    for (const own of engines) own.clockwork.wakeBy(time)
    for (const own of engines) await own.segments.ring()
    const { version } = await engine(0).models.serving(truth.db)
    const { rows } = await sql<{ due: number }>`select
      (select count(*) from ${sql.table(relationshipTable(version))} where wake_at <= ${new Date(time)})::int
      + (select count(*) from segment_member where wake_at <= ${new Date(time)})::int as due`.execute(truth.db)
    if (rows[0]?.due === 0) return
    await sleep(5)
  }
} // prettier-ignore

async function expectFromScratch(sinceTheBeginning: readonly string[]): Promise<number> {
  const model = await engine(0).models.serving(truth.db)
  const { active } = await new Catalogues().at(truth.db, model)
  let members = 0
  for (const { condition, kind, build } of active) {
    const verdicts = verdictsSql(condition, { model, kind, now: time, only: null })
    const { rows: wanted } = await sql<{ id: string }>`
      select party_id as id from (${verdicts}) as v where verdict > 0 order by party_id`.execute(truth.db)
    const { rows: told } = await sql<{ id: string }>`
      select party_id as id from segment_member where build = ${build} and inside order by party_id`.execute(truth.db)
    expect(told, condition.says).toEqual(wanted)
    members += told.length
  }
  // Who entered and did not leave is inside, and nobody twice.
  const { rows: odd } = await sql`
    select segment_id, party_id, coalesce(entered, 0) as entered, inside is not null as inside from (
      select segment_id, party_id, sum(case when what = 'entered' then 1 else -1 end) as entered
      from segment_change where segment_id = any(${sinceTheBeginning}::uuid[]) group by 1, 2) told
    full join (
      select segment_id, party_id, 1 as inside from segment_member join segment_build using (build)
      where inside and state = 'serving' and segment_id = any(${sinceTheBeginning}::uuid[])) now using (segment_id, party_id)
    where coalesce(entered, 0) <> coalesce(inside, 0)`.execute(truth.db)
  expect(odd).toEqual([])
  expect(errors).toEqual([])
  return members
} // prettier-ignore

test('membership is what everybody from scratch gives', { timeout: 240_000 }, async () => {
  let members = 0
  let acted = 0
  const drawn = fc.record({
    trees: fc.array(fc.tuple(anyTree(), fc.constantFrom('person' as const, 'account' as const)), { minLength: 2, maxLength: 5 }),
    batches: batchesIn,
    waits: fc.array(fc.constantFrom(0, 3_600_000, day, 9 * day, 80 * day), { minLength: 8, maxLength: 8 }),
    handSeed: fc.integer(),
  }) // prettier-ignore
  await fc.assert(
    fc.asyncProperty(
      drawn.map((world) => ({ ...world, ...briefly })),
      async ({ trees, batches, waits, handSeed }) => {
        time = testNow
        await forgetEverything()
        const ids: string[] = []
        for (const [tree, kind] of trees.slice(0, -1)) {
          const own = kind === 'account' ? { ...tree, rules: tree.rules.map(withoutAccount) } : tree
          ids.push(await makeSegment(own, kind))
        }
        await engine(0).segments.build()
        const hands = createHands(truth.db, seededRandom(handSeed))
        for (const [i, batch] of batches.entries()) {
          const touchpoints = batch.map(madeOf)
          const middle = touchpoints.length >> 1
          await Promise.all([
            engine(i).intake.accept({ sourceId: 'test', touchpoints: touchpoints.slice(0, middle + 3), rejected: [] }), // prettier-ignore
            engine(i + 1).intake.accept({ sourceId: 'test', touchpoints: touchpoints.slice(middle), rejected: [] }), // prettier-ignore
            // A build in the midst of it.
            i === 1 ? buildOneMore(trees.at(-1), ids) : null,
            i === 2 ? changeOne(trees.at(-1), ids) : null,
            i === 3 ? engine(1).applyModel(everyKindModel.replace('name: Visits', 'name: Calls'), 'test') : null, // prettier-ignore
          ])
          if (i % 3 === 2) acted += await hands.act(engine(i).identityActions)
          time += waits[i] ?? 0
        }
        await Promise.all([engine(0).segments.build(), engine(1).segments.build()])
        await settled()
        members += await expectFromScratch(ids)
        time += 47 * day
        await settled()
        members += await expectFromScratch(ids)
      },
    ),
    { seed, numRuns: Number(process.env['RAPPORT_RUNS'] ?? 15), interruptAfterTimeLimit: 60_000, endOnFailure: process.env['RAPPORT_SHRINK'] === undefined }, // prettier-ignore
  )
  expect(members).toBeGreaterThan(50)
  expect(acted).toBeGreaterThan(0)
})

async function buildOneMore(
  given: [SegmentGroup, 'person' | 'account'] | undefined,
  ids: readonly string[],
): Promise<void> {
  const [tree] = given as [SegmentGroup, 'person']
  const [part] = ids
  const { rows } = await sql<{ kind: string }>`select kind from segment where id = ${part ?? null}::uuid`.execute(truth.db) // prettier-ignore
  const nested: SegmentRule[] = rows[0]?.kind === 'person' ? [{ field: 'segment', operator: 'not_in', value: part }] : [] // prettier-ignore
  await makeSegment({ ...tree, rules: [...tree.rules, ...nested] }, 'person')
  await engine(1).segments.build()
}

/** Another tree for a segment that serves, while touchpoints come in. */
async function changeOne(
  given: [SegmentGroup, 'person' | 'account'] | undefined,
  ids: readonly string[],
): Promise<void> {
  const [tree] = given as [SegmentGroup, 'person']
  const model = (db: TestTruth['db']) => engine(0).models.serving(db)
  const parts = { db: truth.db, model, now: () => time, newId: randomUUID }
  // Accounts have no account of their own to ask for.
  const draft = { name: randomUUID(), about: '', tree: { ...tree, rules: tree.rules.map(withoutAccount) } } // prettier-ignore
  await changeSegment(parts, ids[0] ?? '', { ...draft, by: 'test', expected: undefined })
  await engine(0).segments.build()
}
