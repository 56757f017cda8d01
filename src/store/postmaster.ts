import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { RapportError } from '../domain/error.ts'
import { asOrdinaryUser } from './embedded-binaries.ts'
import { environment, socketPort, type Cluster } from './embedded-cluster.ts'

export interface PidFile {
  readonly pid: number
  readonly socketFolder: string
  readonly status: string
}

/** A recovery after a crash may replay up to `max_wal_size`; on a slow disk that takes minutes. */
const startTimeout = 10 * 60_000
const stopTimeout = 60_000

/** A living PostgreSQL on these files, if there is one. */
export function findPostmaster(cluster: Cluster): PidFile | null {
  const found = readPidFile(cluster)
  return found && isPostmasterOf(cluster, found.pid) ? found : null
}

/** Starts PostgreSQL and returns its process id when it takes connections. */
export async function spawnPostmaster(cluster: Cluster): Promise<number> {
  disownForeignPid(cluster)
  removeStaleSocketLock(cluster)
  const [file, commandArguments] = asOrdinaryUser(cluster.binaries.postgres, [
    '-D',
    cluster.dataDirectory,
  ])
  const log = openSync(cluster.logFile, 'a', 0o600)
  // Detached: a Ctrl-C in the terminal reaches us alone, and we stop it after the last write.
  const child = spawn(file, commandArguments, {
    detached: true,
    stdio: ['ignore', log, log],
    env: environment(),
    cwd: cluster.dataDirectory,
  })
  closeSync(log)
  child.unref()
  let isGone = false
  const markGone = (): void => void (isGone = true)
  child.once('exit', markGone).once('error', markGone)
  const deadline = performance.now() + startTimeout
  while (!isGone && performance.now() < deadline) {
    const found = readPidFile(cluster)
    if (found && found.pid === child.pid && found.status === 'ready') return found.pid
    await sleep(10)
  }
  if (!isGone) child.kill('SIGQUIT')
  throw new RapportError(
    'startup_failed',
    `PostgreSQL did not start. The last lines of ${cluster.logFile}:\n${lastLines(cluster.logFile)}`,
  )
}

/** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
export async function stopPostmaster(pid: number): Promise<void> {
  signal(pid, 'SIGINT')
  const deadline = performance.now() + stopTimeout
  let patient = true
  while (isAlive(pid)) {
    await sleep(10)
    if (!patient || performance.now() < deadline) continue
    // Immediate shutdown; what was committed is recovered at the next start.
    signal(pid, 'SIGQUIT')
    patient = false
  }
}

/** postmaster.pid: process id, data directory, start time, port, socket folder, address, key, status. */
function readPidFile(cluster: Cluster): PidFile | null {
  try {
    const lines = readFileSync(join(cluster.dataDirectory, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    if (!Number.isInteger(pid) || pid <= 1) return null
    return { pid, socketFolder: lines[4] ?? '', status: lines[7]?.trim() ?? '' }
  } catch {
    return null
  }
}

/** A process id alone says nothing: after a reboot or in a container anyone may bear it. */
function isPostmasterOf(cluster: Cluster, pid: number): boolean {
  const command = commandLineOf(pid)
  return command.includes(cluster.dataDirectory) && !command.startsWith('postgres:')
}

function commandLineOf(pid: number): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/**
 * PostgreSQL will not start while the process named in postmaster.pid lives, whoever that is by
 * now. Our own id in its place tells it that the file is stale (it never takes its parent for a
 * rival) and keeps the rest, by which it still finds out whether orphans hold its shared memory.
 */
function disownForeignPid(cluster: Cluster): void {
  const file = join(cluster.dataDirectory, 'postmaster.pid')
  const state = statSync(file, { throwIfNoEntry: false })
  // Left by a start that found the disk full: a living server fills its file at once.
  if (state?.size === 0 && Date.now() - state.mtimeMs > 5_000) return unlinkSync(file)
  const found = readPidFile(cluster)
  if (!found || isPostmasterOf(cluster, found.pid)) return
  const rest = readFileSync(file, 'utf8').split('\n').slice(1)
  writeFileSync(file, [String(process.pid), ...rest].join('\n'))
}

/**
 * Beside its socket PostgreSQL keeps a second file with its process id, and a killed server leaves it
 * behind too. The folder is this cluster's alone, so a lock that its server does not hold is nobody's.
 */
function removeStaleSocketLock(cluster: Cluster): void {
  const file = join(cluster.socketFolder, `.s.PGSQL.${socketPort}.lock`)
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  if (!isPostmasterOf(cluster, pid)) rmSync(file, { force: true })
}

export function isAlive(pid: number): boolean {
  // A process that ended but was not yet reaped by its parent has an empty command line.
  return signal(pid, 0) && commandLineOf(pid) !== ''
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-6).join('\n')
  } catch {
    return '(no log)'
  }
}
