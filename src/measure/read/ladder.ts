/** The ladder: how many stand on each rung, who moved, and how it was on each day before. */
import { sql } from 'kysely'
import { relationshipTable } from '../../relationship/postgres.ts'
import { dayMilliseconds } from '../../relationship/duration.ts'
import { dayText } from '../deltas.ts'
import { isoTime } from './party-summary.ts'
import type { Kysely } from 'kysely'
import type { HealthColour } from '../../domain/view.ts'
import type { LadderView } from '../../domain/ladder-view.ts'
import type { ServingModel } from '../serving-model.ts'

interface Flow {
  readonly day: string
  readonly from: string | null
  readonly to: string
  readonly count: number
}

export async function ladderOf(
  db: Kysely<unknown>,
  { version, compiled }: ServingModel,
  days: number,
  now: number,
): Promise<LadderView> {
  const { rows: counts } = await sql<{ rung: number; health: HealthColour; count: number }>`
    select rung, health, count(*) as count from ${sql.table(relationshipTable(version))}
    where kind = 'person' group by rung, health`.execute(db)
  const since = now - days * dayMilliseconds
  const flows = (await dailyFlows(db, ['rung'], since)).get('rung') ?? []
  const sum = (pick: (flow: Flow) => boolean): number =>
    flows.reduce((total, flow) => (pick(flow) ? total + flow.count : total), 0)
  const rank = new Map(compiled.rungs.map(({ id }, i) => [id, i]))
  const isRise = ({ from, to }: Flow): boolean =>
    (rank.get(to) ?? 0) > (from === null ? -1 : (rank.get(from) ?? 0))
  const countOf = (pick: (row: { rung: number; health: HealthColour }) => boolean): number =>
    counts.reduce((total, row) => (pick(row) ? total + row.count : total), 0)
  const rungs = compiled.rungs.map(({ id, name, meaning }, i) => ({
    id,
    name,
    meaning,
    count: countOf(({ rung }) => rung === i),
    rose: sum((flow) => flow.to === id && isRise(flow)),
    slipped: sum((flow) => flow.from === id && !isRise(flow)),
  }))
  return {
    asOf: isoTime(now),
    days,
    total: countOf(() => true),
    rungs,
    flows: mergedFlows(flows),
    history: countsBackwards(new Map(rungs.map(({ id, count }) => [id, count])), flows, days, now),
    health: {
      green: countOf(({ health }) => health === 'green'),
      yellow: countOf(({ health }) => health === 'yellow'),
      red: countOf(({ health }) => health === 'red'),
    },
  }
}

/**
 * Persons' changes by day, from the recorded transitions. Who does not count (accounts, and parties
 * that were merged into others) is few, so that set is held in memory: `not in` becomes one hashed
 * look-up a row, where a join with the persons would look up each of a million.
 */
export async function dailyFlows<What extends 'rung' | 'health'>(
  db: Kysely<unknown>,
  whats: readonly What[],
  since: number,
): Promise<Map<What, Flow[]>> {
  const { rows } = await sql<Flow & { what: What }>`
    select what, to_char(day, 'YYYY-MM-DD') as day, from_value as "from", to_value as "to", count
    from (
      select what, at::date as day, from_value, to_value, count(*) as count from transition
      where what = any(${whats}::text[]) and at >= to_timestamp(${since / 1000}::float8)
        and party_id not in (
          select id from party where kind = 'account' and merged_into is null
          union all select id from party where merged_into is not null)
      group by 1, 2, 3, 4) flow`.execute(db)
  const byWhat = Map.groupBy(rows, ({ what }) => what)
  return new Map(whats.map((what) => [what, byWhat.get(what) ?? []]))
}

function mergedFlows(flows: readonly Flow[]): LadderView['flows'] {
  const merged = new Map<string, LadderView['flows'][number]>()
  for (const { from, to, count } of flows) {
    const key = `${from} ${to}`
    merged.set(key, { from, to, count: (merged.get(key)?.count ?? 0) + count })
  }
  return [...merged.values()].sort((a, b) => b.count - a.count)
}

/** Counts at the end of each day, from today backwards: what came is taken off, what went put back. */
export function countsBackwards(
  today: ReadonlyMap<string, number>,
  flows: readonly Flow[],
  days: number,
  now: number,
): { day: string; counts: Record<string, number> }[] {
  const byDay = Map.groupBy(flows, ({ day }) => day)
  const counts = new Map(today)
  const history: { day: string; counts: Record<string, number> }[] = []
  for (let back = 0; back < days; back++) {
    const day = dayText(now - back * dayMilliseconds)
    history.push({ day, counts: Object.fromEntries(counts) })
    for (const { from, to, count } of byDay.get(day) ?? []) {
      counts.set(to, Math.max(0, (counts.get(to) ?? 0) - count))
      if (from !== null) counts.set(from, (counts.get(from) ?? 0) + count)
    }
  }
  return history.reverse()
}
