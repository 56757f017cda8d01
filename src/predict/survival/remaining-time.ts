/**
 * How long somebody will still be there, who has been there until now: from a Cox model (or, without
 * covariates, from the hazard of all).
 *
 *   S(t | now) = exp(-r (H(t) - H(now))),   r = exp(coefficients * (covariates - means))
 *   expected remaining time until a horizon = integral of S(u | now) from now to the horizon
 *
 * Variances hold what is unknown of the baseline hazard and of the coefficients V. With mean(t_j) the
 * mean covariate of those at risk (A. A. Tsiatis, Annals of Statistics 9, 1981; Therneau and Grambsch,
 * Modeling Survival Data, 2000, section 10.2.2):
 *
 *   var r(H(t) - H(now)) = r^2 (sum of variance_j + q' V q),   q = sum of (x - mean(t_j)) dH_j
 *
 * and of the expected time by weighting each time t_j with the area A_j under S from t_j to the
 * horizon, since what is wrong at t_j is wrong from there on.
 */
import { RapportError } from '../../domain/error.ts'
import { checkConfidence, usualConfidence, type Estimate } from '../../math/interval.ts'
import { twoSidedDeviate } from '../../math/normal.ts'
import { baselineHazards, type BaselineHazard } from '../../math/cox/baseline-hazard.ts'
import type { CoxModel } from '../../math/cox/fit-cox.ts'

export interface Somebody {
  /** In the order and the units of the model's covariates. */
  readonly covariates: ArrayLike<number>
  /** For how long this one has been there, in the units of the model's times. */
  readonly now: number
  /** Its stratum, where the model has strata. */
  readonly stratum?: number
}

export interface RemainingTime extends Estimate {
  /** Until when it is expected: as asked, or the last time that anybody was watched. */
  readonly horizon: number
}

export interface Forecaster {
  /** Probability of being there at `time`, given that this one is there now. */
  survival(somebody: Somebody, time: number): Estimate
  /** Expected time from now to the horizon during which this one is still there. */
  remaining(somebody: Somebody, horizon: number): RemainingTime
  /** The last time at which anybody of the stratum was watched: nothing is known beyond. */
  lastTime(stratum?: number): number
}

/** Prepared once, asked of many. */
export function createForecaster(model: CoxModel, confidence = usualConfidence): Forecaster {
  checkConfidence(confidence)
  const { fit, rows } = model
  const z = twoSidedDeviate(confidence)
  const ends = new Map<number, number>()
  rows.stratumCodes.forEach((code, s) => {
    const last = (rows.groups[rows.strata[s + 1] ?? 0] ?? 0) - 1
    ends.set(code, rows.stop[last] ?? 0)
  })
  const baselines = new Map(
    baselineHazards(rows, model.scaled, fit.ties).map((one) => [one.stratum, one]),
  )
  const baselineOf = (stratum = rows.stratumCodes[0] ?? 0): BaselineHazard => {
    const found = baselines.get(stratum)
    if (found) return found
    throw new RapportError('invalid_analysis', `The model has no stratum ${stratum}.`)
  }
  const lastTime = (stratum?: number): number => ends.get(baselineOf(stratum).stratum) ?? 0
  const spread = spreadOf(model)
  return {
    lastTime,
    survival(somebody, time) {
      const baseline = baselineOf(somebody.stratum)
      const { risk, x } = riskOf(model, somebody)
      if (!(time >= somebody.now))
        throw new RapportError('invalid_analysis', `${time} lies before now, ${somebody.now}.`)
      const sums = sumUp(baseline, x, {
        ...{ from: after(baseline.times, somebody.now), end: after(baseline.times, time) },
        weight: () => 1,
      })
      const hazard = risk * sums.hazard
      if (hazard === 0) return { value: 1, low: 1, high: 1 }
      // On ln(-ln S): limits that stay between 0 and 1.
      const factor = Math.exp((z * spread(sums)) / sums.hazard)
      return {
        value: Math.exp(-hazard),
        low: Math.exp(-hazard * factor),
        high: Math.exp(-hazard / factor),
      }
    },
    remaining(somebody, asked) {
      const baseline = baselineOf(somebody.stratum)
      const { risk, x } = riskOf(model, somebody)
      const { now } = somebody
      const horizon = Math.min(asked, lastTime(somebody.stratum))
      if (!(horizon > now))
        throw new RapportError(
          'invalid_analysis',
          `Nothing is known of the time after ${horizon}: nobody was watched for longer.`,
        )
      const from = after(baseline.times, now)
      const end = after(baseline.times, horizon)
      const { areas, whole } = areasOf(baseline, { from, end, now, horizon, risk })
      const sums = sumUp(baseline, x, { from, end, weight: (k) => areas[k - from] ?? 0 })
      return { ...onLogit(whole, risk * spread(sums), { z, most: horizon - now }), horizon }
    },
  }
}

