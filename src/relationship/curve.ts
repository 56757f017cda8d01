/**
 * How a number of a relationship moves with time alone: a constant, plus parts that halve, parts
 * that grow by a day a day, and parts that step down when a mark leaves its window. From it follows
 * when a threshold is crossed, so that nothing ever has to be polled.
 */
import { dayMilliseconds } from './duration.ts'
import { turningPoints } from './turning-points.ts'

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
    // A part that is not there would only hide that the rest has a closed form.
    if (value !== 0) fading.set(halfLife, (fading.get(halfLife) ?? 0) + value)
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
  let value = smoothValue(curve, curve.constant, elapsed)
  for (const { at, change } of curve.steps) if (at > now && at <= now + elapsed) value += change
  return value
}

function smoothValue({ fading, slope }: Curve, constant: number, elapsed: number): number {
  let value = constant + (slope * elapsed) / dayMilliseconds
  for (const part of fading) value += part.value * 2 ** (-elapsed / part.halfLife)
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

/** So near to the threshold (relative), the last bits of a sum decide: the exact question is asked. */
const nearness = 1e-9
/** Down here doubles lose their digits one by one, and a share of the size would be nothing. */
const vanishing = 2 ** -1000

/**
 * The first time after `now`, to the millisecond, at which being above the threshold changes, or
 * null. Between two steps the curve is cut where it turns, so that each piece only rises or only
 * falls: it holds one crossing at most, which bisection finds. None is missed.
 *
 * @param isAboveAt  the exact answer for a time (milliseconds since 1970), asked where rounding
 *                   could decide otherwise than when the condition itself is evaluated then
 */
export function nextCrossing(
  curve: Curve,
  threshold: Threshold,
  now: number,
  isAboveAt?: (time: number) => boolean,
): number | null {
  const moves = curve.fading.length > 0 || curve.slope !== 0
  if ((!moves && curve.steps.length === 0) || !Number.isFinite(threshold.at)) return null
  const near = nearness * sizeOf(curve, threshold) + vanishing
  const above = (constant: number, elapsed: number): boolean => {
    const value = smoothValue(curve, constant, elapsed)
    return isAboveAt && Math.abs(value - threshold.at) <= near
      ? isAboveAt(now + elapsed)
      : isAbove(value, threshold)
  }
  const steps = stepsAhead(curve, now)
  let { constant } = curve
  const holds = above(constant, 0)
  if (steps.length === 0) {
    const elapsed = closedForm(curve, threshold.at)
    if (
      elapsed !== null &&
      above(constant, elapsed) !== holds &&
      above(constant, elapsed - 1) === holds
    ) {
      return now + elapsed
    }
  }
  let start = 0
  for (let i = 0; i <= steps.length; i++) {
    const step = steps[i]
    const end = step ? step.at - now : horizon
    if (moves && end - 1 > start) {
      const level = constant
      const flipped = (elapsed: number): boolean => above(level, elapsed) !== holds
      const crossing = smoothCrossing(flipped, corners(curve, start, end - 1))
      if (crossing !== null) return now + crossing
    }
    if (!step) return null
    constant += step.change
    // Several marks may leave at once.
    if (steps[i + 1]?.at !== step.at && above(constant, end) !== holds) return step.at
    start = end
  }
  return null
}

/**
 * The crossing of a single fading part or a single slope, rounded up to the millisecond:
 * t = h * log2(V / (threshold - c)), or t = (threshold - c) / slope. Null where it has no such form.
 */
function closedForm({ constant, fading, slope }: Curve, threshold: number): number | null {
  const gap = threshold - constant
  const [only] = fading
  const elapsed =
    fading.length === 0
      ? (gap / slope) * dayMilliseconds
      : fading.length === 1 && slope === 0 && only
        ? only.halfLife * Math.log2(only.value / gap)
        : Number.NaN
  return elapsed > 0 && elapsed < horizon ? Math.ceil(elapsed) : null
}

/** The largest of what is added and compared, by which rounding is judged. */
function sizeOf({ constant, fading }: Curve, { at }: Threshold): number {
  let size = Math.max(Math.abs(at), Math.abs(constant))
  for (const { value } of fading) size = Math.max(size, Math.abs(value))
  return size
}

function stepsAhead({ steps }: Curve, now: number): Curve['steps'] {
  if (steps.length === 0) return steps
  return steps
    .filter(({ at }) => at > now && at - now < horizon)
    .sort((one, other) => one.at - other.at)
}

/** Whole milliseconds that cut [start, end] into pieces on which the curve only rises or falls. */
function corners({ fading, slope }: Curve, start: number, end: number): number[] {
  // A single part never turns.
  if (fading.length + (slope === 0 ? 0 : 1) === 1) return [start, end]
  const turns = turningPoints(
    fading.map(({ value, halfLife }) => ({ value, rate: 1 / halfLife })),
    { slope: slope / dayMilliseconds, start, end },
  )
  return [start, ...turns.flatMap((turn) => [Math.floor(turn), Math.ceil(turn)]), end]
}

function smoothCrossing(
  flipped: (elapsed: number) => boolean,
  bounds: readonly number[],
): number | null {
  for (let i = 1; i < bounds.length; i++) {
    let low = bounds[i - 1] as number
    let high = bounds[i] as number
    if (high <= low || !flipped(high)) continue
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (flipped(middle)) high = middle
      else low = middle
    }
    return high
  }
  return null
}
