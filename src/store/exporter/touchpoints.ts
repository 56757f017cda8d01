/**
 * Touchpoints to the lens, exactly once. They are cut into batches by the transactions that wrote
 * them; a batch is planned in the truth before it is copied and bears its number in the lens. So
 * whatever was interrupted, counting tells which batches the lens holds.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { copyRows, moment } from './copy-rows.ts'
import { clusterClause } from '../lens-shape.ts'
import { storedTable } from '../lens-tables.ts'
import type { ClickHouseClient } from '@clickhouse/client'
import type { LensEngine } from '../lens-shape.ts'
import type { PoolClient } from 'pg'

/** Rows an insert: chDB takes 190,000 to 400,000 rows a second so, and holds some 60 MB meanwhile. */
const rowsAtOnce = 100_000

export interface Batch {
  readonly id: number
  readonly from: number
  /** Exclusive. */
  readonly to: number
  readonly touchpoints: number
  /** Part of its token. Counted up where the lens lost it, or some of it: that token was seen. */
  readonly attempt: number
}

/** Waits for others at most so often, ten milliseconds each: two seconds. */
const patience = 200

/**
 * Every transaction below it has ended, so nothing can come between any more. What was committed before
 * this is asked is below it: a transaction that began earlier and is still at work, as of a second lane of
 * the intake, is waited for, unless it takes longer than two seconds; then the rest is for the next go.
 */
export async function settledTransaction(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ settled: number; next: number }>(
    `select pg_snapshot_xmin(now)::text::bigint as settled, pg_snapshot_xmax(now)::text::bigint as next
     from pg_current_snapshot() as now`,
  )
  const { settled: first = 0, next = 0 } = rows[0] ?? {}
  let settled = first
  for (let i = 0; i < patience && settled < next; i++) {
    if (!(await hasWritten(client, settled, next))) break
    await sleep(10)
    settled = await oldestAtWork(client)
  }
  return settled
}

async function oldestAtWork(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ settled: number }>(
    'select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as settled',
  )
  return rows[0]?.settled ?? 0
}

