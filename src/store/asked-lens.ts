/**
 * The lens as people ask it in words of their own: on a connection beside that of the reports, so that
 * a slow question holds nobody else up, one question at a time, with limits. What may be
 * asked at all is for the caller to check: `readonly` alone stops changes, but neither settings that
 * a query brings nor reading and writing files.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { RapportError } from '../domain/error.ts'
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import type { Lens } from './lens.ts'
import type { LensReader } from './lens-reader.ts'

export interface AskedRows {
  readonly columns: readonly { name: string; type: string }[]
  readonly rows: readonly (readonly unknown[])[]
  readonly read: number
}

export interface AskedLens {
  rows(query: string, signal?: AbortSignal): Promise<AskedRows>
  /** The lines of a query that takes no FORMAT of its own, such as `explain ast`. */
  lines(query: string): Promise<string[]>
  /** What a query with a FORMAT of its own gives. */
  file(query: string, signal?: AbortSignal): Promise<Buffer>
}

export interface AskedLensOptions {
  readonly lens: Lens
  /** Catches up first. */
  readonly reader: LensReader
  readonly seconds?: number
  readonly bytes?: number
}

const linesAnswer = z.object({ data: z.array(z.tuple([z.string()])) })

export const secondsAsked = 10
/** Questions that may wait for the one that runs. */
const mostWaiting = 4
/** Of an answer, before it becomes text. */
const answerBytes = 128_000_000

export function createAskedLens(options: AskedLensOptions): AskedLens {
  const { lens, reader, seconds = secondsAsked, bytes = 1_000_000_000 } = options
  let opened: Promise<ClickHouseClient> | null = null
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  const open = (): Promise<ClickHouseClient> => {
    opened ??= lens.apart(limitsOf(seconds, bytes)).catch((error: unknown) => {
      opened = null
      throw error
    })
    return opened
  }
  const inTurn = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (waiting >= mostWaiting)
      throw new RapportError('overloaded', 'Others are asking questions of their own right now.')
    waiting++
    const turn = last.then(ask, ask)
    last = turn.catch(() => {})
    return turn.finally(() => waiting--)
  }
  const ask = async <T>(
    query: string,
    signal: AbortSignal | undefined,
    read: (client: ClickHouseClient, text: string) => Promise<T>,
  ): Promise<T> => {
    const main = await reader.client()
    return inTurn(async () => {
      signal?.throwIfAborted()
      const client = await open()
      const mark = `/* asked ${randomUUID()} */`
      const stop = stopper(main, mark, signal)
      try {
        return await read(client, `${mark} ${query}`)
      } catch (error) {
        // chDB keeps what a failed query had written and puts it before the next answer.
        if (!lens.isRemote) await client.command({ query: 'select 1' }).catch(() => {})
        throw error
      } finally {
        stop()
      }
    })
  }
  return {
    rows: (query, signal) =>
      ask(query, signal, async (client, text) => {
        const answer = await client.query({ query: text, format: 'JSONCompact' })
        const { meta = [], data, statistics } = await answer.json<unknown[]>()
        return { columns: meta, rows: data, read: statistics?.rows_read ?? 0 }
      }),
    lines: (query) =>
      ask(query, undefined, async (client, text) => {
        const { stream } = await client.exec({
          query: text,
          clickhouse_settings: { default_format: 'JSONCompact' },
        })
        const answer: unknown = JSON.parse(Buffer.concat(await stream.toArray()).toString())
        return linesAnswer.parse(answer).data.map(([line]) => line)
      }),
    file: (query, signal) =>
      ask(query, signal, async (client, text) => {
        const { stream } = await client.exec({ query: text })
        return Buffer.concat(await stream.toArray())
      }),
  }
}

/** Asks ClickHouse to end the query as soon as nobody waits for it any more. */
function stopper(main: ClickHouseClient, mark: string, signal: AbortSignal | undefined) {
  const kill = (): void => {
    const query = 'kill query where startsWith(query, {mark: String}) async'
    main.command({ query, query_params: { mark } }).catch(() => {})
  }
  signal?.addEventListener('abort', kill, { once: true })
  return () => signal?.removeEventListener('abort', kill)
}

const limitsOf = (seconds: number, bytes: number): ClickHouseSettings => ({
  max_execution_time: seconds,
  max_memory_usage: String(bytes),
  max_threads: 2,
  max_result_bytes: String(answerBytes),
  result_overflow_mode: 'throw',
  // Ids and hashes of 64 bits would lose digits as JSON numbers.
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_denormals: 1,
  // Queries are wrapped to limit them; their order stays.
  query_plan_remove_redundant_sorting: 0,
  optimize_duplicate_order_by_and_distinct: 0,
  max_ast_elements: '20000',
  max_expanded_ast_elements: '100000',
  // 2, not 1: views over archived months read files, which 1 forbids even to views.
  readonly: '2',
})
