/**
 * How fast the lens is filled from PostgreSQL, and how soon it has what just came: the exporter as it runs
 * in the server, over a made-up history in the store's real schema.
 *   npm run bench -- export --touchpoints 1000000
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createExporter } from '../src/store/exporter/exporter.ts'
import { ensureFirstModel } from '../src/measure/serving-model.ts'
import { loadModel } from '../src/relationship/parse-model.ts'
import { machineTime } from './processes.ts'
import { migrate } from '../src/store/migrate.ts'
import { milliseconds, number, p50And99, printTable } from './table.ts'
import { openLens } from '../src/store/lens.ts'
import { openTruth, type Truth } from '../src/store/truth.ts'
import { readModelFile } from '../src/app/playbooks.ts'

const touchpointsEach = 20
const rowsATransaction = 100_000
const smallGoes = 20

export async function exportLens(touchpoints: number): Promise<void> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'rapport-bench-'))
  const truth = await openTruth({ dataFolder })
  const lens = openLens({ dataFolder })
  try {
    await migrate(truth.pool)
    await ensureFirstModel(truth.db, readModelFile('saas'), 'bench')
    const people = Math.max(1, Math.floor(touchpoints / touchpointsEach))
    await fillTruth(truth, touchpoints, people)
    const rungs = loadModel(readModelFile('saas')).rungs.map(({ id }) => id)
    const exporter = createExporter({ truth, lens, model: async () => ({ version: 1, rungs }), onError: () => {}, now: Date.now, archiveFolder: null, archiveAfterMonths: null }) // prettier-ignore
    const busyBefore = machineTime()
    const began = performance.now()
    await exporter.catchUp(({ copied }) => process.stderr.write(`  copied ${number(copied)}\r`))
    const seconds = (performance.now() - began) / 1000
    const cpu = machineTime() - busyBefore
    const again: number[] = []
    const some: number[] = []
    for (let go = 0; go < smallGoes; go++) {
      again.push(await timed(() => exporter.catchUp()))
      await insertTouchpoints(truth, { from: touchpoints + go * 100, count: 100, people })
      some.push(await timed(() => exporter.catchUp()))
    }
    printTable(`${number(touchpoints)} touchpoints of ${number(people)} people to the lens`, [
      {
        what: 'touchpoints a second, people included',
        figure: `${number(touchpoints / seconds)}/s`,
      },
      { what: 'processor time a touchpoint', figure: milliseconds(cpu / touchpoints) },
      { what: 'nothing new, p50 / p99', figure: p50And99(again) },
      { what: '100 new ones of 100 people, p50 / p99', figure: p50And99(some) },
    ])
  } finally {
    await lens.close()
    await truth.close()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** The same id for the same number: 16 bytes of its hash. */
const id = (of: string): string => `md5(${of}::text)::uuid`

async function fillTruth({ pool }: Truth, touchpoints: number, people: number): Promise<void> {
  await pool.query(`
    insert into party (id, kind, display_name)
      select ${id("'p' || n")}, 'person', 'Person ' || n from generate_series(0, ${people - 1}) n`)
  await pool.query(`
    insert into identifier (subject_id, namespace, value, party_id, home_party_id, first_seen_at)
      select ${id("'s' || n")}, 'user_id', 'u' || n, ${id("'p' || n")}, ${id("'p' || n")}, now()
      from generate_series(0, ${people - 1}) n`)
  await pool.query(
    `insert into relationship_1 (party_id, kind, rung) select id, kind, 1 from party`,
  )
  await pool.query(`
    insert into transition (party_id, at, what, from_value, to_value, direction, because)
      select id, now() - k * interval '30 days', 'rung', 'aware', 'considering', 1, 'made up'
      from party, generate_series(1, 3) k`)
  await pool.query(monthsOfTwoYears)
  for (let from = 0; from < touchpoints; from += rowsATransaction) {
    const count = Math.min(rowsATransaction, touchpoints - from)
    await insertTouchpoints({ pool }, { from, count, people })
    process.stderr.write(`  made ${number(from + count)} of ${number(touchpoints)}\r`)
  }
  await pool.query('vacuum analyze')
}

const monthsOfTwoYears = `do $$ declare m timestamptz; begin
  for m in select generate_series(date_trunc('month', now() - interval '24 months'), now(), '1 month') loop
    execute format('create table if not exists touchpoint_bench_%s partition of touchpoint for values from (%L) to (%L)',
      to_char(m, 'YYYYMM'), m, m + interval '1 month');
  end loop; end $$`

async function insertTouchpoints(
  { pool }: Pick<Truth, 'pool'>,
  { from, count, people }: { from: number; count: number; people: number },
): Promise<void> {
  await pool.query(`
    insert into touchpoint (subject_id, occurred_at, id, received_at, source_id, type, kind, event, channel, bot,
      properties, context)
    select ${id(`'s' || (n::bigint * 7919 % ${people})`)}, now() - (n % 17000) * interval '1 hour', ${id("'t' || n")}, now(), 'bench',
      'track', (array['page_viewed', 'content_viewed', 'purchase', 'email_opened'])[1 + n % 4], 'Bench', 'web', false,
      json_build_object('title', 'Part ' || n % 40, 'order_id', 'o-' || n, 'price', 49.9),
      json_build_object('locale', 'en-GB', 'page', json_build_object('path', '/p/' || n % 300))
    from generate_series(${from}, ${from + count - 1}) n`)
}
