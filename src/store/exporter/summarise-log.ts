import type { PoolClient } from 'pg'

/**
 * Tells the indexes by which the exporter finds what is new (BRIN, by transaction) of the pages that came
 * since the last go. Pages that they do not know of are read whole each time somebody asks.
 */
export async function summariseLog(client: PoolClient): Promise<void> {
  await client.query(
    `select brin_summarize_new_values(index) from (
       select 'transition_by_transaction'::regclass as index
       union all
       select inhrelid from pg_inherits where inhparent = 'touchpoint_by_transaction'::regclass
     ) as indexes`,
  )
}
