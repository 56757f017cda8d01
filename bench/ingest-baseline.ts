/**
 * What the store alone takes: the statements with which a batch is logged and merged, recorded from
 * the program itself, sent again through the driver. No HTTP, no JSON, no identity, no standing.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, PostgresDialect, type CompiledQuery } from 'kysely'
import { appendNew, ensurePartitions } from '../src/collect/log.ts'
import { collectBatch } from '../src/collect/collect-batch.ts'
import { deltasOf } from '../src/measure/deltas.ts'
import { ensureFirstModel, ModelCache } from '../src/measure/serving-model.ts'
import { mergeDeltas } from '../src/measure/relationship-queries.ts'
import { migrate } from '../src/store/migrate.ts'
import { openTruth, type Truth } from '../src/store/truth.ts'
import { readModelFile } from '../src/app/playbooks.ts'
import { bodyText, type EventPlan } from './load-events.ts'
import { machineTime, processorTime } from './processes.ts'
import type { IncomingTouchpoint, Json } from '../src/domain/touchpoint.ts'
import type { IngestOptions } from './ingest-options.ts'

export interface Baseline {
  readonly perSecond: number
  /** Milliseconds of all processes. */
  readonly cpuEach: number
  readonly others: number
}

/** As many as the intake of a busy server takes in one transaction, on as many connections. */
const rowsAtOnce = 1_000
const connections = 2

export async function measureBaseline({ people }: IngestOptions): Promise<Baseline> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'rapport-bench-'))
  const truth = await openTruth({ dataFolder })
  try {
    await migrate(truth.pool)
    await ensureFirstModel(truth.db, readModelFile('saas'), 'bench')
    const common = { run: 'baseline', events: Number.MAX_SAFE_INTEGER, people, prefix: 'person-' }
    await keep(truth, { ...common, first: 0, who: 'each' }, people / rowsAtOnce)
    const first = people
    const recorded = await record(truth, { ...common, first, who: 'any' }, 80)
    await truth.pool.query('vacuum analyze')
    return await replay(truth, recorded)
  } finally {
    await truth.close()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

function touchpointsOf(plan: EventPlan, number: number): readonly IncomingTouchpoint[] {
  const json = JSON.parse(bodyText(plan, number, rowsAtOnce)) as Json
  const circumstances = { sourceId: 'bench', receivedAt: Date.now(), makeMessageId: () => '' }
  const batch = collectBatch({ json, rejected: [] }, { ...circumstances, shape: 'batch' })
  return batch.touchpoints
}

async function take(
  db: Kysely<unknown>,
  models: ModelCache,
  touchpoints: readonly IncomingTouchpoint[],
): Promise<void> {
  const model = await models.serving(db)
  // Identifiers stand for their parties here: identity is what this leaves out.
  const partyOf = new Map(touchpoints.map(({ subjectId }) => [subjectId, subjectId]))
  await appendNew(db, touchpoints)
  await mergeDeltas(db, model, deltasOf(model.compiled, touchpoints, partyOf))
}

async function keep({ db }: Truth, plan: EventPlan, batches: number): Promise<void> {
  const models = new ModelCache()
  for (let n = 0; n < batches; n++) {
    const touchpoints = touchpointsOf(plan, n)
    await ensurePartitions(db, touchpoints)
    await db.transaction().execute((transaction) => take(transaction, models, touchpoints))
  }
}

/** The statements of each batch; nothing is stored. */
async function record(truth: Truth, plan: EventPlan, batches: number): Promise<CompiledQuery[][]> {
  let log: CompiledQuery[] = []
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: truth.pool }),
    log: ({ query }) => void log.push(query),
  })
  const models = new ModelCache()
  await models.serving(db)
  const recorded: CompiledQuery[][] = []
  for (let n = 0; n < batches; n++) {
    const touchpoints = touchpointsOf(plan, n)
    log = []
    const transaction = await db.startTransaction().execute()
    await take(transaction, models, touchpoints)
    await transaction.rollback().execute()
    recorded.push(log.filter(({ sql }) => /^\s*(insert|with)/.test(sql)))
  }
  return recorded
}

async function replay({ pool }: Truth, recorded: CompiledQuery[][]): Promise<Baseline> {
  const rows = recorded.length * rowsAtOnce
  const waiting = [...recorded]
  const work = async (): Promise<void> => {
    const client = await pool.connect()
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
      await client.query('begin')
      for (const { sql, parameters } of batch) await client.query(sql, [...parameters])
      await client.query('commit')
    }
    client.release()
  }
  const began = { time: performance.now(), cpu: processorTime(process.pid), all: machineTime() }
  await Promise.all(Array.from({ length: connections }, work))
  const elapsed = performance.now() - began.time
  const cpu = processorTime(process.pid) - began.cpu
  return {
    perSecond: (rows / elapsed) * 1_000,
    cpuEach: cpu / rows,
    others: (machineTime() - began.all - cpu) / elapsed,
  }
}
