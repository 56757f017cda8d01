/**
 * Shifted-beta-geometric model of contracts: at each renewal a customer leaves with a probability of
 * its own, which among customers has a beta distribution (P. S. Fader and B. G. S. Hardie, How to
 * Project Customer Retention, Journal of Interactive Marketing 21(1), 2007):
 *
 *   P(lost at renewal n | still there) = alpha / (alpha + beta + n - 1)             (from (5), (6))
 *   S(n) = product over i <= n of (beta + i - 1) / (alpha + beta + i - 1)            (6)
 *   ln L = sum over n of lost_n ln(1 - r_n) + kept_n ln r_n,  r_n the retention rate  (appendix A, B4)
 *
 * so that retention rises with age although nobody changes: those who leave easily are gone first.
 */
import { RapportError } from '../../domain/error.ts'
import type { Renewals } from './renewals.ts'

export interface BetaGeometric {
  readonly alpha: number
  readonly beta: number
}

/** Share of those still there after n - 1 renewals who renew for the n-th time, n from 1: (8). */
export function retentionRate({ alpha, beta }: BetaGeometric, n: number): number {
  return (beta + n - 1) / (alpha + beta + n - 1)
}

/** Share still there after `periods` renewals; of those there after `renewals`, where given. */
export function survivors({ alpha, beta }: BetaGeometric, periods: number, renewals = 0): number {
  let logarithm = 0
  for (let n = renewals + 1; n <= periods; n++) logarithm -= Math.log1p(alpha / (beta + n - 1))
  return Math.exp(logarithm)
}

/**
 * Discounted expected residual lifetime, in periods, of a customer who has renewed `renewals` times
 * and is about to be asked again: the sum over t >= n of S(t) / S(n - 1) / (1 + d)^(t - n), n being
 * the renewal at hand,
 *
 *   (beta + n - 1) / (alpha + beta + n - 1) * 2F1(1, beta + n; alpha + beta + n; 1 / (1 + d))
 *
 * (P. S. Fader and B. G. S. Hardie, Customer-Base Valuation in a Contractual Setting, Marketing
 * Science 29(1), 2010). Times the margin of a period it is the residual value of a customer.
 *
 * @param discount per period, above 0: without it the expectation need not be finite.
 */
export function discountedResidualLifetime(
  model: BetaGeometric,
  renewals: number,
  discount: number,
): number {
  if (!(discount > 0 && discount < Infinity))
    throw new RapportError(
      'invalid_analysis',
      `A discount rate per period is above 0, not ${discount}.`,
    )
  const { alpha, beta } = model
  const b = beta + renewals + 1
  const sum = hypergeometric(b, alpha + b, 1 / (1 + discount))
  return retentionRate(model, renewals + 1) * sum
}

/** The same for a customer who starts now and pays its first period: 1 + residual / (1 + d). */
export function discountedLifetime(model: BetaGeometric, discount: number): number {
  return 1 + discountedResidualLifetime(model, 0, discount) / (1 + discount)
}

/**
 * 2F1(1, b; c; z) for c >= b > 0 and 0 <= z < 1 by Gauss's continued fraction (DLMF 15.7.5 with a = 1),
 * forward by Lentz's method; about (1 - z)^-1/2 times 40 steps at most.
 */
function hypergeometric(b: number, c: number, z: number): number {
  const away = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value)
  let [numerator, product] = [1, 1]
  let denominator = 0
  for (let step = 1; step < 1e6; step++) {
    const n = step >> 1
    const part =
      step % 2 === 1
        ? ((b + n) * (c - 1 + n)) / ((c - 1 + 2 * n) * (c + 2 * n))
        : (n * (c - 1 - b + n)) / ((c - 2 + 2 * n) * (c - 1 + 2 * n))
    denominator = 1 / away(1 - part * z * denominator)
    numerator = away(1 - (part * z) / numerator)
    product *= denominator * numerator
    if (Math.abs(denominator * numerator - 1) < 1e-16) break
  }
  return 1 / product
}

export interface BetaGeometricLikelihood {
  readonly value: number
  /** By ln alpha and ln beta. */
  readonly gradient: Float64Array
  /** Negative second derivatives by ln alpha and ln beta. */
  readonly information: Float64Array
}

/** At a point (ln alpha, ln beta). Null where that is out of all bounds. */
export function betaGeometricLikelihood(
  { kept, lost }: Renewals,
  point: Float64Array,
): BetaGeometricLikelihood | null {
  const [alpha, beta] = [Math.exp(point[0] ?? 0), Math.exp(point[1] ?? 0)]
  if (!(alpha > 1e-12 && alpha < 1e12 && beta > 1e-12 && beta < 1e12)) return null
  let [value, byAlpha, byBeta, alphaTwice, betaTwice, both] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < kept.length; i++) {
    const [stay, go] = [kept[i] ?? 0, lost[i] ?? 0]
    const [total, later] = [alpha + beta + i, beta + i]
    value += go * Math.log(alpha / total) - stay * Math.log1p(alpha / later)
    const share = (stay + go) / total
    byAlpha += go / alpha - share
    byBeta += (stay === 0 ? 0 : stay / later) - share
    both += share / total
    alphaTwice += go / (alpha * alpha)
    betaTwice += stay / (later * later)
  }
  const cross = -alpha * beta * both
  return {
    value,
    gradient: new Float64Array([alpha * byAlpha, beta * byBeta]),
    information: new Float64Array([
      ...[alpha * alpha * (alphaTwice - both) - alpha * byAlpha, cross],
      ...[cross, beta * beta * (betaTwice - both) - beta * byBeta],
    ]),
  }
}
