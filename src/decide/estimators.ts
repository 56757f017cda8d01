/**
 * Off-policy estimators: what a policy would have brought, from decisions of another one.
 *
 * w = pi_e / pi_b, r the reward, q a model of it, m = sum_a pi_e(a | x) q(x, a), E the mean over rows:
 *
 *   ips        E[w r]                              Horvitz and Thompson, JASA 47 (1952)
 *   snips      E[w r] / E[w]                       Swaminathan and Joachims, NeurIPS 2015, equation 7
 *   dm         E[m]                                the model alone
 *   dr         E[m + w (r - q)]                    Dudik et al., Statistical Science 29 (2014), (3.2)
 *   sndr       E[m] + E[w (r - q)] / E[w]          Robins, Sued et al. 2007, self-normalised dr
 *   switch_dr  E[m + 1(w <= t) w (r - q)]          Wang, Agarwal, Dudik, ICML 2017, equation 8
 *
 * With clipping, w is min(w, clip) in ips, snips, dr and sndr (Strehl et al. 2010).
 *
 * Each is E[base] or E[base] + E[part] / E[w]. Its error is that of a mean, for the ratios that of
 * their linear part (delta method; A. Owen, Monte Carlo theory, 2013, equation 9.8).
 */
import type { Terms } from './terms.ts'

export const estimatorNames = ['ips', 'snips', 'dm', 'dr', 'sndr', 'switch_dr'] as const
export type EstimatorName = (typeof estimatorNames)[number]

export interface Contributions {
  readonly name: EstimatorName
  /** Null where it is nothing. */
  readonly base: Float64Array | null
  /** The part that is divided by the mean weight; null where there is none. */
  readonly part: Float64Array | null
  readonly weight: Float64Array
}

export interface EstimatorOptions {
  /** Largest weight, above 0; Infinity for none. */
  readonly clip: number
  /** Weights above are left to the model in switch_dr. */
  readonly switchAt: number
}

/** Those that these terms allow: without a model ips and snips, without any overlap dm alone. */
export function contributionsOf(
  terms: Terms,
  { clip, switchAt }: EstimatorOptions,
): Contributions[] {
  const { model, miss, reward, rows } = terms
  const weight = clip === Infinity ? terms.weight : terms.weight.map((w) => Math.min(w, clip))
  const overlaps = weight.some((w) => w > 0)
  const weighted = new Float64Array(rows)
  for (let i = 0; i < rows; i++) weighted[i] = (weight[i] ?? 0) * (reward[i] ?? 0)
  const plain: Contributions[] = [
    { name: 'ips', base: weighted, part: null, weight },
    { name: 'snips', base: null, part: weighted, weight },
  ]
  if (model.length === 0) return overlaps ? plain : []
  const dm: Contributions = { name: 'dm', base: model, part: null, weight }
  if (!overlaps) return [dm]
  const [corrected, missed] = [new Float64Array(rows), new Float64Array(rows)]
  for (let i = 0; i < rows; i++) {
    missed[i] = (weight[i] ?? 0) * (miss[i] ?? 0)
    corrected[i] = (model[i] ?? 0) + (missed[i] ?? 0)
  }
  return [
    ...plain,
    dm,
    { name: 'dr', base: corrected, part: null, weight },
    { name: 'sndr', base: model, part: missed, weight },
    { name: 'switch_dr', base: switched(terms, switchAt), part: null, weight },
  ]
}

function switched({ rows, weight, model, miss }: Terms, switchAt: number): Float64Array {
  const values = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const w = weight[i] ?? 0
    values[i] = (model[i] ?? 0) + (w <= switchAt ? w * (miss[i] ?? 0) : 0)
  }
  return values
}

/**
 * The threshold of switch_dr with the least estimated mean squared error: variance of the estimate plus
 * the square of the mean of what is switched off (Su et al., ICML 2020, section 5), among some.
 * Infinity (all weights are used) without a model.
 */
export function chooseSwitch(
  terms: Terms,
  among: readonly number[] = [1, 2, 5, 10, 20, 50, 100, Infinity],
): number {
  if (terms.model.length === 0) return Infinity
  let [best, least] = [Infinity, Infinity]
  const { rows, weight, model, miss } = terms
  let largest = 0
  for (let i = 0; i < rows; i++) if ((weight[i] ?? 0) > largest) largest = weight[i] ?? 0
  for (const threshold of among) {
    // Above all weights, one threshold is like any other: the last one stands for them.
    if (threshold >= largest && threshold !== among.at(-1)) continue
    let off = 0
    let sum = 0
    let squares = 0
    for (let i = 0; i < rows; i++) {
      const w = weight[i] ?? 0
      const correction = w * (miss[i] ?? 0)
      const isOff = w > threshold
      if (isOff) off += correction
      const value = (model[i] ?? 0) + (isOff ? 0 : correction)
      sum += value
      squares += value * value
    }
    const variance = Math.max(0, squares / rows - (sum / rows) ** 2)
    const error = (variance + off ** 2 / rows) / rows
    if (error < least) [best, least] = [threshold, error]
  }
  return best
}

export interface ValueAndError {
  readonly value: number
  readonly standardError: number
}

/** Of at least two rows. */
export function valueOf({ base, part, weight }: Contributions): ValueAndError {
  const rows = weight.length
  if (part === null && base !== null)
    return { value: mean(base), standardError: deviation(base) / Math.sqrt(rows) }
  const nothing = new Float64Array(base === null || part === null ? rows : 0)
  const [bases, parts] = [base ?? nothing, part ?? nothing]
  const middle = mean(bases)
  const weights = mean(weight)
  const ratio = mean(parts) / weights
  // The linear part has the mean of the base: what is divided adds up to 0.
  let squares = 0
  for (let i = 0; i < rows; i++) {
    const linear = ((parts[i] ?? 0) - ratio * (weight[i] ?? 0)) / weights
    squares += ((bases[i] ?? 0) - middle + linear) ** 2
  }
  return { value: middle + ratio, standardError: Math.sqrt(squares / (rows - 1) / rows) }
}

export function mean(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0
  return sum / values.length
}

/** Standard deviation; `less` is what is taken off the number of values below the fraction. */
export function deviation(values: Float64Array, less = 1): number {
  const middle = mean(values)
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += ((values[i] ?? 0) - middle) ** 2
  return Math.sqrt(squares / (values.length - less))
}
