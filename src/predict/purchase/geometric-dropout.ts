/**
 * Purchases at a gamma-distributed rate (shape r, rate alpha) until a customer drops out, with a
 * beta-distributed probability (a, b), right after a purchase.
 *
 * BG/NBD: after each repeat purchase (Fader, Hardie and Lee, "Counting your customers the easy way",
 * Marketing Science 24, 2005). MBG/NBD: after the first purchase too (Batislam, Denizel and
 * Filiztekin, International Journal of Research in Marketing 24, 2007). The two differ only in how
 * often the customer could have dropped out and did not: m = x, or m = x + 1. Then
 *
 *   L = G(r + x) alpha^r / G(r) * B(a, b + m) / B(a, b) * (alpha + T)^-(r + x) * (1 + q),
 *   q = a / (b + m - 1) * ((alpha + T) / (alpha + t_x))^(r + x), and 0 where m = 0:
 *
 * equation 6 of the first paper, in the form of the authors' note on Excel; 1 / (1 + q) is the
 * probability to be alive.
 */
import { ascendingSums } from './ascending-sums.ts'
import type { CollapsedHistories } from './collapse.ts'
import type { SmoothFunction } from '../../math/minimise.ts'

/** How often a customer could drop out besides after each repeat purchase: BG/NBD 0, MBG/NBD 1. */
export type Shift = 0 | 1

/** Above it, 1 + e^x is e^x to the last bit. */
const farExponent = 40

/**
 * Minus the mean log-likelihood of a customer, in ln r, ln alpha, ln a, ln b. The times are read anew
 * each time, and into `byTime`, if given, goes the derivative of the log-likelihood (of all) in each.
 */
export function geometricDropoutLoss(
  data: CollapsedHistories,
  shift: Shift,
  byTime: Float64Array | null = null,
): SmoothFunction {
  const { frequencies, frequencyWeight, times, customers } = data
  const logs = new Float64Array(times.length)
  const inverses = new Float64Array(times.length)
  return (point, gradient) => {
    byTime?.fill(0)
    const [r, alpha, a, b] = Array.from(point, Math.exp) as [number, number, number, number]
    const rate = ascendingSums(r, frequencies)
    const kept = ascendingSums(b, frequencies, shift)
    const flips = ascendingSums(a + b, frequencies, shift)
    const logAlpha = point[1] ?? 0
    let [value, byR, byAlpha, byA, byB] = [0, 0, 0, 0, 0]
    for (let i = 0; i < frequencies.length; i++) {
      const weight = frequencyWeight[i] ?? 0
      const lost = flips.inverses[i] ?? 0
      value +=
        weight * ((rate.logs[i] ?? 0) + r * logAlpha + (kept.logs[i] ?? 0) - (flips.logs[i] ?? 0))
      byR += weight * ((rate.inverses[i] ?? 0) + logAlpha)
      byA -= weight * lost
      byB += weight * ((kept.inverses[i] ?? 0) - lost)
    }
    byAlpha += (customers * r) / alpha
    for (let i = 0; i < times.length; i++) {
      const sum = alpha + (times[i] ?? 0)
      logs[i] = Math.log(sum)
      inverses[i] = 1 / sum
    }
    const rows = sumRows(data, { r, a, b, shift, logs, inverses, byTime })
    gradient[0] = (-r * (byR + rows.byR)) / customers
    gradient[1] = (-alpha * (byAlpha + rows.byAlpha)) / customers
    gradient[2] = -(a * byA + rows.byLogA) / customers
    gradient[3] = (-b * (byB + rows.byB)) / customers
    return -(value + rows.value) / customers
  }
}

interface RowTables {
  readonly r: number
  readonly a: number
  readonly b: number
  readonly shift: Shift
  /** ln and inverse of alpha + time, for each time. */
  readonly logs: Float64Array
  readonly inverses: Float64Array
  readonly byTime: Float64Array | null
}

/** Sums over the rows of ln((alpha + T)^-(r + x) (1 + q)) and its derivatives. */
function sumRows(data: CollapsedHistories, tables: RowTables) {
  const { r, a, b, shift, logs, inverses, byTime } = tables
  const { size, frequencies, frequencyAt, recencyAt, ageAt, weight } = data
  let [value, byR, byAlpha, byLogA, byB] = [0, 0, 0, 0, 0]
  for (let i = 0; i < size; i++) {
    const x = frequencies[frequencyAt[i] ?? 0] ?? 0
    const w = weight[i] ?? 0
    const age = ageAt[i] ?? 0
    const logAge = logs[age] ?? 0
    const shape = r + x
    const m = x + shift
    if (m === 0) {
      value -= w * shape * logAge
      byR -= w * logAge
      byAlpha -= w * shape * (inverses[age] ?? 0)
      if (byTime) byTime[age] = (byTime[age] ?? 0) - w * shape * (inverses[age] ?? 0)
      continue
    }
    const recency = recencyAt[i] ?? 0
    const logRecency = logs[recency] ?? 0
    const exponent = shape * (logAge - logRecency)
    const odds = a / (b + m - 1)
    let dead = 1
    if (exponent < farExponent) {
      const q = odds * Math.exp(exponent)
      value += w * (Math.log1p(q) - shape * logAge)
      dead = q / (1 + q)
    } else {
      const q = exponent + Math.log(odds)
      value += w * (q + Math.log1p(Math.exp(-q)) - shape * logAge)
      dead = 1 / (1 + Math.exp(-q))
    }
    byR -= w * (logAge + dead * (logRecency - logAge))
    const inverseAge = inverses[age] ?? 0
    const byAge = w * shape * (1 - dead) * inverseAge
    const byRecency = w * shape * dead * (inverses[recency] ?? 0)
    byAlpha -= byAge + byRecency
    if (byTime) {
      byTime[age] = (byTime[age] ?? 0) - byAge
      byTime[recency] = (byTime[recency] ?? 0) - byRecency
    }
    byLogA += w * dead
    byB -= (w * dead) / (b + m - 1)
  }
  return { value, byR, byAlpha, byLogA, byB }
}
