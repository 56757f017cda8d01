/**
 * Delete-a-group jackknife: people are put into groups by chance, the estimate is made again without
 * each group, and how much it varies gives its error, however often one person occurs in the data:
 *
 *   v = (G - 1) / G * sum_g (estimate without g - mean of these)^2, t with G - 1 degrees of freedom
 *
 * (J. W. Tukey 1958; P. S. Kott, "The delete-a-group jackknife", Journal of Official Statistics 17,
 * 2001; K. M. Wolter, Introduction to Variance Estimation, 2nd ed. 2007, chapter 4).
 */
import { usualConfidence, type Estimate } from './interval.ts'
import { studentDeviate, studentTail } from './student.ts'

export interface Tested extends Estimate {
  /** Two-sided, of the hypothesis that the true value is 0. */
  readonly p: number
}

/**
 * @param statistic  the estimate without one group (null: of all); NaN where it does not exist
 * @returns null where it does not exist for all, or without one of the groups, or does not vary
 */
export function groupedJackknife(
  groups: number,
  statistic: (without: number | null) => number,
  confidence = usualConfidence,
): Tested | null {
  const value = statistic(null)
  const replicates = Array.from({ length: groups }, (_, group) => statistic(group))
  if (!Number.isFinite(value) || !replicates.every(Number.isFinite)) return null
  const mean = replicates.reduce((sum, one) => sum + one, 0) / groups
  const squares = replicates.reduce((sum, one) => sum + (one - mean) ** 2, 0)
  const error = Math.sqrt((squares * (groups - 1)) / groups)
  if (!(error > 0)) return null
  const half = error * studentDeviate(confidence, groups - 1)
  return {
    value,
    low: value - half,
    high: value + half,
    p: studentTail(value / error, groups - 1),
  }
}
