import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { RapportError } from '../domain/error.ts'
import { diskBytes } from './disk-space.ts'
import { asOrdinaryUser, type PostgresBinaries } from './embedded-binaries.ts'

/** Where one embedded PostgreSQL keeps its things. */
export interface Cluster {
  readonly binaries: PostgresBinaries
  readonly dataDirectory: string
  readonly socketFolder: string
  readonly logFile: string
}

/** Only the name of the socket file: nothing listens on TCP. */
export const socketPort = 5432
export const clusterUser = 'rapport'
export const clusterDatabase = 'rapport'

/** Bytes that a socket path may have: 108 on Linux, 104 on macOS, each with a closing NUL. */
const socketPathLimit = process.platform === 'linux' ? 107 : 103
const logLimit = 10 * 1024 * 1024

/** Sizes suit a small machine that also runs the program and chDB; durability is not for sale. */
const standardSettings: Readonly<Record<string, string>> = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '256MB',
  work_mem: '16MB',
  maintenance_work_mem: '64MB',
  huge_pages: 'off',
  max_connections: '40',
  checkpoint_completion_target: '0.9',
  random_page_cost: '1.1',
  autovacuum: 'on',
  jit: 'off',
  logging_collector: 'off',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  listen_addresses: '',
  port: String(socketPort),
  unix_socket_permissions: '0700',
}

/** The journal may take an eighth of a small disk; more makes large loads faster, up to here. */
function journalSettings(root: string): Readonly<Record<string, string>> {
  const share = Math.floor(diskBytes(root) / 8 / 1024 / 1024)
  const most = Math.min(2_048, Math.max(64, share))
  return { max_wal_size: `${most}MB`, min_wal_size: `${Math.min(128, Math.floor(most / 2))}MB` }
}

/** Makes the cluster on first use, and writes its configuration anew each time. */
export async function prepareCluster(
  binaries: PostgresBinaries,
  dataFolder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Cluster> {
  const root = makeDataFolder(dataFolder)
  const dataDirectory = join(root, 'postgres')
  if (!existsSync(join(dataDirectory, 'PG_VERSION'))) await initialise(binaries, dataDirectory)
  refuseOtherMajorVersion(binaries, dataDirectory)
  const cluster = {
    binaries,
    dataDirectory,
    socketFolder: socketFolderFor(root),
    logFile: join(root, 'postgres.log'),
  }
  writeConfiguration(cluster, { ...standardSettings, ...journalSettings(root), ...settings })
  rotateLog(cluster.logFile)
  return cluster
}

function makeDataFolder(dataFolder: string): string {
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
    accessSync(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK)
    return realpathSync(dataFolder)
  } catch (error) {
    throw new RapportError(
      'startup_failed',
      `The data folder ${dataFolder} cannot be used: ${String(error)}`,
      {},
      error,
    )
  }
}

/**
 * Made beside its place and moved there when complete: a crash halfway leaves nothing that looks
 * like a cluster, and of two processes that start at once one wins.
 */
async function initialise(binaries: PostgresBinaries, dataDirectory: string): Promise<void> {
  removeAbandonedDrafts(dataDirectory)
  const draft = mkdtempSync(`${dataDirectory}.new-${process.pid}-`)
  const options = ['-D', draft, '-U', clusterUser, '-A', 'trust', '-E', 'UTF8', '--no-instructions']
  // All commits wait while a new file of the journal is filled with zeros: 60 ms for the usual 16 MB.
  options.push('--wal-segsize=4')
  // Sorted by bytes and fast like C, but lower() and upper() know all letters of Unicode.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const [file, commandArguments] = asOrdinaryUser(binaries.initdb, [...options, ...locale])
  try {
    await promisify(execFile)(file, commandArguments, { env: environment() })
    renameSync(draft, dataDirectory)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (existsSync(join(dataDirectory, 'PG_VERSION'))) return
    const said = (error as { stderr?: string }).stderr?.trim() ?? String(error)
    throw new RapportError(
      'startup_failed',
      `PostgreSQL could not make its files in ${dataDirectory}: ${said}`,
      {},
      error,
    )
  }
}

function removeAbandonedDrafts(dataDirectory: string): void {
  const folder = dirname(dataDirectory)
  for (const name of readdirSync(folder)) {
    const pid = Number(/^postgres\.new-(\d+)-/.exec(name)?.[1] ?? process.pid)
    if (pid === process.pid || existsSync(`/proc/${pid}`)) continue
    rmSync(join(folder, name), { recursive: true, force: true })
  }
}

function refuseOtherMajorVersion(binaries: PostgresBinaries, dataDirectory: string): void {
  const found = readFileSync(join(dataDirectory, 'PG_VERSION'), 'utf8').trim()
  const ours = binaries.version.split('.')[0]
  if (found === ours) return
  throw new RapportError(
    'startup_failed',
    `${dataDirectory} was made by PostgreSQL ${found}, this program brings ${ours}. ` +
      'Export with the release that made it, or run pg_upgrade.',
  )
}

/** Beside the data; in the folder for temporary files where that path is too long for a socket. */
function socketFolderFor(root: string): string {
  const beside = join(root, 'postgres-socket')
  const fits = Buffer.byteLength(join(beside, `.s.PGSQL.${socketPort}`)) <= socketPathLimit
  const short = createHash('sha256').update(root).digest('hex').slice(0, 10)
  const folder = fits ? beside : join(tmpdir(), `rapport-${short}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  // Who owns this folder may connect as anyone, so a folder that a stranger laid there is refused.
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) {
    throw new RapportError('startup_failed', `${folder} belongs to somebody else. Remove it.`)
  }
  chmodSync(folder, 0o700)
  return folder
}

/** Leaves nothing in the folder for temporary files. */
export function removeSocketFolder(cluster: Cluster): void {
  try {
    rmdirSync(cluster.socketFolder)
  } catch {
    // Not empty: somebody has just started the server again.
  }
}

/** `alter system` of an operator stands in postgresql.auto.conf, is kept and wins. */
function writeConfiguration(cluster: Cluster, settings: Readonly<Record<string, string>>): void {
  const all = { ...settings, unix_socket_directories: cluster.socketFolder }
  const quote = (value: string): string => `'${value.replaceAll("'", "''")}'`
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${quote(value)}`)
  const head = '# Written by Rapport at each start. Change settings with "alter system".\n'
  replaceFile(join(cluster.dataDirectory, 'postgresql.conf'), `${head}${lines.join('\n')}\n`)
  // The folder of the socket is open to its owner alone, so whoever can knock is already the owner.
  replaceFile(join(cluster.dataDirectory, 'pg_hba.conf'), 'local all all trust\n')
}

function replaceFile(file: string, text: string): void {
  const draft = `${file}.new-${process.pid}`
  writeFileSync(draft, text, { mode: 0o600 })
  renameSync(draft, file)
}

function rotateLog(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  if (size > logLimit) renameSync(logFile, `${logFile}.1`)
}

/** PostgreSQL must not inherit settings meant for somebody's client, nor a locale it has not. */
export function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PG') && !name.startsWith('LC_') && name !== 'LANG',
  )
  return { ...Object.fromEntries(inherited), LC_ALL: 'C' }
}
