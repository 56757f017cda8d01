/** Events that could not be taken: kept with their reason, mended, replayed or dismissed. */
import { Buffer } from 'node:buffer'
import { sql, type Kysely } from 'kysely'
import type { CollectedBatch, RejectedEvent } from '../domain/collected-batch.ts'
import type { ErrorCode } from '../domain/error.ts'
import { jsonArray, textArray } from '../store/array-literal.ts'
import { eventBytesLimit } from './scan-json.ts'

export interface Reject {
  /** A number without gaps in its order; text since it may exceed what a double holds. */
  readonly id: string
  readonly at: Date
  readonly sourceId: string
  readonly sourceName: string
  readonly code: ErrorCode
  readonly reason: string
  readonly event: unknown
  /** The bytes as text, where there is no parsed event. */
  readonly raw: string | null
  readonly state: 'open' | 'replayed' | 'dismissed'
}

/** Keeps what some batches could not take, inside the transaction that takes the rest. */
export async function keepRejects(
  transaction: Kysely<unknown>,
  batches: readonly Pick<CollectedBatch, 'sourceId' | 'rejected'>[],
): Promise<void> {
  const rows = batches.flatMap(({ sourceId, rejected }) =>
    rejected.map((reject) => ({ sourceId, ...reject, ...storable(reject) })),
  )
  if (rows.length === 0) return
  await sql`
    insert into reject (source_id, code, reason, event, raw)
    select source_id, code, reason, event, decode(raw, 'base64') from unnest(
      ${textArray(rows.map(({ sourceId }) => sourceId))}::text[],
      ${textArray(rows.map(({ code }) => code))}::text[],
      ${textArray(rows.map(({ reason }) => reason))}::text[],
      ${jsonArray(rows.map(({ event }) => event))}::json[],
      ${textArray(rows.map(({ raw }) => raw))}::text[]
    ) as incoming (source_id, code, reason, event, raw)`.execute(transaction)
}

/** An event beyond the size that is allowed is kept as the beginning of its bytes. */
function storable({ event, raw }: RejectedEvent): { event: unknown; raw: string | null } {
  if (event !== null && event !== undefined) {
    const bytes = Buffer.from(JSON.stringify(event))
    if (bytes.length <= 2 * eventBytesLimit) return { event, raw: null }
    return { event: undefined, raw: bytes.subarray(0, eventBytesLimit).toString('base64') }
  }
  if (raw === null) return { event: undefined, raw: null }
  return { event: undefined, raw: Buffer.from(raw.subarray(0, eventBytesLimit)).toString('base64') }
}

const columns = sql`r.id::text, r.at, r.source_id as "sourceId",
  coalesce(s.name, r.source_id) as "sourceName", r.code, r.reason, r.event, r.raw, r.state`

export interface RejectQuestion {
  readonly sourceId?: string
  readonly state?: Reject['state']
  /** Id of the last one of the page before. */
  readonly before?: string
  readonly limit: number
}

interface RejectRow extends Omit<Reject, 'raw'> {
  readonly raw: Buffer | null
}

/** Newest first. */
export async function listRejects(
  db: Kysely<unknown>,
  question: RejectQuestion,
): Promise<Reject[]> {
  const { sourceId, state, before, limit } = question
  const { rows } = await sql<RejectRow>`
    select ${columns} from reject r left join source s on s.id = r.source_id
    where ${sourceId === undefined ? sql`true` : sql`r.source_id = ${sourceId}`}
      and ${state === undefined ? sql`true` : sql`r.state = ${state}`}
      and ${before === undefined ? sql`true` : sql`r.id < ${before}::bigint`}
    order by r.id desc limit ${limit}`.execute(db)
  return rows.map(fromRow)
}

export async function findReject(db: Kysely<unknown>, id: string): Promise<Reject | null> {
  const { rows } = await sql<RejectRow>`
    select ${columns} from reject r left join source s on s.id = r.source_id
    where r.id = ${id}::bigint`.execute(db)
  return rows[0] ? fromRow(rows[0]) : null
}

function fromRow(row: RejectRow): Reject {
  return { ...row, raw: row.raw?.toString('utf8') ?? null }
}

/** How many of these were open and are now in the given state: fewer where somebody was faster. */
export async function closeRejects(
  db: Kysely<unknown>,
  ids: readonly string[],
  state: 'replayed' | 'dismissed',
): Promise<number> {
  const { rows } = await sql`
    update reject set state = ${state}
    where id = any(${textArray(ids)}::bigint[]) and state = 'open'
    returning id`.execute(db)
  return rows.length
}