interface Sums {
  readonly hazard: number
  readonly variance: number
  /** q: by covariate. */
  readonly drift: Float64Array
}

interface Stretch {
  readonly from: number
  readonly end: number
  readonly weight: (place: number) => number
}

function sumUp(baseline: BaselineHazard, x: Float64Array, { from, end, weight }: Stretch): Sums {
  const drift = new Float64Array(x.length)
  let [hazard, variance] = [0, 0]
  for (let k = from; k < end; k++) {
    const share = weight(k)
    const grown = baseline.hazard[k] ?? 0
    hazard += share * grown
    variance += share * share * (baseline.variance[k] ?? 0)
    for (let j = 0; j < x.length; j++)
      drift[j] =
        (drift[j] ?? 0) + share * ((x[j] ?? 0) * grown - (baseline.drift[k * x.length + j] ?? 0))
  }
  return { hazard, variance, drift }
}

/** Standard error of what was summed up, of risk 1. */
function spreadOf({ fit, rows }: CoxModel): (sums: Sums) => number {
  const { width, deviations } = rows
  const covariance = (fit.robustCovariance ?? fit.covariance).map(
    (cell, k) => cell * (deviations[Math.floor(k / width)] ?? 1) * (deviations[k % width] ?? 1),
  )
  return ({ variance, drift }) => {
    let sum = variance
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++)
        sum += (drift[i] ?? 0) * (covariance[i * width + j] ?? 0) * (drift[j] ?? 0)
    return Math.sqrt(Math.max(0, sum))
  }
}

function riskOf({ fit, rows, scaled }: CoxModel, { covariates, now }: Somebody) {
  if (covariates.length !== rows.width)
    throw new RapportError('invalid_analysis', `There must be ${rows.width} covariates.`)
  if (!Number.isFinite(now)) throw new RapportError('invalid_analysis', `Now is ${now}, no time.`)
  const x = new Float64Array(rows.width)
  let logarithm = 0
  for (let j = 0; j < rows.width; j++) {
    const value = covariates[j] ?? Number.NaN
    if (!Number.isFinite(value))
      throw new RapportError('invalid_analysis', `The covariate "${fit.names[j]}" is ${value}.`)
    x[j] = (value - (rows.means[j] ?? 0)) / (rows.deviations[j] ?? 1)
    logarithm += (x[j] ?? 0) * (scaled[j] ?? 0)
  }
  // Far beyond all that was seen: as good as certain, or as good as never, and finite.
  return { x, risk: Math.exp(Math.min(300, Math.max(-300, logarithm))) }
}

/** How many times are not after `time`. */
function after(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) <= time) low = middle + 1
    else high = middle
  }
  return low
}

interface Span {
  readonly from: number
  readonly end: number
  readonly now: number
  readonly horizon: number
  readonly risk: number
}

/** Area under S(u | now) from now to the horizon, and from each time of an event. */
function areasOf({ times, hazard }: BaselineHazard, { from, end, now, horizon, risk }: Span) {
  const areas = new Float64Array(end - from)
  const there = new Float64Array(end - from)
  let cumulative = 0
  for (let k = from; k < end; k++) {
    cumulative += risk * (hazard[k] ?? 0)
    there[k - from] = Math.exp(-cumulative)
  }
  let [area, next] = [0, horizon]
  for (let k = end - 1; k >= from; k--) {
    area += (there[k - from] ?? 0) * (next - (times[k] ?? 0))
    areas[k - from] = area
    next = times[k] ?? 0
  }
  return { areas, whole: area + (next - now) }
}

/** An interval between 0 and `most`, symmetric on the logit of the share. */
function onLogit(value: number, error: number, { z, most }: { z: number; most: number }): Estimate {
  const share = value / most
  if (!(share > 0 && share < 1)) return { value, low: value, high: value }
  const centre = Math.log(share / (1 - share))
  const width = (z * error) / (most * share * (1 - share))
  const back = (logit: number): number => most / (1 + Math.exp(-logit))
  return { value, low: back(centre - width), high: back(centre + width) }
}
