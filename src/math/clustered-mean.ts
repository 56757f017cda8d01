/**
 * A mean of things that belong to people, several to one: y / n with the error of a ratio of sums over
 * people (W. G. Cochran, Sampling Techniques, 3rd ed. 1977, section 6.3), t with people - 1 degrees of
 * freedom.
 */
import { usualConfidence, type Estimate } from './interval.ts'
import { studentDeviate } from './student.ts'

/** Sums over people, of whom each has n_i things that add up to y_i. */
export interface MeanSums {
  readonly people: number
  readonly n: number
  readonly y: number
  readonly nn: number
  readonly yy: number
  readonly ny: number
}

/** Null of fewer than two people, who say nothing about how people vary. */
export function clusteredMean(
  { people, n, y, nn, yy, ny }: MeanSums,
  confidence = usualConfidence,
): Estimate | null {
  if (people < 2 || n === 0) return null
  const value = y / n
  const squares = Math.max(0, yy - 2 * value * ny + value * value * nn)
  const error = Math.sqrt((people / (people - 1)) * squares) / n
  const half = error * studentDeviate(confidence, people - 1)
  return { value, low: value - half, high: value + half }
}

/** The difference of two independent means, normal with their errors added up in squares. */
export function differenceOfMeans(one: Estimate, other: Estimate): Estimate {
  const value = one.value - other.value
  const half = Math.hypot(one.high - one.value, other.high - other.value)
  return { value, low: value - half, high: value + half }
}
