/** What processes cost, from /proc: for Linux only. */
import { readdirSync, readFileSync } from 'node:fs'

/** Milliseconds of a clock tick of the kernel: USER_HZ is 100 on every Linux that Node runs on. */
const tick = 10

interface ProcessFacts {
  readonly parent: number
  /** Milliseconds of processor time, with that of children which ended and were waited for. */
  readonly cpu: number
  /** The same without children. */
  readonly own: number
}

function readProcess(pid: number): ProcessFacts | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything; fields are counted from behind it (proc(5)).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number)
    const own = (user + system) * tick
    return { parent: Number(fields[1]), own, cpu: own + (childUser + childSystem) * tick }
  } catch {
    return null
  }
}

/** A process and all that descend from it, each once. */
function family(root: number): Map<number, ProcessFacts> {
  const all = new Map<number, ProcessFacts>()
  for (const name of readdirSync('/proc')) {
    const facts = /^\d+$/.test(name) ? readProcess(Number(name)) : null
    if (facts) all.set(Number(name), facts)
  }
  const found = new Map<number, ProcessFacts>()
  const open = [root]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const facts = all.get(pid)
    if (!facts || found.has(pid)) continue
    found.set(pid, facts)
    for (const [child, { parent }] of all) if (parent === pid) open.push(child)
  }
  return found
}

/** Ids of a process and of all that descend from it. */
export const familyOf = (root: number): Iterable<number> => family(root).keys()

/** Milliseconds of processor time of a process and its descendants, the ended ones included. */
export function processorTime(root: number): number {
  return [...family(root).values()].reduce((sum, { cpu }) => sum + cpu, 0)
}

/** Milliseconds of processor time of a process alone. */
export function ownProcessorTime(pid: number): number {
  return readProcess(pid)?.own ?? 0
}

/** Milliseconds that all processors together were busy since the machine started. */
export function machineTime(): number {
  const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/)
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = fields.map(Number)
  return (user + nice + system + irq + softIrq) * tick
}

/** Bytes: memory of the whole family with shared pages counted once, and of the root alone. */
export function memory(root: number): { readonly family: number; readonly root: number } {
  const pids = [...family(root).keys()]
  const proportional = pids.reduce((sum, pid) => sum + kilobytes(pid, 'smaps_rollup', 'Pss'), 0)
  return { family: proportional * 1024, root: kilobytes(root, 'status', 'VmRSS') * 1024 }
}

function kilobytes(pid: number, file: string, field: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/${file}`, 'utf8')
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0)
  } catch {
    return 0
  }
}
