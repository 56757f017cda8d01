import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stateFromRow } from '../relationship/fold.ts'
import { anyTouchpoint, differencesOf, everyKindModel, testNow } from '../relationship/testing.ts'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { ensureFirstModel, ModelCache } from './serving-model.ts'
import { stageReplay, stagingDdl, stagingTable } from './load-replay.ts'
import { loadModel } from '../relationship/parse-model.ts'
import { openLens, type Lens } from '../store/lens.ts'
import { relationshipDdl } from '../relationship/postgres.ts'
import { replaySql } from '../relationship/clickhouse.ts'
import { createLogCopy } from './copy-log.ts'
import { deltasOf } from './deltas.ts'
import { mergeDeltas, rowsOfParties } from './relationship-queries.ts'
import { sql } from 'kysely'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { ServingModel } from './serving-model.ts'
import type { State } from '../relationship/measure-table.ts'
import type { Json, Touchpoint } from '../domain/touchpoint.ts'

const models = new Map([
  ['every kind', everyKindModel],
  ...readdirSync('models')
    .filter((file) => file.endsWith('.yaml'))
    .map((file): [string, string] => [file, readFileSync(join('models', file), 'utf8')]),
])

let truth: TestTruth
let lens: Lens
let folder: string
const serving = new Map<string, ServingModel>()

