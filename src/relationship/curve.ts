/**
 * How a number of a relationship moves with time alone: a constant, plus parts that halve, parts
 * that grow by a day a day, and parts that step down when a mark leaves its window. From it follows
 * when a threshold is crossed, so that nothing ever has to be polled.
 */
import { dayMilliseconds } from './duration.ts'

export interface Curve {
  readonly constant: number
  /** Values now, with the half-life in milliseconds. */
  readonly fading: readonly { readonly value: number; readonly halfLife: number }[]
  /** Growth a day (ages grow by 1). */
  readonly slope: number
  /** Changes at given times (milliseconds since 1970), any order. */
  readonly steps: readonly { readonly at: number; readonly change: number }[]
}

export const flat = (constant: number): Curve => ({ constant, fading: [], slope: 0, steps: [] })

export function scaleCurve(curve: Curve, times: number): Curve {
  return {
    constant: curve.constant * times,
    fading: curve.fading.map(({ value, halfLife }) => ({ value: value * times, halfLife })),
    slope: curve.slope * times,
    steps: curve.steps.map(({ at, change }) => ({ at, change: change * times })),
  }
}

/** Sum of curves; parts with the same half-life become one, so that more cases have a closed form. */
export function addCurves(curves: readonly Curve[]): Curve {
  const fading = new Map<number, number>()
  for (const { value, halfLife } of curves.flatMap((curve) => curve.fading)) {
    fading.set(halfLife, (fading.get(halfLife) ?? 0) + value)
  }
  return {
    constant: curves.reduce((total, { constant }) => total + constant, 0),
    fading: [...fading].map(([halfLife, value]) => ({ value, halfLife })),
    slope: curves.reduce((total, { slope }) => total + slope, 0),
    steps: curves.flatMap(({ steps }) => steps),
  }
}

/** Value `elapsed` milliseconds after now (steps up to then included; `now` places them). */
export function curveValue(curve: Curve, now: number, elapsed: number): number {
  let value = curve.constant + (curve.slope * elapsed) / dayMilliseconds
  for (const part of curve.fading) value += part.value * 2 ** (-elapsed / part.halfLife)
  for (const { at, change } of curve.steps) if (at > now && at <= now + elapsed) value += change
  return value
}

/** Nothing is foretold beyond ten years. */
const horizon = 3650 * dayMilliseconds

/** `value >= at` for conditions with at_least; `value > at` (strict) for those with at_most. */
export interface Threshold {
  readonly at: number
  readonly strict: boolean
}

const isAbove = (value: number, { at, strict }: Threshold): boolean =>
  strict ? value > at : value >= at

/**
 * The first time after `now` at which being above the threshold changes, or null. Between two steps:
 *
 *   one fading part, no slope:  t = h * log2( V / (threshold - c) )
 *   slope only:                 t = (threshold - c) / slope
 *   otherwise                   a scan of 96 growing intervals, then bisection to the millisecond
 */
export function nextCrossing(curve: Curve, threshold: Threshold, now: number): number | null {
  if (curve.fading.length === 0 && curve.slope === 0 && curve.steps.length === 0) return null
  const bounds = [...new Set(curve.steps.map(({ at }) => at - now))]
    .filter((elapsed) => elapsed > 0 && elapsed < horizon)
    .sort((a, b) => a - b)
  const holds = isAbove(curveValue(curve, now, 0), threshold)
  let start = 0
  for (const end of [...bounds, horizon]) {
    const crossing = smoothCrossing(curve, threshold, { now, start, end, holds })
    if (crossing !== null) return now + crossing
    if (end !== horizon && isAbove(curveValue(curve, now, end), threshold) !== holds)
      return now + end
    start = end
  }
  return null
}

interface Interval {
  readonly now: number
  readonly start: number
  readonly end: number
  readonly holds: boolean
}

function smoothCrossing(curve: Curve, threshold: Threshold, interval: Interval): number | null {
  const { now, start, end, holds } = interval
  const { fading, slope } = curve
  if (fading.length === 0 && slope === 0) return null
  const stepped = curve.steps.reduce(
    (total, { at, change }) => (at > now && at <= now + start ? total + change : total),
    0,
  )
  const gap = threshold.at - curve.constant - stepped
  const flipsAt = (elapsed: number): boolean =>
    isAbove(curveValue(curve, now, elapsed), threshold) !== holds
  const only = fading[0]
  let exact: number | null = null
  if (fading.length === 0) exact = (gap / slope) * dayMilliseconds
  else if (fading.length === 1 && slope === 0 && only) {
    exact = only.value / gap > 0 ? only.halfLife * Math.log2(only.value / gap) : Number.NaN
  } else return scannedCrossing(flipsAt, start, end)
  // Rounded up to where it has flipped for certain; a rounding error costs a millisecond or two.
  for (const elapsed of [Math.ceil(exact), Math.ceil(exact) + 1, Math.ceil(exact) + 2]) {
    if (elapsed > start && elapsed < end && flipsAt(elapsed)) return elapsed
  }
  // Just behind a step it may flip at once.
  return start > 0 && flipsAt(start + 1) ? start + 1 : null
}

function scannedCrossing(
  flipsAt: (elapsed: number) => boolean,
  start: number,
  end: number,
): number | null {
  const intervals = 96
  let low = start
  for (let i = 1; i <= intervals; i++) {
    // Growing steps: near changes are found to the hour, far ones to the week.
    let high = Math.min(end - 1, Math.ceil(start + (end - start) * (i / intervals) ** 3))
    if (high <= low) continue
    if (flipsAt(high)) {
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2)
        if (flipsAt(middle)) high = middle
        else low = middle
      }
      return high
    }
    low = high
  }
  return null
}
