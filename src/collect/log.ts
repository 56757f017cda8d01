/** The log of touchpoints: appended here, and read for a person's timeline and the live debugger. */
import { sql, type Kysely } from 'kysely'
import { RapportError } from '../domain/error.ts'
import type { Channel, TouchpointKind } from '../domain/touchpoint-kind.ts'
import type { Touchpoint } from '../domain/touchpoint.ts'
import { advisoryLock } from '../store/advisory-lock.ts'
import {
  booleanArray,
  integerArray,
  jsonArray,
  numberArray,
  textArray,
  timestampArray,
  uuidArray,
} from '../store/array-literal.ts'

/**
 * Appends the touchpoints that are not yet known and returns their ids. A touchpoint that the batch
 * holds twice is appended once, as it comes first.
 */
export async function appendNew(
  transaction: Kysely<unknown>,
  touchpoints: readonly Touchpoint[],
): Promise<Set<string>> {
  const byId = new Map<string, Touchpoint>()
  for (const touchpoint of touchpoints) {
    if (!byId.has(touchpoint.id)) byId.set(touchpoint.id, touchpoint)
  }
  if (byId.size === 0) return new Set()
  const incoming = [...byId.values()]
  const column = <Value>(read: (touchpoint: Touchpoint) => Value): Value[] => incoming.map(read)
  // Sorted: two batches with the same ids wait for each other in one order and cannot deadlock.
  const { rows } = await sql<Appended>`
    with incoming as materialized (
      select * from unnest(
        ${uuidArray(column((t) => t.subjectId))}::uuid[],
        ${timestampArray(column((t) => t.occurredAt))}::timestamptz[],
        ${uuidArray(column((t) => t.id))}::uuid[],
        ${timestampArray(column((t) => t.receivedAt))}::timestamptz[],
        ${textArray(column((t) => t.sourceId))}::text[],
        ${textArray(column((t) => t.type))}::text[],
        ${textArray(column((t) => t.kind))}::text[],
        ${textArray(column((t) => t.event))}::text[],
        ${textArray(column((t) => t.channel))}::text[],
        ${booleanArray(column((t) => t.bot))}::boolean[],
        ${integerArray(column((t) => t.amountMinor))}::bigint[],
        ${textArray(column((t) => t.currency))}::text[],
        ${numberArray(column((t) => t.score))}::float8[],
        ${numberArray(column((t) => t.sentiment))}::float8[],
        ${jsonArray(column((t) => t.properties))}::json[],
        ${jsonArray(column((t) => t.context))}::json[])
      as t (subject_id, occurred_at, id, received_at, source_id, type, kind, event, channel, bot,
        amount_minor, currency, score, sentiment, properties, context)),
    fresh as (
      insert into received_message (id) select id from incoming order by id
      on conflict do nothing returning id),
    appended as (
      insert into touchpoint (subject_id, occurred_at, id, received_at, source_id, type, kind, event,
        channel, bot, amount_minor, currency, score, sentiment, properties, context)
      select incoming.* from incoming join fresh on fresh.id = incoming.id
      returning 1),
    counted as (select count(*)::int as fresh from fresh)
    select fresh, (select count(*)::int from appended) as appended,
      case when fresh < ${incoming.length}::int
        then array(select id from incoming except select id from fresh) else '{}' end as "knownIds"
    from counted`.execute(transaction)
  // Seen elsewhere: a statement that succeeds and stores nothing. Better a failed batch than a lost one.
  const { fresh, appended, knownIds } = rows[0] ?? { fresh: byId.size, appended: 0, knownIds: [] }
  if (appended !== fresh) {
    throw new RapportError('internal', `Appended ${appended} of ${fresh} touchpoints.`)
  }
  for (const id of knownIds) byId.delete(id)
  return new Set(byId.keys())
}

/** Ids come back only where they were known already, which is rare: a batch's own are known here. */
interface Appended {
  readonly fresh: number
  readonly appended: number
  readonly knownIds: readonly string[]
}

/** Partitions that this process knows to exist, for each database that it works on. */
const knownMonths = new WeakMap<Kysely<unknown>, Set<string>>()

