/**
 * BG/BB: purchases (donations, renewals) at given opportunities, one a period at most, until a
 * customer drops out. Buys with a probability of beta(alpha, beta) while alive, drops out with one of
 * beta(gamma, delta) at the beginning of each period (Fader, Hardie and Shang, "Customer-base analysis
 * in a discrete-time noncontractual setting", Marketing Science 29, 2010). With x purchases, the last
 * at opportunity t, of n:
 *
 *   L = B(alpha + x, beta + n - x) B(gamma, delta + n) / c
 *       + sum over i = 0 .. n - t - 1 of B(alpha + x, beta + t - x + i) B(gamma + 1, delta + t + i) / c,
 *   c = B(alpha, beta) B(gamma, delta).
 */
import { RapportError } from '../../domain/error.ts'
import { digamma } from '../../math/digamma.ts'
import { logBeta } from '../../math/beta.ts'
import { logGamma } from '../../math/gamma.ts'
import { maximiseLikelihood, type LikelihoodFit } from './maximum-likelihood.ts'
import type { SmoothFunction } from '../../math/minimise.ts'

export interface OpportunityHistories {
  /** Opportunities used after the first purchase: whole numbers from 0. */
  readonly frequency: Float64Array
  /** The last one used, counted from 1; 0 where there is none. */
  readonly recency: Float64Array
  /** Opportunities that there were: whole numbers from 1. */
  readonly periods: Float64Array
  /** For how many customers the row stands; 1 where it is left out. */
  readonly weight?: Float64Array
}

export interface OpportunityHistory {
  readonly frequency: number
  readonly recency: number
  readonly periods: number
}

export interface BgbbParameters {
  readonly alpha: number
  readonly beta: number
  readonly gamma: number
  readonly delta: number
}

export interface BgbbFit extends LikelihoodFit {
  readonly kind: 'bgbb'
  readonly customers: number
}

/** More would make each row a long sum. */
const mostPeriods = 10_000

/** @throws RapportError invalid_analysis for a faulty row (counted from 1), or none. */
export function fitBgbb(histories: OpportunityHistories): BgbbFit {
  const { frequency, recency, periods, weight } = histories
  const size = frequency.length
  if (size === 0 || recency.length !== size || periods.length !== size)
    throw new RapportError(
      'invalid_analysis',
      'There must be as many rows in each column, and one.',
    )
  let customers = 0
  for (let i = 0; i < size; i++) {
    const fault = faultOf(at(histories, i))
    const one = weight ? (weight[i] ?? Number.NaN) : 1
    if (fault !== null || !(one >= 0 && one < Infinity))
      throw new RapportError(
        'invalid_analysis',
        `In row ${i + 1} ${fault ?? 'the weight is none'}.`,
      )
    customers += one
  }
  if (!(customers > 0)) throw new RapportError('invalid_analysis', 'The weights add up to nothing.')
  const fit = maximiseLikelihood({
    names: ['alpha', 'beta', 'gamma', 'delta'],
    loss: bgbbLoss(histories, customers),
    cases: customers,
    start: [1, 1, 1, 2],
  })
  return { kind: 'bgbb', customers, ...fit }
}

const at = (
  { frequency, recency, periods }: OpportunityHistories,
  row: number,
): OpportunityHistory => ({
  frequency: frequency[row] ?? 0,
  recency: recency[row] ?? 0,
  periods: periods[row] ?? 0,
})

function faultOf({ frequency: x, recency: t, periods: n }: OpportunityHistory): string | null {
  if (![x, t, n].every((value) => Number.isInteger(value) && value >= 0))
    return 'frequency, recency and periods must be whole numbers from 0'
  if (n < 1 || n > mostPeriods) return `the periods must lie between 1 and ${mostPeriods}`
  if (x > t || t > n) return 'frequency may not be above recency, nor recency above periods'
  return x === 0 && t > 0 ? 'there is a last purchase, but none is counted' : null
}

