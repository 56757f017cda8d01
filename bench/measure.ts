/**
 * Replay: a made-up history folded into relationship states by the saas playbook, in the embedded lens.
 * Counted from the first query to the last state; beside it a plain count by subject, the least that
 * any replay has to do. Then the way there and back: the log copied from a real PostgreSQL into the
 * lens, and the states loaded into PostgreSQL. Making the history is not counted.
 *   npm run bench -- measure --touchpoints 10000000
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { copyLog, createLogCopy } from '../src/measure/copy-log.ts'
import { loadModel } from '../src/relationship/parse-model.ts'
import { loadStaged, slicesOf, stageReplay, stagingDdl } from '../src/measure/load-replay.ts'
import { migrate } from '../src/store/migrate.ts'
import { number, printTable } from './table.ts'
import { openLens } from '../src/store/lens.ts'
import { openTruth, type Truth } from '../src/store/truth.ts'
import { readModelFile } from '../src/app/playbooks.ts'
import { relationshipDdl } from '../src/relationship/postgres.ts'
import { replayCopySql } from '../src/relationship/clickhouse.ts'
import type { ClickHouseClient } from '@clickhouse/client'
import type { CompiledModel } from '../src/relationship/compile-model.ts'

const table = 'bench_touchpoint'
const rowsAtOnce = 1_000_000
/** A life of 20 touchpoints a person is what two years of a young company look like. */
const touchpointsEach = 20
/** Touchpoints of the log that is copied from PostgreSQL. */
const copiedTouchpoints = 500_000
const version = 1

const kinds = ['page_viewed', 'content_viewed', 'email_opened', 'feature_used', 'purchase', 'review', 'ticket_opened', 'subscription_renewed'] // prettier-ignore

