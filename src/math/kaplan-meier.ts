/**
 * Kaplan-Meier: the share still there after a time, where not everybody was watched to the end.
 *
 * S(t) = product over event times t_i <= t of (1 - d_i / n_i)  (E. L. Kaplan and P. Meier, JASA 53,
 * 1958). Variance by Greenwood (1926): S(t)^2 * sum d_i / (n_i (n_i - d_i)). Interval on ln S, the
 * default of R's survfit (conf.type = "log"), cut at 1, or on ln(-ln S) (J. D. Kalbfleisch and R. L.
 * Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. 2002, section 1.4.2), which stays
 * between 0 and 1 by itself; neither exists where S is 0.
 * People watched until t exactly, without an event, are at risk at t; people who are watched from t
 * on only (`entries`) are at risk after t.
 */
import { countByTime, type TimeRows } from './count-by-time.ts'
import { checkConfidence, usualConfidence, type Interval } from './interval.ts'
import { twoSidedDeviate } from './normal.ts'

export interface SurvivalCurve {
  /** Distinct times at which something happened or somebody was last seen, rising. */
  readonly times: Float64Array
  readonly atRisk: Float64Array
  readonly events: Float64Array
  readonly survival: Float64Array
  /** Standard error of `survival` by Greenwood. */
  readonly error: Float64Array
  /** NaN where survival is 0: of nobody left there is no interval. */
  readonly low: Float64Array
  readonly high: Float64Array
}

export interface CurveOptions extends Pick<TimeRows, 'weights' | 'entries'> {
  /** Of the intervals; .95 where it is left out. */
  readonly confidence?: number
  /** The scale on which the interval is symmetric. */
  readonly scale?: 'log' | 'log-log'
}

/** @param happened 1 where the event was seen at this time, 0 where watching ended there. */
export function kaplanMeier(
  durations: Float64Array,
  happened: Uint8Array,
  options: CurveOptions = {},
): SurvivalCurve {
  const { confidence = usualConfidence, scale = 'log', weights, entries } = options
  checkConfidence(confidence)
  const { times, atRisk, events } = countByTime({ durations, happened, weights, entries })
  const size = times.length
  const curve = {
    ...{ times, atRisk, events },
    ...{ survival: new Float64Array(size), error: new Float64Array(size) },
    ...{ low: new Float64Array(size), high: new Float64Array(size) },
  }
  const z = twoSidedDeviate(confidence)
  let [survival, variance] = [1, 0]
  for (let i = 0; i < size; i++) {
    const [died, there] = [events[i] ?? 0, atRisk[i] ?? 0]
    if (died > 0) {
      survival *= 1 - died / there
      variance += died / (there * (there - died))
    }
    curve.survival[i] = survival
    const spread = Math.sqrt(variance)
    curve.error[i] = survival === 0 ? Number.NaN : survival * spread
    if (survival === 0) {
      curve.low[i] = Number.NaN
      curve.high[i] = Number.NaN
    } else if (scale === 'log') {
      const factor = Math.exp(z * spread)
      curve.low[i] = survival / factor
      curve.high[i] = Math.min(1, survival * factor)
    } else {
      // On ln(-ln S) the spread is divided by -ln S: both limits are powers of S.
      const power = survival === 1 ? 1 : Math.exp((z * spread) / -Math.log(survival))
      curve.low[i] = survival ** power
      curve.high[i] = survival ** (1 / power)
    }
  }
  return curve
}

/** The share still there at `time`, with its interval; 1 before the first time. */
export function survivalAt(curve: SurvivalCurve, time: number): { value: number } & Interval {
  let [low, high] = [0, curve.times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((curve.times[middle] ?? 0) <= time) low = middle + 1
    else high = middle
  }
  const at = low - 1
  if (at < 0) return { value: 1, low: 1, high: 1 }
  const read = (column: Float64Array): number => column[at] ?? Number.NaN
  return { value: read(curve.survival), low: read(curve.low), high: read(curve.high) }
}

/**
 * The time by which this share is gone (.5: the median), with its interval: where the curve and its
 * limits first reach `1 - gone` (Brookmeyer and Crowley 1982). Null where they never do. Where the
 * curve runs level exactly there, the middle of that stretch, as in R.
 */
export function survivalQuantile(
  curve: SurvivalCurve,
  gone = 0.5,
): { readonly value: number | null; readonly low: number | null; readonly high: number | null } {
  const target = 1 - gone
  const reached = (column: Float64Array): number | null => {
    for (let i = 0; i < column.length; i++) {
      const value = column[i] ?? Number.NaN
      if (!(value <= target + 1e-9)) continue
      if (Math.abs(value - target) > 1e-9) return curve.times[i] ?? null
      const next = column.findIndex((other) => other < value - 1e-9)
      return ((curve.times[i] ?? 0) + (curve.times[next] ?? curve.times[i] ?? 0)) / 2
    }
    return null
  }
  const value = reached(curve.survival)
  return { value, low: reached(curve.low), high: reached(curve.high) }
}
