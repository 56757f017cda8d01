/** What the trust report asks the lens: every entry of everybody's trust account in one pass. */
import { dayMilliseconds } from '../../relationship/duration.ts'
import { marksSql, type MarksOptions } from '../../relationship/clickhouse-marks.ts'
import type { CompiledMeasure } from '../../relationship/measure-table.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { ReportContext } from '../report.ts'
import type { TrustPicture } from '../../domain/reports/trust.ts'
import type { TimeSteps } from './time-steps.ts'

export interface TrustMeasures {
  readonly deposit: CompiledMeasure
  readonly withdrawal: CompiledMeasure
}

/** The two measures that the model names; `checkReferences` has seen that they are there. */
export function trustMeasures({ declared, byId }: CompiledModel): TrustMeasures {
  const { deposits, withdrawals } = declared.trust
  return {
    deposit: byId.get(deposits) as CompiledMeasure,
    withdrawal: byId.get(withdrawals) as CompiledMeasure,
  }
}

/** Touchpoints that count, with `time` in milliseconds and both amounts. */
export const trustMarks = (
  context: ReportContext,
  from: string,
  { keep = [], ...others }: Partial<Pick<MarksOptions, 'keep' | 'isWanted' | 'inOnePass'>> = {},
): string =>
  marksSql({
    keep: ['party_id', 'toUnixTimestamp64Milli(occurred_at) as time', ...keep],
    from,
    measures: { ...trustMeasures(context.model) },
    ...others,
  })

/** An amount as it is left at a time (milliseconds, an expression), as the model fades it. */
export function faded(model: CompiledModel, side: keyof TrustMeasures, until: string): string {
  const { halfLife } = trustMeasures(model)[side]
  const amount = `greatest(${side}_amount, 0)`
  return halfLife === null ? amount : `${amount} * exp2((time - ${until}) / ${halfLife})`
}

/** Days in which incidents are looked for. */
export const incidentDays = 730

/**
 * Skipping what a condition does not need costs more than it saves where many short expressions share their
 * parts, as in marks: about a quarter of the processor time.
 */
const atOnce = `settings short_circuit_function_evaluation = 'disable'`

export interface LedgerRow {
  readonly what: 'step' | 'day' | 'entry'
  /** Place of the step (-1: before the period), or the day since 1970. */
  readonly place: number
  readonly deposit_entry: number
  readonly withdrawal_entry: number
  readonly kind: string
  /** What lines are broken down by, where that is neither the kind nor the entry. */
  readonly name: string
  readonly entries: number
  readonly deposits: number
  readonly withdrawals: number
  readonly withdrawalEntries: number
  /** Left at the end of the step; of entries at the end of the period. */
  readonly depositsLeft: number
  readonly withdrawalsLeft: number
}

const nameColumns = { because: "''", kind: "''", channel: 'channel', source: 'source_id', topic: 'topic' } // prettier-ignore

/**
 * Added up by day and kind of entry first, each faded to the beginning of its day: that is the one pass
 * over all entries. Steps, days and lines are then added up from some ten thousand rows. Only the one
 * column that lines are broken down by is read: days of all of them together would be millions of rows.
 */
export function ledgerRows(
  context: ReportContext,
  steps: TimeSteps,
  by: TrustPicture['by'],
): Promise<LedgerRow[]> {
  const { scope, model } = context
  const step = steps.days * dayMilliseconds
  const marks = trustMarks(context, scope.past, { keep: ['kind', `${nameColumns[by]} as name`] })
  const left = (side: keyof TrustMeasures): string => {
    const { halfLife } = trustMeasures(model)[side]
    const until = (time: string): string =>
      halfLife === null ? `sum(${side}_left)` : `sum(${side}_left * exp2((begin - ${time}) / ${halfLife}))` // prettier-ignore
    return `if(grouping(step) = 0, ${until('step_end')}, ${until('{scope_to: Int64}')})`
  }
  return context.rows<LedgerRow>(
    `select multiIf(grouping(step) = 0, 'step', grouping(day) = 0, 'day', 'entry') as what,
       if(grouping(step) = 0, toInt32(step), toInt32(day)) as place,
       deposit_entry, withdrawal_entry, kind, name,
       sum(counted) as entries, sum(put) as deposits, sum(taken) as withdrawals,
       sumIf(counted, withdrawal_entry > 0) as withdrawalEntries,
       ${left('deposit')} as depositsLeft, ${left('withdrawal')} as withdrawalsLeft
     from (
       select *, toInt64(day) * ${dayMilliseconds} as begin, toUInt8(begin >= {scope_from: Int64}) as in_period,
         if(in_period, toInt16(intDiv(begin - {scope_from: Int64}, ${step})), toInt16(-1)) as step,
         least({scope_from: Int64} + (step + 1) * ${step}, {scope_to: Int64}) as step_end
       from (
         select toInt32(intDiv(time, ${dayMilliseconds})) as day, deposit_entry, withdrawal_entry,
           kind, name, count() as counted,
           sum(greatest(deposit_amount, 0)) as put, sum(greatest(withdrawal_amount, 0)) as taken,
           sum(${faded(model, 'deposit', `toInt64(day) * ${dayMilliseconds}`)}) as deposit_left,
           sum(${faded(model, 'withdrawal', `toInt64(day) * ${dayMilliseconds}`)}) as withdrawal_left
         from (${marks})
         group by day, deposit_entry, withdrawal_entry, kind, name))
     group by grouping sets ((step), (day, withdrawal_entry, kind),
       (in_period, deposit_entry, withdrawal_entry, kind, name))
     having what = 'step' or (what = 'entry' and in_period = 1)
       or (what = 'day' and withdrawals > 0 and place >= {first_day: Int32})
     ${atOnce}`,
    { first_day: scope.to / dayMilliseconds - incidentDays },
  )
}

