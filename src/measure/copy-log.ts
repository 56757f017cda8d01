/** Copies the log into the lens, for a replay: plain and whole, as one snapshot of the truth has it. */
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { to as copyTo } from 'pg-copy-streams'
import type { ClickHouseClient } from '@clickhouse/client'
import type { PoolClient } from 'pg'

export const replayTable = 'replay_touchpoint'

/** Bytes an insert, some 25,000 to 50,000 rows: chDB holds an insert whole, as text. */
const bytesAtOnce = 16 * 1024 * 1024

const columns = [
  'subject_id', 'id', 'occurred_at', 'source_id', 'type', 'kind', 'event', 'channel', 'amount_minor', 'currency',
  'score', 'sentiment', 'properties', 'context',
] as const // prettier-ignore

/** A table of the shape that a replay reads (see `replaySql`). */
export const createLogCopy = (table: string): string => `create table ${table} (
  subject_id UUID, id UUID, occurred_at DateTime64(3, 'UTC'), source_id LowCardinality(String),
  type LowCardinality(String), kind LowCardinality(String), event LowCardinality(String),
  channel LowCardinality(String), bot Bool, amount_minor Nullable(Int64), currency LowCardinality(String),
  score Nullable(Float64), sentiment Nullable(Float64), properties String, context String
) engine = MergeTree order by subject_id`

export interface CopyProgress {
  readonly copied: number
}

/**
 * Reads in the transaction of `client` (its snapshot says what is copied), writes to the lens. What
 * COPY writes is what ClickHouse reads as TabSeparated, so nothing is parsed on the way. Gives the
 * number of rows.
 */
export async function copyLog(
  client: PoolClient,
  lens: ClickHouseClient,
  onProgress: (progress: CopyProgress) => void,
): Promise<number> {
  await lens.command({ query: `drop table if exists ${replayTable}` })
  await lens.command({ query: createLogCopy(replayTable) })
  const rows = client.query(
    copyTo(`copy (select subject_id, id, occurred_at, source_id, type, kind, event, channel,
      amount_minor, coalesce(currency, ''), score, sentiment, properties, context
      from touchpoint where not bot) to stdout`),
  )
  let copied = 0
  let inserting: Promise<unknown> = Promise.resolve()
  try {
    for await (const chunk of inWholeLines(
      rows.iterator({ destroyOnReturn: false }),
      bytesAtOnce,
    )) {
      // The next chunk is gathered while this one is inserted.
      await inserting
      inserting = lens.insert({
        table: replayTable,
        columns: [...columns],
        values: Readable.from([chunk], { objectMode: false }),
        format: 'TabSeparated',
      })
      // Whoever waits for it hears of a failure; until then it is not an unhandled one.
      inserting.catch(() => {})
      copied += linesOf(chunk)
      onProgress({ copied })
    }
    await inserting
  } catch (error) {
    // PostgreSQL goes on sending; its connection is good for nothing until all of it was read.
    await finished(rows.resume()).catch(() => {})
    throw error
  }
  return copied
}

/** Chunks of so many bytes or a little more, each ending where a line ends. */
async function* inWholeLines(
  stream: AsyncIterable<Buffer>,
  least: number,
): AsyncGenerator<Buffer, void> {
  let waiting: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    const end = size + chunk.length >= least ? chunk.lastIndexOf(newline) + 1 : 0
    if (end === 0) {
      waiting.push(chunk)
      size += chunk.length
    } else {
      yield Buffer.concat([...waiting, chunk.subarray(0, end)])
      waiting = end < chunk.length ? [chunk.subarray(end)] : []
      size = chunk.length - end
    }
  }
  if (size > 0) yield Buffer.concat(waiting)
}

const newline = 0x0a

/** Line feeds within values are written `\n`, so each one ends a row. */
function linesOf(chunk: Buffer): number {
  let lines = 0
  for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) lines++
  return lines
}
