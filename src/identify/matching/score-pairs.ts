/**
 * Weight of each pair under a model, with what its very values tell: agreeing on a rare surname is
 * better evidence than agreeing on a common one (Winkler 1989; as "term frequency adjustment" in
 * splink). In place of u of equality stands, for the value v,
 *
 *   (e + a) / (n + a),  a = min(1, n u)
 *
 * e: how many OTHER records have v, of n others; a: what a value that nobody else has is worth.
 */
import { patternWeights, probabilityOf, weightTables, type MatchModel } from './fellegi-sunter.ts'
import { topLevel, type Patterns } from './patterns.ts'
import { levelNames } from './fields.ts'
import type { BlockedPairs } from './blocking.ts'
import type { ChanceAgreement } from './agreement-by-chance.ts'
import type { Records } from './records.ts'

export interface ScoredPairs {
  /** Indexes of records, by falling weight (equals: by left, then right). */
  readonly left: Int32Array
  readonly right: Int32Array
  /** In bits, the prior included: 0 is as likely as not. */
  readonly weight: Float64Array
  readonly probability: Float64Array
}

/** What a field says about a pair. */
export interface FieldReason {
  readonly field: string
  /** 'missing', or one of the levels of its kind. */
  readonly level: string
  /** In bits: how much more (or less) likely it makes that it is one person, as a power of two. */
  readonly weight: number
}

/** Extra weight of equality on a value that so many of `present` records have, the two counted. */
export function frequencyWeight(u: number, count: number, present: number): number {
  const others = Math.max(0, count - 2)
  const all = Math.max(1, present - 2)
  const own = Math.min(1, all * u)
  return Math.log2(u / ((others + own) / (all + own)))
}

export interface ScoreOptions {
  readonly model: MatchModel
  readonly chance: readonly ChanceAgreement[]
  /** Pairs below are not given. */
  readonly leastProbability: number
}

export function scorePairs(
  records: Records,
  pairs: Pick<BlockedPairs, 'left' | 'right'>,
  patterns: Patterns,
  { model, chance, leastProbability }: ScoreOptions,
): ScoredPairs {
  const tops = records.fields.map(topLevel)
  const prior = Math.log2(model.lambda / (1 - model.lambda))
  const bases = patternWeights(patterns, weightTables(model.m, model.u))
  const extras = chance.map(({ counts, present }, f) => {
    const u = model.u[f]?.[tops[f] ?? 0] ?? 1
    const known = Float64Array.from({ length: 66 }, (_, count) => frequencyWeight(u, count, present)) // prettier-ignore
    return (value: number): number => {
      const count = counts[value] ?? 0
      return known[count] ?? frequencyWeight(u, count, present)
    }
  })
  const most = mostExtra(patterns, tops, model, chance)
  const least = Math.log2(leastProbability / (1 - leastProbability))
  const found: { left: number; right: number; weight: number }[] = []
  for (let p = 0; p < patterns.of.length; p++) {
    const pattern = patterns.of[p] ?? 0
    let weight = prior + (bases[pattern] ?? 0)
    if (weight + (most[pattern] ?? 0) < least) continue
    const [left, right] = [pairs.left[p] ?? 0, pairs.right[p] ?? 0]
    for (let f = 0; f < tops.length; f++) {
      if (tops[f] === 0 || patterns.levels[pattern * tops.length + f] !== tops[f]) continue
      weight += extras[f]?.(records.left.columns[f]?.[left] ?? -1) ?? 0
    }
    if (weight >= least) found.push({ left, right, weight })
  }
  found.sort((a, b) => b.weight - a.weight || a.left - b.left || a.right - b.right)
  const weight = Float64Array.from(found, (one) => one.weight)
  return {
    left: Int32Array.from(found, (one) => one.left),
    right: Int32Array.from(found, (one) => one.right),
    ...{ weight, probability: weight.map(probabilityOf) },
  }
}

/** By how much the values can lift a pattern at most. */
function mostExtra(
  patterns: Patterns,
  tops: readonly number[],
  { u }: MatchModel,
  chance: readonly ChanceAgreement[],
): Float64Array {
  const lifts = tops.map((top, f) =>
    top === 0 ? 0 : Math.max(0, frequencyWeight(u[f]?.[top] ?? 1, 0, chance[f]?.present ?? 0)),
  )
  const most = new Float64Array(patterns.count)
  for (let p = 0; p < patterns.count; p++) {
    for (let f = 0; f < tops.length; f++) {
      if (patterns.levels[p * tops.length + f] === tops[f]) most[p] = (most[p] ?? 0) + (lifts[f] ?? 0) // prettier-ignore
    }
  }
  return most
}

/** The levels and weights that make the weight of a pair, field by field. */
export function reasonsOf(
  levels: readonly number[],
  values: readonly number[],
  model: MatchModel,
  chance: readonly ChanceAgreement[],
): FieldReason[] {
  const weights = weightTables(model.m, model.u)
  return model.fields.map(({ name, kind }, f) => {
    const level = levels[f] ?? 0
    if (level === 0) return { field: name, level: 'missing', weight: 0 }
    const top = levelNames[kind].length
    const { counts, present } = chance[f] ?? { counts: new Int32Array(), present: 0 }
    const extra =
      level < top
        ? 0
        : frequencyWeight(model.u[f]?.[top] ?? 1, counts[values[f] ?? -1] ?? 0, present)
    return {
      field: name,
      level: levelNames[kind][level - 1] ?? '',
      weight: (weights[f]?.[level] ?? 0) + extra,
    }
  })
}
