/**
 * What reports ask the lens through: it catches up first, so an answer holds everything that was
 * acknowledged before the question; every query has limits; and the answer says how fresh it is.
 */
import { RapportError } from '../domain/error.ts'
import type { ClickHouseClient } from '@clickhouse/client'
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
  /** The view to read touchpoints from: without the join of moved identifiers where there are none. */
  historyView(): Promise<string>
  /** What a query with a FORMAT of its own gives, such as Parquet. */
  file(query: string, parameters?: Readonly<Record<string, LensParameter>>): Promise<Buffer>
  /** The client itself, caught up: for what streams. */
  client(): Promise<ClickHouseClient>
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
const bytesAQuery = 4_000_000_000

export function createLensReader({
  lens,
  exporter,
  patience = 5_000,
  secondsAQuery = usualSeconds,
}: LensReaderOptions): LensReader {
  const client = async (): Promise<ClickHouseClient> => {
    try {
      await inTime(exporter, patience)
    } catch (error) {
      throw lensErrorOf(error)
    }
    return lens.client()
  }
  const clickhouse_settings = {
    max_execution_time: secondsAQuery,
    max_memory_usage: String(bytesAQuery),
  }
  return {
    client,
    async historyView() {
      const open = await client()
      const result = await open.query({
        query: 'select 1 from alias limit 1',
        format: 'JSONEachRow',
      })
      return (await result.json()).length > 0 ? 'history' : 'settled_history'
    },
    async file(query, parameters = {}) {
      const open = await client()
      try {
        const { stream } = await open.exec({
          query,
          query_params: parameters,
          clickhouse_settings,
        })
        return Buffer.concat(await stream.toArray())
      } catch (error) {
        throw lensErrorOf(error)
      }
    },
    async rows<Row>(query: string, parameters: Readonly<Record<string, LensParameter>> = {}) {
      const open = await client()
      try {
        const result = await open.query({
          query,
          query_params: parameters,
          format: 'JSONEachRow',
          clickhouse_settings,
        })
        return await result.json<Row>()
      } catch (error) {
        throw lensErrorOf(error)
      }
    },
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
