/**
 * Fisher's exact test of a two-by-two table, two-sided: the probability, with all margins given, of
 * a table that is no likelier than the one seen (R. A. Fisher, Statistical Methods for Research
 * Workers, 1934, section 21.02; the same side rule and tolerance as R's fisher.test).
 *
 * Only the terms that count are added up: outwards from where each tail begins, so a table of a
 * million takes microseconds.
 */
import { logFactorial } from './gamma.ts'

/** Tables as likely as the seen one but for rounding belong to the tail, as in R. */
const tolerance = 1 + 1e-7

export interface TwoByTwo {
  readonly yesOne: number
  readonly noOne: number
  readonly yesOther: number
  readonly noOther: number
}

export function fisherExact(table: TwoByTwo): number {
  const { yesOne: a, noOne: b, yesOther: c, noOther: d } = table
  if (![a, b, c, d].every((count) => Number.isSafeInteger(count) && count >= 0))
    throw new RangeError('Counts of a table are whole numbers from 0.')
  const lowest = Math.max(0, a - d)
  const highest = Math.min(a + b, a + c)
  if (lowest === highest) return 1
  /** ln of the hypergeometric probability of x in the first cell. */
  const margins = [a + b, c + d, a + c, b + d].reduce((sum, n) => sum + logFactorial(n), 0)
  const logAt = (x: number): number =>
    margins -
    logFactorial(a + b + c + d) -
    (logFactorial(x) + logFactorial(a + b - x) + logFactorial(a + c - x) + logFactorial(d - a + x))
  /** p(x + 1) / p(x) */
  const upward = (x: number): number => ((a + b - x) * (a + c - x)) / ((x + 1) * (d - a + x + 1))
  const bound = logAt(a) + Math.log(tolerance)
  const mode = Math.floor(((a + b + 1) * (a + c + 1)) / (a + b + c + d + 2))
  if (logAt(mode) <= bound) return 1
  const below = a <= mode ? a : lastBelow(lowest, mode, (x) => logAt(x) <= bound)
  const above = a > mode ? a : firstAbove(mode, highest, (x) => logAt(x) <= bound)
  let sum = 0
  let term = below < lowest ? 0 : Math.exp(logAt(below))
  for (let x = below; x >= lowest && term > sum * 1e-18; x--) {
    sum += term
    term = x > lowest ? term / upward(x - 1) : 0
  }
  const fromBelow = sum
  term = above > highest ? 0 : Math.exp(logAt(above))
  for (let x = above; x <= highest && term > (sum - fromBelow) * 1e-18; x++) {
    sum += term
    term = x < highest ? term * upward(x) : 0
  }
  return Math.min(1, sum)
}

/** The largest x in lowest .. mode that holds, or `lowest - 1`; what holds lies below what does not. */
function lastBelow(lowest: number, mode: number, holds: (x: number) => boolean): number {
  let [low, high] = [lowest - 1, mode]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (holds(middle)) low = middle
    else high = middle - 1
  }
  return low
}

/** The smallest x in mode + 1 .. highest that holds, or `highest + 1`. */
function firstAbove(mode: number, highest: number, holds: (x: number) => boolean): number {
  let [low, high] = [mode + 1, highest + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