/** First day of the month, for example `2026-11-01`. */
function monthOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 7)}-01`
}

function nextMonth(month: string): string {
  const date = new Date(`${month}T00:00:00Z`)
  return monthOf(date.setUTCMonth(date.getUTCMonth() + 1))
}

/**
 * Makes the monthly partitions of the log that these touchpoints need, where they are missing. To be
 * called outside of the transaction that appends them: a partition is there at once for everybody,
 * whatever becomes of the batch.
 */
export async function ensurePartitions(
  db: Kysely<unknown>,
  touchpoints: readonly { readonly occurredAt: number }[],
): Promise<void> {
  const known = knownMonths.get(db) ?? new Set()
  knownMonths.set(db, known)
  const missing = new Set<string>()
  let month = ''
  let from = 0
  let until = 0
  for (const { occurredAt } of touchpoints) {
    // Neighbours mostly share their month; only its ends are compared then.
    if (occurredAt >= from && occurredAt < until) continue
    month = monthOf(occurredAt)
    from = Date.parse(month)
    until = Date.parse(nextMonth(month))
    if (!known.has(month)) missing.add(month)
  }
  if (missing.size === 0) return
  await makePartitions(db, [...missing].sort())
  for (const made of missing) known.add(made)
}

async function makePartitions(db: Kysely<unknown>, months: readonly string[]): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${advisoryLock.partition})`.execute(transaction)
    for (const month of months) {
      const name = `touchpoint_y${month.slice(0, 4)}m${month.slice(5, 7)}`
      const { rows } = await sql<{ found: boolean }>`
        select to_regclass(${name}) is not null as found`.execute(transaction)
      if (rows[0]?.found) continue
      // Attached rather than made in place: that does not wait for, nor stop, what is being appended.
      await sql`create table ${sql.id(name)} (like touchpoint including all)`.execute(transaction)
      await sql`alter table touchpoint attach partition ${sql.id(name)}
        for values from (${sql.lit(month)}) to (${sql.lit(nextMonth(month))})`.execute(transaction)
    }
  })
}

/** Where a page of a timeline ended: the next one begins right before it. */
export interface TimelinePosition {
  /** Milliseconds since 1970 UTC. */
  readonly occurredAt: number
  readonly id: string
}

export interface TimelineQuestion {
  readonly kinds?: readonly TouchpointKind[]
  readonly channels?: readonly Channel[]
  readonly before?: TimelinePosition
  readonly limit: number
}

interface TouchpointRow extends Omit<Touchpoint, 'occurredAt' | 'receivedAt'> {
  readonly occurredAt: Date
  readonly receivedAt: Date
}

const columns = sql`t.id, t.subject_id as "subjectId", t.occurred_at as "occurredAt",
  t.received_at as "receivedAt", t.source_id as "sourceId", t.type, t.kind, t.event, t.channel, t.bot,
  t.amount_minor as "amountMinor", t.currency, t.score, t.sentiment, t.properties, t.context`

/**
 * Touchpoints of all identifiers of a party together, newest first. Each identifier is read along
 * its own index and stopped at the limit, so the cost depends on the page and not on the history.
 */
export async function touchpointsOfSubjects(
  db: Kysely<unknown>,
  subjectIds: readonly string[],
  question: TimelineQuestion,
): Promise<Touchpoint[]> {
  const { kinds, channels, before, limit } = question
  if (subjectIds.length === 0 || kinds?.length === 0 || channels?.length === 0) return []
  const time = before ? sql`${new Date(before.occurredAt)}::timestamptz` : sql`null`
  const filters = sql.join(
    [
      before
        ? sql`t.occurred_at <= ${time} and (t.occurred_at, t.id) < (${time}, ${before.id}::uuid)`
        : sql`true`,
      kinds ? sql`t.kind = any(${textArray(kinds)}::text[])` : sql`true`,
      channels ? sql`t.channel = any(${textArray(channels)}::text[])` : sql`true`,
    ],
    sql` and `,
  )
  const { rows } = await sql<TouchpointRow>`
    select ${columns}
    from unnest(${uuidArray(subjectIds)}::uuid[]) as subject (id)
    cross join lateral (
      select * from touchpoint t where t.subject_id = subject.id and ${filters}
      order by t.occurred_at desc, t.id desc limit ${limit}
    ) t
    order by t.occurred_at desc, t.id desc limit ${limit}`.execute(db)
  return rows.map(fromRow)
}

/** How far back is looked for what came in last, in turn: most often the first is enough. */
const windows = ['10 minutes', '1 day', '60 days', '100 years'] as const

/** What came in last, newest first, whenever it happened. */
export async function recentTouchpoints(
  db: Kysely<unknown>,
  question: { readonly sourceId?: string; readonly limit: number; readonly now: number },
): Promise<Touchpoint[]> {
  const { sourceId, limit, now } = question
  const ofSource = sourceId === undefined ? sql`true` : sql`t.source_id = ${sourceId}`
  for (const window of windows) {
    const { rows } = await sql<TouchpointRow>`
      select ${columns} from touchpoint t
      where t.received_at > ${new Date(now)}::timestamptz - ${window}::interval and ${ofSource}
      order by t.received_at desc, t.id desc limit ${limit}`.execute(db)
    if (rows.length >= limit || window === windows.at(-1)) return rows.map(fromRow)
  }
  return []
}

function fromRow(row: TouchpointRow): Touchpoint {
  return { ...row, occurredAt: row.occurredAt.getTime(), receivedAt: row.receivedAt.getTime() }
}
