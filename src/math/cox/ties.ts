/**
 * Events at the same time. Breslow (Biometrics 30, 1974): all of them have the whole risk set before
 * them. Efron (JASA 72, 1977, section 6): the k-th of d, k from 0, has the risk set less the share
 * k / d of those who had the event, on average over their unknown order. Weighted, each of the d
 * counts with their mean weight.
 *
 * All that a Cox model takes from a time of events are these sums over k, with a_k = k / d,
 * denominator_k = risk - a_k deathRisk and mean weight w:
 *
 *   logarithm = sum w ln(denominator_k)
 *   once[m]   = sum w a_k^m / denominator_k,   m = 0, 1
 *   twice[m]  = sum w a_k^m / denominator_k^2, m = 0, 1, 2
 */
import type { RiskSet } from './risk-sets.ts'

export type Ties = 'efron' | 'breslow'

/** Used again for each time: read it, do not keep it. */
export interface TieSums {
  logarithm: number
  readonly once: [number, number]
  readonly twice: [number, number, number]
}

export const emptyTieSums = (): TieSums => ({ logarithm: 0, once: [0, 0], twice: [0, 0, 0] })

/** Null where rounding has left nobody at risk: the risks differ too much to be added. */
export function tieSums(set: RiskSet, ties: Ties, sums: TieSums): TieSums | null {
  const { deaths, deathWeight, risk, deathRisk } = set
  const terms = ties === 'efron' ? deaths : 1
  const weight = deathWeight / terms
  let [logarithm, once0, once1, twice0, twice1, twice2] = [0, 0, 0, 0, 0, 0]
  for (let k = 0; k < terms; k++) {
    const share = k / terms
    const denominator = risk - share * deathRisk
    if (!(denominator > 0)) return null
    const one = weight / denominator
    const two = one / denominator
    logarithm += weight * Math.log(denominator)
    once0 += one
    once1 += share * one
    twice0 += two
    twice1 += share * two
    twice2 += share * share * two
  }
  sums.logarithm = logarithm
  sums.once[0] = once0
  sums.once[1] = once1
  sums.twice[0] = twice0
  sums.twice[1] = twice1
  sums.twice[2] = twice2
  return sums
}

/** Sum over k of w times the mean covariate: what the events' covariates are held against. */
export function expectedSum({ first, deathFirst }: RiskSet, { once }: TieSums, j: number): number {
  return once[0] * (first[j] ?? 0) - once[1] * (deathFirst[j] ?? 0)
}
