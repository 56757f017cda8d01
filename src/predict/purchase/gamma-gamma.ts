/**
 * Gamma-Gamma model of what a purchase is worth: a customer's purchases are gamma-distributed (shape
 * p, rate v), and v is gamma-distributed among customers (shape q, rate gamma), whatever the number
 * of purchases (Fader, Hardie and Lee, "RFM and CLV", Journal of Marketing Research 42, 2005; Fader
 * and Hardie, "The Gamma-Gamma model of monetary value", note 025, 2013). With x repeat purchases of
 * mean z:
 *
 *   ln L = ln G(px + q) - ln G(px) - ln G(q) + q ln gamma + (px - 1) ln z + px ln x
 *          - (px + q) ln(gamma + x z).
 */
import { RapportError } from '../../domain/error.ts'
import { digamma } from '../../math/digamma.ts'
import { gammaQuantile } from '../../math/gamma-quantile.ts'
import { logGamma } from '../../math/gamma.ts'
import { checkConfidence, usualConfidence, type Interval } from '../../math/interval.ts'
import { maximiseLikelihood, type LikelihoodFit, type LogPrior } from './maximum-likelihood.ts'
import type { Parameters } from './purchase-model.ts'
import type { SmoothFunction } from '../../math/minimise.ts'

export interface SpendHistories {
  /** Repeat purchases: whole numbers from 0. */
  readonly frequency: Float64Array
  /** Mean worth of a repeat purchase, in one currency, from 0. Those of 0 are not fitted. */
  readonly spend: Float64Array
  /** For how many customers the row stands; 1 where it is left out. */
  readonly weight?: Float64Array
}

export interface SpendFit extends LikelihoodFit {
  readonly kind: 'gammagamma'
  /** Customers with a repeat purchase of some worth: only these say anything. */
  readonly customers: number
  /** Rows without. */
  readonly ignored: number
  /** Between number and mean worth of purchases: the model takes it for 0. Null where undefined. */
  readonly correlation: number | null
}

/** @throws RapportError invalid_analysis: a faulty row, or nobody with a purchase of some worth. */
export function fitGammaGamma(histories: SpendHistories, prior?: LogPrior): SpendFit {
  const rows = usefulRows(histories)
  const fit = maximiseLikelihood({
    names: ['p', 'q', 'gamma'],
    loss: gammaGammaLoss(rows),
    cases: rows.customers,
    start: [2, 3, rows.mean],
    ...(prior ? { prior } : {}),
    ...(rows.times.length >= manyRows ? { sample: sampleOf(rows) } : {}),
  })
  const { customers, correlation } = rows
  const ignored = histories.frequency.length - rows.times.length
  return { kind: 'gammagamma', customers, ignored, correlation, ...fit }
}

export interface SpendPrediction {
  /** Expected worth of a purchase to come. */
  readonly expected: number
  /** Where this customer's own mean lies. */
  readonly interval: Interval
}

/**
 * The mean of p / v: p (gamma + x z) / (px + q - 1), a mean of what the customer and all others
 * spent. Where px + q <= 1 there is no mean: the median is told then.
 */
export function expectedSpend(
  { p = Number.NaN, q = Number.NaN, gamma = Number.NaN }: Parameters,
  { frequency, spend }: { readonly frequency: number; readonly spend: number },
  confidence = usualConfidence,
): SpendPrediction {
  if (![p, q, gamma].every((value) => value > 0 && value < Infinity))
    throw new RapportError('invalid_analysis', 'The parameters p, q and gamma must be above 0.')
  const fault = faultOf(frequency, spend)
  if (fault) throw new RapportError('invalid_analysis', `In this history ${fault}.`)
  checkConfidence(confidence)
  const known = spend > 0 ? frequency : 0
  const shape = p * known + q
  const scale = p * (gamma + known * spend)
  // The mean is p / v, and v has this shape: large v, small mean.
  const at = (probability: number): number => scale / gammaQuantile(1 - probability, shape)
  const tail = (1 - confidence) / 2
  return {
    expected: shape > 1 ? scale / (shape - 1) : at(0.5),
    interval: { low: at(tail), high: at(1 - tail) },
  }
}

interface UsefulRows {
  readonly customers: number
  readonly mean: number
  readonly correlation: number | null
  /** Frequency, x z, and the weight of each row. */
  readonly times: Float64Array
  readonly total: Float64Array
  readonly weight: Float64Array
}

function faultOf(frequency: number, spend: number): string | null {
  if (!(Number.isInteger(frequency) && frequency >= 0))
    return `the frequency must be a whole number from 0, not ${frequency}`
  if (!(spend >= 0 && spend < Infinity)) return `the spend must be a number from 0, not ${spend}`
  return null
}