/** Whether transactions from the one up to the other (exclusive) left anything for the lens. */
async function hasWritten(client: PoolClient, from: number, to: number): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select exists (select 1 from touchpoint
         where transaction_id::text::bigint >= $1 and transaction_id::text::bigint < $2)
       or exists (select 1 from transition
         where transaction_id::text::bigint >= $1 and transaction_id::text::bigint < $2)
       or exists (select 1 from identifier where moved_in >= $1 and moved_in < $2) as found`,
    [from, to],
  )
  return rows[0]?.found === true
}

/** Cuts what was written since the last batch and before `settled` into batches. */
export async function planBatches(
  client: PoolClient,
  settled: number,
  rowsABatch: number = rowsAtOnce,
): Promise<void> {
  const { rows } = await client.query<{ transaction: number; touchpoints: number }>(
    `select transaction_id::text::bigint as transaction, count(*) as touchpoints from touchpoint
     where transaction_id::text::bigint >=
         (select coalesce(max(to_transaction), 0) from lens_batch)
       and transaction_id::text::bigint < $1
     group by 1 order by 1`,
    [settled],
  )
  const plans = cutIntoBatches(rows, rowsABatch)
  if (plans.length === 0) return
  await client.query(
    `insert into lens_batch (from_transaction, to_transaction, touchpoints)
     select * from unnest($1::bigint[], $2::bigint[], $3::int[])`,
    [
      plans.map(({ from }) => from),
      plans.map(({ to }) => to),
      plans.map(({ touchpoints }) => touchpoints),
    ],
  )
}

/** Transactions are never cut; a batch has `rowsABatch` touchpoints or the last one's more. */
export function cutIntoBatches(
  transactions: readonly { readonly transaction: number; readonly touchpoints: number }[],
  rowsABatch: number,
): Omit<Batch, 'id' | 'attempt'>[] {
  const batches: { from: number; to: number; touchpoints: number }[] = []
  for (const { transaction, touchpoints } of transactions) {
    const last = batches.at(-1)
    if (last !== undefined && last.touchpoints < rowsABatch) {
      last.to = transaction + 1
      last.touchpoints += touchpoints
    } else batches.push({ from: transaction, to: transaction + 1, touchpoints })
  }
  return batches
}

export async function openBatches(client: PoolClient): Promise<Batch[]> {
  const { rows } = await client.query<Batch>(
    `select id, from_transaction as "from", to_transaction as "to", touchpoints, attempt
     from lens_batch where copied_at is null order by id`,
  )
  return rows
}

const columns = [
  'subject_id', 'party_id', 'id', 'occurred_at', 'received_at', 'source_id', 'type', 'kind', 'event', 'channel',
  'bot', 'amount_minor', 'currency', 'score', 'sentiment', 'properties', 'context', 'batch',
] as const // prettier-ignore

interface Copying {
  readonly client: PoolClient
  readonly lens: ClickHouseClient
  readonly engine: LensEngine
  /** Name of the lens, part of the token. */
  readonly lensId: string
}

/** Copies a batch unless the lens holds it already, and says so in the truth. */
export async function copyBatch(
  { client, lens, engine, lensId }: Copying,
  batch: Batch,
): Promise<void> {
  const held = await heldBy(lens, batch.id)
  if (held !== batch.touchpoints) {
    // Part of it came, as after a loss of power.
    const attempt = held === 0 ? batch.attempt : await countAttempt(client, batch.id)
    if (held !== 0) {
      await lens.command({
        query: `alter table ${storedTable('touchpoint', engine)}${clusterClause(engine)} delete where batch = {batch: UInt32}`,
        query_params: { batch: batch.id },
      })
    }
    await copyRows(client, lens, {
      select: selectOf(batch),
      table: 'touchpoint',
      columns,
      token: `${lensId} ${batch.id} ${attempt}`,
    })
  }
  await client.query('update lens_batch set copied_at = now() where id = $1', [batch.id])
}

async function countAttempt(client: PoolClient, batch: number): Promise<number> {
  const { rows } = await client.query<{ attempt: number }>(
    'update lens_batch set attempt = attempt + 1 where id = $1 returning attempt',
    [batch],
  )
  return rows[0]?.attempt ?? 0
}

async function heldBy(lens: ClickHouseClient, batch: number): Promise<number> {
  const result = await lens.query({
    query: 'select count() as held from stored_touchpoint where batch = {batch: UInt32}',
    query_params: { batch },
    format: 'JSONEachRow',
  })
  const [row] = await result.json<{ held: number }>()
  return row?.held ?? 0
}

/** Numbers only go into the text: COPY takes no parameters. */
const selectOf = ({ id, from, to }: Batch): string => `
  select t.subject_id, coalesce(i.party_id, t.subject_id), t.id, ${moment('t.occurred_at')},
    ${moment('t.received_at')}, t.source_id, t.type, t.kind, t.event, t.channel, t.bot, t.amount_minor,
    coalesce(t.currency, ''), t.score, t.sentiment, t.properties, t.context, ${Math.trunc(id)}
  from touchpoint t left join identifier i on i.subject_id = t.subject_id
  where t.transaction_id::text::bigint >= ${Math.trunc(from)}
    and t.transaction_id::text::bigint < ${Math.trunc(to)}`

/** Batches that the truth says were copied and of which the lens holds another number of touchpoints. */
export async function reopenLostBatches(
  client: PoolClient,
  lens: ClickHouseClient,
): Promise<number[]> {
  const result = await lens.query({
    query: 'select batch, count() as held from stored_touchpoint group by batch',
    format: 'JSONEachRow',
  })
  const held = await result.json<{ batch: number; held: number }>()
  const { rows } = await client.query<{ id: number }>(
    `update lens_batch b set copied_at = null, attempt = b.attempt + 1
     from lens_batch o left join unnest($1::int[], $2::int[]) as h (id, held) on h.id = o.id
     where b.id = o.id and b.copied_at is not null and b.touchpoints <> coalesce(h.held, 0)
     returning b.id`,
    [held.map(({ batch }) => batch), held.map((row) => row.held)],
  )
  return rows.map(({ id }) => id)
}
