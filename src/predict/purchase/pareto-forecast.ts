/**
 * Forecasts of the Pareto/NBD model. Whoever is still alive has a rate of gamma(r + x, alpha + T) and
 * a hazard of gamma(s, beta + T), independent of each other, so all forecasts of a customer are those
 * of a new one with these four numbers, times the probability to be alive (Fader and Hardie, note
 * 009; counts: "Deriving an expression for P(X(t, t + t*) = x) under the
 * Pareto/NBD model", 2006, here integrated over the time of death).
 */
import { gaussLegendre } from '../../math/gauss-legendre.ts'
import { logDeadOdds, type ParetoParameters } from './pareto-nbd.ts'
import { negativeBinomial } from './negative-binomial.ts'
import { integrateTwoPowers, noMoments } from './two-powers.ts'
import type { Parameters, PurchaseForecast } from './purchase-model.ts'
import type { PurchaseHistory } from './histories.ts'

export function paretoForecast(named: Parameters): PurchaseForecast {
  const { r = 0, alpha = 0, s = 0, beta = 0 } = named
  const parameters: ParetoParameters = { r, alpha, s, beta }
  const moments = noMoments()
  const alive = ({ frequency: x, recency, age }: PurchaseHistory): number =>
    1 / (1 + Math.exp(logDeadOdds(parameters, { x, recency, age }, moments)))
  const after = ({ frequency, age }: PurchaseHistory): ParetoParameters => ({
    ...{ r: r + frequency, alpha: alpha + age, s, beta: beta + age },
  })
  return {
    alive,
    expected: (history, t) => alive(history) * expectedOf(after(history), t),
    counts: (history, t, most) => {
      const living = alive(history)
      return countsOf(after(history), t, most).map(
        (chance, n) => living * chance + (n === 0 ? 1 - living : 0),
      )
    },
    nextWithin: (history, t) => alive(history) * nextWithin(after(history), t),
    expectedNew: (t) => expectedOf(parameters, t),
    countsNew: (t, most) => countsOf(parameters, t, most),
  }
}

/** r beta / (alpha (s - 1)) * (1 - (beta / (beta + t))^(s - 1)); its limit at s = 1. */
function expectedOf({ r, alpha, s, beta }: ParetoParameters, t: number): number {
  const log = Math.log1p(t / beta)
  const e = s - 1
  const bracket = e === 0 ? log : -Math.expm1(-e * log) / e
  return ((r * beta) / alpha) * bracket
}

/** A purchase comes before death, and within t. */
function nextWithin({ r, alpha, s, beta }: ParetoParameters, t: number): number {
  const moments = noMoments()
  const end = Math.min(t, 1e12 * (alpha + beta))
  integrateTwoPowers({ p: alpha, j: r + 1, q: beta, k: s }, 0, end, moments)
  return Math.min(1, (r / alpha) * moments.integral)
}

const rule = gaussLegendre(24)
/** Panels in ln(beta + time of death), each of 24 nodes. */
const panels = 4

/** Whoever dies at y buys as the negative binomial distribution of a time y says. */
function countsOf({ r, alpha, s, beta }: ParetoParameters, t: number, most: number): Float64Array {
  const survives = Math.exp(-s * Math.log1p(t / beta))
  const counts = negativeBinomial(r, t / alpha, most).chances.map((chance) => survives * chance)
  const half = Math.log1p(t / beta) / panels / 2
  for (let panel = 0; panel < panels; panel++) {
    const middle = (2 * panel + 1) * half
    for (let i = 0; i < 2 * rule.nodes.length; i++) {
      const place = i >> 1
      const node = (i & 1 ? -1 : 1) * (rule.nodes[place] ?? 0)
      const v = middle + half * node
      const weight = half * (rule.weights[place] ?? 0) * s * Math.exp(-s * v)
      addChances(counts, { shape: r, odds: (beta * Math.expm1(v)) / alpha, weight })
    }
  }
  return counts
}

interface Weighted {
  readonly shape: number
  readonly odds: number
  readonly weight: number
}

function addChances(counts: Float64Array, { shape, odds, weight }: Weighted): void {
  const logShare = Math.log(odds / (1 + odds))
  let logChance = Math.log(weight) - shape * Math.log1p(odds)
  for (let n = 0; n < counts.length; n++) {
    counts[n] = (counts[n] ?? 0) + Math.exp(logChance)
    logChance += Math.log((shape + n) / (n + 1)) + logShare
  }
}
