/** From counted paths to the credit of each channel by each method. */
import { proportion } from '../../math/binomial-interval.ts'
import { seededRandom } from '../../math/random.ts'
import { attribute, type Attribution, type MethodName } from '../attribution/attribute.ts'
import { bootstrapCredits } from '../attribution/bootstrap-credit.ts'
import type { PathColumns } from '../attribution/paths.ts'
import type { AttributionPicture } from '../../domain/reports/attribution.ts'
import type { Codes, CountedPath } from './attribution-paths.ts'
import { marksOf } from './touch-marks.ts'

export interface CreditQuestion {
  readonly methods: readonly MethodName[]
  readonly method: MethodName
  /** Days. */
  readonly halfLife: number
  readonly hasIntervals: boolean
}

export interface Credited {
  readonly attribution: Attribution
  /** Codes in the order of the channels. */
  readonly codes: readonly number[]
  readonly channels: AttributionPicture['channels']
}

/** As many as give an answer within a few seconds; 200 give the ends to about 4 % of the width. */
const mostReplicates = 200
const fewestReplicates = 50
const pathsTimesReplicates = 2_000_000

/** A weight too small to be told from nothing. */
const leastWeight = 1e-300

/**
 * Many outcomes of one path have times of their own. Their mean weights by time decay are given as
 * ages of which the decay makes the same weights: age = - half-life * log2(weight).
 */
export function pathColumns(
  paths: readonly CountedPath[],
  halfLife: number,
): { columns: PathColumns; codes: number[] } {
  const codes = [...new Set(paths.flatMap(({ steps }) => steps))].sort((a, b) => a - b)
  const place = new Map(codes.map((code, index) => [code, index]))
  const size = paths.reduce((sum, { steps }) => sum + steps.length, 0)
  const [steps, ages] = [new Int32Array(size), new Float64Array(size)]
  const offsets = new Int32Array(paths.length + 1)
  let at = 0
  for (const [row, path] of paths.entries()) {
    const known = path.decays.length === path.steps.length ? path.decays : []
    for (const [step, code] of path.steps.entries()) {
      const weight = (known[step] ?? 0) / Math.max(1, path.reached)
      steps[at] = place.get(code) ?? 0
      ages[at++] =
        known.length === 0
          ? 0
          : Math.max(0, -halfLife * Math.log2(Math.max(leastWeight, Math.min(1, weight))))
    }
    offsets[row + 1] = at
  }
  const column = (read: (path: CountedPath) => number): Float64Array =>
    Float64Array.from(paths, read)
  const columns = {
    ...{ channels: codes.map(String), steps, offsets, ages },
    conversions: column(({ reached }) => reached),
    value: column(({ value }) => value),
    nulls: column(({ others }) => others),
  }
  return { columns, codes }
}

export function creditPaths(
  paths: readonly CountedPath[],
  names: Codes,
  { methods, method, halfLife, hasIntervals }: CreditQuestion,
): Credited {
  const { columns, codes } = pathColumns(paths, halfLife)
  const options = { methods, halfLife }
  const attribution = attribute(columns, options)
  const replicates = Math.max(
    fewestReplicates,
    Math.min(mostReplicates, Math.round(pathsTimesReplicates / Math.max(1, paths.length))),
  )
  const intervals = hasIntervals
    ? bootstrapCredits(columns, { ...options, replicates, random: seededRandom('attribution') })
    : null
  const reach = reachOf(paths)
  const effects = attribution.markov[0]?.removalEffects
  const channels = codes.map((code, c) => {
    const { all = 0, reached = 0 } = reach.get(code) ?? {}
    return {
      ...{ name: names.nameOf(code), ...marksOf(names.channelOf(code)), paths: all, reached },
      removalEffect: effects?.[c] ?? 0,
      rate: proportion(reached, all),
      credits: methods.map((one) => ({
        method: one,
        outcomes: attribution.credits.get(one)?.conversions[c] ?? 0,
        value: attribution.credits.get(one)?.value[c] ?? 0,
        low: intervals?.get(one)?.low[c] ?? null,
        high: intervals?.get(one)?.high[c] ?? null,
      })),
    }
  })
  const main = methods.indexOf(method)
  const credit = (one: (typeof channels)[number]): number => one.credits[main]?.outcomes ?? 0
  channels.sort((a, b) => credit(b) - credit(a) || b.paths - a.paths || (a.name < b.name ? -1 : 1))
  return { attribution, codes, channels }
}

/** Paths on which each code stands at all, and how many of them reached the outcome. */
function reachOf(paths: readonly CountedPath[]): Map<number, { all: number; reached: number }> {
  const reach = new Map<number, { all: number; reached: number }>()
  for (const { steps, reached, others } of paths) {
    for (const [step, code] of steps.entries()) {
      if (steps.indexOf(code) < step) continue
      let one = reach.get(code)
      if (!one) reach.set(code, (one = { all: 0, reached: 0 }))
      one.all += reached + others
      one.reached += reached
    }
  }
  return reach
}

/** The most common paths by one of their counts, with the share that reached the outcome. */
export function commonPaths(
  paths: readonly CountedPath[],
  names: Codes,
  { of, most }: { readonly of: 'reached' | 'others'; readonly most: number },
): AttributionPicture['won'] {
  const some = paths.filter((path) => path[of] > 0 && path.steps.length > 0)
  // Nearly all are rarer than those shown: only the others are worth being told apart by name.
  const fewest =
    Float64Array.from(some, (path) => path[of])
      .sort()
      .at(-most) ?? 0
  return some
    .filter((path) => path[of] >= fewest)
    .map((path) => ({ ...path, name: path.steps.join() }))
    .sort((a, b) => b[of] - a[of] || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .flatMap(({ steps, isCut, reached, others }) => {
      const rate = proportion(reached, reached + others)
      return rate === null
        ? []
        : [{ steps: steps.map((code) => names.nameOf(code)), isCut, reached, others, rate }]
    })
}
