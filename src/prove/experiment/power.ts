/**
 * How many units an experiment needs, what it can see, and how likely it is to see it. Two arms, two-sided.
 *
 * Means:  n = (z_a + z_b)^2 sigma^2 (1 + 1/r) / delta^2
 * Shares: n = (z_a sqrt((1 + 1/r) p q) + z_b sqrt(p1 q1 + p2 q2 / r))^2 / (p1 - p2)^2,
 *         p the share of both arms (Fleiss, Levin, Paik, Statistical Methods for Rates and Proportions,
 *         3rd ed. 2003, equation 4.14 without correction; `power.prop.test` of R where r = 1)
 *
 * n is of the control, r n of the treatment; z_a belongs to alpha / 2, z_b to the power.
 */
import { RapportError } from '../../domain/error.ts'
import { normalCdf, normalQuantile } from '../../math/normal.ts'

export interface Design {
  /** Chance of seeing an effect where there is none; .05. */
  readonly alpha?: number
  /** Chance of seeing the effect where it is there; .8. */
  readonly power?: number
  /** Units of the treatment for each unit of the control; 1. */
  readonly ratio?: number
}

/** Units of the control arm, not rounded. `deviation` and `difference` in units of the metric. */
export function unitsForMeans(deviation: number, difference: number, design: Design = {}): number {
  const { za, zb, ratio } = read(design)
  if (!(deviation > 0 && deviation < Infinity && Math.abs(difference) > 0))
    fail('A deviation above 0 and a difference other than 0 are needed.')
  return ((za + zb) ** 2 * deviation ** 2 * (1 + 1 / ratio)) / difference ** 2
}

/** Units of the control arm, not rounded. */
export function unitsForShares(control: number, treatment: number, design: Design = {}): number {
  const { za, zb, ratio } = read(design)
  checkShares(control, treatment)
  const { both, own } = deviations(control, treatment, ratio)
  return (za * both + zb * own) ** 2 / (treatment - control) ** 2
}

/** Chance of seeing this difference of means with so many units in the control arm. */
export function powerForMeans(
  units: number,
  { deviation, difference }: { readonly deviation: number; readonly difference: number },
  design: Omit<Design, 'power'> = {},
): number {
  const { za, ratio } = read(design)
  if (!(units > 0 && deviation > 0)) fail('Units and deviation are above 0.')
  const error = deviation * Math.sqrt((1 + 1 / ratio) / units)
  return normalCdf(Math.abs(difference) / error - za)
}

/** Chance of seeing this difference of shares with so many units in the control arm. */
export function powerForShares(
  units: number,
  { control, treatment }: { readonly control: number; readonly treatment: number },
  design: Omit<Design, 'power'> = {},
): number {
  const { za, ratio } = read(design)
  checkShares(control, treatment)
  if (!(units > 0)) fail('Units are above 0.')
  const { both, own } = deviations(control, treatment, ratio)
  return normalCdf((Math.sqrt(units) * Math.abs(treatment - control) - za * both) / own)
}

/** The smallest difference of means that is seen with the wanted power. */
export function visibleDifference(units: number, deviation: number, design: Design = {}): number {
  const { za, zb, ratio } = read(design)
  if (!(units > 0 && deviation > 0)) fail('Units and deviation are above 0.')
  return (za + zb) * deviation * Math.sqrt((1 + 1 / ratio) / units)
}

function deviations(
  control: number,
  treatment: number,
  ratio: number,
): { both: number; own: number } {
  const p = (control + ratio * treatment) / (1 + ratio)
  return {
    both: Math.sqrt((1 + 1 / ratio) * p * (1 - p)),
    own: Math.sqrt(control * (1 - control) + (treatment * (1 - treatment)) / ratio),
  }
}

function checkShares(control: number, treatment: number): void {
  const isShare = (share: number): boolean => share >= 0 && share <= 1
  if (!isShare(control) || !isShare(treatment) || control === treatment)
    fail('Two different shares between 0 and 1 are needed.')
}

function read({ alpha = 0.05, power = 0.8, ratio = 1 }: Design) {
  const isChance = (chance: number): boolean => chance > 0 && chance < 1
  if (!(isChance(alpha) && isChance(power) && ratio > 0 && ratio < Infinity))
    fail('Alpha and power lie between 0 and 1, and the ratio of the arms is above 0.')
  return { za: normalQuantile(1 - alpha / 2), zb: normalQuantile(power), ratio }
}

function fail(detail: string): never {
  throw new RapportError('invalid_analysis', detail)
}
