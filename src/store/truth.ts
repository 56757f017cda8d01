import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { RapportError } from '../domain/error.ts'
import { applicationName, startEmbeddedPostgres } from './embedded-postgres.ts'
import { storeErrorOf } from './store-error.ts'
import { prepareRepeated, RepeatedStatements } from './repeated-statements.ts'
import { typeParsers } from './type-parsers.ts'

/** The store of facts: parties, identifiers, relationship state and the log. */
export interface Truth {
  readonly db: Kysely<unknown>
  readonly pool: pg.Pool
  /** Version of the server, for example `18.4`. */
  readonly version: string
  /** Waits for running queries; stops the embedded server where there is one. */
  close(): Promise<void>
}

export interface TruthOptions {
  /** A server of your own, version 15 or later; without it the embedded one is started. */
  readonly databaseUrl?: string
  /** Where the embedded server keeps its data. */
  readonly dataFolder: string
  /** Connections at most. */
  readonly poolSize?: number
  /** Told what an operator should know, one sentence at a time. */
  readonly report?: (message: string) => void
}

const oldestVersion = 15
/**
 * Days and hours are cut in UTC everywhere. What is asked here is short, so compiling a query (JIT)
 * costs more than it gives.
 */
const sessionSettings = '-c timezone=UTC -c datestyle=ISO -c jit=off'
/** How long a caller waits for a free connection before it hears that the store is unavailable. */
const connectionTimeout = 10_000

export async function openTruth(options: TruthOptions): Promise<Truth> {
  const { report } = options
  const embedded = options.databaseUrl
    ? null
    : await startEmbeddedPostgres({ dataFolder: options.dataFolder, ...(report && { report }) })
  const pool = openPool(options.databaseUrl ?? embedded?.databaseUrl ?? '', options.poolSize ?? 10)
  const statements = new RepeatedStatements()
  if (embedded) pool.on('connect', (client) => prepareRepeated(client, statements))
  const close = async (): Promise<void> => {
    await pool.end()
    await embedded?.stop()
  }
  try {
    const version = await checkVersion(pool)
    return { db: new Kysely({ dialect: new PostgresDialect({ pool }) }), pool, version, close }
  } catch (error) {
    await close()
    throw error
  }
}

function openPool(databaseUrl: string, size: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: withSessionSettings(databaseUrl),
    max: size,
    application_name: applicationName,
    connectionTimeoutMillis: connectionTimeout,
    keepAlive: true,
    types: typeParsers,
  })
  // A lost connection is met by the next query, which gets a new one or says so. Without these
  // listeners it would end the process, both for an idle connection and for one in use.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Goes with the first message of a connection, so it costs no round trip. */
function withSessionSettings(databaseUrl: string): string {
  // `user@/database?host=/folder` is a common form for a socket, but no URL.
  const text = databaseUrl.replace('@/', '@localhost/')
  if (!URL.canParse(text)) {
    throw new RapportError(
      'startup_failed',
      'DATABASE_URL is not a URL. Write postgresql://user:password@host:5432/database',
    )
  }
  const url = new URL(text)
  const own = url.searchParams.get('options') ?? ''
  url.searchParams.set('options', `${own} ${sessionSettings}`.trim())
  return url.href
}

async function checkVersion(pool: pg.Pool): Promise<string> {
  const question = `select current_setting('server_version') as version,
    current_setting('server_version_num')::int / 10000 as major,
    current_setting('timezone') as zone`
  type Answer = { version: string; major: number; zone: string }
  const { version, major, zone } = await pool.query<Answer>(question).then(
    (result) => result.rows[0] ?? { version: '', major: 0, zone: '' },
    (error: unknown) => {
      const detail = `PostgreSQL does not take our connection: ${String(error)}. Check DATABASE_URL.`
      throw storeErrorOf(error) ?? new RapportError('startup_failed', detail, {}, error)
    },
  )
  if (major < oldestVersion) {
    throw new RapportError(
      'startup_failed',
      `PostgreSQL ${version} is too old. Use version ${oldestVersion} or later.`,
    )
  }
  if (zone !== 'UTC') {
    throw new RapportError(
      'startup_failed',
      `The time zone of the database session is ${zone}, which a connection pooler in between may ` +
        `have caused. Run once: alter database <name> set timezone to 'UTC'`,
    )
  }
  return version
}