beforeAll(async () => {
  truth = await freshDatabase({ poolSize: 4 })
  folder = mkdtempSync(join(tmpdir(), 'rapport-evaluators-'))
  lens = openLens({ dataFolder: folder })
  await (await lens.client()).command({ query: createLogCopy('log') })
  await ensureFirstModel(truth.db, everyKindModel, 'test')
  serving.set('every kind', await new ModelCache().serving(truth.db))
  for (const [name, yaml] of models) {
    if (serving.has(name)) continue
    const model = { version: 100 + serving.size, compiled: loadModel(yaml) }
    for (const statement of relationshipDdl(model.compiled, model.version)) {
      await sql.raw(statement).execute(truth.db)
    }
    serving.set(name, model)
  }
  for (const { compiled, version } of serving.values()) {
    await sql.raw(stagingDdl(compiled, version)).execute(truth.db)
  }
})
afterAll(async () => {
  await truth.close()
  await lens.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Some parties' touchpoints in order of arrival, and where the stream is cut into batches. */
const history = fc
  .record({
    parties: fc.array(fc.array(anyTouchpoint, { maxLength: 12, size: 'max' }), {
      // A query takes 0.1 s whatever it reads, so a case is many parties.
      minLength: 0,
      maxLength: 200,
      size: 'max',
    }),
    cuts: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
    shuffle: fc.infiniteStream(fc.nat()),
  })
  .map(({ parties, cuts, shuffle }) => {
    // Ids of their own, so that cases do not meet in the tables.
    const touchpoints = parties.flatMap((list) => {
      const subjectId = randomUUID()
      return list.map((touchpoint): Touchpoint => ({ ...touchpoint, subjectId }))
    })
    const keyed = touchpoints.map((touchpoint) => ({ touchpoint, key: shuffle.next().value ?? 0 }))
    keyed.sort((a, b) => a.key - b.key)
    return { touchpoints: keyed.map(({ touchpoint }) => touchpoint), cuts }
  })

function* batchesOf(touchpoints: readonly Touchpoint[], cuts: readonly number[]) {
  for (let from = 0, i = 0; from < touchpoints.length; i++) {
    const size = cuts[i % cuts.length] as number
    yield touchpoints.slice(from, from + size)
    from += size
  }
}

async function byPostgres(
  model: ServingModel,
  touchpoints: readonly Touchpoint[],
  cuts: readonly number[],
): Promise<Map<string, State>> {
  const partyOf = new Map(touchpoints.map(({ subjectId }) => [subjectId, subjectId]))
  // All at once: the upserts of several workers interleave as they like.
  await Promise.all(
    [...batchesOf(touchpoints, cuts)].map((batch) =>
      mergeDeltas(truth.db, model, deltasOf(model.compiled, batch, partyOf)),
    ),
  )
  const rows = await rowsOfParties(truth.db, model, [...partyOf.keys()])
  return new Map(rows.map(({ partyId, state }) => [partyId, state]))
}

async function byClickhouse(
  model: CompiledModel,
  touchpoints: readonly Touchpoint[],
): Promise<Map<string, State>> {
  const client = await lens.client()
  await client.command({ query: 'truncate table log' })
  await client.insert({
    table: 'log',
    format: 'JSONEachRow',
    values: touchpoints.map((t) => ({
      subject_id: t.subjectId, id: t.id, occurred_at: new Date(t.occurredAt).toISOString(), source_id: t.sourceId, type: t.type, kind: t.kind,
      event: t.event, channel: t.channel, bot: t.bot, amount_minor: t.amountMinor, currency: t.currency ?? '',
      score: t.score, sentiment: t.sentiment, properties: JSON.stringify(t.properties), context: JSON.stringify(t.context),
    })), // prettier-ignore
  })
  const result = await client.query({
    query: replaySql(model, 'log', testNow),
    format: 'JSONEachRow',
  })
  const rows = await result.json<Record<string, unknown>>()
  return new Map(rows.map((row) => [row.subject_id as string, stateFromRow(model, row)]))
}

/** The replay of what `byClickhouse` left in the lens, as text into PostgreSQL. */
async function byStaging({ compiled, version }: ServingModel): Promise<Map<string, State>> {
  const staging = sql.table(stagingTable(version))
  await sql`truncate ${staging}`.execute(truth.db)
  const replay = { model: compiled, version, now: testNow, table: 'log' }
  await stageReplay(truth.pool, await lens.client(), replay)
  const { rows } = await sql<Record<string, unknown>>`select * from ${staging}`.execute(truth.db)
  return new Map(rows.map((row) => [row['subject_id'] as string, stateFromRow(compiled, row)]))
}

async function expectOneState(
  model: ServingModel,
  touchpoints: readonly Touchpoint[],
  cuts: readonly number[],
): Promise<void> {
  const { compiled } = model
  const merged = await byPostgres(model, touchpoints, cuts)
  const replayed = await byClickhouse(compiled, touchpoints)
  const staged = await byStaging(model)
  const lists = Map.groupBy(
    touchpoints.filter(({ bot }) => !bot),
    ({ subjectId }) => subjectId,
  )
  expect(merged.size).toBe(lists.size)
  expect(replayed.size).toBe(lists.size)
  expect(staged.size).toBe(lists.size)
  for (const [party, list] of lists) {
    expect(differencesOf(compiled, list, merged.get(party))).toEqual([])
    expect(differencesOf(compiled, list, replayed.get(party))).toEqual([])
    expect(differencesOf(compiled, list, staged.get(party))).toEqual([])
  }
}

test.for([...models.keys()])(
  'the fold, the upserts and the replay give one state: %s',
  { timeout: 180_000 },
  async (name) => {
    const model = serving.get(name) as ServingModel
    await fc.assert(
      fc.asyncProperty(history, ({ touchpoints, cuts }) =>
        expectOneState(model, touchpoints, cuts),
      ),
      { numRuns: name === 'every kind' ? 20 : 4, interruptAfterTimeLimit: 50_000 },
    )
  },
)

test('so do values that JSON can spell in several ways', async () => {
  const control = Array.from({ length: 31 }, (_, i) => String.fromCodePoint(i + 1)).join('')
  const values: Json[] = [
    { [`k${control}`]: [control] },
    ['\u2028\u2029\u007f', String.raw`\u000b`, `\\${control}`, '"e+"', 'ä/\u{1f600}'],
    [1e21, -1.5e300, 1e-7, 2 ** 53, 2 ** 64, { deep: [1e22, []] }],
    control,
  ]
  const touchpoints = values.map((text): Touchpoint => ({
    id: randomUUID(), subjectId: randomUUID(), occurredAt: testNow, receivedAt: testNow, sourceId: 'web',
    type: 'identify', kind: 'shared', event: '', channel: 'web', bot: false, amountMinor: null,
    currency: null, score: null, sentiment: null, properties: { text }, context: {},
  })) // prettier-ignore
  await expectOneState(serving.get('every kind') as ServingModel, touchpoints, [1])
})
