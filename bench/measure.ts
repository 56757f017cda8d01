/**
 * Replay: a made-up history folded into relationship states by the saas playbook, in one GROUP BY of
 * the embedded lens. Counted from the query to the last state; beside it a plain count by subject,
 * the least that any replay has to do. Making the history is not counted.
 *   npm run bench -- measure --touchpoints 10000000
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createReplayTable, replayTable } from '../src/measure/copy-log.ts'
import { loadModel } from '../src/relationship/parse-model.ts'
import { machineTime } from './processes.ts'
import { number, printTable } from './table.ts'
import { openLens } from '../src/store/lens.ts'
import { readModelFile } from '../src/app/playbooks.ts'
import { replaySql } from '../src/relationship/clickhouse.ts'
import type { ClickHouseClient } from '@clickhouse/client'

const rowsAtOnce = 1_000_000
/** A life of 20 touchpoints a person is what two years of a young company look like. */
const touchpointsEach = 20

const kinds = ['page_viewed', 'content_viewed', 'email_opened', 'feature_used', 'purchase', 'review', 'ticket_opened', 'subscription_renewed'] // prettier-ignore

export async function measure(touchpoints: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-bench-'))
  const lens = openLens({ dataFolder: folder })
  try {
    const client = await lens.client()
    await fill(client, touchpoints)
    const model = loadModel(readModelFile('saas'))
    const count = `select subject_id, count() from ${replayTable} where not bot group by subject_id`
    const plain = await timed(client, count)
    const busyBefore = machineTime()
    const replay = await timed(client, replaySql(model, replayTable, Date.now()))
    const cpu = machineTime() - busyBefore
    printTable(`Replay of ${number(touchpoints)} touchpoints, ${model.measures.length} measures`, [
      { what: 'states', figure: number(replay.rows) },
      { what: 'time', figure: `${number(replay.seconds)} s`, target: '10,000,000 in under 15 s' },
      { what: 'touchpoints a second', figure: number(touchpoints / replay.seconds) },
      { what: 'processor time of the machine', figure: `${number(cpu / 1000)} s` },
      { what: 'a plain count by subject', figure: `${number(plain.seconds)} s` },
      { what: 'ratio to the plain count', figure: number(replay.seconds / plain.seconds) },
    ])
  } finally {
    await lens.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function fill(client: ClickHouseClient, touchpoints: number): Promise<void> {
  await client.command({ query: createReplayTable })
  const people = Math.max(1, Math.floor(touchpoints / touchpointsEach))
  const list = kinds.map((kind) => `'${kind}'`).join(', ')
  for (let from = 0; from < touchpoints; from += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, touchpoints - from)
    await client.command({
      query: `insert into ${replayTable}
        select toString(toUUID(UUIDNumToString(reinterpretAsFixedString(toUInt128(cityHash64(number) % ${people})))) ),
          toString(generateUUIDv4()), ${Date.now()} - cityHash64(number, 1) % (730 * 86400000), 'bench', 'track',
          [${list}][1 + cityHash64(number, 2) % ${kinds.length}] as what, 'Bench', 'web', false,
          if(what in ('purchase', 'subscription_renewed'), 4900, null), if(what in ('purchase', 'subscription_renewed'), 'EUR', null),
          if(what = 'review', 0.9, null), if(what in ('review', 'ticket_opened'), 0.4, null),
          concat('{"order_id":"o-', toString(number), '","category":"shoes","price":49.9,"quantity":2}'),
          '{"locale":"en-GB","page":{"path":"/p/1"}}'
        from numbers(${from}, ${rows})`,
    })
    process.stderr.write(`  made ${number(from + rows)} of ${number(touchpoints)}\r`)
  }
}

/** Every row is taken out of the engine, as a load into PostgreSQL would; nothing is done with it. */
async function timed(
  client: ClickHouseClient,
  query: string,
): Promise<{ rows: number; seconds: number }> {
  const begun = performance.now()
  const result = await client.query({ query, format: 'JSONEachRow' })
  let rows = 0
  for await (const some of result.stream()) rows += some.length
  return { rows, seconds: (performance.now() - begun) / 1000 }
}
