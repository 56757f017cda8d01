/**
 * The normal distribution and the error function.
 *
 * erf(x) = P(1/2, x^2) and erfc(x) = Q(1/2, x^2) for x >= 0 (Abramowitz and Stegun 6.5.16, 6.5.17).
 * Quantile: algorithm AS 241 (M. J. Wichura, Applied Statistics 37, 1988), relative error 1e-16.
 */
import { lowerGamma, upperGamma } from './gamma.ts'

export function erf(x: number): number {
  if (Number.isNaN(x)) return x
  return x < 0 ? -lowerGamma(0.5, x * x) : lowerGamma(0.5, x * x)
}

/** 1 - erf(x), without losing digits for large x. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x
  return x < 0 ? 1 + lowerGamma(0.5, x * x) : upperGamma(0.5, x * x)
}

/** Probability that a standard normal variable is at most z. */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2
}

const centre = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
    45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597,
    39307.89580009271, 28729.085735721943, 5226.495278852546,
  ],
] as const
const middle = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
    1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
    0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const
const far = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
    0.026532189526576124, 0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const

/** The z below which a standard normal variable lies with this probability. */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`A probability lies between 0 and 1, not at ${probability}.`)
  const q = probability - 0.5
  if (Math.abs(q) <= 0.425) return q * ratio(centre, 0.180625 - q * q)
  const tail = Math.min(probability, 1 - probability)
  if (tail === 0) return q < 0 ? -Infinity : Infinity
  const r = Math.sqrt(-Math.log(tail))
  const z = r <= 5 ? ratio(middle, r - 1.6) : ratio(far, r - 5)
  return q < 0 ? -z : z
}

/** Standard normal deviate of a two-sided interval: 1.96 for .95. */
export function twoSidedDeviate(confidence: number): number {
  return normalQuantile(0.5 + confidence / 2)
}

type Polynomials = readonly [upper: readonly number[], lower: readonly number[]]

function ratio([upper, lower]: Polynomials, x: number): number {
  return horner(upper, x) / horner(lower, x)
}

function horner(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + (coefficients[i] ?? 0)
  return sum
}
