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
  const { times, seen, left } = countByTime(durations, happened)
  const size = times.length
  const curve = {
    times,
    ...{ atRisk: new Float64Array(size), events: new Float64Array(size) },
    ...{ survival: new Float64Array(size), error: new Float64Array(size) },
    ...{ low: new Float64Array(size), high: new Float64Array(size) },
  }
  const z = twoSidedDeviate(confidence)
  let [survival, variance, atRisk] = [1, 0, durations.length]
  for (let i = 0; i < size; i++) {
    const died = seen[i] ?? 0
    survival *= 1 - died / atRisk
    variance += died === 0 ? 0 : died / (atRisk * (atRisk - died))
    curve.atRisk[i] = atRisk
    curve.events[i] = died
    curve.survival[i] = survival
    const spread = Math.sqrt(variance)
    curve.error[i] = survival === 0 ? Number.NaN : survival * spread
    curve.low[i] = survival === 0 ? Number.NaN : survival * Math.exp(-z * spread)
    curve.high[i] = survival === 0 ? Number.NaN : Math.min(1, survival * Math.exp(z * spread))
    atRisk -= left[i] ?? 0
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

/** Distinct times rising, and at each how many events there were and how many people left. */
interface TimeCounts {
  readonly times: Float64Array
  readonly seen: Float64Array
  readonly left: Float64Array
}

/** Whole numbers below this are counted into a table instead of being sorted. */
const largestTable = 1 << 20

function countByTime(durations: Float64Array, happened: Uint8Array): TimeCounts {
  let [longest, isWhole] = [0, true]
  for (let i = 0; i < durations.length; i++) {
    const time = durations[i] ?? Number.NaN
    if (!(time >= 0 && time < Infinity))
      throw new RangeError(`A duration is a finite number from 0, not ${time}.`)
    if (time > longest) longest = time
    if (time !== Math.floor(time)) isWhole = false
  }
  return isWhole && longest < largestTable
    ? countIntoTable(durations, happened, longest + 1)
    : countSorted(durations, happened)
}

function countIntoTable(durations: Float64Array, happened: Uint8Array, size: number): TimeCounts {
  const seenAt = new Float64Array(size)
  const leftAt = new Float64Array(size)
  for (let i = 0; i < durations.length; i++) {
    const time = durations[i] ?? 0
    leftAt[time] = (leftAt[time] ?? 0) + 1
    if (happened[i]) seenAt[time] = (seenAt[time] ?? 0) + 1
  }
  const times = Float64Array.from(leftAt.keys()).filter((time) => (leftAt[time] ?? 0) > 0)
  return { times, seen: times.map((t) => seenAt[t] ?? 0), left: times.map((t) => leftAt[t] ?? 0) }
}

/** Typed arrays sort by value, without a comparison function. */
function countSorted(durations: Float64Array, happened: Uint8Array): TimeCounts {
  const all = durations.slice().sort()
  const ends = durations.filter((_, i) => happened[i]).sort()
  const times = new Float64Array(all.length)
  const seen = new Float64Array(all.length)
  const left = new Float64Array(all.length)
  let size = 0
  for (let i = 0, end = 0; i < all.length; size++) {
    const time = all[i] ?? 0
    times[size] = time
    const before = [i, end] as const
    while (i < all.length && all[i] === time) i++
    while (end < ends.length && ends[end] === time) end++
    left[size] = i - before[0]
    seen[size] = end - before[1]
  }
  return { times: times.slice(0, size), seen: seen.slice(0, size), left: left.slice(0, size) }
}
