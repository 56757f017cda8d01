/** What the program costs at rest, with the demo in it: memory and processor time over 20 seconds. */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { number, printTable } from './table.ts'
import { ownProcessorTime, processorTime, familyOf } from './processes.ts'
import { startServer } from './start-server.ts'

const restingSeconds = 20
/** Timers, histories and autovacuum of what was just loaded come to an end first. */
const settlingSeconds = 45

export async function idle(): Promise<void> {
  const server = await startServer({ command: 'demo' })
  try {
    await wait(settlingSeconds * 1000)
    const before = processorTime(server.pid)
    const own = ownProcessorTime(server.pid)
    await wait(restingSeconds * 1000)
    const share = (processorTime(server.pid) - before) / (restingSeconds * 10)
    const ownShare = (ownProcessorTime(server.pid) - own) / (restingSeconds * 10)
    const pids = [...familyOf(server.pid)]
    const all = pids.reduce((sum, pid) => sum + proportionalMegabytes(pid), 0)
    printTable('At rest, with the demo loaded', [
      {
        what: 'memory of all processes (proportional)',
        figure: `${number(all)} MB`,
        target: 'under 600 MB',
      },
      { what: 'of which Node', figure: `${number(proportionalMegabytes(server.pid))} MB` },
      {
        what: 'processor, all processes',
        figure: `${number(share)} % of a core`,
        target: 'under 1 %',
      },
      { what: 'of which Node', figure: `${number(ownShare)} %` },
      { what: 'processes', figure: String(pids.length) },
    ])
  } finally {
    await server.stop()
  }
}

/** Resident memory, pages that several processes share divided among them (proc(5), Pss). */
function proportionalMegabytes(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return Number(/^Pss: +(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024
  } catch {
    // Gone since it was listed.
    return readdirSync('/proc').includes(String(pid)) ? Number.NaN : 0
  }
}
