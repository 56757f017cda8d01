/**
 * The ledger of what is sent. A delivery is written before anything is sent: `waiting` until an attempt
 * begins to reach the other side, `sending` while it may have it, then `sent`, `failed`, or `waiting`
 * again. Whoever sends for a schedule holds its lease; each step is written only while it does, so of
 * two workers one comes through. What is found `sending` without a lease was begun by somebody who is
 * no more: that it may have arrived is resolved by who sends, never forgotten.
 */
import { sql, type Kysely } from 'kysely'
import { nextAt } from './next-at.ts'
import { scheduleColumns, type StoredSchedule } from './queries.ts'

/** Longer than the longest attempt, in milliseconds. */
export const leaseLength = 5 * 60_000

/** A schedule, held by us until `lease`. */
export interface Claimed {
  readonly schedule: StoredSchedule
  readonly lease: Date
}

export interface OpenDelivery {
  readonly dueAt: Date
  readonly state: 'waiting' | 'sending'
  readonly attempts: number
}

/**
 * Writes a delivery for each schedule whose time has come, and when it is due next. Times that passed
 * while no process ran are one delivery: a report of the present is not sent three times.
 */
export async function takeDue(db: Kysely<unknown>, now: number): Promise<number> {
  const { rows } = await sql<StoredSchedule>`
    select ${scheduleColumns} from report_schedule s
    where s.next_at <= ${new Date(now)} and not s.paused and s.deleted_at is null
    order by s.next_at limit 100`.execute(db)
  for (const schedule of rows) {
    // Of several processes the one that moves `next_at` on writes the delivery.
    await sql`
      with moved as (
        update report_schedule set next_at = ${new Date(nextAt(schedule, now))}
        where id = ${schedule.id} and next_at = ${schedule.nextAt} and not paused
          and deleted_at is null returning id)
      insert into report_delivery (schedule_id, due_at, state, next_try_at)
      select id, ${schedule.nextAt}::timestamptz, 'waiting', ${new Date(now)}::timestamptz from moved
      on conflict do nothing`.execute(db)
  }
  return rows.length
}

/** Now, besides its times. */
export async function addDelivery(db: Kysely<unknown>, id: string, now: number): Promise<void> {
  const at = new Date(now)
  await sql`insert into report_delivery (schedule_id, due_at, state, next_try_at)
    values (${id}, ${at}, 'waiting', ${at}) on conflict do nothing`.execute(db)
}

/** A schedule that has something to send and that nobody holds. Null where there is none. */
export async function claimSchedule(db: Kysely<unknown>, now: number): Promise<Claimed | null> {
  const at = new Date(now)
  const lease = new Date(now + leaseLength)
  const { rows } = await sql<StoredSchedule>`
    update report_schedule s set lease_until = ${lease}
    where s.id = (
        select o.id from report_delivery d join report_schedule o on o.id = d.schedule_id
        where d.state in ('waiting', 'sending') and (d.state = 'sending' or d.next_try_at <= ${at})
          and o.deleted_at is null
          and (o.lease_until is null or o.lease_until <= ${at})
        order by d.due_at limit 1)
      and (s.lease_until is null or s.lease_until <= ${at})
    returning ${scheduleColumns}`.execute(db)
  return rows[0] ? { schedule: rows[0], lease } : null
}

export async function openDeliveries(
  db: Kysely<unknown>,
  { schedule }: Claimed,
  now: number,
): Promise<OpenDelivery[]> {
  const { rows } = await sql<OpenDelivery>`
    select due_at as "dueAt", state, attempts from report_delivery
    where schedule_id = ${schedule.id}
      and (state = 'sending' or (state = 'waiting' and next_try_at <= ${new Date(now)}))
    order by due_at`.execute(db)
  return rows
}

/** From here on the other side may have it. False where the lease is no longer ours. */
export async function beginSending(
  db: Kysely<unknown>,
  { schedule, lease }: Claimed,
  dueAt: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update report_delivery set state = 'sending', attempts = attempts + 1
    where schedule_id = ${schedule.id} and due_at = ${dueAt} and state in ('waiting', 'sending')
      and exists (select 1 from report_schedule where id = ${schedule.id} and lease_until = ${lease})
    returning due_at`.execute(db)
  return rows.length > 0
}

export type Outcome =
  | { readonly state: 'sent'; readonly at: number; readonly note: string | null }
  | { readonly state: 'waiting'; readonly nextTryAt: number; readonly error: string }
  | { readonly state: 'failed'; readonly error: string }

export async function recordOutcome(
  db: Kysely<unknown>,
  { schedule, lease }: Claimed,
  dueAt: Date,
  outcome: Outcome,
): Promise<void> {
  const error = outcome.state === 'sent' ? outcome.note : outcome.error
  await sql`
    update report_delivery set state = ${outcome.state}, error = ${error?.slice(0, 500) ?? null},
      next_try_at = ${outcome.state === 'waiting' ? new Date(outcome.nextTryAt) : null},
      sent_at = ${outcome.state === 'sent' ? new Date(outcome.at) : null}
    where schedule_id = ${schedule.id} and due_at = ${dueAt} and state in ('waiting', 'sending')
      and exists (select 1 from report_schedule where id = ${schedule.id} and lease_until = ${lease})
  `.execute(db)
}

export async function giveBack(
  db: Kysely<unknown>,
  { schedule, lease }: Claimed,
  { pause }: { readonly pause: boolean },
): Promise<void> {
  await sql`update report_schedule set lease_until = null ${pause ? sql`, paused = true` : sql``}
    where id = ${schedule.id} and lease_until = ${lease}`.execute(db)
}

/** When there is next something to do, in milliseconds since 1970; infinite where there is nothing. */
export async function nextDeliveryAt(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ at: Date | null }>`
    select least(
      (select min(next_at) from report_schedule where not paused and deleted_at is null),
      (select min(greatest(case when d.state = 'waiting' then d.next_try_at else d.due_at end,
          s.lease_until))
       from report_delivery d join report_schedule s on s.id = d.schedule_id
       where d.state in ('waiting', 'sending') and s.deleted_at is null)) as at`.execute(db)
  return rows[0]?.at?.getTime() ?? Infinity
}
