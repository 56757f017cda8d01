/** Rows of a PostgreSQL query into a table of the lens, as text that both understand, unread by us. */
import { finished } from 'node:stream/promises'
import { to as copyTo } from 'pg-copy-streams'
import type { ClickHouseClient } from '@clickhouse/client'
import type { PoolClient } from 'pg'

export interface RowCopy {
  /** A query whose columns stand in the order of `columns`. Text, made by us alone: COPY takes no parameters. */
  readonly select: string
  readonly table: string
  readonly columns: readonly [string, ...string[]]
  /** An insert with a token that was seen before is dropped. */
  readonly token: string
}

/**
 * COPY writes text with \t, \n, \\ and \N just as ClickHouse's TabSeparated reads it, so nothing is
 * parsed on the way; one insert, whole or not at all in each of its partitions. Gives how many rows.
 */
export async function copyRows(
  client: PoolClient,
  lens: ClickHouseClient,
  { select, table, columns, token }: RowCopy,
): Promise<number> {
  const rows = client.query(copyTo(`copy (${select}) to stdout`))
  // chDB takes text: a character that lies over two chunks must not be cut.
  rows.setEncoding('utf8')
  const [first, ...others] = columns
  try {
    await lens.insert({
      table,
      values: rows,
      columns: [first, ...others],
      format: 'TabSeparated',
      clickhouse_settings: { insert_deduplication_token: token },
    })
  } catch (error) {
    // PostgreSQL goes on sending; its connection is good for nothing until all of it was read.
    await finished(rows.resume()).catch(() => {})
    throw error
  }
  return rows.rowCount
}

/** Microseconds in PostgreSQL, milliseconds here. Sessions are in UTC. */
export const moment = (column: string): string => `to_char(${column}, 'YYYY-MM-DD HH24:MI:SS.MS')`
