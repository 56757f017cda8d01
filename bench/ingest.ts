/**
 * Intake over HTTP: touchpoints a second from the request to the 200, which says that they are on
 * disk, deduplicated, measured and readable; and the same rows through bare PostgreSQL.
 */
import { cpus } from 'node:os'
import { figuresOf, measureRound, type Round, type Target } from './ingest-round.ts'
import { measureBaseline } from './ingest-baseline.ts'
import { milliseconds, number, printTable } from './table.ts'
import { startServer, type BenchServer } from './start-server.ts'
import type { IngestOptions } from './ingest-options.ts'
import type { LoadPlan } from './load.ts'
import type { z } from 'zod'
import type { sourceView } from '../src/domain/source-view.ts'

type SourceView = z.infer<typeof sourceView>

interface RoundPlan {
  readonly name: string
  readonly title: string
  readonly plan: Partial<LoadPlan>
  readonly target: Target
  /** Events a second that come in batches at the same time. */
  readonly besideBatches?: number
}

const single = { batch: 'single', connections: 32 } as const

const roundPlans: readonly RoundPlan[] = [
  {
    name: 'known',
    title: 'Batches of 100, people known',
    plan: {},
    target: { perSecond: 15_000, cpu: 0.13 },
  },
  {
    name: 'new',
    title: 'Batches of 100, each event of a new person',
    plan: { who: 'each', prefix: 'new-' },
    target: { perSecond: 8_000 },
  },
  {
    name: 'single',
    title: 'Single events, as fast as 32 connections go',
    plan: single,
    target: { perSecond: 2_000 },
  },
  {
    name: 'steady',
    title: 'Single events, 500/s',
    plan: { ...single, perSecond: 500 },
    target: { p99: 50 },
  },
  {
    name: 'beside',
    title: 'Single events, 500/s, while 5,000/s come in batches',
    plan: { ...single, perSecond: 500 },
    target: { p99: 50 },
    besideBatches: 5_000,
  },
]

export async function ingest(options: IngestOptions): Promise<void> {
  const rounds = roundPlans.filter(
    ({ name }) => options.rounds.length === 0 || options.rounds.includes(name),
  )
  const server = await startServer({ profileInto: options.profileInto })
  let rate = 0
  let taken = 0
  try {
    const run = async (name: string, plan: Partial<LoadPlan>): Promise<Round> => {
      const round = await measureRound(server.pid, { ...usualPlan(server, name, options), ...plan })
      taken += round.events
      return round
    }
    console.log(`Making ${number(options.people)} people first.`)
    const people = { who: 'each', events: options.people, seconds: 600, warmUp: 0 } as const
    rate = (await run('people', people)).perSecond
    for (const { name, title, plan, target, besideBatches } of rounds) {
      const batches = besideBatches && run('half', { perSecond: besideBatches / 100 })
      const round = await run(name, plan)
      if (name === 'known') rate = round.perSecond
      printTable(title, figuresOf(round, target, batches !== undefined))
      if (batches) console.log(`  beside ${number((await batches).perSecond)}/s in batches`)
    }
    await printChecks(server, taken)
  } finally {
    await server.stop()
  }
  const bare = await measureBaseline(options)
  printTable('The same rows through bare PostgreSQL (the same statements, nothing else)', [
    { what: 'touchpoints', figure: `${number(bare.perSecond)}/s` },
    { what: 'CPU a touchpoint', figure: milliseconds(bare.cpuEach) },
    { what: 'bare / ours', figure: number(bare.perSecond / rate), target: 'at most 2' },
    { what: 'rest of machine', figure: `${number(bare.others)} cores of ${cpus().length}` },
  ])
}

function usualPlan(server: BenchServer, name: string, options: IngestOptions): LoadPlan {
  const { port, writeKey } = server
  const { people, seconds, connections } = options
  return {
    ...{ port, writeKey, connections, seconds, batch: 100, perSecond: null },
    ...{ run: `${name}-${process.pid}`, first: 0, events: Number.MAX_SAFE_INTEGER },
    ...{ who: 'any', people, prefix: 'person-', warmUp: Math.min(3, seconds / 4) },
  }
}

/** Whether the counts of the API and of the store add up to what was answered 200. */
async function printChecks(server: BenchServer, taken: number): Promise<void> {
  const { sources } = await server.read<{ sources: SourceView[] }>('/api/sources')
  const sum = (read: (source: SourceView) => number): number =>
    sources.reduce((total, source) => total + read(source), 0)
  const stored = await server.askStore<Record<string, string>>(`select
    (select count(*) from touchpoint) as logged, (select count(*) from received_message) as messages,
    (select sum(m__touchpoints) from relationship_1) as measured`)
  printTable('Whether it adds up', [
    { what: 'answered 200', figure: number(taken) },
    { what: 'in the log', figure: number(Number(stored['logged'])) },
    { what: 'message ids', figure: number(Number(stored['messages'])) },
    { what: 'measured, over all people', figure: number(Number(stored['measured'])) },
    { what: 'accepted, by the API', figure: number(sum(({ accepted }) => accepted)) },
    { what: 'duplicate and rejected', figure: number(sum((s) => s.duplicate + s.rejected)) },
  ])
}
