/**
 * Logarithm of the gamma function, and the regularised incomplete gamma functions.
 *
 * logGamma: Lanczos approximation with g = 607/128 and 15 terms (P. Godfrey, 2001; Press et al.,
 * Numerical Recipes, 3rd ed. 2007, section 6.1), relative error about 1e-15; below 1/2 by reflection
 * (Abramowitz and Stegun 6.1.17). Incomplete gamma: series (A&S 6.5.29) below `shape + 1`, continued
 * fraction by Lentz's method (Numerical Recipes 6.2.7) above.
 */
const lanczos = [
  57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
  0.00003399464998481189, 0.00004652362892704858, -0.00009837447530487956, 0.0001580887032249125,
  -0.00021026444172410488, 0.00021743961811521265, -0.0001643181065367639, 0.00008441822398385275,
  -0.000026190838401581408, 0.0000036899182659531625,
] as const
const leading = 0.9999999999999971
const shift = 607 / 128
const halfLogTwoPi = 0.9189385332046728
const tiny = 1e-300
const epsilon = 1e-16

/** ln |gamma(x)|; infinite at zero and at negative whole numbers. */
export function logGamma(x: number): number {
  if (x === 1 || x === 2) return 0
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x)
  const y = x - 1
  let sum = leading
  for (let i = 0; i < lanczos.length; i++) sum += (lanczos[i] ?? 0) / (y + i + 1)
  const t = y + shift + 0.5
  return (y + 0.5) * Math.log(t) - t + halfLogTwoPi + Math.log(sum)
}

/** ln(n!) */
export function logFactorial(n: number): number {
  return logGamma(n + 1)
}

/** P(shape, x): distribution function of a gamma variable with this shape and scale 1. */
export function lowerGamma(shape: number, x: number): number {
  check(shape, x)
  if (x === 0) return 0
  if (x === Infinity) return 1
  return x < shape + 1 ? series(shape, x) : 1 - fraction(shape, x)
}

/** Q(shape, x) = 1 - P(shape, x), without losing digits in the far tail. */
export function upperGamma(shape: number, x: number): number {
  check(shape, x)
  if (x === 0) return 1
  if (x === Infinity) return 0
  return x < shape + 1 ? 1 - series(shape, x) : fraction(shape, x)
}

function check(shape: number, x: number): void {
  if (!(shape > 0 && shape < Infinity && x >= 0))
    throw new RangeError(`The incomplete gamma function is not defined at (${shape}, ${x}).`)
}

function front(shape: number, x: number): number {
  return Math.exp(shape * Math.log(x) - x - logGamma(shape))
}

function series(shape: number, x: number): number {
  let term = 1 / shape
  let sum = term
  for (let n = 1; term > sum * epsilon; n++) {
    term *= x / (shape + n)
    sum += term
  }
  return sum * front(shape, x)
}

function fraction(shape: number, x: number): number {
  let b = x + 1 - shape
  let c = 1 / tiny
  let d = 1 / b
  let product = d
  // Takes about sqrt(shape) steps; the bound only ends what rounding keeps from standing still.
  for (let i = 1; i < 1e6; i++) {
    const a = -i * (i - shape)
    b += 2
    d = 1 / awayFromZero(a * d + b)
    c = awayFromZero(b + a / c)
    product *= d * c
    if (Math.abs(d * c - 1) < 4 * epsilon) break
  }
  return product * front(shape, x)
}

function awayFromZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value
}
