/** Copies the log into the lens, for a replay: plain and whole, as one snapshot of the truth has it. */
import type { ClickHouseClient } from '@clickhouse/client'
import type { PoolClient } from 'pg'

export const replayTable = 'replay_touchpoint'

/** Rows a fetch: each becomes one insert of about 10 MB at most. */
const rowsAtOnce = 20_000

/** What a replay reads; the bench fills one of its own. */
export const createReplayTable = `create table ${replayTable} (
  subject_id String, id String, occurred_at Int64, source_id LowCardinality(String),
  type LowCardinality(String), kind LowCardinality(String), event LowCardinality(String),
  channel LowCardinality(String), bot Bool, amount_minor Nullable(Int64), currency LowCardinality(Nullable(String)),
  score Nullable(Float64), sentiment Nullable(Float64), properties String, context String
) engine = MergeTree order by subject_id`

export interface CopyProgress {
  readonly copied: number
}

/**
 * Reads by a cursor in the transaction of `client` (its snapshot says what is copied), writes to the
 * lens. Gives the number of rows.
 */
export async function copyLog(
  client: PoolClient,
  lens: ClickHouseClient,
  onProgress: (progress: CopyProgress) => void,
): Promise<number> {
  await lens.command({ query: `drop table if exists ${replayTable}` })
  await lens.command({ query: createReplayTable })
  await client.query(`declare whole_log no scroll cursor for
    select subject_id::text as subject_id, id::text as id,
      (extract(epoch from occurred_at) * 1000)::bigint as occurred_at, source_id, type, kind, event,
      channel, bot, amount_minor, currency, score, sentiment, properties::text as properties, context::text as context
    from touchpoint where not bot`)
  let copied = 0
  for (;;) {
    const { rows } = await client.query(`fetch ${rowsAtOnce} from whole_log`)
    if (rows.length === 0) break
    await lens.insert({ table: replayTable, values: rows, format: 'JSONEachRow' })
    copied += rows.length
    onProgress({ copied })
  }
  await client.query('close whole_log')
  return copied
}
