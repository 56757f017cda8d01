/**
 * A share of things that belong to people, several to one: x / n with the error of a ratio of sums
 * over people (W. G. Cochran, Sampling Techniques, 3rd ed. 1977, section 6.3; 11.3), as a Wilson
 * interval of as many independent things as would have that error (E. L. Korn and B. I. Graubard,
 * Survey Methodology 24, 1998).
 */
import { wilsonInterval } from './binomial-interval.ts'
import { checkCounts, usualConfidence, type Estimate } from './interval.ts'

/** Sums over people; x_i of the n_i things of person i are of the kind that is asked for. */
export interface PersonSums {
  readonly people: number
  readonly n: number
  readonly x: number
  readonly nn: number
  readonly xx: number
  readonly nx: number
}

/** Null of nothing. */
export function clusteredShare(
  { people, n, x, nn, xx, nx }: PersonSums,
  confidence = usualConfidence,
): Estimate | null {
  checkCounts(x, n)
  if (n === 0) return null
  const value = x / n
  const size = effectiveSize({ people, n, x, nn, xx, nx })
  return { value, ...wilsonInterval(value * size, size, confidence) }
}

/** Never more than there are things; where all are alike, no more than there are people. */
function effectiveSize({ people, n, x, nn, xx, nx }: PersonSums): number {
  const p = x / n
  if (people < 2 || p === 0 || p === 1) return Math.min(people, n)
  const squares = Math.max(0, xx - 2 * p * nx + p * p * nn)
  const variance = ((people / (people - 1)) * squares) / n ** 2
  return Math.min(n, (p * (1 - p)) / variance)
}
