/**
 * The integral in which the Pareto/NBD model consists,
 *
 *   M(low, high) = integral of f(y) dy, f(y) = ((p + low) / (p + y))^j ((q + low) / (q + y))^k,
 *
 * of which others know the Gaussian hypergeometric function of either end (Schmittlein, Morrison and
 * Colombo, Management Science 33, 1987, A1), a difference that cancels where recency is near age and
 * overflows where there were many purchases. Here it is integrated as it stands: f is positive and
 * falls, and in v = ln(min(p, q) + y) it is entire but for points pi away, so that Gauss-Legendre
 * rules of a few nodes have full accuracy. The means of ln(p + y), ln(q + y), 1 / (p + y) and
 * 1 / (q + y) under f come with it: they make the gradient.
 */
import { gaussLegendre, type HalfRule } from '../../math/gauss-legendre.ts'

export interface TwoPowers {
  readonly p: number
  readonly j: number
  readonly q: number
  readonly k: number
}

/** Filled by `integrateTwoPowers`; the means are those under f. */
export interface Moments {
  integral: number
  logP: number
  logQ: number
  inverseP: number
  inverseQ: number
}

export const noMoments = (): Moments => ({
  ...{ integral: 0, logP: 0, logQ: 0, inverseP: 0, inverseQ: 0 },
})

/** Rules by how far f falls (as a logarithm) and v goes. */
const rules: readonly (readonly [fall: number, width: number, rule: HalfRule])[] = [
  [1, 0.5, gaussLegendre(6)],
  [2.5, 2, gaussLegendre(8)],
  [5, 2.5, gaussLegendre(10)],
  [9, 3, gaussLegendre(12)],
  [20, 5, gaussLegendre(20)],
]
const widest = gaussLegendre(20)
/** Beyond such a fall, what is left is below rounding. */
const deepest = 46

/** Writes into `moments`; `high` finite, `high >= low >= 0`. */
export function integrateTwoPowers(
  powers: TwoPowers,
  low: number,
  high: number,
  moments: Moments,
): void {
  const { p, j, q, k } = powers
  const [near, apart] = p < q ? [p, q - p] : [q, p - q]
  const from = Math.log(near + low)
  const width = Math.log((near + high) / (near + low))
  const fall = j * Math.log((p + high) / (p + low)) + k * Math.log((q + high) / (q + low))
  sums.fill(0)
  const last = rules.length - 1
  let at = 0
  while (at < last && (fall > (rules[at]?.[0] ?? 0) || width > (rules[at]?.[1] ?? 0))) at++
  const rule = rules[at]?.[2] ?? widest
  const panels = at < last ? 1 : Math.max(1, Math.ceil(fall / 20), Math.ceil(width / 5))
  const half = width / panels / 2
  const line = { ...powers, low, apart, nearIsP: p < q }
  for (let panel = 0; panel < panels; panel++) {
    const before = sums[0] ?? 0
    addPanel(line, rule, from + (2 * panel + 1) * half, half)
    // It only falls: a panel that adds nothing is followed by none that does.
    if (panel > 0 && (sums[0] ?? 0) - before <= before * 1e-17) break
  }
  const integral = sums[0] ?? 0
  const scale = integral > 0 ? 1 / integral : 0
  moments.integral = integral
  moments.logP = (sums[1] ?? 0) * scale
  moments.logQ = (sums[2] ?? 0) * scale
  moments.inverseP = (sums[3] ?? 0) * scale
  moments.inverseQ = (sums[4] ?? 0) * scale
}

const sums = new Float64Array(5)

interface Line extends TwoPowers {
  readonly low: number
  readonly apart: number
  readonly nearIsP: boolean
}

/** Adds the integrals from `middle - half` to `middle + half` in v. */
function addPanel(line: Line, { nodes, weights }: HalfRule, middle: number, half: number): void {
  const { p, j, q, k, low, apart, nearIsP } = line
  const highest = j * Math.log(p + low) + k * Math.log(q + low)
  const centre = Math.exp(middle)
  let [s0, s1, s2, s3, s4] = [0, 0, 0, 0, 0]
  for (let i = 0; i < nodes.length; i++) {
    const offset = half * (nodes[i] ?? 0)
    const factor = Math.exp(offset)
    const weight = half * (weights[i] ?? 0)
    for (let side = 0; side < 2; side++) {
      const nearSum = side === 0 ? centre * factor : centre / factor
      const logNear = side === 0 ? middle + offset : middle - offset
      const farSum = nearSum + apart
      const logFar = apart === 0 ? logNear : Math.log(farSum)
      const logP = nearIsP ? logNear : logFar
      const logQ = nearIsP ? logFar : logNear
      const exponent = highest - j * logP - k * logQ
      if (exponent < -deepest) continue
      const f = weight * nearSum * Math.exp(exponent)
      s0 += f
      s1 += f * logP
      s2 += f * logQ
      s3 += f / (nearIsP ? nearSum : farSum)
      s4 += f / (nearIsP ? farSum : nearSum)
    }
  }
  sums[0] = (sums[0] ?? 0) + s0
  sums[1] = (sums[1] ?? 0) + s1
  sums[2] = (sums[2] ?? 0) + s2
  sums[3] = (sums[3] ?? 0) + s3
  sums[4] = (sums[4] ?? 0) + s4
}
