/**
 * What a purchase model knows of a customer: how many repeat purchases (x, "frequency"), when the
 * last of them was (t_x, "recency", since the first purchase) and how long the customer has been
 * watched (T, "age", since the first purchase). Times are in any one unit; the first purchase itself
 * is not counted (Fader, Hardie and Lee, Marketing Science 24, 2005, section 3).
 */
import { RapportError } from '../../domain/error.ts'

export interface PurchaseHistories {
  /** Repeat purchases: whole numbers from 0 to 2^53 - 1. */
  readonly frequency: Float64Array
  /** From 0 to `age`; 0 exactly where there was no repeat purchase. */
  readonly recency: Float64Array
  /** From 0. */
  readonly age: Float64Array
  /** For how many customers the row stands; 1 where it is left out. */
  readonly weight?: Float64Array
}

/** One customer. */
export interface PurchaseHistory {
  readonly frequency: number
  readonly recency: number
  readonly age: number
}

/** What is wrong with a history, or null. */
function faultOf({ frequency, recency, age }: PurchaseHistory): string | null {
  if (!(Number.isSafeInteger(frequency) && frequency >= 0))
    return `the frequency must be a whole number from 0 to 2^53 - 1, not ${frequency}`
  if (!(age >= 0 && age < Infinity)) return `the age must be a number from 0, not ${age}`
  if (!(recency >= 0 && recency <= age))
    return `the recency must lie between 0 and the age (${age}), not at ${recency}`
  if (frequency === 0 && recency > 0) return 'there is a last repeat purchase, but none is counted'
  if (frequency > 0 && recency === 0) return 'repeat purchases are counted, but all at time 0'
  return null
}

/** @throws RapportError invalid_analysis. */
export function checkHistory(history: PurchaseHistory): void {
  const fault = faultOf(history)
  if (fault !== null) throw new RapportError('invalid_analysis', `In this history ${fault}.`)
}

/**
 * Every row, and that there is one.
 * @throws RapportError invalid_analysis, with the first faulty row (counted from 1).
 */
export function checkHistories(histories: PurchaseHistories): void {
  const { frequency, recency, age, weight } = histories
  const size = frequency.length
  if (size === 0) throw new RapportError('invalid_analysis', 'There are no customers.')
  if (recency.length !== size || age.length !== size || (weight && weight.length !== size))
    throw new RapportError('invalid_analysis', 'The columns have different lengths.')
  for (let i = 0; i < size; i++) {
    const [x, last, until] = [frequency[i] ?? 0, recency[i] ?? 0, age[i] ?? 0]
    const fine = x > 0 ? last > 0 && Number.isSafeInteger(x) : x === 0 && last === 0
    if (fine && last <= until && until < Infinity && (weight ? weightIsFine(weight[i]) : true))
      continue
    const fault = faultOf({ frequency: x, recency: last, age: until })
    const why = fault ?? `the weight must be a number from 0, not ${weight?.[i]}`
    throw new RapportError('invalid_analysis', `In row ${i + 1} ${why}.`)
  }
}

const weightIsFine = (weight: number | undefined): boolean =>
  weight !== undefined && weight >= 0 && weight < Infinity
