/** Who rose and who slipped, and the changes of one party. */
import { sql } from 'kysely'
import { dayMilliseconds } from '../../relationship/duration.ts'
import type { Kysely } from 'kysely'
import type { PartyKind } from '../../domain/view.ts'
import type { TransitionView } from '../../domain/ladder-view.ts'

export type Mover = TransitionView & {
  readonly party: { readonly id: string; readonly kind: PartyKind; readonly displayName: string }
}

interface Row extends Omit<TransitionView, 'at'> {
  readonly at: Date
  readonly partyId: string
  readonly kind: PartyKind
  readonly displayName: string
}

/**
 * The latest rung change of each person in the last days, where it went in this direction; the
 * highest rungs first, then the newest. New people are not movers.
 */
export async function moversOf(
  db: Kysely<unknown>,
  query: { readonly direction: 'rose' | 'slipped'; readonly days: number; readonly limit: number },
  rungIds: readonly string[],
  now: number,
): Promise<Mover[]> {
  const direction = query.direction === 'rose' ? 1 : -1
  const since = (now - query.days * dayMilliseconds) / 1000
  const { rows } = await sql<Row>`
    with latest as (
      select distinct on (t.party_id) t.* from transition t
      where t.what = 'rung' and t.at >= to_timestamp(${since}::float8)
      order by t.party_id, t.at desc, t.id desc)
    select l.id::text as id, l.at, l.what, l.from_value as "from", l.to_value as "to", l.direction,
      l.because, p.id as "partyId", p.kind, p.display_name as "displayName"
    from latest l join party p on p.id = l.party_id
    where p.merged_into is null and p.kind = 'person' and l.from_value is not null
      and l.direction = ${direction}
    order by greatest(array_position(${rungIds}::text[], l.from_value),
      array_position(${rungIds}::text[], l.to_value)) desc, l.at desc
    limit ${query.limit}`.execute(db)
  return rows.map(({ partyId, kind, displayName, at, ...rest }) => ({
    ...rest,
    at: at.toISOString(),
    party: { id: partyId, kind, displayName },
  }))
}

export async function transitionsOf(
  db: Kysely<unknown>,
  partyId: string,
): Promise<TransitionView[]> {
  const { rows } = await sql<Omit<TransitionView, 'at'> & { at: Date }>`
    select id::text as id, at, what, from_value as "from", to_value as "to", direction, because
    from transition where party_id = ${partyId}::uuid
    order by at desc, id desc limit 500`.execute(db)
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}
