/**
 * Pareto/NBD: purchases at a gamma-distributed rate (shape r, rate alpha) until the customer dies, at
 * a gamma-distributed hazard (shape s, rate beta): Schmittlein, Morrison and Colombo, "Counting your
 * customers: who are they and what will they do next?", Management Science 33, 1987; likelihood in
 * the form of Fader and Hardie, "A note on deriving the Pareto/NBD model" (note 009, 2005):
 *
 *   L = G(r + x) alpha^r beta^s / G(r) * (alpha + T)^-(r + x) (beta + T)^-s * (1 + Q),
 *   Q = s * integral from t_x to T of
 *       ((alpha + T) / (alpha + y))^(r + x) ((beta + T) / (beta + y))^s / (beta + y) dy,
 *
 * and 1 / (1 + Q) is the probability to be alive. For the integral see two-powers.ts.
 */
import { ascendingSums } from './ascending-sums.ts'
import { integrateTwoPowers, noMoments, type Moments } from './two-powers.ts'
import type { CollapsedHistories } from './collapse.ts'
import type { SmoothFunction } from '../../math/minimise.ts'

/** Minus the mean log-likelihood of a customer, in ln r, ln alpha, ln s, ln beta. */
export function paretoLoss(data: CollapsedHistories): SmoothFunction {
  const { frequencies, frequencyWeight, customers } = data
  return (point, gradient) => {
    const [r, alpha, s, beta] = Array.from(point, Math.exp) as [number, number, number, number]
    const [, logAlpha = 0, , logBeta = 0] = point
    const rate = ascendingSums(r, frequencies)
    let value = customers * (r * logAlpha + s * logBeta)
    let byR = customers * logAlpha
    for (let i = 0; i < frequencies.length; i++) {
      const weight = frequencyWeight[i] ?? 0
      value += weight * (rate.logs[i] ?? 0)
      byR += weight * (rate.inverses[i] ?? 0)
    }
    const rows = sumRows(data, { r, alpha, s, beta })
    gradient[0] = (-r * (byR + rows.byR)) / customers
    gradient[1] = -(customers * r + alpha * rows.byAlpha) / customers
    gradient[2] = (-s * (customers * logBeta + rows.byS)) / customers
    gradient[3] = -(customers * s + beta * rows.byBeta) / customers
    return -(value + rows.value) / customers
  }
}

export interface ParetoParameters {
  readonly r: number
  readonly alpha: number
  readonly s: number
  readonly beta: number
}

interface Times {
  readonly x: number
  readonly recency: number
  readonly age: number
}

/** ln Q for one history; `moments` gets what the gradient needs. Minus infinity where it is 0. */
export function logDeadOdds(
  { r, alpha, s, beta }: ParetoParameters,
  { x, recency, age }: Times,
  moments: Moments,
): number {
  if (recency >= age) return -Infinity
  const j = r + x
  integrateTwoPowers({ p: alpha, j, q: beta, k: s + 1 }, recency, age, moments)
  return (
    Math.log(s * moments.integral) +
    j * Math.log((alpha + age) / (alpha + recency)) +
    s * Math.log((beta + age) / (beta + recency)) -
    Math.log(beta + recency)
  )
}

/** Sums of ln((alpha + T)^-(r + x) (beta + T)^-s (1 + Q)) and its derivatives. */
function sumRows(data: CollapsedHistories, parameters: ParetoParameters) {
  const { size, frequencies, frequencyAt, recencyAt, ageAt, weight, times } = data
  const { r, alpha, s, beta } = parameters
  const moments = noMoments()
  let [value, byR, byAlpha, byS, byBeta] = [0, 0, 0, 0, 0]
  for (let i = 0; i < size; i++) {
    const x = frequencies[frequencyAt[i] ?? 0] ?? 0
    const age = times[ageAt[i] ?? 0] ?? 0
    const recency = times[recencyAt[i] ?? 0] ?? 0
    const w = weight[i] ?? 0
    const [logA, logB] = [Math.log(alpha + age), Math.log(beta + age)]
    const j = r + x
    const logQ = logDeadOdds(parameters, { x, recency, age }, moments)
    const dead = 1 / (1 + Math.exp(-logQ))
    const softened = logQ > 0 ? logQ + Math.log1p(Math.exp(-logQ)) : Math.log1p(Math.exp(logQ))
    value += w * (softened - j * logA - s * logB)
    const { logP, logQ: meanLogB, inverseP, inverseQ } = moments
    const [inverseA, inverseB] = [1 / (alpha + age), 1 / (beta + age)]
    if (dead === 0) {
      byR -= w * logA
      byAlpha -= w * j * inverseA
      byS -= w * logB
      byBeta -= w * s * inverseB
      continue
    }
    byR += w * (dead * (logA - logP) - logA)
    byAlpha += w * j * (dead * (inverseA - inverseP) - inverseA)
    byS += w * (dead * (1 / s + logB - meanLogB) - logB)
    byBeta += w * (dead * (s * inverseB - (s + 1) * inverseQ) - s * inverseB)
  }
  return { value, byR, byAlpha, byS, byBeta }
}
