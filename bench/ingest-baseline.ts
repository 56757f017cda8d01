/**
 * What the store alone takes: every statement with which the pipeline takes a batch (log, message ids,
 * identity, merge, standings, counts), recorded from the program itself and sent again through the
 * driver. No HTTP, no JSON, no rules: what is left of the program is the text that it sends.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, PostgresDialect, sql, type CompiledQuery, type KyselyPlugin } from 'kysely'
import { collectBatch } from '../src/collect/collect-batch.ts'
import { createSource } from '../src/collect/sources.ts'
import { ensureFirstModel, ModelCache } from '../src/measure/serving-model.ts'
import { KnownParties } from '../src/identify/known-parties.ts'
import { migrate } from '../src/store/migrate.ts'
import { openTruth, type Truth } from '../src/store/truth.ts'
import { readModelFile } from '../src/app/playbooks.ts'
import { takeBatches, type PipelineParts } from '../src/app/pipeline.ts'
import { bodyText, type EventPlan } from './load-events.ts'
import { machineTime, processorTime } from './processes.ts'
import type { CollectedBatch } from '../src/domain/collected-batch.ts'
import type { IngestOptions } from './ingest-options.ts'
import type { Json } from '../src/domain/touchpoint.ts'

export interface Baseline {
  readonly perSecond: number
  /** Milliseconds of all processes. */
  readonly cpuEach: number
  readonly others: number
}

/** As many as the intake of a busy server takes in one transaction, on as many connections. */
const rowsAtOnce = 500
const connections = 3
/** So many are recorded for each second: about what it takes, so that it works as long as we do. */
const recordedEach = 30_000

export async function measureBaseline({ people, seconds }: IngestOptions): Promise<Baseline> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'rapport-bench-'))
  const truth = await openTruth({ dataFolder })
  try {
    await migrate(truth.pool)
    await ensureFirstModel(truth.db, readModelFile('saas'), 'bench')
    await createSource(truth.db, {
      id: 'bench',
      name: 'Bench',
      kind: 'server',
      writeKey: 'wk_bench',
    })
    const models = new ModelCache()
    const knownParties = new KnownParties()
    const parts = { db: truth.db, models, knownParties, now: Date.now, newId: randomUUID }
    const common = { run: 'baseline', events: Number.MAX_SAFE_INTEGER, people, prefix: 'person-' }
    for (let n = 0; n < people / rowsAtOnce; n++) {
      await takeBatches(parts, [batchOf({ ...common, first: 0, who: 'each' }, n)])
    }
    const batches = Math.ceil((seconds * recordedEach) / rowsAtOnce)
    const recorded = await record(truth, parts, { ...common, first: people, who: 'any' }, batches)
    await truth.pool.query('vacuum analyze')
    return await replay(truth, recorded)
  } finally {
    await truth.close()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

function batchOf(plan: EventPlan, number: number): CollectedBatch {
  const json = JSON.parse(bodyText(plan, number, rowsAtOnce)) as Json
  const circumstances = { sourceId: 'bench', receivedAt: Date.now(), makeMessageId: () => '' }
  return collectBatch({ json, rejected: [] }, { ...circumstances, shape: 'batch' })
}

/** Nothing that is recorded is stored. */
const neverCommits: KyselyPlugin = {
  transformQuery: ({ node }) =>
    node.kind === 'RawNode' && node.sqlFragments[0] === 'commit'
      ? sql`rollback`.toOperationNode()
      : node,
  transformResult: async ({ result }) => result,
}

/** The statements of so many batches, without those that begin and end the transaction. */
async function record(
  { pool }: Truth,
  parts: PipelineParts,
  plan: EventPlan,
  batches: number,
): Promise<CompiledQuery[][]> {
  let log: CompiledQuery[] = []
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => void log.push(query),
    plugins: [neverCommits],
  })
  const recorded: CompiledQuery[][] = []
  for (let n = 0; n < batches; n++) {
    log = []
    await takeBatches({ ...parts, db }, [batchOf(plan, n)])
    recorded.push(log.filter(({ sql }) => !/^(begin|rollback)/.test(sql)))
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
