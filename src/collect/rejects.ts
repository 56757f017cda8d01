/** Events that could not be taken: kept with their reason, mended, replayed or dismissed. */
import { Buffer } from 'node:buffer'
import { createHash, type Hash } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import type { CollectedBatch, RejectedEvent } from '../domain/collected-batch.ts'
import type { ErrorCode } from '../domain/error.ts'
import { booleanArray, jsonArray, textArray } from '../store/array-literal.ts'
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

/**
 * Keeps what some batches could not take, inside the transaction that takes the rest. What a client
 * sends again, since it did not get the answer, is listed already (see `identitiesOf`).
 */
export async function keepRejects(
  transaction: Kysely<unknown>,
  batches: readonly Pick<CollectedBatch, 'sourceId' | 'rejected'>[],
): Promise<void> {
  const rows = batches.flatMap(({ sourceId, rejected }) => {
    const identities = identitiesOf(sourceId, rejected)
    return rejected.map((reject, i) => ({
      ...{ sourceId, code: reject.code, reason: reject.reason },
      identity: identities[i] ?? null,
      isNamed: reject.messageId !== undefined,
      ...storable(reject),
    }))
  })
  if (rows.length === 0) return
  await sql`
    insert into reject (source_id, code, reason, event, raw, identity)
    select source_id, code, reason, event, decode(raw, 'base64'),
      case when is_named then identity else md5(identity::text || current_date)::uuid end
    from unnest(
      ${textArray(rows.map(({ sourceId }) => sourceId))}::text[],
      ${textArray(rows.map(({ code }) => code))}::text[],
      ${textArray(rows.map(({ reason }) => reason))}::text[],
      ${jsonArray(rows.map(({ event }) => event))}::json[],
      ${textArray(rows.map(({ raw }) => raw))}::text[],
      ${textArray(rows.map(({ identity }) => identity))}::uuid[],
      ${booleanArray(rows.map(({ isNamed }) => isNamed))}::bool[]
    ) as incoming (source_id, code, reason, event, raw, identity, is_named)
    on conflict (identity) do nothing`.execute(transaction)
}

/**
 * The same refusal of the same message, as 128 bits of SHA-256. A message that its client did not
 * name is known by what it says and as the how manieth of its like in the batch, but only for a day
 * (see the insert): a page that keeps sending the same broken event is seen again tomorrow.
 */
function identitiesOf(sourceId: string, rejected: readonly RejectedEvent[]): string[] {
  const alike = new Map<string, number>()
  return rejected.map((reject) => {
    const digest = createHash('sha256').update(`${sourceId}\u0000${reject.code}\u0000`)
    if (reject.messageId !== undefined) return hex(digest.update(`id\u0000${reject.messageId}`))
    if (reject.raw !== null) digest.update('bytes\u0000').update(reject.raw)
    else digest.update(`event\u0000${contentOf(reject.event)}`)
    const content = hex(digest.copy())
    const before = alike.get(content) ?? 0
    alike.set(content, before + 1)
    return before === 0 ? content : hex(digest.update(`\u0000${before}`))
  })
}

const hex = (digest: Hash): string => digest.digest('hex').slice(0, 32)

/** Without the name that we gave it, and without the time of sending, which changes with each try. */
function contentOf(event: unknown): string {
  const plain = typeof event === 'object' && event !== null && !Array.isArray(event)
  return String(JSON.stringify(plain ? { ...event, messageId: null, sentAt: null } : event))
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
