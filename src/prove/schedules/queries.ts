/** Schedules as they are stored. */
import { sql, type Kysely } from 'kysely'
import type { Actor } from '../../domain/actor.ts'
import type { DeliveryView, ScheduleDraft, ScheduleView } from '../../domain/schedule-view.ts'

/** A schedule with all that sending needs. */
export interface StoredSchedule extends Omit<ScheduleView, 'nextAt' | 'createdAt' | 'last'> {
  readonly nextAt: Date
  readonly createdAt: Date
  readonly creatorId: string
  readonly creatorKind: Actor['kind']
}

interface Row extends StoredSchedule, DeliveryColumns {}
interface DeliveryColumns {
  readonly dueAt: Date | null
  readonly state: DeliveryView['state']
  readonly attempts: number
  readonly nextTryAt: Date | null
  readonly error: string | null
  readonly sentAt: Date | null
}

export const scheduleColumns = sql`
  s.id, s.report, s.title, s.query, s.every, s.hour, s.minute, s.zone, s.weekday,
  s.month_day as "monthDay", s.channel, s.targets, s.secret, s.formats, s.next_at as "nextAt",
  s.paused, s.created_at as "createdAt", s.created_by as "createdBy", s.creator_id as "creatorId",
  s.creator_kind as "creatorKind"`

const deliveryColumns = sql`
  d.due_at as "dueAt", d.state, d.attempts, d.next_try_at as "nextTryAt", d.error, d.sent_at as "sentAt"`

/** Those of a report, or all; each with its newest delivery. */
export async function readSchedules(
  db: Kysely<unknown>,
  by: { readonly report?: string | undefined; readonly id?: string },
): Promise<ScheduleView[]> {
  const { rows } = await sql<Row>`
    select ${scheduleColumns}, ${deliveryColumns}
    from report_schedule s
    left join lateral (select * from report_delivery r where r.schedule_id = s.id
      order by r.due_at desc limit 1) d on true
    where s.deleted_at is null
      ${by.report === undefined ? sql`` : sql`and s.report = ${by.report}`}
      ${by.id === undefined ? sql`` : sql`and s.id = ${by.id}`}
    order by lower(s.title), s.created_at, s.id`.execute(db)
  return rows.map(viewOf)
}

function viewOf(row: Row): ScheduleView {
  const { creatorId: _id, creatorKind: _kind, dueAt, state, attempts, nextTryAt, error, sentAt, ...rest } = row // prettier-ignore
  return {
    ...rest,
    nextAt: row.nextAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    last:
      dueAt === null ? null : deliveryViewOf({ dueAt, state, attempts, nextTryAt, error, sentAt }),
  }
}

const deliveryViewOf = (row: DeliveryColumns & { readonly dueAt: Date }): DeliveryView => ({
  dueAt: row.dueAt.toISOString(),
  state: row.state,
  attempts: row.attempts,
  nextTryAt: row.nextTryAt?.toISOString() ?? null,
  error: row.error,
  sentAt: row.sentAt?.toISOString() ?? null,
})

/** Newest first. */
export async function readDeliveries(
  db: Kysely<unknown>,
  scheduleId: string,
  limit: number,
): Promise<DeliveryView[]> {
  const { rows } = await sql<DeliveryColumns & { readonly dueAt: Date }>`
    select ${deliveryColumns} from report_delivery d where d.schedule_id = ${scheduleId}
    order by d.due_at desc limit ${limit}`.execute(db)
  return rows.map(deliveryViewOf)
}

export interface NewSchedule extends ScheduleDraft {
  readonly id: string
  readonly secret: string | null
  readonly nextAt: number
  readonly now: number
  readonly by: Actor
}

export async function insertSchedule(db: Kysely<unknown>, given: NewSchedule): Promise<void> {
  await sql`
    insert into report_schedule (id, report, title, query, every, hour, minute, zone, weekday,
      month_day, channel, targets, secret, formats, next_at, paused, created_at, created_by,
      creator_id, creator_kind)
    values (${given.id}, ${given.report}, ${given.title}, ${JSON.stringify(given.query)}::json,
      ${given.every}, ${given.hour}, ${given.minute}, ${given.zone}, ${given.weekday},
      ${given.monthDay}, ${given.channel}, ${given.targets}::text[], ${given.secret},
      ${given.formats}::text[], ${new Date(given.nextAt)}, ${given.paused}, ${new Date(given.now)},
      ${given.by.name}, ${given.by.id}, ${given.by.kind})`.execute(db)
}

/** False where there is no such schedule. */
export async function updateSchedule(
  db: Kysely<unknown>,
  given: Omit<NewSchedule, 'by' | 'now'>,
): Promise<boolean> {
  const { rows } = await sql`
    update report_schedule set report = ${given.report}, title = ${given.title},
      query = ${JSON.stringify(given.query)}::json, every = ${given.every}, hour = ${given.hour},
      minute = ${given.minute}, zone = ${given.zone}, weekday = ${given.weekday},
      month_day = ${given.monthDay}, channel = ${given.channel}, targets = ${given.targets}::text[],
      secret = ${given.secret}, formats = ${given.formats}::text[],
      next_at = ${new Date(given.nextAt)}, paused = ${given.paused}
    where id = ${given.id} and deleted_at is null returning id`.execute(db)
  return rows.length > 0
}

/** @param removedAt  null brings it back, due at `nextAt` */
export async function markSchedule(
  db: Kysely<unknown>,
  id: string,
  given: { readonly removedAt: number | null; readonly nextAt?: number },
): Promise<boolean> {
  const at = given.removedAt === null ? null : new Date(given.removedAt)
  const { rows } = await sql`
    update report_schedule set deleted_at = ${at}
      ${given.nextAt === undefined ? sql`` : sql`, next_at = ${new Date(given.nextAt)}`}
    where id = ${id} returning id`.execute(db)
  return rows.length > 0
}

/** Also what was removed: for bringing it back. */
export async function readStored(db: Kysely<unknown>, id: string): Promise<StoredSchedule | null> {
  const { rows } = await sql<StoredSchedule>`
    select ${scheduleColumns} from report_schedule s where s.id = ${id}`.execute(db)
  return rows[0] ?? null
}
