/**
 * Exact interval of the mean of a Poisson count (F. Garwood, "Fiducial limits for the Poisson
 * distribution", Biometrika 28, 1936): the means under which a count so small, or so large, would
 * have the probability of one tail each.
 */
import { lowerGamma } from './gamma.ts'
import { checkConfidence, usualConfidence, type Interval } from './interval.ts'
import { twoSidedDeviate } from './normal.ts'

export function poissonInterval(count: number, confidence = usualConfidence): Interval {
  checkConfidence(confidence)
  if (!(count >= 0 && count < Infinity)) throw new RangeError(`${count} is no count.`)
  const tail = (1 - confidence) / 2
  return {
    low: count === 0 ? 0 : gammaQuantile(tail, count),
    high: gammaQuantile(1 - tail, count + 1),
  }
}

/** Where the gamma distribution with this shape has this probability below it: halves a bracket. */
function gammaQuantile(probability: number, shape: number): number {
  let low = 0
  let high = shape + 2 * twoSidedDeviate(0.9999999) * Math.sqrt(shape) + 40
  while (lowerGamma(shape, high) < probability) high *= 2
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (lowerGamma(shape, middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}
