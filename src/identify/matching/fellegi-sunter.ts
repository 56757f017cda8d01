/**
 * The model of I. P. Fellegi and A. B. Sunter, "A theory for record linkage", JASA 64, 1969: a pair
 * is of one person with probability
 *
 *   1 / (1 + 2^-w),  w = log2(lambda / (1 - lambda)) + sum over fields of log2(m / u)
 *
 * m the probability of the observed level where it is one person, u where it is two. Estimated
 * without knowing any answer by expectation and maximisation (A. P. Dempster, N. M. Laird, D. B.
 * Rubin, JRSS B 39, 1977; for linkage W. E. Winkler 1988), fields being independent given the answer;
 * a missing value says nothing.
 *
 * Blocked pairs are no fair sample of chance: they were chosen for agreeing. So lambda and u are of
 * ALL pairs of records, of which those outside of the blocks are taken for two people each: u of
 * equality is counted over all pairs, less those that the expectation step takes for one person.
 */
import { allPairs, type Records } from './records.ts'
import { topLevel, type Patterns } from './patterns.ts'
import type { ChanceAgreement } from './agreement-by-chance.ts'
import type { FieldDefinition } from './fields.ts'

export interface MatchModel {
  readonly fields: readonly FieldDefinition[]
  /** Probability that two records drawn at random are of one person. */
  readonly lambda: number
  /** Per field and level (index 0, missing, is not used). */
  readonly m: readonly Float64Array[]
  readonly u: readonly Float64Array[]
  readonly iterations: number
  readonly converged: boolean
}

/** What is believed of m beforehand, worth so many pairs of one person; soon outweighed. */
const priorPairs = 10
const priorOfEqual = 0.9
const mostIterations = 500
/** Settled when no m, and lambda relatively, moves by more. */
const tolerance = 1e-6

/**
 * Where few records or none have a partner, namesakes would pass for one person, and their differing
 * towns and birthdays for what people are like. Two things keep that out: it begins with hardly any
 * pair of one person (of several answers, EM settles on the one nearest to its start), and m of
 * equality may be held above a bound.
 */
export interface FitOptions {
  /** Of one person, equal values are expected at least so often, in every field. Default 0. */
  readonly leastEqual?: number
}

/** Share of records that have a partner, at the start. */
const firstShare = 0.01

export function fitModel(
  records: Records,
  patterns: Patterns,
  chance: readonly ChanceAgreement[],
  { leastEqual = 0 }: FitOptions = {},
): MatchModel {
  const { fields } = records
  const total = allPairs(records)
  const tops = fields.map(topLevel)
  const prior = tops.map(priorOf)
  let m: Float64Array[] = prior.map((one) => one.slice())
  let u: Float64Array[] = chance.map((one) => chanceOf(one, 0, 0))
  let lambda = Math.min(
    0.5,
    (firstShare * Math.min(records.left.count, records.right.count)) / total,
  )
  let iterations = 0
  let converged = false
  while (!converged && iterations < mostIterations) {
    iterations++
    const weights = weightTables(m, u)
    const sums = expectation(patterns, weights, Math.log2(lambda / (1 - lambda)))
    const nextM = prior.map((own, f) => atLeast(share(own, sums.levels[f] ?? own), leastEqual))
    u = chance.map((one, f) => {
      const levels = sums.levels[f] ?? new Float64Array()
      return chanceOf(
        one,
        levels[tops[f] ?? 0] ?? 0,
        levels.reduce((a, b) => a + b, 0),
      )
    })
    const nextLambda = Math.min(0.5, (sums.pairs + 0.5) / (total + 1))
    converged =
      Math.abs(nextLambda - lambda) <= tolerance * lambda && distance(m, nextM) <= tolerance
    m = nextM
    lambda = nextLambda
  }
  return { fields: fields.map(({ name, kind }) => ({ name, kind })), lambda, m, u, iterations, converged } // prettier-ignore
}

/** Weight of each level of each field, in bits; 0 for missing. */
export function weightTables(
  m: readonly Float64Array[],
  u: readonly Float64Array[],
): Float64Array[] {
  return m.map((own, f) =>
    own.map((value, level) => (level === 0 ? 0 : Math.log2(value / (u[f]?.[level] ?? 1)))),
  )
}

export function probabilityOf(weight: number): number {
  return 1 / (1 + 2 ** -weight)
}

/** Weight of each pattern without the prior, in bits. */
export function patternWeights(patterns: Patterns, weights: readonly Float64Array[]): Float64Array {
  const fields = weights.length
  const sums = new Float64Array(patterns.count)
  for (let p = 0; p < patterns.count; p++) {
    let sum = 0
    for (let f = 0; f < fields; f++) sum += weights[f]?.[patterns.levels[p * fields + f] ?? 0] ?? 0
    sums[p] = sum
  }
  return sums
}

/** Pairs of one person to be expected, in all and per field and level (not those that miss it). */
function expectation(
  patterns: Patterns,
  weights: readonly Float64Array[],
  prior: number,
): { pairs: number; levels: Float64Array[] } {
  const fields = weights.length
  const sums = patternWeights(patterns, weights)
  const levels = weights.map((one) => new Float64Array(one.length))
  let pairs = 0
  for (let p = 0; p < patterns.count; p++) {
    const expected = (patterns.sizes[p] ?? 0) * probabilityOf((sums[p] ?? 0) + prior)
    pairs += expected
    for (let f = 0; f < fields; f++) {
      const level = patterns.levels[p * fields + f] ?? 0
      const own = levels[f] as Float64Array
      if (level > 0) own[level] = (own[level] ?? 0) + expected
    }
  }
  return { pairs, levels }
}

/** Equality most of the time, else rather near than far. */
function priorOf(top: number): Float64Array {
  const prior = new Float64Array(top + 1)
  const steps = (top * (top - 1)) / 2
  for (let level = 1; level < top; level++) prior[level] = ((1 - priorOfEqual) * level) / steps
  prior[top] = priorOfEqual
  return prior
}

function share(prior: Float64Array, sums: Float64Array): Float64Array {
  const all = sums.reduce((one, other) => one + other, 0) + priorPairs
  return prior.map((own, level) => (own * priorPairs + (sums[level] ?? 0)) / all)
}

/** The same with equality raised to a bound, the rest in proportion. */
function atLeast(m: Float64Array, least: number): Float64Array {
  const equal = m.at(-1) ?? 1
  if (equal >= least) return m
  return m.map((own, level) => (level === m.length - 1 ? least : (own * (1 - least)) / (1 - equal)))
}

/** u, without the pairs that are taken for one person: so many equal ones, so many in all. */
function chanceOf(chance: ChanceAgreement, equal: number, pairs: number): Float64Array {
  const rest = Math.max(1, chance.pairs - pairs)
  const equality = Math.min(0.999, (Math.max(0, chance.equal - equal) + 0.5) / (rest + 1))
  const u = chance.shares.map((one) => one * (1 - equality))
  return Float64Array.from([...u, equality])
}

function distance(one: readonly Float64Array[], other: readonly Float64Array[]): number {
  return Math.max(
    ...one.map((own, f) => Math.max(...own.map((value, i) => Math.abs(value - (other[f]?.[i] ?? 0))))), // prettier-ignore
  )
}
