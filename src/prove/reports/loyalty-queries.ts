/** What the loyalty report asks the lens: few touchpoints are choices or comparisons, so each is a light pass. */
import { dayMilliseconds } from '../../relationship/duration.ts'
import { marksSql } from '../../relationship/clickhouse-marks.ts'
import type { PersonSums } from '../../math/clustered-share.ts'
import type { LensParameter } from '../../store/lens-reader.ts'
import type { ReportContext } from '../report.ts'
import type { LoyaltyLoop } from './loyalty-loop.ts'

/** Days before somebody began to look around that are held against their other days. */
export const windowDays = 30
/** Whoever looked around has chosen again within so many days, or is taken to have not. */
export const answerDays = 60
/** People in the list. */
const mostPeople = 50
/** People are put into so many groups by chance, for the jackknife. */
export const precedingGroups = 20

/**
 * One row a person who has ever chosen: `choices` and `comparisons` in milliseconds, rising; and
 * `evaluations`, the first comparisons after a choice.
 */
function loopSql({ scope }: ReportContext, { measure, choices, comparisons }: LoyaltyLoop): string {
  const marks = marksSql({
    keep: ['party_id', 'toUnixTimestamp64Milli(occurred_at) as time'],
    from: scope.past,
    measures: { mark: measure },
  })
  const times = (places: readonly number[]): string =>
    `arraySort(groupArrayIf(time, mark_entry in (${places.join(', ') || '0'})))`
  return `select party_id, ${times(choices)} as choices, ${times(comparisons)} as comparisons,
      arrayFilter((one, previous) -> one > choices[1]
          and (previous = 0 or arrayExists(chosen -> chosen > previous and chosen <= one, choices)),
        comparisons, arrayPopBack(arrayPushFront(comparisons, 0))) as evaluations
    from (${marks}) group by party_id having notEmpty(choices)`
}

export interface RepeatRow extends PersonSums {
  readonly by: 'cohort' | 'month' | 'all'
  readonly month: string
}

/** Repeated choices of the period, by month of the first choice, by month of the repeat, and over all. */
export function repeatRows(context: ReportContext, loop: LoyaltyLoop): Promise<RepeatRow[]> {
  const month = (time: string): string =>
    `toString(toStartOfMonth(fromUnixTimestamp64Milli(${time}, 'UTC')))`
  // A key that a grouping set leaves out is empty, so what is not empty says which set a row is of.
  return context.rows<RepeatRow>(
    `select multiIf(cohort != '', 'cohort', chosen != '', 'month', 'all') as by,
       concat(cohort, chosen) as month, count() as people, sum(repeats) as n, sum(loyal) as x,
       sum(repeats * repeats) as nn, sum(loyal * loyal) as xx, sum(repeats * loyal) as nx
     from (
       select party_id, cohort, chosen, count() as repeats,
         countIf(not arrayExists(one -> one > before and one <= choice, comparisons)) as loyal
       from (
         select party_id, ${month('choices[1]')} as cohort, ${month('choice')} as chosen,
           choice, before, comparisons
         from (${loopSql(context, loop)})
         array join arrayPopFront(choices) as choice, arrayPopBack(choices) as before
         where choice >= {scope_from: Int64})
       group by grouping sets ((party_id, cohort), (party_id, chosen), (party_id)))
     group by by, month`,
  )
}

export interface PrecedingRow {
  readonly kind: string
  readonly group: number
  readonly people: number
  readonly days: number
  /** Parts of the Mantel-Haenszel ratio of rates, each person a stratum. */
  readonly above: number
  readonly below: number
}

/**
 * Days with each kind of touchpoint in the time before somebody began to look around, against the same
 * person's other days as a customer. The weeks after looking around belong to neither.
 */
