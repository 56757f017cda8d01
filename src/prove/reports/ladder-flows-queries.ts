/** What the report of ladder flows asks the lens: one pass over the parties a question. */
import { kindsNotOfPeople } from './steps.ts'
import type { ReportContext } from '../report.ts'
import type { LadderFlowsPicture } from '../../domain/reports/ladder-flows.ts'

export interface Own {
  readonly persona: string
  /** Moments in milliseconds since 1970, rising. */
  readonly cuts: readonly number[]
}

type Flow = LadderFlowsPicture['flows'][number]

const ofPersona = `kind = 'person' and ({persona: String} = '' or persona = {persona: String})`

/** Of each person the rungs and when they came to them, oldest first. */
const ladders = (parties: string): string =>
  `select arrayFilter((rung, what) -> what = 'rung', move_to, move_what) as places,
     arrayMap(at -> toUnixTimestamp64Milli(at),
       arrayFilter((at, what) -> what = 'rung', move_at, move_what)) as times
   from ${parties} where ${ofPersona}`

/** People by where they stood at a cut and at the next; cut -1 is from the first to the last. */
export async function standingsAt(
  { rows, scope }: ReportContext,
  { persona, cuts }: Own,
): Promise<Flow[]> {
  return rows<Flow>(
    `select step.1 as cut, step.2 as "from", step.3 as "to", count() as people
     from (select arrayMap(cut -> toString(arrayLast((place, at) -> at < cut, places, times)), {cuts: Array(Int64)}) as path
       from (${ladders(scope.parties)}))
     array join arrayPushBack(arrayMap((one, next, cut) -> (toInt8(cut), one, next),
         arrayPopBack(path), arrayPopFront(path), range(length(path) - 1)),
       (toInt8(-1), path[1], path[-1])) as step
     where "from" != '' or "to" != ''
     group by cut, "from", "to" order by cut, people desc, "from", "to"`,
    { persona, cuts },
  )
}

export interface Stays {
  readonly rung: string
  /** Distinct lengths in whole hours, how many stays were over after them, how many went on. */
  readonly hours: number[]
  readonly over: number[]
  readonly open: number[]
}

/** All stays that began before the last cut, watched until then. */
export async function staysOf({ rows, scope }: ReportContext, own: Own): Promise<Stays[]> {
  return rows<Stays>(
    `select rung, groupArray(lasted) as hours, groupArray(gone) as over, groupArray(there) as open
     from (select toString(stay.1) as rung, intDiv(least(stay.3, {end: Int64}) - stay.2, 3600000) as lasted,
         countIf(stay.3 < {end: Int64}) as gone, countIf(stay.3 >= {end: Int64}) as there
       from (${ladders(scope.parties)})
       array join arrayZip(places, times, arrayPushBack(arrayPopFront(times), toInt64(9e15))) as stay
       where stay.2 < {end: Int64} group by rung, lasted)
     group by rung`,
    { persona: own.persona, end: own.cuts.at(-1) ?? 0 },
  )
}

const columnOf = { channel: 'channel', source: 'campaign_source', campaign: 'campaign' } as const

/** First rung of those who came in the period, by the first touchpoint that was their own. */
export async function entriesOf(
  { rows, scope }: ReportContext,
  own: Own,
  by: keyof typeof columnOf,
): Promise<LadderFlowsPicture['entries']> {
  const entered = `select party_id, toString(to_value) as rung from ${scope.moves}
    where what = 'rung' and from_value = '' and ${ofPersona}`
  return rows(
    `select source, rung, count() as people
     from (${entered}) as e
     left any join (select party_id, toString(argMin(${columnOf[by]}, occurred_at)) as source
       from ${scope.history} where kind not in {not: Array(String)}
         and party_id global in (select party_id from (${entered}))
       group by party_id) as f using (party_id)
     group by source, rung order by people desc, source, rung`,
    { persona: own.persona, not: kindsNotOfPeople },
  )
}

/** Who stands there longer than so many days; those who passed it last come first. */
export async function longerThan(
  { rows, scope, now }: ReportContext,
  { persona }: Own,
  { rung, days }: { readonly rung: string; readonly days: number },
): Promise<{ id: string; name: string; days: number }[]> {
  return rows(
    `select toString(party_id) as id, name,
       ({now: Int64} - toUnixTimestamp64Milli(rung_since)) / 86400000 as days
     from ${scope.parties} where rung = {rung: String} and ${ofPersona} and days > {days: Float64}
     order by days, id limit 12`,
    { persona, rung, days, now },
  )
}
