/** How long people stay on a rung, and who has been there longer than is usual. */
import { proportion } from '../../math/binomial-interval.ts'
import { kaplanMeier, survivalAt, survivalQuantile } from '../../math/kaplan-meier.ts'
import type { SurvivalCurve } from '../../math/kaplan-meier.ts'
import type { LadderFlowsPicture } from '../../domain/reports/ladder-flows.ts'
import type { Stays } from './ladder-flows-queries.ts'

type Stay = LadderFlowsPicture['stays'][number]
type Chosen = NonNullable<LadderFlowsPicture['chosen']>

const hoursADay = 24
const curvePoints = 90
const unknown = { value: null, low: null, high: null }

export function curveOf({ hours, over, open }: Stays): SurvivalCurve {
  const size = hours.reduce((sum, _, i) => sum + (over[i] ?? 0) + (open[i] ?? 0), 0)
  const durations = new Float64Array(size)
  const happened = new Uint8Array(size)
  let at = 0
  for (const [i, hour] of hours.entries()) {
    const [gone, all] = [over[i] ?? 0, (over[i] ?? 0) + (open[i] ?? 0)]
    durations.fill(hour, at, at + all)
    happened.fill(1, at, at + gone)
    at += all
  }
  return kaplanMeier(durations, happened)
}

/** Hours into days; null stays null. */
const inDays = (hours: number | null): number | null => (hours === null ? null : hours / hoursADay)

export function stayOf(stays: Stays): Stay {
  const { hours, over, open } = stays
  const median = survivalQuantile(curveOf(stays))
  const half = median.value
  const gone = over.reduce((sum, count) => sum + count, 0)
  const here = open.reduce((sum, count) => sum + count, 0)
  const longer =
    half === null ? 0 : hours.reduce((sum, at, i) => sum + (at > half ? (open[i] ?? 0) : 0), 0)
  return {
    ...{ rung: stays.rung, stays: gone + here, over: gone, here, longer },
    medianDays: { value: inDays(half), low: inDays(median.low), high: inDays(median.high) },
    longerShare: (half === null ? null : proportion(longer, here)) ?? unknown,
  }
}

/** Where fewer are still there the curve says no more. */
const hardlyAnybody = 0.01

/** The curve at evenly spread days, up to the longest stay or to where hardly anybody is left. */
export function thinned(stays: Stays): Omit<Chosen, 'people' | 'rung'> {
  const curve = curveOf(stays)
  const size = curve.times.length
  const end = curve.survival.findIndex((share) => share < hardlyAnybody)
  const longest = Math.max(1, Math.ceil((curve.times[end < 0 ? size - 1 : end] ?? 0) / hoursADay))
  const step = Math.max(1, Math.ceil(longest / curvePoints))
  const days = Array.from({ length: Math.floor(longest / step) + 1 }, (_, i) => i * step)
  const read = days.map((day) => survivalAt(curve, day * hoursADay))
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null)
  return {
    days,
    still: read.map(({ value }) => known(value)),
    low: read.map(({ low }) => known(low)),
    high: read.map(({ high }) => known(high)),
  }
}
