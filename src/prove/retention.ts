/**
 * Who comes back: cohorts by the period of their first day, and of each cohort the share active so
 * many periods later, with Wilson intervals.
 *
 * - `on`: active in just that period (N-day retention).
 * - `on_or_after`: active in that period or any later one ("unbounded": not lost yet). It can only
 *   grow as time goes on, so its newest cells are low.
 * - `rolling`: active in that period or any of the `rollingPeriods - 1` before it.
 */
import { RapportError } from '../domain/error.ts'
import { proportion } from '../math/binomial-interval.ts'
import { usualConfidence, type Estimate } from '../math/interval.ts'

export interface Activity {
  /** Number of the period (day, week, month) in which each person was first there. */
  readonly first: Int32Array
  /** Periods in which they were active, in any order, repeats allowed. */
  readonly active: Int32Array
  /** One longer than there are people, from 0, never falling. */
  readonly offsets: Int32Array
}

export interface RetentionOptions {
  /** The last period that is over: later ones are not counted, they are not yet whole. */
  readonly lastPeriod: number
  readonly variant?: 'on' | 'on_or_after' | 'rolling'
  readonly rollingPeriods?: number
  /** Periods after the first that are shown. */
  readonly longest?: number
  readonly confidence?: number
}

export interface RetentionCell {
  readonly active: number
  readonly of: number
  readonly share: Estimate
}

export interface Cohort {
  readonly period: number
  readonly size: number
  /** By periods since the first; null where that is not over yet. */
  readonly cells: readonly (RetentionCell | null)[]
}

export interface Retention {
  /** Oldest first; periods in which nobody began are left out. */
  readonly cohorts: readonly Cohort[]
  /** All cohorts that have come so far, together. */
  readonly together: readonly (RetentionCell | null)[]
}

export const mostPeriods = 400

export function retention(activity: Activity, options: RetentionOptions): Retention {
  const { lastPeriod, longest = 12, confidence = usualConfidence } = options
  if (!(Number.isInteger(longest) && longest >= 0 && longest <= mostPeriods))
    throw new RapportError('invalid_analysis', `Show 0 to ${mostPeriods} periods.`)
  const { first, active, offsets } = activity
  if (offsets.length !== first.length + 1 || offsets.at(-1) !== active.length)
    throw new RapportError('invalid_analysis', 'The columns of the activity differ in length.')
  const counts = new Map<number, { size: number; active: Float64Array }>()
  const mark = marker(options, longest)
  for (let person = 0; person < first.length; person++) {
    const begun = first[person] ?? 0
    if (begun > lastPeriod) continue
    let cohort = counts.get(begun)
    if (!cohort) counts.set(begun, (cohort = { size: 0, active: new Float64Array(longest + 1) }))
    cohort.size++
    const periods = active.subarray(offsets[person] ?? 0, offsets[person + 1] ?? 0)
    const marks = mark(periods, begun)
    for (let k = 0; k <= longest; k++) {
      if (marks[k]) cohort.active[k] = (cohort.active[k] ?? 0) + 1
    }
  }
  const cell = (count: number, size: number): RetentionCell | null => {
    const share = proportion(count, size, confidence)
    return share && { active: count, of: size, share }
  }
  const steps = Array.from({ length: longest + 1 }, (_, k) => k)
  const cohorts = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([period, { size, active: of }]): Cohort => {
      const isOver = (k: number): boolean => period + k <= lastPeriod
      const cells = steps.map((k) => (isOver(k) ? cell(of[k] ?? 0, size) : null))
      return { period, size, cells }
    })
  const together = steps.map((k) => {
    const known = cohorts.flatMap(({ cells }) => cells[k] ?? [])
    const sum = (read: (one: RetentionCell) => number): number =>
      known.reduce((all, one) => all + read(one), 0)
    return cell(
      sum((one) => one.active),
      sum((one) => one.of),
    )
  })
  return { cohorts, together }
}

/** Marks the periods since the first for which a person counts as there. */
function marker(
  { lastPeriod, variant = 'on', rollingPeriods = 3 }: RetentionOptions,
  longest: number,
): (periods: Int32Array, begun: number) => Uint8Array {
  if (!(Number.isInteger(rollingPeriods) && rollingPeriods >= 1))
    throw new RapportError('invalid_analysis', 'A rolling window has 1 period at least.')
  const marks = new Uint8Array(longest + 1)
  return (periods, begun) => {
    marks.fill(0)
    // Everybody is there in their first period, whatever else is known.
    marks[0] = 1
    let latest = 0
    for (const period of periods) {
      const since = period - begun
      if (since < 0 || period > lastPeriod) continue
      latest = Math.max(latest, since)
      if (since <= longest) marks[since] = 1
    }
    if (variant === 'on_or_after') marks.fill(1, 0, Math.min(latest, longest) + 1)
    if (variant === 'rolling') {
      let since = rollingPeriods
      for (let k = 0; k <= longest; k++) {
        since = marks[k] ? 0 : since + 1
        if (since < rollingPeriods) marks[k] = 2
      }
    }
    return marks
  }
}
