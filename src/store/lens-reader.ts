/**
 * What reports ask the lens through: it catches up first, so an answer holds everything that was
 * acknowledged before the question; every query has limits; and the answer says how fresh it is.
 */
import { RapportError } from '../domain/error.ts'
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import type { Exporter } from './exporter/exporter.ts'
import type { Lens } from './lens.ts'

export type LensParameter = string | number | boolean | readonly string[] | readonly number[]

export interface LensReader {
  /**
   * Rows of a query. Parameters are named in it as ClickHouse has them, `{from: DateTime64(3)}`;
   * nothing of what a user said may stand in the text itself.
   * @throws RapportError `lens_filling` where the lens needs longer than a moment to catch up,
   *         `query_too_expensive` where the query went over a limit
   */
  rows<Row>(query: string, parameters?: Readonly<Record<string, LensParameter>>): Promise<Row[]>
  /** What to read touchpoints from, and how far it reaches. */
  history(): Promise<LensHistory>
  /** What a query with a FORMAT of its own gives, such as Parquet. */
  file(query: string, parameters?: Readonly<Record<string, LensParameter>>): Promise<Buffer>
  /** The client itself, caught up: for what streams. */
  client(): Promise<ClickHouseClient>
}

export interface LensHistory {
  /** Without the join of moved identifiers where there are none. */
  readonly view: string
  /** No touchpoint is later, in milliseconds; Infinity where that is not known, as of files. */
  readonly newest: number
}

export interface LensReaderOptions {
  readonly lens: Lens
  readonly exporter: Exporter
  /** A reader waits so long for the lens to catch up, in milliseconds. */
  readonly patience?: number
  readonly secondsAQuery?: number
}

/** A page may take a second; ten times that says that something is wrong with the question. */
const usualSeconds = 20
/** Milliseconds within which what is asked after a catch-up needs no other. */
const oneQuestion = 2_000
const bytesAQuery = 4_000_000_000
/**
 * Reports read millions of rows in few queries: larger blocks cost less each, and code compiled for a
 * query takes longer to compile than the query runs.
 */
const forScans: ClickHouseSettings = {
  max_block_size: '262144',
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
}

export function createLensReader({
  lens,
  exporter,
  patience = 5_000,
  secondsAQuery = usualSeconds,
}: LensReaderOptions): LensReader {
  let caughtUpAt = Number.NEGATIVE_INFINITY
  const catchUp = async (): Promise<void> => {
    const began = performance.now()
    try {
      await inTime(exporter, patience)
    } catch (error) {
      throw lensErrorOf(error)
    }
    caughtUpAt = began
  }
  /** The questions of one report are one question. */
  const catchUpOnce = async (): Promise<void> => {
    if (performance.now() - caughtUpAt > oneQuestion) await catchUp()
  }
  const ask = createAsking(lens, {
    max_threads: 2,
    max_execution_time: secondsAQuery,
    max_memory_usage: String(bytesAQuery),
    ...forScans,
  })
  const rows = <Row>(
    query: string,
    parameters: Readonly<Record<string, LensParameter>> = {},
  ): Promise<Row[]> =>
    ask(async (client) => {
      const result = await client.query({
        query,
        query_params: parameters,
        format: 'JSONEachRow',
      })
      return result.json<Row>()
    })
  return {
    async client() {
      await catchUp()
      return lens.client()
    },
    async history() {
      await catchUp()
      const [found] = await rows<{ moved: 0 | 1; newest: number; hasFiles: 0 | 1 }>(reachSql)
      const { moved = 1, newest = Infinity, hasFiles = 1 } = found ?? {}
      return {
        view: moved ? 'history' : 'settled_history',
        newest: hasFiles ? Infinity : newest,
      }
    },
    async file(query, parameters = {}) {
      await catchUpOnce()
      return ask(async (client) => {
        const { stream } = await client.exec({ query, query_params: parameters })
        return Buffer.concat(await stream.toArray())
      })
    },
    async rows(query, parameters) {
      await catchUpOnce()
      return rows(query, parameters)
    },
  }
}

/** The last touchpoint stands in the heads of the parts: none is read for it. */
const reachSql = `
  select (select count() from alias) > 0 as moved,
    (select toUnixTimestamp64Milli(max(occurred_at)) from touchpoint) as newest,
    position(create_table_query, 'Parquet') > 0 as hasFiles
  from system.tables where database = currentDatabase() and name = 'stored_touchpoint'`

/**
 * A connection of the reports' own, beside which the exporter goes on. chDB runs the queries of a connection
 * one after the other, and puts what a failed one had written before the answer of the next: so they are
 * asked in turn, and after a failure one answer is thrown away.
 */
function createAsking(
  lens: Lens,
  settings: ClickHouseSettings,
): <T>(work: (client: ClickHouseClient) => Promise<T>) => Promise<T> {
  let opened: Promise<ClickHouseClient> | null = null
  let last: Promise<unknown> = Promise.resolve()
  const open = (): Promise<ClickHouseClient> => {
    opened ??= lens.apart(settings).catch((error: unknown) => {
      opened = null
      throw error
    })
    return opened
  }
  const attempt = async <T>(work: (client: ClickHouseClient) => Promise<T>): Promise<T> => {
    const client = await open()
    try {
      return await work(client)
    } catch (error) {
      if (!lens.isRemote) await client.command({ query: 'select 1' }).catch(() => {})
      throw lensErrorOf(error)
    }
  }
  return (work) => {
    if (lens.isRemote) return attempt(work)
    const turn = last.then(() => attempt(work))
    last = turn.catch(() => {})
    return turn
  }
}

async function inTime(exporter: Exporter, patience: number): Promise<void> {
  const catching = exporter.catchUp()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), patience)
  })
  try {
    if ((await Promise.race([catching, late])) !== 'late') return
  } finally {
    clearTimeout(timer)
  }
  catching.catch(() => {})
  const { copied, total } = exporter.underWay() ?? { copied: 0, total: 0 }
  throw new RapportError('lens_filling', `${copied} of ${total} touchpoints are there.`, {
    copied,
    total,
  })
}

const limits = /TIMEOUT_EXCEEDED|MEMORY_LIMIT_EXCEEDED|TOO_MANY_ROWS|TOO_MANY_BYTES/
const unreachable =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EPIPE|socket hang up|Timeout error/

/** Limits that were hit, and a lens that is away, become answers that say what to do. */
export function lensErrorOf(error: unknown): unknown {
  if (error instanceof RapportError) return error
  const { type, code, message } = error as { type?: string; code?: string; message?: string }
  if (limits.test(type ?? '')) return new RapportError('query_too_expensive', message, {}, error)
  return unreachable.test(`${code} ${message}`)
    ? new RapportError('store_unavailable', 'The lens does not answer.', {}, error)
    : error
}
