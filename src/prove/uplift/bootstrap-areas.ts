/**
 * Intervals of the areas, by drawing the rows anew (Poisson bootstrap: src/math/bootstrap.ts). The scores
 * stay as they are: the interval is of how well these scores order such people, not of learning them.
 * Of many rows, 250 steps of neighbouring scores are drawn as counts, and the ends moved by what the
 * coarser steps cost; so a million rows take as long as some thousands.
 */
import { percentileInterval, resampleCounts } from '../../math/bootstrap.ts'
import type { Estimate } from '../../math/interval.ts'
import { normalCdf } from '../../math/normal.ts'
import type { Random } from '../../math/random.ts'
import type { RankedRows } from './rank-rows.ts'
import { stepsOf } from './score-steps.ts'
import { areasOfRows, areasOfSteps, type UpliftAreas } from './uplift-areas.ts'

export interface AreaEstimate extends Estimate {
  /**
   * Chance of an area so far from 0 were the order of no use: two-sided, normal with the deviation of
   * the draws.
   */
  readonly p: number
}

export interface AreaEstimates {
  /** Null where no order would differ from another. */
  readonly qini: AreaEstimate | null
  readonly uplift: AreaEstimate | null
  readonly gain: AreaEstimate | null
}

const manyRows = 20_000
const manySteps = 250

/** @param options `replicates`: 400 give the ends to about 3 % of the width */
export function estimateAreas(
  rows: RankedRows,
  options: { readonly replicates: number; readonly random: Random },
): AreaEstimates {
  const steps = stepsOf(rows, rows.cells.length > manyRows ? manySteps : Infinity)
  const seen = areasOfRows(rows)
  const coarse = areasOfSteps(steps)
  const draws: UpliftAreas[] = []
  const drawn = new Float64Array(steps.length)
  for (let replicate = 0; replicate < options.replicates; replicate++) {
    draws.push(areasOfSteps(withoutEmpty(resampleCounts(steps, options.random, drawn))))
  }
  const estimate = (read: (areas: UpliftAreas) => number | null): AreaEstimate | null => {
    const value = read(seen)
    const values = draws.flatMap((areas) => read(areas) ?? [])
    if (value === null || values.length < 2) return null
    const shift = value - (read(coarse) ?? value)
    const { low, high } = percentileInterval(values)
    return {
      ...{ value, low: Math.min(value, low + shift), high: Math.max(value, high + shift) },
      p: twoSided(value, deviationOf(values)),
    }
  }
  return {
    qini: estimate(({ qini }) => qini),
    uplift: estimate(({ uplift }) => uplift),
    gain: estimate(({ gain }) => gain),
  }
}

/** A score that nobody was drawn of has no point. */
function withoutEmpty(steps: Float64Array): Float64Array {
  let kept = 0
  for (let at = 0; at < steps.length; at += 4) {
    const rows =
      (steps[at] ?? 0) + (steps[at + 1] ?? 0) + (steps[at + 2] ?? 0) + (steps[at + 3] ?? 0)
    if (rows === 0) continue
    if (kept !== at) steps.copyWithin(kept, at, at + 4)
    kept += 4
  }
  return steps.subarray(0, kept)
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}

function twoSided(value: number, deviation: number): number {
  if (deviation === 0) return value === 0 ? 1 : 0
  return Math.min(1, 2 * normalCdf(-Math.abs(value) / deviation))
}
