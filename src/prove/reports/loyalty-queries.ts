/** What the loyalty report asks the lens: few touchpoints are choices or comparisons, so each is a light pass. */
import { touchpointKinds } from '../../domain/touchpoint-kind.ts'
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

/** Choices and comparisons of these touchpoints, with `time` in milliseconds. */
const loopMarks = ({ measure }: LoyaltyLoop, from: string): string =>
  marksSql({
    keep: ['party_id', 'toUnixTimestamp64Milli(occurred_at) as time'],
    from,
    measures: { mark: measure },
  })

/** Of such rows by person: `choices` and `comparisons`, rising; and `evaluations`, the first comparisons after a choice. */
function loopColumns({ choices, comparisons }: LoyaltyLoop): string {
  const times = (places: readonly number[]): string =>
    `arraySort(groupArrayIf(time, mark_entry in (${places.join(', ') || '0'})))`
  return `${times(choices)} as choices, ${times(comparisons)} as comparisons,
      arrayFilter((one, previous) -> one > choices[1]
          and (previous = 0 or arrayExists(chosen -> chosen > previous and chosen <= one, choices)),
        comparisons, arrayPopBack(arrayPushFront(comparisons, 0))) as evaluations`
}

/** One row a person who has ever chosen. */
const loopSql = ({ scope }: ReportContext, loop: LoyaltyLoop): string =>
  `select party_id, ${loopColumns(loop)}
    from (${loopMarks(loop, scope.past)}) group by party_id having notEmpty(choices)`

