import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { RapportError } from '../domain/error.ts'
import { locateBinaries } from './embedded-binaries.ts'
import { clusterDatabase, clusterUser, prepareCluster, socketPort } from './embedded-cluster.ts'
import type { Cluster } from './embedded-cluster.ts'
import { findPostmaster, spawnPostmaster, stopPostmaster, type Postmaster } from './postmaster.ts'

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
  let postmaster = await takeOverOrStart(cluster, report)
  let stopping = false

  /** A server that ended by itself (out of memory, disk full) is started again, ever more slowly. */
  async function keepAlive(): Promise<void> {
    let wait = 250
    while (!stopping) {
      await postmaster.gone
      while (!stopping) {
        report('PostgreSQL ended unexpectedly. Starting it again.')
        try {
          const startedAt = performance.now()
          postmaster = await takeOverOrStart(cluster, report)
          void postmaster.gone.then(() => {
            if (performance.now() - startedAt > 60_000) wait = 250
          })
          break
        } catch (error) {
          report(String(error))
          await sleep(wait, undefined, { ref: false })
          wait = Math.min(wait * 2, 30_000)
        }
      }
    }
  }
  void keepAlive()

  return {
    databaseUrl: urlOf(cluster, clusterDatabase),
    processId: () => postmaster.pid,
    async stop({ force = false } = {}) {
      stopping = true
      if (force || !(await othersAreConnected(cluster))) await stopPostmaster(postmaster)
    },
  }
}

async function takeOverOrStart(
  cluster: Cluster,
  report: (message: string) => void,
): Promise<Postmaster> {
  // Another process may start or stop the same server just now, so what fails is looked at again.
  for (let attempt = 1; ; attempt++) {
    try {
      const found = findPostmaster(cluster)
      if (!found) {
        const started = await spawnPostmaster(cluster)
        await connectOnce(cluster, started)
        return started
      }
      const version = await connectOnce(cluster, found)
      if (version === cluster.binaries.version) {
        report(`Took over PostgreSQL ${version}, process ${found.pid}.`)
        return found
      }
      report(`Stopping PostgreSQL ${version} to start ${cluster.binaries.version}.`)
      await stopPostmaster(found)
    } catch (error) {
      if (attempt === 5) throw error
      await sleep(100 * attempt)
    }
  }
}

/** Waits until the server answers (it may be recovering), makes our database, returns its version. */
async function connectOnce(cluster: Cluster, postmaster: Postmaster): Promise<string> {
  let isGone = false
  void postmaster.gone.then(() => (isGone = true))
  for (;;) {
    try {
      return await ask(cluster, clusterDatabase, async (client) => {
        const result = await client.query<{ version: string }>(
          `select current_setting('server_version') as version`,
        )
        return result.rows[0]?.version ?? ''
      })
    } catch (error) {
      if (codeOf(error) === missingDatabase) await createDatabase(cluster)
      else if (isGone) throw notAnswering(cluster, error)
      else if (!isStarting(error)) throw notAnswering(cluster, error)
      else await sleep(20)
    }
  }
}

async function createDatabase(cluster: Cluster): Promise<void> {
  await ask(cluster, 'postgres', async (client) => {
    try {
      await client.query(`create database ${clusterDatabase}`)
    } catch (error) {
      if (codeOf(error) !== duplicateDatabase) throw error
    }
  })
}

async function othersAreConnected(cluster: Cluster): Promise<boolean> {
  try {
    return await ask(cluster, 'postgres', async (client) => {
      const result = await client.query(
        `select from pg_stat_activity
         where application_name like 'rapport-%' and application_name <> $1 limit 1`,
        [applicationName],
      )
      return result.rowCount === 1
    })
  } catch {
    return false
  }
}

async function ask<T>(
  cluster: Cluster,
  database: string,
  question: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: urlOf(cluster, database),
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
  })
  // Without a listener a connection that breaks later would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return await question(client)
  } finally {
    await client.end().catch(() => {})
  }
}

function urlOf(cluster: Cluster, database: string): string {
  const host = encodeURIComponent(cluster.socketFolder)
  return `postgresql://${clusterUser}@localhost:${socketPort}/${database}?host=${host}`
}

const missingDatabase = '3D000'
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
