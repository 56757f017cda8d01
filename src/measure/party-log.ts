/** The touchpoints of parties, read from the log for rebuilding, explaining and history. */
import { sql } from 'kysely'
import { uuidArray } from '../store/array-literal.ts'
import type { JsonObject, Touchpoint } from '../domain/touchpoint.ts'
import type { Kysely } from 'kysely'

/** A touchpoint with the party that it belongs to now. */
export interface PartyTouchpoint extends Touchpoint {
  readonly partyId: string
}

interface LogRow extends Omit<
  PartyTouchpoint,
  'occurredAt' | 'receivedAt' | 'properties' | 'context'
> {
  readonly occurredAt: Date
  readonly receivedAt: Date
  readonly properties: JsonObject
  readonly context: JsonObject
}

export const logColumns = sql`t.id, t.subject_id as "subjectId", t.occurred_at as "occurredAt",
  t.received_at as "receivedAt", t.source_id as "sourceId", t.type, t.kind, t.event, t.channel, t.bot,
  t.amount_minor as "amountMinor", t.currency, t.score, t.sentiment, t.properties, t.context`

/**
 * All touchpoints of some parties (persons; an account's are those of its people), oldest first
 * within each party. Robots are left out. Mind the size: meant for dozens of parties at a time.
 */
export async function touchpointsOfParties(
  db: Kysely<unknown>,
  partyIds: readonly string[],
): Promise<PartyTouchpoint[]> {
  if (partyIds.length === 0) return []
  const { rows } = await sql<LogRow>`
    select i.party_id as "partyId", ${logColumns}
    from identifier i join touchpoint t using (subject_id)
    where i.party_id = any(${uuidArray(partyIds)}::uuid[]) and not t.bot
    order by i.party_id, t.occurred_at, t.id`.execute(db)
  return rows.map(fromLogRow)
}

/** The same for accounts: `partyId` is the account's. */
export async function touchpointsOfAccounts(
  db: Kysely<unknown>,
  accountIds: readonly string[],
): Promise<PartyTouchpoint[]> {
  if (accountIds.length === 0) return []
  const { rows } = await sql<LogRow>`
    with member as (
      select distinct a.party_id as account_id, p.party_id
      from identifier a
      join membership m on m.account_subject_id = a.subject_id
      join identifier p on p.subject_id = m.person_subject_id
      where a.party_id = any(${uuidArray(accountIds)}::uuid[]))
    select member.account_id as "partyId", ${logColumns}
    from member join identifier i on i.party_id = member.party_id join touchpoint t using (subject_id)
    where not t.bot
    order by member.account_id, t.occurred_at, t.id`.execute(db)
  return rows.map(fromLogRow)
}

function fromLogRow(row: LogRow): PartyTouchpoint {
  return { ...row, occurredAt: row.occurredAt.getTime(), receivedAt: row.receivedAt.getTime() }
}

export function byParty(touchpoints: readonly PartyTouchpoint[]): Map<string, PartyTouchpoint[]> {
  const parties = new Map<string, PartyTouchpoint[]>()
  for (const touchpoint of touchpoints) {
    const list = parties.get(touchpoint.partyId)
    if (list) list.push(touchpoint)
    else parties.set(touchpoint.partyId, [touchpoint])
  }
  return parties
}
