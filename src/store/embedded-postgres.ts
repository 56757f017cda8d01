import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { RapportError } from '../domain/error.ts'
import { locateBinaries } from './embedded-binaries.ts'
import {
  clusterDatabase,
  clusterUser,
  prepareCluster,
  removeSocketFolder,
  socketPort,
} from './embedded-cluster.ts'
import type { Cluster } from './embedded-cluster.ts'
import { findPostmaster, isAlive, spawnPostmaster, stopPostmaster } from './postmaster.ts'

export interface EmbeddedPostgresOptions {
  readonly dataFolder: string
  /** Settings of postgresql.conf that differ from ours. */
  readonly settings?: Readonly<Record<string, string>>
  /** Told what an operator should know, one sentence at a time. */
  readonly report?: (message: string) => void
}

export interface EmbeddedPostgres {
  readonly databaseUrl: string
  /** Process id of the server. It changes where the server had to be started again. */
  processId(): number
  /**
   * Fast shutdown. Leaves the server to another process of ours that is still connected (say an
   * import on the command line): the last one turns off the light. `force` stops it all the same.
   */
  stop(options?: { readonly force?: boolean }): Promise<void>
}

/** How our connections name themselves, so that processes that share a server know each other. */
export const applicationName = `rapport-${process.pid}`

/** Starts the embedded PostgreSQL, or takes over the one that a killed process left behind. */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const report = options.report ?? (() => {})
  const cluster = await prepareCluster(locateBinaries(), options.dataFolder, options.settings)
  let server = await takeOverOrStart(cluster, report)
  let stopping = false
  /** Never fails. */
  let restarting: Promise<void> = Promise.resolve()
  void keepAlive()

  /** A server that ended by itself (out of memory, disk full) is started again. */
  async function keepAlive(): Promise<void> {
    for (let wait = 250; ; wait = Math.min(wait * 2, 30_000)) {
      const since = performance.now()
      await server.lost
      if (performance.now() - since > 60_000) wait = 250
      if (stopping) return
      report('The connection to PostgreSQL was lost. Starting it again if need be.')
      // A little patience at once: the server may be restarting by itself, or stop for good with us.
      await sleep(wait, undefined, { ref: false })
      if (stopping) return
      restarting = restart()
      await restarting
    }
  }

  async function restart(): Promise<void> {
    try {
      server = await takeOverOrStart(cluster, report)
    } catch (error) {
      report(String(error))
    }
  }

  return {
    databaseUrl: urlOf(cluster, clusterDatabase),
    processId: () => server.pid,
    async stop({ force = false } = {}) {
      stopping = true
      await restarting
      const shared = !force && (await othersArePresent(server.presence))
      if (!shared) await stopPostmaster(server.pid)
      await server.presence.end().catch(() => {})
      if (!shared) removeSocketFolder(cluster)
    },
  }
}

interface RunningServer {
  readonly pid: number
  readonly version: string
  /** A connection held as long as we use the server, by which other processes see that we do. */
  readonly presence: pg.Client
  /** Resolves when that connection is gone, and the server most likely with it. */
  readonly lost: Promise<void>
}

async function takeOverOrStart(
  cluster: Cluster,
  report: (message: string) => void,
): Promise<RunningServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      const found = findPostmaster(cluster)
      if (!found) return await bePresent(cluster, await spawnPostmaster(cluster))
      // Its folder differs where that lies in the folder for temporary files, and this has moved.
      if (found.socketFolder === cluster.socketFolder) {
        const server = await bePresent(cluster, found.pid)
        if (server.version === cluster.binaries.version) {
          report(`Took over PostgreSQL ${server.version}, process ${found.pid}.`)
          return server
        }
        await server.presence.end()
      }
      report(`Stopping the PostgreSQL of an earlier start, process ${found.pid}.`)
      await stopPostmaster(found.pid)
    } catch (error) {
      // Another process may start or stop the same server just now, or orphans of a killed one may
      // still hold its memory: both pass.
      const mayPass = /postmaster\.pid|shared memory block|does not answer/.test(String(error))
      if (attempt === 6 || !mayPass) throw error
      await sleep(100 * attempt)
    }
  }
}

/** Waits until the server answers (it may be recovering), makes our database, and stays connected. */
async function bePresent(cluster: Cluster, pid: number): Promise<RunningServer> {
  for (;;) {
    const presence = clientOf(cluster)
    const lost = new Promise<void>((resolve) => presence.once('end', resolve))
    try {
      await presence.connect()
      const result = await presence.query<{ version: string; made: boolean }>(
        `select current_setting('server_version') as version,
           exists (select from pg_database where datname = $1) as made`,
        [clusterDatabase],
      )
      const { version = '', made = false } = result.rows[0] ?? {}
      if (!made) await createDatabase(presence)
      return { pid, version, presence, lost }
    } catch (error) {
      await presence.end().catch(() => {})
      if (!isStarting(error) || !isAlive(pid)) throw notAnswering(cluster, error)
      await sleep(20)
    }
  }
}

async function createDatabase(client: pg.Client): Promise<void> {
  await client.query(`create database ${clusterDatabase}`).catch((error: unknown) => {
    if (codeOf(error) !== duplicateDatabase) throw error
  })
}

async function othersArePresent(presence: pg.Client): Promise<boolean> {
  const question = `select from pg_stat_activity
    where application_name like 'rapport-%' and application_name <> $1 limit 1`
  const found = await presence.query(question, [applicationName]).catch(() => null)
  return found?.rowCount === 1
}

function clientOf(cluster: Cluster): pg.Client {
  const client = new pg.Client({
    connectionString: urlOf(cluster, 'postgres'),
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
  })
  // Without a listener a connection that breaks would end the process.
  client.on('error', () => {})
  return client
}

function urlOf(cluster: Cluster, database: string): string {
  const host = encodeURIComponent(cluster.socketFolder)
  return `postgresql://${clusterUser}@localhost:${socketPort}/${database}?host=${host}`
}

const duplicateDatabase = '42P04'
/** No socket yet, nobody behind it yet, or "the database system is starting up". */
const startingCodes = new Set(['ENOENT', 'ECONNREFUSED', '57P03'])

function isStarting(error: unknown): boolean {
  return startingCodes.has(codeOf(error))
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '')
}

function notAnswering(cluster: Cluster, cause: unknown): RapportError {
  return new RapportError(
    'startup_failed',
    `PostgreSQL in ${cluster.dataDirectory} does not answer (${String(cause)}). ` +
      `Its log is ${cluster.logFile}.`,
    {},
    cause,
  )
}
