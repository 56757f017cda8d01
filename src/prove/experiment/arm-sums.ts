/**
 * What is kept of an arm of an experiment: sums over its units (people, mostly: whatever was drawn to
 * the arm), of a metric y and of one other number x. Sums of parts add up, so that an experiment can be
 * followed without its rows.
 *
 * x is the denominator of a ratio metric (views, where y is clicks), or what was known of the unit
 * before the experiment (CUPED). 0 where there is neither.
 */
import { RapportError } from '../../domain/error.ts'

export interface ArmSums {
  readonly units: number
  /** Means. */
  readonly y: number
  readonly x: number
  /** Sums of squared differences from the means, and of their products. */
  readonly yy: number
  readonly xx: number
  readonly xy: number
}

export const noUnits: ArmSums = { units: 0, y: 0, x: 0, yy: 0, xx: 0, xy: 0 }

/**
 * @param y one number a unit, finite; `x` alike, or left out
 * @throws RapportError invalid_analysis for a number that is none.
 */
export function sumsOf(y: ArrayLike<number>, x?: ArrayLike<number>): ArmSums {
  if (x !== undefined && x.length !== y.length)
    throw new RapportError('invalid_analysis', `There are ${y.length} units, but ${x.length} in x.`)
  let [meanY, meanX, yy, xx, xy] = [0, 0, 0, 0, 0]
  for (let i = 0; i < y.length; i++) {
    const [one, other] = [y[i] ?? Number.NaN, x === undefined ? 0 : (x[i] ?? Number.NaN)]
    if (!(Math.abs(one) <= 1e15 && Math.abs(other) <= 1e15))
      throw new RapportError('invalid_analysis', `Unit ${i + 1} has no number: ${one}, ${other}.`)
    // Welford's recurrence (Technometrics 4, 1962): no large squares to be subtracted.
    const [stepY, stepX] = [one - meanY, other - meanX]
    meanY += stepY / (i + 1)
    meanX += stepX / (i + 1)
    yy += stepY * (one - meanY)
    xx += stepX * (other - meanX)
    xy += stepY * (other - meanX)
  }
  return { units: y.length, y: meanY, x: meanX, yy, xx, xy }
}

/** Of a metric that is 1 for some units and 0 for the others. */
export function sumsOfCount(successes: number, units: number): ArmSums {
  if (!(successes >= 0 && successes <= units && Number.isFinite(units)))
    throw new RapportError('invalid_analysis', `${successes} of ${units} is no share of units.`)
  const share = units === 0 ? 0 : successes / units
  return { ...noUnits, units, y: share, yy: units * share * (1 - share) }
}

/** Two parts of an arm as one (Chan, Golub, LeVeque, 1979). */
export function addSums(one: ArmSums, other: ArmSums): ArmSums {
  const units = one.units + other.units
  if (units === 0) return noUnits
  const [dy, dx] = [other.y - one.y, other.x - one.x]
  const between = (one.units * other.units) / units
  const share = other.units / units
  return {
    ...{ units, y: one.y + dy * share, x: one.x + dx * share },
    yy: one.yy + other.yy + dy * dy * between,
    xx: one.xx + other.xx + dx * dx * between,
    xy: one.xy + other.xy + dy * dx * between,
  }
}

/** Variance of a unit of y - slope * x, with units - 1 below the fraction. */
export function unitVariance({ units, yy, xx, xy }: ArmSums, slope = 0): number {
  return Math.max(0, yy - 2 * slope * xy + slope * slope * xx) / (units - 1)
}

/** @throws RapportError invalid_analysis where an arm has fewer than two units. */
export function checkArms(control: ArmSums, treatment: ArmSums): void {
  for (const [name, { units }] of Object.entries({ control, treatment }))
    if (!(units >= 2))
      throw new RapportError(
        'invalid_analysis',
        `The arm "${name}" has ${units} units; how much units vary is seen from 2 on.`,
      )
}