export function precedingRows(context: ReportContext, loop: LoyaltyLoop): Promise<PrecedingRow[]> {
  const { scope } = context
  const isBefore = (day: string): string =>
    `arrayExists(one -> ${day} >= one - ${windowDays} and ${day} < one, looked)`
  const isOther = (day: string): string =>
    `not arrayExists(one -> ${day} >= one - ${windowDays} and ${day} <= one + ${windowDays}, looked)`
  const given: Record<string, LensParameter> = {
    first_day: scope.from / dayMilliseconds,
    last_day: scope.to / dayMilliseconds - 1,
    comparison_kinds: loop.comparisonKinds,
    not_kinds: [...loop.choiceKinds, ...loop.comparisonKinds, 'identified', 'grouped', 'aliased'],
  }
  const dayOf = (time: string): string => `toInt32(intDiv(${time}, ${dayMilliseconds}))`
  return context.rows<PrecedingRow>(
    `with watched as (
       select party_id as watched_id, begin, looked,
         arrayCount(day -> ${isBefore('day')}, range(begin, {last_day: Int32} + 1)) as before_days,
         arrayCount(day -> ${isOther('day')}, range(begin, {last_day: Int32} + 1)) as other_days
       from (
         select party_id, greatest(${dayOf('choices[1]')}, {first_day: Int32} - ${windowDays}) as begin,
           arrayMap(one -> ${dayOf('one')},
             arrayFilter(one -> one >= {scope_from: Int64}, evaluations)) as looked
         from (${loopSql(context, loop)})
         where notEmpty(looked))
       where before_days > 0 and other_days > 0)
     select kind, toUInt8(cityHash64(party_id) % ${precedingGroups}) as group,
       countIf(before > 0) as people, sum(before) as days,
       sum(before * other_days / (before_days + other_days)) as above,
       sum(other * before_days / (before_days + other_days)) as below
     from (
       select party_id, kind, any(before_days) as before_days, any(other_days) as other_days,
         uniqExactIf(day, ${isBefore('day')}) as before, uniqExactIf(day, ${isOther('day')}) as other
       from (select party_id, kind, toInt32(toDate(occurred_at)) as day from ${scope.past}
         where kind not in {not_kinds: Array(String)}
           and occurred_at >= toDateTime64({first_day: Int32} * 86400 - ${windowDays * 86_400}, 3, 'UTC')
           and party_id in (select party_id from ${scope.history}
             where kind in {comparison_kinds: Array(String)})) as h
       inner join watched on watched.watched_id = h.party_id
       where day >= begin
       group by party_id, kind)
     group by kind, group`,
    given,
  )
}

export interface EvaluationCounts {
  readonly people: number
  readonly times: number
  readonly watched: number
  readonly choseAgain: number
  readonly customers: number
  readonly lookingNow: number
  /** Whoever has compared since the last choice, those first who began last. */
  readonly looking: readonly {
    readonly id: string
    readonly since: string
    readonly comparisons: number
    readonly lastChoice: string
    readonly choices: number
  }[]
}

export async function evaluationCounts(
  context: ReportContext,
  loop: LoyaltyLoop,
): Promise<EvaluationCounts | undefined> {
  const answer = answerDays * dayMilliseconds
  const words = (time: string): string =>
    `formatDateTime(fromUnixTimestamp64Milli(${time}, 'UTC'), '%Y-%m-%dT%H:%i:%SZ')`
  const [counts] = await context.rows<EvaluationCounts>(
    `select countIf(notEmpty(looked)) as people, sum(length(looked)) as times,
       sum(length(answered)) as watched,
       sum(arrayCount(one -> arrayExists(chosen -> chosen > one and chosen <= one + ${answer}, choices),
         answered)) as choseAgain,
       count() as customers, countIf(is_looking) as lookingNow,
       arrayMap(row -> tuple(toString(row.2), ${words('-row.1')}, row.3, ${words('row.4')}, row.5)
           ::Tuple(id String, since String, comparisons UInt32, lastChoice String, choices UInt32),
         (groupArraySortedIf(${mostPeople})(
           (-newest, party_id, newest_comparisons, choices[-1], length(choices)), is_looking))) as looking
     from (select *, arrayFilter(one -> one >= {scope_from: Int64}, evaluations) as looked,
         arrayFilter(one -> one + ${answer} <= {scope_to: Int64}, looked) as answered,
         if(empty(evaluations), 0, evaluations[-1]) as newest, newest > choices[-1] as is_looking,
         arrayCount(one -> one > choices[-1], comparisons) as newest_comparisons
       from (${loopSql(context, loop)}))`,
  )
  return counts
}

export interface PersonRow {
  readonly id: string
  readonly name: string
  readonly rung: string
  readonly health: string
}

export const peopleOf = (
  { scope, rows }: ReportContext,
  ids: readonly string[],
): Promise<PersonRow[]> =>
  rows<PersonRow>(
    `select toString(party_id) as id, name, rung, health from ${scope.parties}
     where kind = 'person' and party_id in (select toUUID(arrayJoin({ids: Array(String)})))`,
    { ids },
  )
