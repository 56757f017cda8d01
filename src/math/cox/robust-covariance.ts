/**
 * Robust covariance of a Cox model: V (sum of scores of each observation, squared) V, where V is the
 * inverse information and the score residual of row i is, of weight w_i and risk r_i,
 *
 *   w_i [ event_i (x_i - mean(t_i)) - r_i sum over event times t in (start_i, stop_i] of
 *         (x_i - mean(t)) dH(t) ]
 *
 * (D. Y. Lin and L. J. Wei, JASA 84, 1989). Rows of a cluster are added before they are squared. With
 * Efron's ties, an event bears its own time's hazard only in part (Therneau and Grambsch 2000, 7.1).
 */
import { eventShares, type EventShares } from './baseline-hazard.ts'
import { predictorsOf } from './risk-sets.ts'
import type { CoxRows } from './cox-rows.ts'
import type { Ties } from './ties.ts'

export interface RobustRequest {
  /** Coefficients and inverse information of the scaled covariates. */
  readonly scaled: Float64Array
  readonly scaledCovariance: Float64Array
  readonly ties: Ties
  /** In the order of the data. */
  readonly clusters: ArrayLike<number> | undefined
}

export function robustCovariance(rows: CoxRows, request: RobustRequest): Float64Array {
  const { width, size, order } = rows
  const { clusters, scaledCovariance } = request
  const residuals = scoreResiduals(rows, request)
  const sums = clusters ? addUp(residuals, order, clusters) : residuals
  const count = clusters ? sums.length / Math.max(1, width) : size
  const squares = new Float64Array(width * width)
  for (let i = 0; i < count; i++)
    for (let a = 0; a < width; a++)
      for (let b = 0; b < width; b++)
        squares[a * width + b] =
          (squares[a * width + b] ?? 0) + (sums[i * width + a] ?? 0) * (sums[i * width + b] ?? 0)
  return multiply(multiply(scaledCovariance, squares, width), scaledCovariance, width)
}

function addUp(
  residuals: Float64Array,
  order: Uint32Array,
  clusters: ArrayLike<number>,
): Float64Array {
  const places = new Map<number, number>()
  if (clusters.length !== order.length)
    throw new RangeError('There must be a cluster for each row.')
  for (let i = 0; i < clusters.length; i++) {
    const code = clusters[i] ?? 0
    if (!places.has(code)) places.set(code, places.size)
  }
  const width = residuals.length / order.length
  const sums = new Float64Array(places.size * width)
  for (let i = 0; i < order.length; i++) {
    const place = places.get(clusters[order[i] ?? 0] ?? 0) ?? 0
    for (let j = 0; j < width; j++)
      sums[place * width + j] = (sums[place * width + j] ?? 0) + (residuals[i * width + j] ?? 0)
  }
  return sums
}

/** Of sorted rows, `width` numbers each. */
function scoreResiduals(rows: CoxRows, { scaled, ties }: RobustRequest): Float64Array {
  const { width, size, strata, groups, event, weights, scaled: x } = rows
  const shares = eventShares(rows, scaled, ties)
  const risk = predictorsOf(rows, scaled)?.risk ?? new Float64Array(size)
  const residuals = new Float64Array(size * width)
  for (let s = 0; s + 1 < strata.length; s++) {
    const [from, end] = [strata[s] ?? 0, strata[s + 1] ?? 0]
    addUpGroups(shares, { from, end, width })
    const began = lastGroupsBefore(rows, from, end)
    for (let g = from; g < end; g++) {
      for (let i = groups[g] ?? 0; i < (groups[g + 1] ?? 0); i++) {
        const before = began(i)
        const borne = (shares.hazard[g] ?? 0) - (before < from ? 0 : (shares.hazard[before] ?? 0))
        const share = risk[i] ?? 0
        for (let j = 0; j < width; j++) {
          const at = g * width + j
          const earlier = before < from ? 0 : (shares.drift[before * width + j] ?? 0)
          const value = x[i * width + j] ?? 0
          let residual = share * ((shares.drift[at] ?? 0) - earlier - value * borne)
          if (event[i]) {
            const weight = weights ? (weights[i] ?? 0) : 1
            residual += weight * (value - (shares.deathMean[at] ?? 0))
            residual +=
              share * (value * (shares.deathHazard[g] ?? 0) - (shares.deathDrift[at] ?? 0))
          }
          residuals[i * width + j] = residual
        }
      }
    }
  }
  return residuals
}

interface Stretch {
  readonly from: number
  readonly end: number
  readonly width: number
}

/** Makes hazard and drift of a stratum's groups cumulative, in place. */
function addUpGroups({ hazard, drift }: EventShares, { from, end, width }: Stretch): void {
  for (let g = from + 1; g < end; g++) {
    hazard[g] = (hazard[g] ?? 0) + (hazard[g - 1] ?? 0)
    for (let j = 0; j < width; j++) {
      const at = g * width + j
      drift[at] = (drift[at] ?? 0) + (drift[at - width] ?? 0)
    }
  }
}

/** Of a sorted row: the last group of the stratum whose time is not after its start; else `from - 1`. */
function lastGroupsBefore({ start, stop, groups }: CoxRows, from: number, end: number) {
  return (row: number): number => {
    if (!start) return from - 1
    const began = start[row] ?? 0
    let [low, high] = [from, end]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((stop[groups[middle] ?? 0] ?? 0) <= began) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}

function multiply(a: Float64Array, b: Float64Array, width: number): Float64Array {
  const product = new Float64Array(width * width)
  for (let i = 0; i < width; i++)
    for (let k = 0; k < width; k++)
      for (let j = 0; j < width; j++)
        product[i * width + j] =
          (product[i * width + j] ?? 0) + (a[i * width + k] ?? 0) * (b[k * width + j] ?? 0)
  return product
}