/** Days after an answer in which trust is watched. */
export const watchedDays = 30

export interface AnswerRow {
  /** Place of the band; the one beyond the last: not answered yet. */
  readonly band: number
  readonly tickets: number
  readonly people: number
  readonly n: number
  readonly y: number
  readonly nn: number
  readonly yy: number
  readonly ny: number
}

/** Upper ends of the bands, in minutes; the last band has none. */
export const bandEnds = [60, 480, 1440, 2880, 10_080]

/**
 * Each ticket of the period, of one in so many people, with the minutes to its first answer (-1: none yet).
 * Where it is everybody, it is those with a ticket; of a few, asking who they are costs more than it saves.
 */
function ticketsSql(context: ReportContext, oneIn: number): string {
  const { scope } = context
  const watched = watchedDays * dayMilliseconds
  const who =
    oneIn > 1
      ? `cityHash64(party_id, 'answers') % {one_in: UInt32} = 0`
      : `party_id in (select party_id from ${scope.history} where kind = 'ticket_opened')`
  const marks = trustMarks(context, `(select * from ${scope.history} where ${who})`, {
    isWanted: (kind) => kind !== 'ticket_resolved',
    inOnePass: true,
  })
  return `select party_id, ticket as opened_at,
      arrayFirst(one -> one >= ticket, answers) as answered_at,
      if(answered_at = 0, -1, intDiv(answered_at - ticket, 60000)) as minutes,
      arraySum(arrayMap(one -> if(one.1 > answered_at and one.1 <= answered_at + ${watched}, one.2, 0), entries)) as after,
      answered_at > 0 and answered_at + ${watched} <= {scope_to: Int64} as is_watched
    from (
      select party_id, arraySort(groupArrayIf(time, what = 1)) as tickets,
        arraySort(groupArrayIf(time, what = 2)) as answers, groupArrayIf((time, gain), what = 0) as entries
      from (
        select party_id, toUnixTimestamp64Milli(occurred_at) as time,
          if(kind = 'ticket_opened', 1, 2)::UInt8 as what, toFloat64(0) as gain
        from ${scope.history} where kind in ('ticket_opened', 'ticket_resolved') and ${who}
        union all
        select party_id, time, 0::UInt8, deposit_amount - withdrawal_amount from (${marks}))
      group by party_id having notEmpty(tickets))
    array join tickets as ticket`
}

export function answerRows(context: ReportContext, oneIn: number): Promise<AnswerRow[]> {
  const band = `if(minutes < 0, ${bandEnds.length + 1}, arrayCount(one -> minutes > one, [${bandEnds.join(', ')}]))`
  return context.rows<AnswerRow>(
    `select band, sum(tickets) as tickets, countIf(watched > 0) as people,
       sum(watched) as n, sum(gained) as y, sum(watched * watched) as nn, sum(gained * gained) as yy,
       sum(watched * gained) as ny
     from (select party_id, toUInt8(${band}) as band, count() as tickets, countIf(is_watched) as watched, sumIf(after, is_watched) as gained
       from (${ticketsSql(context, oneIn)}) group by party_id, band)
     group by band order by band
     ${atOnce}`,
    { one_in: oneIn },
  )
}

export interface WaitRow {
  readonly minutes: number
  readonly answered: boolean
  readonly tickets: number
}

/** How long tickets of the period waited, or have waited by its end; to about 3 %. */
export function waitRows({ scope, rows }: ReportContext): Promise<WaitRow[]> {
  return rows<WaitRow>(
    `select toFloat64(round(exp2(round(log2(1 + waited) * 24) / 24) - 1, 1)) as minutes, answered, count() as tickets
     from (
       select answered_at > 0 as answered,
         (if(answered, answered_at, {scope_to: Int64}) - ticket) / 60000 as waited
       from (
         select arraySort(groupArrayIf(time, kind = 'ticket_opened')) as tickets,
           arraySort(groupArrayIf(time, kind = 'ticket_resolved')) as answers
         from (select party_id, kind, toUnixTimestamp64Milli(occurred_at) as time from ${scope.history}
           where kind in ('ticket_opened', 'ticket_resolved'))
         group by party_id)
       array join tickets as ticket, arrayMap(one -> arrayFirst(other -> other >= one, answers), tickets) as answered_at)
     group by minutes, answered order by minutes`,
  )
}