export interface RepeatRow extends PersonSums {
  readonly by: 'cohort' | 'month' | 'all'
  readonly month: string
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

/** Where no entry of a measure matched, and none is asked for. */
const noEntry = 255

/**
 * Days with each kind of touchpoint in the time before somebody began to look around, against the same
 * person's other days as a customer. The weeks after looking around belong to neither.
 *
 * Of whoever compared in the period all touchpoints are gathered in one pass, each as day * 256 + kind, and
 * so no more than their different days are looked at.
 */
export function precedingRows(context: ReportContext, loop: LoyaltyLoop): Promise<PrecedingRow[]> {
  const { scope } = context
  const isBefore = (day: string): string =>
    `arrayExists(one -> ${day} >= one - ${windowDays} and ${day} < one, looked)`
  const isOther = (day: string): string =>
    `not arrayExists(one -> ${day} >= one - ${windowDays} and ${day} <= one + ${windowDays}, looked)`
  const not = new Set<string>([...loop.choiceKinds, ...loop.comparisonKinds, 'identified', 'grouped', 'aliased']) // prettier-ignore
  const kinds = touchpointKinds.filter((kind) => !not.has(kind))
  const given: Record<string, LensParameter> = {
    first_day: scope.from / dayMilliseconds,
    last_day: scope.to / dayMilliseconds - 1,
    comparison_kinds: loop.comparisonKinds,
    kinds,
    places: kinds.map((_, place) => place + 1),
  }
  /** Different days of the watched ones, from so many before each time of looking around to an end (exclusive). */
  const daysAround = (end: string): string =>
    `toInt32(length(arrayDistinct(arrayFilter(day -> day >= begin and day <= {last_day: Int32},
      arrayFlatten(arrayMap(one -> range(one - ${windowDays}, ${end}), looked))))))`
  const dayOf = (time: string): string => `toInt32(intDiv(${time}, ${dayMilliseconds}))`
  const place = 'transform(kind, {kinds: Array(String)}, {places: Array(UInt8)}, 0)'
  const compared = `party_id in (select party_id from ${scope.history} where kind in {comparison_kinds: Array(String)})`
  return context.rows<PrecedingRow>(
    `select arrayElement({kinds: Array(String)}, place) as kind, toUInt8(cityHash64(party_id) % ${precedingGroups}) as group,
       countIf(before > 0) as people, sum(before) as days,
       sum(before * other_days / (before_days + other_days)) as above,
       sum(other * before_days / (before_days + other_days)) as below
     from (
       select party_id, toUInt8(mark % 256) as place, any(before_days) as before_days, any(other_days) as other_days,
         countIf(${isBefore('intDiv(mark, 256)')}) as before, countIf(${isOther('intDiv(mark, 256)')}) as other
       from (
         select party_id, arrayDistinct(arrayFilter(mark -> mark >= begin * 256, all_marks)) as marks,
           greatest(${dayOf('choices[1]')}, {first_day: Int32} - ${windowDays}) as begin,
           arrayMap(one -> ${dayOf('one')}, arrayFilter(one -> one >= {scope_from: Int64}, evaluations)) as looked,
           ${daysAround('one')} as before_days,
           {last_day: Int32} + 1 - begin - ${daysAround(`one + ${windowDays + 1}`)} as other_days
         from (
           select party_id, ${loopColumns(loop)}, groupArrayIf(mark, mark_entry = ${noEntry}) as all_marks
           from (
             select party_id, time, mark_entry, 0::Int32 as mark
             from (${loopMarks(loop, scope.past)})
             union all
             select party_id, 0::Int64, ${noEntry}::UInt8, toInt32(toDate(occurred_at)) * 256 + ${place}
             from ${scope.past} where ${place} > 0 and ${compared}
               and occurred_at >= toDateTime64({first_day: Int32} * 86400 - ${windowDays * 86_400}, 3, 'UTC'))
           group by party_id having notEmpty(choices))
         where notEmpty(looked) and before_days > 0 and other_days > 0)
       array join marks as mark
       group by party_id, place)
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

export interface LoopCounts {
  readonly repeats: readonly RepeatRow[]
  /** Null where nobody has ever chosen. */
  readonly evaluations: EvaluationCounts | null
}

type LoopRow = Omit<RepeatRow, 'by'> &
  Omit<EvaluationCounts, 'customers'> & {
    readonly by: RepeatRow['by'] | 'person'
    readonly lookers: number
  }

/**
 * Repeated choices of the period, by month of the first choice, by month of the repeat, and over all; and
 * who looks around. All from the same people, who are gathered once: each gives a row of every such kind.
 */
export async function loopCounts(context: ReportContext, loop: LoyaltyLoop): Promise<LoopCounts> {
  const answer = answerDays * dayMilliseconds
  const words = (time: string): string =>
    `formatDateTime(fromUnixTimestamp64Milli(${time}, 'UTC'), '%Y-%m-%dT%H:%i:%SZ')`
  const month = (time: string): string => `toStartOfMonth(fromUnixTimestamp64Milli(${time}, 'UTC'))`
  const rows = await context.rows<LoopRow>(
    `select line.1 as by, if(by in ('cohort', 'month'), toString(line.2), '') as month,
       count() as people, sum(line.3) as n, sum(line.4) as x, sum(line.3 * line.3) as nn, sum(line.4 * line.4) as xx, sum(line.3 * line.4) as nx,
       countIf(notEmpty(looked)) as lookers, sum(length(looked)) as times, sum(length(answered)) as watched,
       sum(arrayCount(one -> arrayExists(chosen -> chosen > one and chosen <= one + ${answer}, choices), answered)) as choseAgain,
       countIf(is_looking) as lookingNow,
       arrayMap(row -> tuple(toString(row.2), ${words('-row.1')}, row.3, ${words('row.4')}, row.5)
           ::Tuple(id String, since String, comparisons UInt32, lastChoice String, choices UInt32),
         (groupArraySortedIf(${mostPeople})(
           (-newest, party_id, newest_comparisons, choices[-1], length(choices)), is_looking and by = 'person'))) as looking
     from (
       select *, arrayFilter(one -> one >= {scope_from: Int64}, evaluations) as looked,
         arrayFilter(one -> one + ${answer} <= {scope_to: Int64}, looked) as answered,
         if(empty(evaluations), 0, evaluations[-1]) as newest, newest > choices[-1] as is_looking,
         arrayCount(one -> one > choices[-1], comparisons) as newest_comparisons,
         arrayFilter(pair -> pair.1 >= {scope_from: Int64}, arrayZip(arrayPopFront(choices), arrayPopBack(choices))) as pairs,
         arrayMap(pair -> (${month('pair.1')},
           not arrayExists(one -> one > pair.2 and one <= pair.1, comparisons)), pairs) as repeats,
         toUInt32(length(repeats)) as all_repeats, toUInt32(arrayCount(one -> one.2, repeats)) as all_loyal
       from (${loopSql(context, loop)}))
     array join arrayConcat([('person', toDate(0), toUInt32(0), toUInt32(0))],
       if(all_repeats = 0, [], [('cohort', ${month('choices[1]')}, all_repeats, all_loyal), ('all', toDate(0), all_repeats, all_loyal)]),
       arrayMap(chosen -> ('month', chosen, toUInt32(arrayCount(one -> one.1 = chosen, repeats)),
         toUInt32(arrayCount(one -> one.1 = chosen and one.2, repeats))), arrayDistinct(repeats.1))) as line
     group by by, month`,
  )
  const found = rows.find(({ by }) => by === 'person')
  return {
    repeats: rows.flatMap(({ by, ...row }) => (by === 'person' ? [] : [{ ...row, by }])),
    evaluations: found ? { ...found, people: found.lookers, customers: found.people } : null,
  }
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
