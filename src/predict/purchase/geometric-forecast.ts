/**
 * Forecasts of the BG/NBD and the MBG/NBD model. Whoever is still alive has a rate of
 * gamma(r + x, alpha + T) and a dropout probability of beta(a, b + m), independent of each other
 * (Fader, Hardie and Lee 2005, appendix; m as in geometric-dropout.ts), so all forecasts of a
 * customer are those of a new one with these four numbers, times the probability to be alive.
 */
import { logBeta } from '../../math/beta.ts'
import { negativeBinomial } from './negative-binomial.ts'
import type { Parameters, PurchaseForecast } from './purchase-model.ts'
import type { PurchaseHistory } from './histories.ts'
import type { Shift } from './geometric-dropout.ts'

/** Rate: gamma (shape, scale as a rate); dropout after a purchase: beta(a, b). */
interface Customer {
  readonly shape: number
  readonly scale: number
  readonly a: number
  readonly b: number
}

export function geometricForecast(parameters: Parameters, shift: Shift): PurchaseForecast {
  const { r = 0, alpha = 0, a = 0, b = 0 } = parameters
  const alive = ({ frequency, recency, age }: PurchaseHistory): number => {
    const m = frequency + shift
    if (m === 0) return 1
    const exponent = (r + frequency) * Math.log((alpha + age) / (alpha + recency))
    return 1 / (1 + (a / (b + m - 1)) * Math.exp(exponent))
  }
  const after = ({ frequency, age }: PurchaseHistory): Customer => ({
    ...{ shape: r + frequency, scale: alpha + age, a, b: b + frequency + shift },
  })
  const fresh: Customer = { shape: r, scale: alpha, a, b: b + shift }
  /** The MBG/NBD customer may be gone right after the first purchase. */
  const stays = shift === 0 ? 1 : b / (a + b)
  return {
    alive,
    expected: (history, t) => alive(history) * expectedOf(after(history), t),
    counts: (history, t, most) => mixed(alive(history), countsOf(after(history), t, most)),
    nextWithin: (history, t) => {
      const { shape, scale } = after(history)
      return -alive(history) * Math.expm1(-shape * Math.log1p(t / scale))
    },
    expectedNew: (t) => stays * expectedOf(fresh, t),
    countsNew: (t, most) => mixed(stays, countsOf(fresh, t, most)),
  }
}

/**
 * Equations 9 and 10 of the paper without the probability to be alive:
 *
 *   (a + b - 1) / (a - 1) * (1 - (1 - z)^shape F(shape, b; a + b - 1; z)), z = t / (scale + t).
 *
 * By Euler's transformation (Abramowitz and Stegun 15.3.3) the second term is
 * (1 - z)^(a - 1) F(c - shape, a - 1; c; z) with c = a + b - 1, so that a - 1 can be divided out:
 * nothing is lost where a is near or at 1, and the terms hardly depend on how many purchases there
 * were.
 */
function expectedOf({ shape, scale, a, b }: Customer, t: number): number {
  if (t === 0) return 0
  const z = t / (scale + t)
  const e = a - 1
  const c = a + b - 1
  // The series may have no term at c = 0 (a + b = 1): c is divided out of all of them.
  let term = (c - shape) * z
  let sum = term
  for (let n = 1; n < mostTerms; n++) {
    term *= (((c - shape + n) * (e + n)) / ((c + n) * (n + 1))) * z
    sum += term
    if (Math.abs(term) <= 1e-16 * Math.abs(sum)) break
  }
  const logKept = -Math.log1p(t / scale)
  const closed = e === 0 ? logKept : Math.expm1(e * logKept) / e
  return Math.max(0, -c * closed - Math.exp(e * logKept) * sum)
}

const mostTerms = 200_000

/** Equation 8 of the paper: purchases of a customer who is alive at the beginning. */
function countsOf({ shape, scale, a, b }: Customer, t: number, most: number): Float64Array {
  const { chances, tails } = negativeBinomial(shape, t / scale, most)
  const whole = logBeta(a, b)
  return chances.map((chance, n) => {
    const kept = Math.exp(logBeta(a, b + n) - whole)
    const left = n === 0 ? 0 : Math.exp(logBeta(a + 1, b + n - 1) - whole)
    return kept * chance + left * (tails[n] ?? 0)
  })
}

/** Nobody buys who is gone. */
function mixed(alive: number, counts: Float64Array): Float64Array {
  return counts.map((chance, n) => alive * chance + (n === 0 ? 1 - alive : 0))
}
