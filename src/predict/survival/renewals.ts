/**
 * Renewals by age: of all the customers who were up for their n-th renewal, how many were kept and how
 * many lost. That is all that the shifted-beta-geometric model takes from the data, so cohorts of any
 * start years, watched for different spans, or from their third year on only, go together here.
 */
import { RapportError } from '../../domain/error.ts'

/** Cell n - 1 is the n-th renewal: the end of the n-th period. */
export interface Renewals {
  readonly kept: Float64Array
  readonly lost: Float64Array
}

/** A group of customers who started in the same period. */
export interface Cohort {
  /** How many were there at the end of each period, the first number at the beginning of watching. */
  readonly survivors: ArrayLike<number>
  /** Renewals before that, seen by nobody: 0 for a cohort that is watched from its start. */
  readonly renewalsBefore?: number
}

/** Spans longer than any contract; also a bound for what a broken file can cost. */
export const mostPeriods = 10_000

/** @throws RapportError invalid_analysis for survivors that grow, are negative or are no numbers. */
export function renewalsOfCohorts(cohorts: readonly Cohort[]): Renewals {
  const longest = Math.max(
    0,
    ...cohorts.map(({ survivors, renewalsBefore = 0 }) => renewalsBefore + survivors.length - 1),
  )
  const renewals = emptyRenewals(longest)
  cohorts.forEach(({ survivors, renewalsBefore = 0 }, c) => {
    for (let t = 0; t < survivors.length; t++) {
      const there = survivors[t] ?? Number.NaN
      const before = t === 0 ? Infinity : (survivors[t - 1] ?? 0)
      if (!(there >= 0 && there < Infinity && there <= before))
        throw new RapportError(
          'invalid_analysis',
          `Cohort ${c + 1}: after ${t} periods there are ${there} customers left of ${before}. ` +
            'Give how many are left, not how many go; numbers that do not grow.',
        )
      if (t > 0) add(renewals, renewalsBefore + t, { kept: there, lost: before - there })
    }
  })
  return renewals
}

/**
 * From a row a customer.
 *
 * @param periods how many periods a customer was there: whole numbers from 0
 * @param left 1 where the customer went at the end of them, 0 where it was there when watching ended
 */
export function renewalsOfCustomers(periods: Float64Array, left: Uint8Array): Renewals {
  let longest = 0
  for (let i = 0; i < periods.length; i++) {
    const count = periods[i] ?? Number.NaN
    if (!(Number.isInteger(count) && count >= (left[i] ? 1 : 0)))
      throw new RapportError(
        'invalid_analysis',
        `Row ${i + 1}: ${count} is no number of whole periods. Count periods begun, from 1.`,
      )
    if (count > longest) longest = count
  }
  const renewals = emptyRenewals(longest)
  const [stayed, went] = [new Float64Array(longest + 1), new Float64Array(longest + 1)]
  for (let i = 0; i < periods.length; i++) {
    const ends = left[i] ? went : stayed
    const count = periods[i] ?? 0
    ends[count] = (ends[count] ?? 0) + 1
  }
  let later = 0
  for (let n = longest; n >= 1; n--) {
    add(renewals, n, { kept: later + (stayed[n] ?? 0), lost: went[n] ?? 0 })
    later += (stayed[n] ?? 0) + (went[n] ?? 0)
  }
  return renewals
}

function emptyRenewals(longest: number): Renewals {
  if (!(longest <= mostPeriods))
    throw new RapportError(
      'invalid_analysis',
      `${longest} periods are more than ${mostPeriods}. Count in months or years.`,
    )
  return { kept: new Float64Array(longest), lost: new Float64Array(longest) }
}

function add({ kept, lost }: Renewals, n: number, more: { kept: number; lost: number }): void {
  kept[n - 1] = (kept[n - 1] ?? 0) + more.kept
  lost[n - 1] = (lost[n - 1] ?? 0) + more.lost
}