/** Minus the mean log-likelihood of a customer, in ln alpha, ln beta, ln gamma, ln delta. */
export function bgbbLoss(histories: OpportunityHistories, customers: number): SmoothFunction {
  return (point, gradient) => {
    const [alpha, beta, gamma, delta] = Array.from(point, Math.exp) as [
      number,
      number,
      number,
      number,
    ]
    const parameters = { alpha, beta, gamma, delta }
    gradient.fill(0)
    let value = 0
    for (let i = 0; i < histories.frequency.length; i++) {
      const weight = histories.weight?.[i] ?? 1
      const history = at(histories, i)
      const { logLikelihood, terms } = likelihoodOf(parameters, history)
      value += weight * logLikelihood
      for (const { log, bought, passed, kept, left } of terms) {
        const share = weight * Math.exp(log - logLikelihood)
        const buys = digamma(alpha + beta + bought + passed) - digamma(alpha + beta)
        const stays = digamma(gamma + delta + left + kept) - digamma(gamma + delta)
        const by = [
          digamma(alpha + bought) - digamma(alpha) - buys,
          digamma(beta + passed) - digamma(beta) - buys,
          digamma(gamma + left) - digamma(gamma) - stays,
          digamma(delta + kept) - digamma(delta) - stays,
        ]
        for (let j = 0; j < 4; j++) gradient[j] = (gradient[j] ?? 0) + share * (by[j] ?? 0)
      }
    }
    for (let j = 0; j < 4; j++)
      gradient[j] = (-Math.exp(point[j] ?? 0) * (gradient[j] ?? 0)) / customers
    return -value / customers
  }
}

/** One way in which the history can have come about. */
interface Term {
  readonly log: number
  /** Opportunities used, and let pass, while alive. */
  readonly bought: number
  readonly passed: number
  /** How often the customer stayed, and whether (1) he then left. */
  readonly kept: number
  readonly left: number
}

function likelihoodOf(parameters: BgbbParameters, history: OpportunityHistory) {
  const { alpha, beta, gamma, delta } = parameters
  const { frequency: bought, recency, periods } = history
  const whole = logBeta(alpha, beta) + logBeta(gamma, delta)
  const term = (kept: number, left: number): Term => {
    const passed = kept - bought
    const log = logBeta(alpha + bought, beta + passed) + logBeta(gamma + left, delta + kept) - whole
    return { log, bought, passed, kept, left }
  }
  const terms = [term(periods, 0)]
  for (let kept = recency; kept < periods; kept++) terms.push(term(kept, 1))
  const most = terms.reduce((max, { log }) => Math.max(max, log), -Infinity)
  const sum = terms.reduce((total, { log }) => total + Math.exp(log - most), 0)
  return { logLikelihood: most + Math.log(sum), terms }
}

/** Probability to be alive at the opportunity after the last. */
export function bgbbAlive(parameters: BgbbParameters, history: OpportunityHistory): number {
  const { alpha, beta, gamma, delta } = parameters
  const { frequency: x, periods: n } = checked(history)
  const { logLikelihood } = likelihoodOf(parameters, history)
  return Math.exp(
    logBeta(alpha + x, beta + n - x) -
      logBeta(alpha, beta) +
      logBeta(gamma, delta + n + 1) -
      logBeta(gamma, delta) -
      logLikelihood,
  )
}

/** Expected purchases at the next `ahead` opportunities (the sum of which the paper gives the closed form). */
export function bgbbExpected(
  parameters: BgbbParameters,
  history: OpportunityHistory,
  ahead: number,
): number {
  const { alpha, beta, gamma, delta } = parameters
  const { frequency: x, periods: n } = checked(history)
  const { logLikelihood } = likelihoodOf(parameters, history)
  const front = logBeta(alpha + x + 1, beta + n - x) - logBeta(alpha, beta) - logLikelihood
  let sum = 0
  for (let k = 1; k <= ahead; k++)
    sum += Math.exp(front + logBeta(gamma, delta + n + k) - logBeta(gamma, delta))
  return sum
}

/** Expected purchases of a new customer at `periods` opportunities. */
export function bgbbExpectedNew(parameters: BgbbParameters, periods: number): number {
  const { alpha, beta, gamma, delta } = parameters
  let sum = 0
  for (let k = 1; k <= periods; k++)
    sum += Math.exp(logBeta(gamma, delta + k) - logBeta(gamma, delta))
  return (sum * alpha) / (alpha + beta)
}

/** Probabilities of 0, 1, ..., `periods` purchases of a new customer. */
export function bgbbCountsNew(parameters: BgbbParameters, periods: number): Float64Array {
  const { alpha, beta, gamma, delta } = parameters
  const whole = logBeta(alpha, beta) + logBeta(gamma, delta)
  const way = (kept: number, left: number, x: number): number =>
    Math.exp(
      logGamma(kept + 1) - logGamma(x + 1) - logGamma(kept - x + 1) +
        logBeta(alpha + x, beta + kept - x) + logBeta(gamma + left, delta + kept) - whole,
    ) // prettier-ignore
  return Float64Array.from({ length: periods + 1 }, (_, x) => {
    let sum = way(periods, 0, x)
    for (let kept = x; kept < periods; kept++) sum += way(kept, 1, x)
    return sum
  })
}

function checked(history: OpportunityHistory): OpportunityHistory {
  const fault = faultOf(history)
  if (fault !== null) throw new RapportError('invalid_analysis', `In this history ${fault}.`)
  return history
}
