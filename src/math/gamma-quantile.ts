/**
 * Quantiles of the gamma distribution with scale 1: Wilson and Hilferty's guess (Abramowitz and
 * Stegun 26.4.17), then Newton's steps on the incomplete gamma function inside a bracket.
 */
import { logGamma, lowerGamma } from './gamma.ts'
import { normalQuantile } from './normal.ts'

/** The x at which `lowerGamma(shape, x)` is this probability. */
export function gammaQuantile(probability: number, shape: number): number {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`A probability lies between 0 and 1, not at ${probability}.`)
  if (!(shape > 0 && shape < Infinity)) throw new RangeError(`A shape is above 0, not ${shape}.`)
  if (probability === 0 || probability === 1) return probability === 0 ? 0 : Infinity
  const spread = 1 / (9 * shape)
  const guess = shape * (1 - spread + normalQuantile(probability) * Math.sqrt(spread)) ** 3
  const scale = logGamma(shape)
  // Near 0 the distribution function is x^shape / gamma(shape + 1).
  const small = Math.exp((Math.log(probability) + logGamma(shape + 1)) / shape)
  let [low, high] = [0, Infinity]
  let x = guess > small / 2 ? guess : small
  for (let i = 0; i < 200; i++) {
    const error = lowerGamma(shape, x) - probability
    if (error === 0) return x
    if (error > 0) high = x
    else low = x
    const newton = x - error / Math.exp((shape - 1) * Math.log(x) - x - scale)
    const middle = high === Infinity ? 2 * x : low === 0 ? high / 4 : (low + high) / 2
    const next = newton > low && newton < high ? newton : middle
    if (Math.abs(next - x) <= 4e-16 * x) return next
    x = next
  }
  return x
}