export async function measure(touchpoints: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-bench-'))
  const lens = openLens({ dataFolder: folder })
  const truth = await openTruth({ dataFolder: folder })
  try {
    const client = await lens.client()
    const people = Math.max(1, Math.floor(touchpoints / touchpointsEach))
    const model = loadModel(readModelFile('saas'))
    await fill(client, touchpoints, people)
    await measureFold(client, model, touchpoints)
    await migrate(truth.pool)
    await measureCopy(truth, client)
    await measureLoad(truth, client, model, people)
  } finally {
    await truth.close()
    await lens.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureFold(
  client: ClickHouseClient,
  model: CompiledModel,
  touchpoints: number,
): Promise<void> {
  const now = Date.now()
  const plain = await timed(() =>
    drain(client, `select subject_id, count() from ${table} where not bot group by subject_id`),
  )
  const before = process.cpuUsage()
  const replay = await timed(async () => {
    let states = 0
    for (const slice of await slicesOf(client, table)) {
      states += await drain(client, replayCopySql(model, slice, now))
    }
    return states
  })
  const { user, system } = process.cpuUsage(before)
  printTable(`Replay of ${number(touchpoints)} touchpoints, ${model.measures.length} measures`, [
    { what: 'states', figure: number(replay.result) },
    {
      what: 'time',
      figure: `${number(replay.seconds)} s`,
      target: '10,000,000 in under 15 s',
    },
    { what: 'touchpoints a second', figure: number(touchpoints / replay.seconds) },
    { what: 'processor time of it', figure: `${number((user + system) / 1e6)} s` },
    { what: 'a plain count by subject', figure: `${number(plain.seconds)} s` },
    { what: 'ratio to the plain count', figure: number(replay.seconds / plain.seconds) },
  ])
}

async function measureCopy({ db, pool }: Truth, client: ClickHouseClient): Promise<void> {
  await sql`create table touchpoint_bench partition of touchpoint default`.execute(db)
  await sql`
    insert into touchpoint (subject_id, occurred_at, id, received_at, source_id, type, kind, event, channel, bot,
      amount_minor, currency, score, sentiment, properties, context)
    select md5((n % 25000)::text)::uuid, now() - n * interval '1 minute', gen_random_uuid(), now(), 'bench', 'track',
      (${kinds}::text[])[1 + n % ${kinds.length}::int], 'Bench', 'web', false, 4900, 'EUR', 0.9, 0.4,
      json_build_object('order_id', 'o-' || n, 'category', 'shoes', 'price', 49.9, 'quantity', 2),
      '{"locale":"en-GB","page":{"path":"/p/1"}}'
    from generate_series(1, ${copiedTouchpoints}::int) n`.execute(db)
  const reader = await pool.connect()
  const memoryBefore = process.memoryUsage().rss
  let most = memoryBefore
  try {
    const copy = await timed(() =>
      copyLog(reader, client, () => {
        most = Math.max(most, process.memoryUsage().rss)
      }),
    )
    printTable(`Copy of ${number(copy.result)} touchpoints from PostgreSQL to the lens`, [
      { what: 'time', figure: `${number(copy.seconds)} s` },
      { what: 'rows a second', figure: number(copy.result / copy.seconds) },
      { what: 'memory grew by', figure: `${number((most - memoryBefore) / 1e6)} MB` },
    ])
  } finally {
    reader.release()
  }
}

async function measureLoad(
  { db, pool }: Truth,
  client: ClickHouseClient,
  model: CompiledModel,
  people: number,
): Promise<void> {
  for (const statement of [...relationshipDdl(model, version), stagingDdl(model, version)]) {
    await sql.raw(statement).execute(db)
  }
  await sql`insert into party (id, kind, display_name, created_at)
    select md5('party ' || n)::uuid, 'person', 'Bench ' || n, now()
    from generate_series(0, ${people}::int - 1) n`.execute(db)
  await sql`insert into identifier (subject_id, namespace, value, party_id, home_party_id, first_seen_at)
    select md5(n::text)::uuid, 'user_id', n::text, id, id, now()
    from generate_series(0, ${people}::int - 1) n, lateral (select md5('party ' || n)::uuid as id) p`.execute(
    db,
  )
  await sql`analyze party, identifier`.execute(db)
  const now = Date.now()
  const stage = await timed(() => stageReplay(pool, client, { model, version, now, table }))
  const load = await timed(() => loadStaged(db, model, version))
  printTable(`States of ${number(stage.result)} subjects into PostgreSQL`, [
    { what: 'fold and stage', figure: `${number(stage.seconds)} s` },
    { what: 'load', figure: `${number(load.seconds)} s` },
    { what: 'states a second, loaded', figure: number(stage.result / load.seconds) },
    {
      what: 'states a second, from fold to table',
      figure: number(stage.result / (stage.seconds + load.seconds)),
    },
  ])
}

async function fill(client: ClickHouseClient, touchpoints: number, people: number): Promise<void> {
  await client.command({ query: createLogCopy(table) })
  const list = kinds.map((kind) => `'${kind}'`).join(', ')
  for (let from = 0; from < touchpoints; from += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, touchpoints - from)
    await client.command({
      query: `insert into ${table}
        select toUUID(UUIDNumToString(MD5(toString(cityHash64(number) % ${people})))), generateUUIDv4(),
          fromUnixTimestamp64Milli(toInt64(${Date.now()} - cityHash64(number, 1) % (730 * 86400000)), 'UTC'), 'bench', 'track',
          [${list}][1 + cityHash64(number, 2) % ${kinds.length}] as what, 'Bench', 'web', false,
          if(what in ('purchase', 'subscription_renewed'), 4900, null), if(what in ('purchase', 'subscription_renewed'), 'EUR', ''),
          if(what = 'review', 0.9, null), if(what in ('review', 'ticket_opened'), 0.4, null),
          concat('{"order_id":"o-', toString(number), '","category":"shoes","price":49.9,"quantity":2}'),
          '{"locale":"en-GB","page":{"path":"/p/1"}}'
        from numbers(${from}, ${rows})`,
    })
    process.stderr.write(`  made ${number(from + rows)} of ${number(touchpoints)}\r`)
  }
}

/** Every row is taken out of the engine, as a load into PostgreSQL would; nothing is done with it. */
async function drain(client: ClickHouseClient, query: string): Promise<number> {
  const { stream } = await client.exec({ query: `${query} format TabSeparated` })
  let rows = 0
  for await (const chunk of stream) {
    const bytes = chunk as Buffer
    for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) rows++
  }
  return rows
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const begun = performance.now()
  const result = await work()
  return { result, seconds: (performance.now() - begun) / 1000 }
}
