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
     arrayFilter((at, what) -> what = 'rung', move_at, move_what) as times
   from ${parties} where ${ofPersona}`

/**
 * People by where they stood at a cut and at the next; cut -1 is from the first to the last. A
 * column a cut, since a lambda over all cuts would copy the lists of moves for each of them.
 */
export async function standingsAt(
  { rows, scope }: ReportContext,
  { persona, cuts }: Own,
): Promise<Flow[]> {
  // Place 0 of a list, before the first move, is the empty name.
  const placeAt = (cut: number): string =>
    `places[arrayCount(at -> at < fromUnixTimestamp64Milli({cut${cut}: Int64}, 'UTC'), times)]`
  const columns = cuts.map((_, cut) => `${placeAt(cut)} as p${cut}`)
  const last = cuts.length - 1
  const pairs = cuts.slice(1).map((_, cut) => `(toInt8(${cut}), p${cut}, p${cut + 1})`)
  return rows<Flow>(
    `select step.1 as cut, toString(step.2) as "from", toString(step.3) as "to", sum(together) as people
     from (select ${cuts.map((_, cut) => `p${cut}`).join(', ')}, count() as together
       from (select ${columns.join(', ')} from (${ladders(scope.parties)})) group by all)
     array join [${pairs.join(', ')}, (toInt8(-1), p0, p${last})] as step
     where step.2 != '' or step.3 != ''
     group by cut, "from", "to" order by cut, people desc, "from", "to"`,
    { persona, ...Object.fromEntries(cuts.map((at, cut) => [`cut${cut}`, at])) },
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
    `select toString(rung) as rung, groupArray(lasted) as hours, groupArray(all_stays - there) as over,
       groupArray(there) as open
     from (select stay.1 as rung, intDiv(least(stay.3, {end: Int64}) - stay.2, 3600000) as lasted,
         count() as all_stays, countIf(stay.3 >= {end: Int64}) as there
       from (select places, arrayMap(at -> toUnixTimestamp64Milli(at), times) as starts
         from (${ladders(scope.parties)}))
       array join arrayZip(places, starts,
         arrayResize(arrayPopFront(starts), length(starts), toInt64(9e15))) as stay
       where stay.2 < {end: Int64} group by rung, lasted)
     group by rung`,
    { persona: own.persona, end: own.cuts.at(-1) ?? 0 },
  )
}

const columnOf = { channel: 'channel', source: 'campaign_source', campaign: 'campaign' } as const

/** First rung of those who came in the period, by the first touchpoint: the first move comes with it. */
export async function entriesOf(
  { rows, scope }: ReportContext,
  own: Own,
  by: keyof typeof columnOf,
): Promise<LadderFlowsPicture['entries']> {
  const first = (column: string): string =>
    `arrayFirst((one, what) -> what = 'rung', ${column}, move_what)`
  const entered = `select party_id, rung, at from (select party_id, ${first('move_to')} as rung, ${first('move_at')} as at
      from ${scope.parties} where ${ofPersona})
    where at >= fromUnixTimestamp64Milli({scope_from: Int64}, 'UTC')
      and at < fromUnixTimestamp64Milli({scope_to: Int64}, 'UTC')`
  return rows(
    `select source, toString(rung) as rung, count() as people
     from (select party_id, any(e.rung) as rung,
         toString(argMinIf(${columnOf[by]}, occurred_at, kind not in {not: Array(String)})) as source
       from ${scope.history} as h inner join (${entered}) as e using (party_id)
       where h.occurred_at <= e.at group by party_id)
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
