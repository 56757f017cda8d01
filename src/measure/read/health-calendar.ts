/** Health by day: of everybody as counts, of one party as a colour. */
import { sql } from 'kysely'
import { dayMilliseconds } from '../../relationship/duration.ts'
import { relationshipTable } from '../../relationship/postgres.ts'
import { dayText } from '../deltas.ts'
import { countsBackwards, dailyFlows } from './ladder.ts'
import type { HealthColour } from '../../domain/view.ts'
import type { Kysely } from 'kysely'
import type { ServingModel } from '../serving-model.ts'

export interface HealthCountDay {
  readonly day: string
  readonly green: number
  readonly yellow: number
  readonly red: number
}

export async function healthCounts(
  db: Kysely<unknown>,
  { version }: ServingModel,
  days: number,
  now: number,
): Promise<HealthCountDay[]> {
  const { rows } = await sql<{ health: HealthColour; count: number }>`
    select health, count(*) as count from ${sql.table(relationshipTable(version))}
    where kind = 'person' group by health`.execute(db)
  const since = now - days * dayMilliseconds
  const changes = await dailyFlows(db, ['health', 'rung'], since)
  // Everybody is green when first seen; an entry without `from` is a first colour other than that.
  const firsts = (changes.get('rung') ?? [])
    .filter(({ from }) => from === null)
    .map(({ day, count }) => ({ day, from: null, to: 'green', count }))
  const colours = changes.get('health') ?? []
  const flows = [...colours.map((flow) => ({ ...flow, from: flow.from ?? 'green' })), ...firsts]
  const today = new Map<string, number>(rows.map(({ health, count }) => [health, count]))
  return countsBackwards(today, flows, days, now).map(({ day, counts }) => ({
    day,
    green: counts.green ?? 0,
    yellow: counts.yellow ?? 0,
    red: counts.red ?? 0,
  }))
}

/** The worst colour of each day; null before the party was first seen. */
export async function partyCalendar(
  db: Kysely<unknown>,
  party: { readonly id: string; readonly firstSeenAt: number | null },
  days: number,
  now: number,
): Promise<{ day: string; health: HealthColour | null }[]> {
  const { rows } = await sql<{ at: Date; to: HealthColour }>`
    select at, to_value as "to" from transition
    where party_id = ${party.id}::uuid and what = 'health' order by at, id`.execute(db)
  const worse: Record<HealthColour, number> = { green: 0, yellow: 1, red: 2 }
  let current: HealthColour = 'green'
  let next = 0
  return Array.from({ length: days }, (_, i) => {
    const start = now - (days - 1 - i) * dayMilliseconds
    const end = (Math.floor(start / dayMilliseconds) + 1) * dayMilliseconds
    let worst: HealthColour = current
    for (let change = rows[next]; change && change.at.getTime() < end; change = rows[++next]) {
      // What was left behind before this day began does not colour it.
      const isToday = change.at.getTime() >= end - dayMilliseconds
      current = change.to
      worst = isToday && worse[worst] > worse[current] ? worst : current
    }
    const isKnown = party.firstSeenAt !== null && party.firstSeenAt < end
    return { day: dayText(start), health: isKnown ? worst : null }
  })
}
