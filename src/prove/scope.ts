/** From what was asked to what a report may look at. */
import { dayMilliseconds } from '../relationship/duration.ts'
import { RapportError } from '../domain/error.ts'
import type { ReportPeriod, ReportQuery } from '../domain/report-view.ts'
import type { LensHistory } from '../store/lens-reader.ts'
import type { Scope } from './report.ts'

const usualDays = 90
const longestDays = 366 * 20

/** Whose touchpoints: everybody's, those of the members of a copied segment, or those of all others. */
export type People =
  { readonly kind: 'everybody' } | { readonly kind: 'members' | 'others'; readonly copy: string }

export function periodOf(
  { from, to, days: asked = usualDays }: Pick<ReportQuery, 'from' | 'to' | 'days'>,
  now: number,
): ReportPeriod {
  const last = to ?? dayOf(now)
  const end = Date.parse(`${last}T00:00:00Z`) + dayMilliseconds
  const first = from ?? dayOf(end - asked * dayMilliseconds)
  const days = Math.round((end - Date.parse(`${first}T00:00:00Z`)) / dayMilliseconds)
  if (!(days >= 1 && days <= longestDays)) {
    throw new RapportError(
      'invalid_request',
      'The period must end after it begins, within 20 years.',
    )
  }
  return { from: first, to: last, days }
}

/** The period of the same length just before. */
export function periodBefore(period: ReportPeriod): ReportPeriod {
  const start = Date.parse(`${period.from}T00:00:00Z`)
  return {
    from: dayOf(start - period.days * dayMilliseconds),
    to: dayOf(start - dayMilliseconds),
    days: period.days,
  }
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/**
 * Of a period that reaches beyond all that there is no end is asked: to look at the time of every
 * touchpoint and keep them all costs a third of a query.
 */
export function scopeOf(
  period: ReportPeriod,
  people: People,
  { view, newest }: LensHistory,
): Scope {
  const from = Date.parse(`${period.from}T00:00:00Z`)
  const to = from + period.days * dayMilliseconds
  const test = {
    everybody: null,
    members:
      'party_id global in (select party_id from segment_member where copy = {scope_copy: String})',
    others:
      'party_id global not in (select party_id from segment_member where copy = {scope_copy: String})',
  }[people.kind]
  const since = (column: string): string =>
    `${column} >= fromUnixTimestamp64Milli({scope_from: Int64}, 'UTC')`
  const until = (column: string): string =>
    `${column} < fromUnixTimestamp64Milli({scope_to: Int64}, 'UTC')`
  const part = (table: string, ...tests: readonly (string | null)[]): string => {
    const all = [...tests, test].filter((one) => one !== null)
    return `(select * from ${table}${all.length > 0 ? ` where ${all.join(' and ')}` : ''})`
  }
  const untilEnd = newest < to ? null : until('occurred_at')
  return {
    period,
    from,
    to,
    history: part(view, since('occurred_at'), untilEnd),
    past: part(view, untilEnd),
    parties: part('parties'),
    moves: part('moves', since('at'), until('at')),
    pastMoves: part('moves', until('at')),
    parameters: {
      scope_from: from,
      scope_to: to,
      ...(people.kind === 'everybody' ? {} : { scope_copy: people.copy }),
    },
  }
}
