/**
 * Intake over HTTP: touchpoints a second from the request to the 200, which says that they are on
 * disk, deduplicated, measured and readable; and the same rows through bare PostgreSQL.
 */
import { cpus } from 'node:os'
import { machineTime, processorTime } from './processes.ts'
import { measureBaseline } from './ingest-baseline.ts'
import { milliseconds, number, p50And99, printTable, quantile, type Figure } from './table.ts'
import { startLoad, type LoadReport } from './start-load.ts'
import { startServer, type BenchServer } from './start-server.ts'
import type { LoadPlan } from './load.ts'
import type { SourceView } from '../src/domain/view.ts'

export interface IngestOptions {
  readonly seconds: number
  readonly connections: number
  readonly people: number
  readonly profileInto: string | undefined
}

interface Round {
  readonly report: LoadReport
  /** Processor cores in use by the server with its PostgreSQL, by the driver, and by all others. */
  readonly ours: number
  readonly driver: number
  readonly others: number
  /** Processor milliseconds of the server with its PostgreSQL. */
  readonly spent: number
}

export async function ingest(options: IngestOptions): Promise<void> {
  const server = await startServer({ profileInto: options.profileInto })
  let taken = 0
  const run = async (name: string, plan: Partial<LoadPlan>): Promise<Round> => {
    const whole = { ...usualPlan(server, name, options), ...plan }
    const round = await measureRound(server, whole)
    taken += round.report.taken * (whole.batch === 'single' ? 1 : whole.batch)
    return round
  }
  let batches: Round
  try {
    console.log(`Making ${number(options.people)} people first.`)
    const everybody = { who: 'each', events: options.people, seconds: 600, warmUp: 0 } as const
    await run('seed', everybody)
    batches = await run('known', {})
    const newcomers = await run('new', { who: 'each', prefix: 'new-' })
    const single = { batch: 'single', connections: 32 } as const
    const singles = await run('single', single)
    const steady = await run('steady', { ...single, perSecond: 500 })
    const half = Math.max(1, batches.report.measured / batches.report.seconds / 2)
    const [beside, load] = await Promise.all([
      run('beside', { ...single, perSecond: 500 }),
      run('half', { perSecond: half }),
    ])
    printTable('Batches of 100, people known', batchFigures(batches, 15_000, 0.13))
    printTable('Batches of 100, each of a new person', batchFigures(newcomers, 8_000))
    printTable('Single events', [
      { what: 'answered as fast as they go', figure: `${rate(singles)}/s`, target: '2,000/s' },
      { what: '  p50 / p99', figure: p50And99(singles.report.latencies) },
      { what: '500/s, p50 / p99', figure: p50And99(steady.report.latencies), target: 'p99 50 ms' },
      {
        what: `500/s beside ${number((load.report.measured / load.report.seconds) * 100)}/s in batches`,
        figure: p50And99(beside.report.latencies),
        target: 'p99 50 ms',
      },
      { what: 'rest of machine', figure: `${number(singles.others)} cores` },
    ])
    await printChecks(server, taken)
  } finally {
    await server.stop()
  }
  const bare = await measureBaseline(options)
  const ours = eventRate(batches)
  printTable('The same rows through bare PostgreSQL (the same statements, nothing else)', [
    { what: 'touchpoints', figure: `${number(bare.perSecond)}/s` },
    { what: 'CPU a touchpoint', figure: milliseconds(bare.cpuEach) },
    { what: 'bare / ours', figure: number(bare.perSecond / ours), target: 'at most 2' },
    { what: 'rest of machine', figure: `${number(bare.others)} cores of ${cpus().length}` },
  ])
}

function usualPlan(server: BenchServer, name: string, options: IngestOptions): LoadPlan {
  const { port, writeKey } = server
  const { people, seconds, connections } = options
  const run = `${name}-${process.pid}`
  return {
    ...{ port, writeKey, run, first: 0, events: Number.MAX_SAFE_INTEGER, who: 'any', people, prefix: 'person-' },
    ...{ batch: 100, connections, seconds, warmUp: Math.min(3, seconds / 4), perSecond: null },
  }
}

async function measureRound({ pid }: BenchServer, plan: LoadPlan): Promise<Round> {
  const began = { time: performance.now(), machine: machineTime(), ours: processorTime(pid) }
  const own = process.cpuUsage()
  const report = await startLoad(plan)
  const elapsed = performance.now() - began.time
  const spent = processorTime(pid) - began.ours
  const { user, system } = process.cpuUsage(own)
  const driver = report.processorTime + (user + system) / 1_000
  const others = machineTime() - began.machine - spent - driver
  const cores = (time: number): number => time / elapsed
  return { report, spent, ours: cores(spent), driver: cores(driver), others: cores(others) }
}

const rate = ({ report }: Round): string => number(report.measured / report.seconds)
const eventRate = ({ report }: Round): number => (report.measured / report.seconds) * 100

function batchFigures(round: Round, target: number, targetCpu?: number): Figure[] {
  const { report, ours, driver, others, spent } = round
  const each = spent / (report.taken * 100)
  const refused = Object.entries(report.refused).map(([status, count]) => `${count} x ${status}`)
  return [
    { what: 'touchpoints', figure: `${number(eventRate(round))}/s`, target: `${number(target)}/s` },
    { what: 'a request, p50 / p99', figure: p50And99(report.latencies) },
    { what: 'slowest request', figure: milliseconds(quantile(report.latencies, 1)) },
    {
      what: 'CPU a touchpoint',
      figure: milliseconds(each),
      ...(targetCpu === undefined ? {} : { target: milliseconds(targetCpu) }),
    },
    {
      what: 'cores: ours, driver, rest of machine',
      figure: [ours, driver, others].map(number).join(', '),
    },
    { what: 'refused', figure: refused.join(', ') || 'none' },
  ]
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
