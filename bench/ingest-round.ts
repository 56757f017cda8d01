/** One load on the server: what came through, and what it cost whom. */
import { machineTime, ownProcessorTime, processorTime } from './processes.ts'
import { milliseconds, number, p50And99, type Figure } from './table.ts'
import { startLoad, type LoadReport } from './start-load.ts'
import type { LoadPlan } from './load.ts'

export interface Round {
  readonly report: LoadReport
  /** Events in all; and those a second, after the warm-up. */
  readonly events: number
  readonly perSecond: number
  /** Milliseconds of a processor for each event: Node, and PostgreSQL beside it. */
  readonly cpuOfNode: number
  readonly cpuOfStore: number
  /** Processor cores in use by the server with its PostgreSQL, by the driver, and by all others. */
  readonly cores: { readonly ours: number; readonly driver: number; readonly others: number }
}

export async function measureRound(pid: number, plan: LoadPlan): Promise<Round> {
  const began = performance.now()
  const before = { machine: machineTime(), ours: processorTime(pid), node: ownProcessorTime(pid) }
  const own = process.cpuUsage()
  const report = await startLoad(plan)
  const elapsed = performance.now() - began
  const ours = processorTime(pid) - before.ours
  const node = ownProcessorTime(pid) - before.node
  const { user, system } = process.cpuUsage(own)
  const driver = report.processorTime + (user + system) / 1_000
  const others = machineTime() - before.machine - ours - driver
  const size = plan.batch === 'single' ? 1 : plan.batch
  const events = report.taken * size
  return {
    report,
    events,
    perSecond: (report.measured * size) / report.seconds,
    cpuOfNode: node / events,
    cpuOfStore: (ours - node) / events,
    cores: { ours: ours / elapsed, driver: driver / elapsed, others: others / elapsed },
  }
}

export interface Target {
  readonly perSecond?: number
  readonly cpu?: number
  readonly p99?: number
}

/** @param besideOthers  other load ran at the same time, so that the cost is not this round's alone */
export function figuresOf(round: Round, target: Target, besideOthers = false): Figure[] {
  const { report, perSecond, cpuOfNode, cpuOfStore, cores } = round
  const refused = Object.entries(report.refused).map(([status, count]) => `${count} x ${status}`)
  const figure = (what: string, value: string, wanted: string | false): Figure =>
    wanted === false ? { what, figure: value } : { what, figure: value, target: wanted }
  return [
    figure(
      'touchpoints',
      `${number(perSecond)}/s`,
      target.perSecond !== undefined && `${number(target.perSecond)}/s`,
    ),
    figure(
      'a request, p50 / p99',
      p50And99(report.latencies),
      target.p99 !== undefined && `p99 ${milliseconds(target.p99)}`,
    ),
    ...(besideOthers
      ? []
      : [
          figure(
            'CPU a touchpoint',
            milliseconds(cpuOfNode + cpuOfStore),
            target.cpu !== undefined && milliseconds(target.cpu),
          ),
          figure('  Node, PostgreSQL', `${number(cpuOfNode)}, ${milliseconds(cpuOfStore)}`, false),
        ]),
    figure(
      'cores: ours, driver, rest of machine',
      [cores.ours, cores.driver, cores.others].map(number).join(', '),
      false,
    ),
    ...(refused.length > 0 ? [figure('refused', refused.join(', '), 'none')] : []),
  ]
}
