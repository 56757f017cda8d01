/**
 * From what is expected of each arm to the chance with which it is chosen. The choice is then drawn from
 * these chances, so the propensity that is logged is exact.
 */
import { chancesOfLargest } from '../../math/largest-of-several.ts'
import { normalCdf } from '../../math/normal.ts'

export const banditMethods = ['thompson', 'lin_ucb', 'epsilon_greedy'] as const
export type BanditMethod = (typeof banditMethods)[number]

/** Writes the chance of each arm; `means` and `spreads` are of the eligible arms alone. */
export type Exploration = (
  means: Float64Array,
  spreads: Float64Array,
  chances: Float64Array,
) => void

/** The highest mean; equal ones share. */
export const greedy: Exploration = (means, _, chances) => shareAmongBest(means, chances)

/**
 * The highest mean + width * spread, spread = sqrt(x' A^-1 x) (LinUCB: Li et al. 2010, equation 5).
 * Equal ones share.
 */
export function upperConfidence(width: number): Exploration {
  return (means, spreads, chances) =>
    shareAmongBest(
      means.map((mean, arm) => mean + width * (spreads[arm] ?? 0)),
      chances,
    )
}

/** Cells of the grid; the more, the narrower the narrowest is beside all of them. */
const fewestCells = 16
const mostCells = 128
/** Beyond so many deviations nothing is looked for. */
const reach = 3.5

/**
 * Thompson sampling (W. R. Thompson, Biometrika 25, 1933; for linear rewards Agrawal and Goyal, ICML
 * 2013): each arm with the chance that it is the best one, its reward being normal around the mean with
 * deviation noise * spread. That chance is worked out instead of drawing one value an arm: the same
 * policy, with a propensity that is known. Of two arms that can be best it is exact, of more on a grid
 * (off by .0005 on average, more only where several are far narrower than another one); arms that lie 3.5 deviations below another one have none.
 *
 * @param noise standard deviation of a reward whose features are known
 */
export function thompson(noise: number): Exploration {
  let room = roomFor(0)
  return (means, spreads, chances) => {
    if (room.wide.length !== means.length) room = roomFor(means.length)
    const { wide, contenders } = room
    let low = -Infinity
    for (let arm = 0; arm < means.length; arm++) {
      wide[arm] = noise * (spreads[arm] ?? 0)
      low = Math.max(low, (means[arm] ?? 0) - reach * (wide[arm] ?? 0))
    }
    let [count, high] = [0, -Infinity]
    for (let arm = 0; arm < means.length; arm++) {
      chances[arm] = 0
      const top = (means[arm] ?? 0) + reach * (wide[arm] ?? 0)
      if (top <= low) continue
      contenders[count++] = arm
      if (top > high) high = top
    }
    if (count < 2) return shareAmongBest(means, chances)
    if (count > 2) return onGrid({ means, chances, room, count, low, high })
    const [one, other] = [contenders[0] ?? 0, contenders[1] ?? 0]
    const between = Math.hypot(wide[one] ?? 0, wide[other] ?? 0)
    const chance = fastNormal(((means[one] ?? 0) - (means[other] ?? 0)) / between)
    chances[one] = chance
    chances[other] = 1 - chance
  }
}

interface Room {
  readonly wide: Float64Array
  readonly contenders: Int32Array
  readonly distribution: Float64Array
  readonly found: readonly Float64Array[]
}

function roomFor(arms: number): Room {
  return {
    wide: new Float64Array(arms),
    contenders: new Int32Array(arms),
    distribution: new Float64Array(arms * (mostCells + 1)),
    found: Array.from({ length: arms + 1 }, (_, n) => new Float64Array(n)),
  }
}

interface Contest {
  readonly means: Float64Array
  readonly chances: Float64Array
  readonly room: Room
  readonly count: number
  readonly low: number
  readonly high: number
}

function onGrid({ means, chances, room, count, low, high }: Contest): void {
  const { wide, contenders, distribution } = room
  const found = room.found[count] ?? new Float64Array(count)
  let narrowest = Infinity
  for (let c = 0; c < count; c++) narrowest = Math.min(narrowest, wide[contenders[c] ?? 0] ?? 0)
  const wanted = Math.ceil((2 * (high - low)) / narrowest)
  const cells = Math.min(mostCells, Math.max(fewestCells, wanted))
  const step = (high - low) / cells
  for (let c = 0, at = 0; c < count; c++) {
    const arm = contenders[c] ?? 0
    const scale = 1 / Math.max(1e-12 * (high - low), wide[arm] ?? 0)
    let z = (low - (means[arm] ?? 0)) * scale
    for (let border = 0; border <= cells; border++, z += step * scale)
      distribution[at++] = fastNormal(z)
  }
  chancesOfLargest(distribution, cells + 1, found)
  for (let c = 0; c < count; c++) chances[contenders[c] ?? 0] = found[c] ?? 0
}

const tableReach = 6
const steps = 64
const table = Float64Array.from({ length: 2 * tableReach * steps + 2 }, (_, i) =>
  normalCdf(i / steps - tableReach),
)

/** The normal distribution from a table, to 4e-6: chances need not be finer than the grid. */
export function fastNormal(z: number): number {
  if (z <= -tableReach) return 0
  if (z >= tableReach) return 1
  const at = (z + tableReach) * steps
  const below = at | 0
  const value = table[below] ?? 0
  return value + (at - below) * ((table[below + 1] ?? 1) - value)
}

function shareAmongBest(values: Float64Array, chances: Float64Array): void {
  let [best, count] = [-Infinity, 0]
  for (let arm = 0; arm < values.length; arm++) {
    const value = values[arm] ?? 0
    if (value > best) [best, count] = [value, 1]
    else if (value === best) count++
  }
  for (let arm = 0; arm < values.length; arm++) chances[arm] = values[arm] === best ? 1 / count : 0
}
