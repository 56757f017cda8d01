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
  const rows = await db.transaction().execute(async (transaction) => {
    // Some hundred thousand people are met in a month: hashed in memory, not by way of the disk.
    await sql`set local work_mem = '64MB'`.execute(transaction)
    const { rows } = await sql<{ channel: string | null; raw: number; qualified: number }>`
      with met as materialized (
        select distinct i.party_id, t.channel from touchpoint t join identifier i using (subject_id)
        where t.occurred_at >= to_timestamp(${since}::float8) and not t.bot),
      people as materialized (
        select party_id, coalesce(r.persona_fit >= ${compiled.declared.qualified_from}, false) as qualified
        from (select distinct party_id from met) m
        join ${sql.table(relationshipTable(version))} r using (party_id))
      select channel, count(*) as raw, count(*) filter (where qualified) as qualified
      from met join people using (party_id) group by channel
      union all
      select null, count(*), count(*) filter (where qualified) from people`.execute(transaction)
    return rows
  })
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
