/** The touchpoints of a party, newest first, robots included (and marked). */
import { sql } from 'kysely'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { logColumns } from '../party-log.ts'
import type { Kysely, RawBuilder } from 'kysely'
import type { TouchpointView } from '../../domain/view.ts'

export interface TimelineQuery {
  readonly partyId: string
  readonly kind?: string | undefined
  readonly channel?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

type Row = Omit<TouchpointView, 'occurredAt' | 'receivedAt' | 'source'> & {
  readonly occurredAt: Date
  readonly receivedAt: Date
  readonly sourceId: string
  readonly sourceName: string | null
}

export async function timelineOf(
  db: Kysely<unknown>,
  query: TimelineQuery,
): Promise<{ touchpoints: TouchpointView[]; next: string | null }> {
  const conditions: RawBuilder<unknown>[] = [subjectsOf(query.partyId)]
  if (query.kind !== undefined) conditions.push(sql`t.kind = ${query.kind}`)
  if (query.channel !== undefined) conditions.push(sql`t.channel = ${query.channel}`)
  if (query.cursor !== undefined) {
    const [at, id] = decodeCursor(query.cursor, ['time', 'uuid'])
    conditions.push(sql`(t.occurred_at, t.id) < (${at}::timestamptz, ${id}::uuid)`)
  }
  const { rows } = await sql<Row>`
    select ${logColumns}, s.name as "sourceName" from touchpoint t left join source s on s.id = t.source_id
    where ${sql.join(conditions, sql` and `)}
    order by t.occurred_at desc, t.id desc limit ${query.limit + 1}`.execute(db)
  const page = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? page.at(-1) : undefined
  return {
    touchpoints: page.map(toView),
    next: last ? encodeCursor([last.occurredAt.toISOString(), last.id]) : null,
  }
}

/** Of a person its own; of an account those of its people. */
const subjectsOf = (partyId: string): RawBuilder<unknown> => sql`t.subject_id in (
  select subject_id from identifier where party_id = ${partyId}::uuid
  union
  select p.subject_id from identifier a
  join membership m on m.account_subject_id = a.subject_id
  join identifier q on q.subject_id = m.person_subject_id
  join identifier p on p.party_id = q.party_id
  where a.party_id = ${partyId}::uuid)`

function toView({ sourceId, sourceName, ...row }: Row): TouchpointView {
  const {
    id,
    type,
    kind,
    event,
    channel,
    bot,
    amountMinor,
    currency,
    score,
    sentiment,
    properties,
    context,
  } = row
  return {
    id,
    occurredAt: row.occurredAt.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
    source: { id: sourceId, name: sourceName ?? sourceId },
    type, kind, event, channel, bot, amountMinor, currency, score, sentiment, properties, context,
  } // prettier-ignore
}
