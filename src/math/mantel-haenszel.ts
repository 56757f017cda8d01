/**
 * Two groups held against each other within strata, so that only like is compared with like
 * (N. Mantel and W. Haenszel, JNCI 22, 1959).
 *
 * Difference of risks: S. Greenland and J. M. Robins, Biometrics 41 (1985). Ratio of rates:
 * K. J. Rothman and J. D. Boice 1979. Both as numerator and denominator, which add up over strata:
 * their quotient is the estimate, and a jackknife of the sums gives its error.
 */

export interface Quotient {
  readonly above: number
  readonly below: number
}

export interface RiskStratum {
  /** Cases and people of the one group, and of the other. */
  readonly cases: number
  readonly size: number
  readonly otherCases: number
  readonly otherSize: number
}

/** Parts of sum (a n0 - b n1) / N over sum n1 n0 / N. */
export function riskDifferenceParts(strata: Iterable<RiskStratum>): Quotient {
  let [above, below] = [0, 0]
  for (const { cases, size, otherCases, otherSize } of strata) {
    const all = size + otherSize
    if (size === 0 || otherSize === 0) continue
    above += (cases * otherSize - otherCases * size) / all
    below += (size * otherSize) / all
  }
  return { above, below }
}
