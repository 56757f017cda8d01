/**
 * Kaplan-Meier: the share still there after a time, where not everybody was watched to the end.
 *
 * S(t) = product over event times t_i <= t of (1 - d_i / n_i)  (E. L. Kaplan and P. Meier, JASA 53,
 * 1958). Variance by Greenwood (1926): S(t)^2 * sum d_i / (n_i (n_i - d_i)). Interval on ln S, the
 * default of R's survfit (conf.type = "log"), cut at 1; it does not exist where S is 0.
 * People watched until t exactly, without an event, are at risk at t.
 */
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

/** @param happened 1 where the event was seen at this time, 0 where watching ended there. */
export function kaplanMeier(
  durations: Float64Array,
  happened: Uint8Array,
  confidence = usualConfidence,
): SurvivalCurve {
  checkConfidence(confidence)
  if (durations.length !== happened.length)
    throw new RangeError('There must be as many durations as events.')
  const { seen, all } = sortedTimes(durations, happened)
  const times = distinct(all)
  const size = times.length
  const curve = {
    times,
    ...{ atRisk: new Float64Array(size), events: new Float64Array(size) },
    ...{ survival: new Float64Array(size), error: new Float64Array(size) },
    ...{ low: new Float64Array(size), high: new Float64Array(size) },
  }
  const z = twoSidedDeviate(confidence)
  let [survival, variance, gone, events] = [1, 0, 0, 0]
  for (let i = 0; i < size; i++) {
    const time = times[i] ?? 0
    const atRisk = all.length - gone
    const before = events
    while (events < seen.length && (seen[events] ?? 0) === time) events++
    const died = events - before
    while (gone < all.length && (all[gone] ?? 0) === time) gone++
    survival *= 1 - died / atRisk
    variance += died === 0 ? 0 : died / (atRisk * (atRisk - died))
    curve.atRisk[i] = atRisk
    curve.events[i] = died
    curve.survival[i] = survival
    const spread = Math.sqrt(variance)
    curve.error[i] = survival === 0 ? Number.NaN : survival * spread
    curve.low[i] = survival === 0 ? Number.NaN : survival * Math.exp(-z * spread)
    curve.high[i] = survival === 0 ? Number.NaN : Math.min(1, survival * Math.exp(z * spread))
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

/** Times of events, and all times, each rising. Typed arrays sort by value, a million in .1 s. */
function sortedTimes(durations: Float64Array, happened: Uint8Array) {
  let count = 0
  for (let i = 0; i < durations.length; i++) {
    const time = durations[i] ?? Number.NaN
    if (!(time >= 0 && time < Infinity))
      throw new RangeError(`A duration is a finite number from 0, not ${time}.`)
    if (happened[i]) count++
  }
  const seen = new Float64Array(count)
  for (let i = 0, at = 0; i < durations.length; i++) {
    if (happened[i]) seen[at++] = durations[i] ?? 0
  }
  return { seen: seen.sort(), all: durations.slice().sort() }
}

function distinct(sorted: Float64Array): Float64Array {
  const values = new Float64Array(sorted.length)
  let size = 0
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) values[size++] = sorted[i] ?? 0
  }
  return values.slice(0, size)
}
