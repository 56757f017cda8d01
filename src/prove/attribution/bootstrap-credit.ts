/**
 * Intervals of credit: the journeys are drawn anew many times, and each time everything is computed
 * again (Efron 1979). What is uncertain is how the outcomes are shared, not how many were seen: each
 * draw is scaled to the total seen.
 *
 * Few rows are drawn one by one (counts by Poisson: src/math/bootstrap.ts). Of many, 100 blocks of
 * journeys dealt at random are drawn, each counted once: a draw is then a sum of 100 small tables,
 * whatever the number of paths. Blocks of independent journeys vary as the journeys do; with 100 of
 * them a standard error is known to about 7 %.
 */
import { percentileInterval, resampleCounts } from '../../math/bootstrap.ts'
import type { Random } from '../../math/random.ts'
import {
  attribute,
  creditByEffects,
  orderOf,
  type AttributionOptions,
  type MethodName,
  usualMethods,
} from './attribute.ts'
import { buildChain } from './chain.ts'
import { collapsePaths } from './collapse-paths.ts'
import { countRules } from './count-rules.ts'
import { checkPaths, type PathColumns } from './paths.ts'
import { removalEffects } from './removal-effects.ts'
import type { RuleName } from './rules.ts'
import { splitBlocks } from './split-blocks.ts'
import { cellsOf, countsOfTable, countTransitions, lowerOrder } from './transitions.ts'

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

const blockCount = 100
/** Rows from which on blocks are drawn. */
const manyRows = 20_000
/** Cells of the transition table of a block: up to order 2 of 30 channels. */
const mostBlockCells = 40_000

export function bootstrapCredits(
  paths: PathColumns,
  options: CreditBootstrap,
): Map<MethodName, CreditInterval> {
  checkPaths(paths)
  const { methods = usualMethods, replicates = 200, confidence } = options
  const total = attributedIn(paths)
  const order = Math.max(1, ...methods.map((method) => orderOf(method) ?? 1))
  const isMany = paths.conversions.length > manyRows
  const draw =
    isMany && cellsOf(paths.channels.length, order) <= mostBlockCells
      ? blockDraws(paths, order, { ...options, methods })
      : rowDraws(paths, { ...options, methods })
  const seen = new Map(methods.map((method) => [method, paths.channels.map((): number[] => [])]))
  for (let replicate = 0; replicate < replicates; replicate++) {
    const credits = draw()
    for (const [method, credit] of credits) {
      const sum = credit.reduce((all, one) => all + one, 0)
      // By bad luck no outcome at all: nothing to share.
      if (sum === 0) continue
      credit.forEach((one, c) => seen.get(method)?.[c]?.push((one * total) / sum))
    }
  }
  return new Map([...seen].map(([method, draws]) => [method, intervalsOf(draws, confidence)]))
}

/** Credit of each channel, of journeys drawn anew. */
type Draw = () => Map<MethodName, Float64Array>
type DrawOptions = AttributionOptions & {
  readonly random: Random
  readonly methods: readonly MethodName[]
}

function rowDraws(paths: PathColumns, options: DrawOptions): Draw {
  const rows = collapsePaths(paths)
  const size = rows.conversions.length
  const conversions = new Float64Array(size)
  const nulls = new Float64Array(size)
  const value = new Float64Array(size)
  return () => {
    resampleCounts(rows.conversions, options.random, conversions)
    resampleCounts(rows.nulls, options.random, nulls)
    const { credits } = attribute({ ...rows, conversions, nulls, value }, options)
    return new Map([...credits].map(([method, credit]) => [method, credit.conversions]))
  }
}

interface Block {
  readonly rules: Readonly<Record<RuleName | 'shapley', { readonly conversions: Float64Array }>>
  readonly transitions: Float64Array
}

function blockDraws(paths: PathColumns, order: number, options: DrawOptions): Draw {
  const { random, methods, halfLife } = options
  const channelCount = paths.channels.length
  const cells = cellsOf(channelCount, order)
  const blocks = splitBlocks(paths, blockCount, random).map((block): Block => {
    const rules = countRules(channelCount, halfLife)
    rules.add(block)
    const counts = countTransitions(channelCount, order)
    counts.add(block)
    const transitions = new Float64Array(cells)
    counts.forEach((state, next, weight) => {
      transitions[state * (channelCount + 2) + next] = weight
    })
    return { rules: rules.credits, transitions }
  })
  return () => {
    const weights = new Float64Array(blockCount)
    for (let i = 0; i < blockCount; i++) {
      const drawn = random.integer(blockCount)
      weights[drawn] = (weights[drawn] ?? 0) + 1
    }
    const sum = (size: number, read: (block: Block) => Float64Array): Float64Array => {
      const sums = new Float64Array(size)
      blocks.forEach((block, b) => {
        const weight = weights[b] ?? 0
        const column = read(block)
        for (let i = 0; weight > 0 && i < size; i++) {
          sums[i] = (sums[i] ?? 0) + weight * (column[i] ?? 0)
        }
      })
      return sums
    }
    const hasMarkov = methods.some((method) => orderOf(method) !== null)
    const table = hasMarkov ? sum(cells, ({ transitions }) => transitions) : new Float64Array()
    const creditOf = (method: MethodName): Float64Array => {
      const own = orderOf(method)
      if (own === null)
        return sum(channelCount, ({ rules }) => rules[method as RuleName].conversions)
      const counts = lowerOrder(countsOfTable(channelCount, order, table), own)
      const { effects } = removalEffects(buildChain(counts))
      const whole = { conversions: 1, value: 0, unattributedConversions: 0, unattributedValue: 0 }
      return creditByEffects(effects, whole).conversions
    }
    return new Map(methods.map((method) => [method, creditOf(method)]))
  }
}

function attributedIn({ offsets, conversions }: PathColumns): number {
  return conversions.reduce(
    (sum, one, p) => ((offsets[p + 1] ?? 0) > (offsets[p] ?? 0) ? sum + one : sum),
    0,
  )
}

function intervalsOf(draws: readonly number[][], confidence: number | undefined): CreditInterval {
  const intervals = draws.map((values) =>
    values.length === 0 ? { low: 0, high: 0 } : percentileInterval(values, confidence),
  )
  return {
    low: Float64Array.from(intervals, ({ low }) => low),
    high: Float64Array.from(intervals, ({ high }) => high),
  }
}