function usefulRows({ frequency, spend, weight }: SpendHistories): UsefulRows {
  if (frequency.length !== spend.length || (weight && weight.length !== frequency.length))
    throw new RapportError('invalid_analysis', 'The columns have different lengths.')
  const [times, total, weights] = [0, 0, 0].map(() => new Float64Array(frequency.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  let [size, n, sx, sz, sxx, szz, sxz] = [0, 0, 0, 0, 0, 0, 0]
  for (let i = 0; i < frequency.length; i++) {
    const x = frequency[i] ?? 0
    const z = spend[i] ?? 0
    const w = weight ? (weight[i] ?? 0) : 1
    if (!(x >= 0 && Number.isInteger(x) && z >= 0 && z < Infinity && w >= 0 && w < Infinity)) {
      const fault = faultOf(x, z) ?? `the weight must be a number from 0, not ${w}`
      throw new RapportError('invalid_analysis', `In row ${i + 1} ${fault}.`)
    }
    if (x === 0 || z === 0 || w === 0) continue
    times[size] = x
    total[size] = x * z
    weights[size++] = w
    n += w
    sx += w * x
    sz += w * z
    sxx += w * x * x
    szz += w * z * z
    sxz += w * x * z
  }
  if (size === 0)
    throw new RapportError(
      'invalid_analysis',
      'Nobody has a repeat purchase that is worth anything.',
    )
  const spread = Math.sqrt((sxx - (sx * sx) / n) * (szz - (sz * sz) / n))
  const correlation = spread > 0 ? (sxz - (sx * sz) / n) / spread : null
  return {
    ...{ customers: n, mean: sz / n, correlation },
    times: times.subarray(0, size),
    total: total.subarray(0, size),
    weight: weights.subarray(0, size),
  }
}

const manyRows = 200_000
const block = 1024

function sampleOf(rows: UsefulRows): { loss: SmoothFunction; cases: number } {
  const step = Math.floor(rows.times.length / 20_000)
  const thin = (column: Float64Array): Float64Array => column.filter((_, i) => i % step === 0)
  const weight = thin(rows.weight)
  const customers = weight.reduce((sum, one) => sum + one, 0)
  const thinned = { ...rows, times: thin(rows.times), total: thin(rows.total), weight, customers }
  return { loss: gammaGammaLoss(thinned), cases: customers }
}

/** How many customers have each frequency. Small ones are counted in an array, which is faster. */
function countsOf(times: Float64Array, weight: Float64Array): ReadonlyMap<number, number> {
  const small = new Float64Array(4096)
  const counts = new Map<number, number>()
  for (let i = 0; i < times.length; i++) {
    const x = times[i] ?? 0
    const w = weight[i] ?? 0
    if (x < small.length) small[x] = (small[x] ?? 0) + w
    else counts.set(x, (counts.get(x) ?? 0) + w)
  }
  for (let x = 0; x < small.length; x++) if (small[x]) counts.set(x, small[x] ?? 0)
  return counts
}

/** Minus the mean log-likelihood of a customer, in ln p, ln q, ln gamma. */
function gammaGammaLoss({ times, total, weight, customers }: UsefulRows): SmoothFunction {
  const counts = countsOf(times, weight)
  let [logTotals, weightedLogs] = [0, 0]
  for (let i = 0; i < times.length; i++) {
    const [x, w] = [times[i] ?? 0, weight[i] ?? 0]
    const log = Math.log(total[i] ?? 1)
    weightedLogs += w * x * log
    logTotals += w * (log - Math.log(x))
  }
  return (point, gradient) => {
    const [p, q, gamma] = Array.from(point, Math.exp) as [number, number, number]
    const logScale = point[2] ?? 0
    // Of ln z and ln x: (px - 1) ln z + px ln x = px ln(xz) - ln z.
    let value = p * weightedLogs - logTotals + customers * (q * logScale - logGamma(q))
    let byP = weightedLogs
    let byQ = customers * (logScale - digamma(q))
    let byScale = (customers * q) / gamma
    for (const [x, w] of counts) {
      const psi = digamma(p * x + q)
      value += w * (logGamma(p * x + q) - logGamma(p * x))
      byP += w * x * (psi - digamma(p * x))
      byQ += w * psi
    }
    // In blocks, since a sum of a million terms loses digits that the search wants.
    for (let from = 0; from < times.length; from += block) {
      const to = Math.min(from + block, times.length)
      let [logs, byLog, byXLog, inverses] = [0, 0, 0, 0]
      for (let i = from; i < to; i++) {
        const x = times[i] ?? 0
        const w = weight[i] ?? 0
        const sum = gamma + (total[i] ?? 0)
        const log = w * Math.log(sum)
        const shape = p * x + q
        logs += shape * log
        byXLog += x * log
        byLog += log
        inverses += (w * shape) / sum
      }
      value -= logs
      byP -= byXLog
      byQ -= byLog
      byScale -= inverses
    }
    gradient[0] = (-p * byP) / customers
    gradient[1] = (-q * byQ) / customers
    gradient[2] = (-gamma * byScale) / customers
    return -value / customers
  }
}
