/**
 * Intervals of credit: the journeys are drawn anew many times, and each time everything is computed
 * again (Efron 1979; counts by Poisson: src/math/bootstrap.ts). What is uncertain is how the outcomes
 * are shared, not how many were seen: each draw is scaled to the total seen.
 */
import { percentileInterval, resampleCounts } from '../../math/bootstrap.ts'
import type { Random } from '../../math/random.ts'
import { attribute, type AttributionOptions, type MethodName } from './attribute.ts'
import { collapsePaths } from './collapse-paths.ts'
import type { PathColumns } from './paths.ts'

export interface CreditInterval {
  /** Conversions, in the order of the channels. */
  readonly low: Float64Array
  readonly high: Float64Array
}

export interface CreditBootstrap extends AttributionOptions {
  readonly random: Random
  /** 200 give the ends to about 4 % of the width. */
  readonly replicates?: number
  readonly confidence?: number
}

export function bootstrapCredits(
  paths: PathColumns,
  options: CreditBootstrap,
): Map<MethodName, CreditInterval> {
  const { random, replicates = 200, confidence } = options
  const distinct = collapsePaths(paths)
  const seen = attribute(distinct, options)
  const total = seen.totals.conversions - seen.totals.unattributedConversions
  const draws = new Map([...seen.credits.keys()].map((method) => [method, newDraws(seen.channels)]))
  const drawn = {
    conversions: new Float64Array(distinct.conversions.length),
    nulls: new Float64Array(distinct.conversions.length),
    value: new Float64Array(distinct.conversions.length),
  }
  for (let replicate = 0; replicate < replicates; replicate++) {
    resampleCounts(distinct.conversions, random, drawn.conversions)
    resampleCounts(distinct.nulls, random, drawn.nulls)
    const { credits, totals } = attribute({ ...distinct, ...drawn }, options)
    const sum = totals.conversions - totals.unattributedConversions
    // By bad luck no outcome at all: nothing to share.
    if (sum === 0) continue
    for (const [method, { conversions }] of credits) {
      conversions.forEach((credit, c) => draws.get(method)?.[c]?.push((credit * total) / sum))
    }
  }
  return new Map(
    [...draws].map(([method, perChannel]) => [method, intervalsOf(perChannel, confidence)]),
  )
}

const newDraws = (channels: readonly string[]): number[][] => channels.map(() => [])

function intervalsOf(draws: readonly number[][], confidence: number | undefined): CreditInterval {
  const intervals = draws.map((values) =>
    values.length === 0 ? { low: 0, high: 0 } : percentileInterval(values, confidence),
  )
  return {
    low: Float64Array.from(intervals, ({ low }) => low),
    high: Float64Array.from(intervals, ({ high }) => high),
  }
}
