/**
 * Baseline hazard of a Cox model: at each time of an event, what the hazard of somebody with average
 * covariates grew by: events / risk set (N. Breslow, Biometrics 30, 1974; with Efron's ties as
 * ties.ts says), with what the variance of anybody's cumulative hazard needs (A. A. Tsiatis, Annals
 * of Statistics 9, 1981; Therneau and Grambsch 2000, section 10.2).
 */
import { emptyTieSums, expectedSum, tieSums, type Ties } from './ties.ts'
import { predictorsOf, walkRiskSets } from './risk-sets.ts'
import type { CoxRows } from './cox-rows.ts'

/** One stratum; times rising. In terms of the scaled covariates, 0 being the mean. */
export interface BaselineHazard {
  readonly stratum: number
  readonly times: Float64Array
  readonly atEvent: Float64Array
  /** Growth of the cumulative hazard at each time, and of its variance for known coefficients. */
  readonly hazard: Float64Array
  readonly variance: Float64Array
  /** Mean covariate times growth of the hazard: `width` numbers a time. */
  readonly drift: Float64Array
}

/** What residuals need besides, for those who have the event at a time (see robust-covariance.ts). */
export interface EventShares {
  /** Of each group of rows, 0 where it has no event. */
  readonly hazard: Float64Array
  readonly variance: Float64Array
  readonly drift: Float64Array
  readonly deathHazard: Float64Array
  readonly deathDrift: Float64Array
  readonly deathMean: Float64Array
}

/** By group of rows, in the order of the rows. */
export function eventShares(rows: CoxRows, scaled: Float64Array, ties: Ties): EventShares {
  const { width } = rows
  const count = rows.groupEvents.length
  const shares = {
    ...{ hazard: new Float64Array(count), variance: new Float64Array(count) },
    ...{ drift: new Float64Array(count * width), deathHazard: new Float64Array(count) },
    ...{ deathDrift: new Float64Array(count * width), deathMean: new Float64Array(count * width) },
  }
  const predictors = predictorsOf(rows, scaled)
  if (predictors === null) return shares
  const sums = emptyTieSums()
  walkRiskSets(rows, predictors, { second: false }, (set) => {
    const { group, first, deathFirst, deathWeight } = set
    if (tieSums(set, ties, sums) === null) return
    const { once, twice } = sums
    shares.hazard[group] = once[0]
    shares.variance[group] = twice[0]
    shares.deathHazard[group] = once[1]
    for (let j = 0; j < width; j++) {
      const [s, d] = [first[j] ?? 0, deathFirst[j] ?? 0]
      const cell = group * width + j
      shares.drift[cell] = twice[0] * s - twice[1] * d
      shares.deathDrift[cell] = twice[1] * s - twice[2] * d
      shares.deathMean[cell] = expectedSum(set, sums, j) / deathWeight
    }
  })
  return shares
}

export function baselineHazards(
  rows: CoxRows,
  scaled: Float64Array,
  ties: Ties,
): readonly BaselineHazard[] {
  const shares = eventShares(rows, scaled, ties)
  const { width, strata, groups, groupEvents, stop, stratumCodes } = rows
  return Array.from(stratumCodes, (stratum, s) => {
    const chosen: number[] = []
    for (let g = strata[s] ?? 0; g < (strata[s + 1] ?? 0); g++) if (groupEvents[g]) chosen.push(g)
    const pick = (read: (group: number) => number): Float64Array => Float64Array.from(chosen, read)
    const drift = new Float64Array(chosen.length * width)
    chosen.forEach((g, k) =>
      drift.set(shares.drift.subarray(g * width, (g + 1) * width), k * width),
    )
    return {
      ...{ stratum, drift, times: pick((g) => stop[groups[g] ?? 0] ?? 0) },
      atEvent: pick((g) => groupEvents[g] ?? 0),
      hazard: pick((g) => shares.hazard[g] ?? 0),
      variance: pick((g) => shares.variance[g] ?? 0),
    }
  })
}
