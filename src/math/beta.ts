/**
 * Regularised incomplete beta function and its inverse.
 *
 * Continued fraction (Abramowitz and Stegun 26.5.8, in Lentz's form: Numerical Recipes, 3rd ed. 2007,
 * section 6.4), on the side on which it converges fast. The inverse halves the bracket and takes
 * Newton's step wherever it stays inside.
 */
import { logGamma } from './gamma.ts'

const tiny = 1e-300
const epsilon = 1e-16

/** ln B(a, b) */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** I_x(a, b): distribution function of a beta variable. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1 && a + b < Infinity))
    throw new RangeError(`The incomplete beta function is not defined at (${x}; ${a}, ${b}).`)
  if (x === 0 || x === 1) return x
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b))
  return x < (a + 1) / (a + b + 2)
    ? (front * fraction(x, a, b)) / a
    : 1 - (front * fraction(1 - x, b, a)) / b
}

/** The x at which `incompleteBeta(x, a, b)` is this probability. */
export function betaQuantile(probability: number, a: number, b: number): number {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`A probability lies between 0 and 1, not at ${probability}.`)
  if (probability === 0 || probability === 1) return probability
  const scale = logBeta(a, b)
  let low = 0
  let high = 1
  let x = a / (a + b)
  for (let i = 0; i < 200; i++) {
    const error = incompleteBeta(x, a, b) - probability
    if (error === 0) return x
    if (error > 0) high = x
    else low = x
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - scale)
    const newton = x - error / density
    const next = newton > low && newton < high ? newton : between(low, high)
    if (Math.abs(next - x) <= 2e-16 * x) return next
    x = next
  }
  return x
}

/** The middle of a bracket: of its orders of magnitude where it spans several. */
function between(low: number, high: number): number {
  if (high <= 4 * low) return (low + high) / 2
  return low === 0 ? high * Math.min(high, 0.5) : Math.sqrt(low) * Math.sqrt(high)
}

function fraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let product = d
  for (let m = 1; m < 1e5; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    product *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    product *= d * c
    if (Math.abs(d * c - 1) < 4 * epsilon) break
  }
  return product
}

function awayFromZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value
}
