/** Reach of the last days by channel: how many people, and how many of the right ones. */
import { sql } from 'kysely'
import { dayMilliseconds } from '../../relationship/duration.ts'
import { relationshipTable } from '../../relationship/postgres.ts'
import type { Kysely } from 'kysely'
import type { ServingModel } from '../serving-model.ts'

export interface Reach {
  readonly days: number
  readonly raw: number
  readonly qualified: number
  readonly channels: { channel: string; raw: number; qualified: number }[]
}

export async function reachOf(
  db: Kysely<unknown>,
  { version, compiled }: ServingModel,
  days: number,
  now: number,
): Promise<Reach> {
  const since = (now - days * dayMilliseconds) / 1000
  const { rows } = await sql<{ channel: string | null; raw: number; qualified: number }>`
    with met as (
      select distinct t.subject_id, t.channel from touchpoint t
      where t.occurred_at >= to_timestamp(${since}::float8) and not t.bot)
    select met.channel, count(distinct r.party_id) as raw,
      count(distinct r.party_id) filter (where r.persona_fit >= ${compiled.declared.qualified_from}) as qualified
    from met join identifier i using (subject_id)
    join ${sql.table(relationshipTable(version))} r on r.party_id = i.party_id
    group by grouping sets ((met.channel), ())`.execute(db)
  const all = rows.find(({ channel }) => channel === null)
  return {
    days,
    raw: all?.raw ?? 0,
    qualified: all?.qualified ?? 0,
    channels: rows
      .flatMap(({ channel, raw, qualified }) =>
        channel === null ? [] : [{ channel, raw, qualified }],
      )
      .sort((a, b) => b.raw - a.raw),
  }
}
