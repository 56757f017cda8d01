/**
 * Uplift among the highest scores: share of outcomes of the treated less that of the controls, with
 * Newcombe's interval. Two ways to cut, as scikit-uplift has them: the first share of everybody
 * ("overall"), or the first share of each arm ("by group").
 */
import type { Estimate } from '../../math/interval.ts'
import { differenceOfProportions } from '../../math/two-proportions.ts'
import type { RankedRows } from './rank-rows.ts'
import { refuse } from './uplift-rows.ts'

export type CutWay = 'overall' | 'by_group'

export interface UpliftBin {
  readonly treated: number
  readonly treatedOutcomes: number
  readonly control: number
  readonly controlOutcomes: number
  /** Null where an arm has nobody. */
  readonly uplift: Estimate | null
}

/** @param share above 0, below 1; as many whole rows as fit. Null where an arm has nobody there. */
export function upliftAtShare(rows: RankedRows, share: number, way: CutWay): Estimate | null {
  if (!(share > 0 && share < 1)) refuse(`A share lies between 0 and 1, not at ${share}.`)
  const { cells } = rows
  if (way === 'overall') return binOf(cells.subarray(0, Math.floor(cells.length * share))).uplift
  const [control, treated] = armsOf(cells)
  const first = (arm: Uint8Array): Uint8Array => arm.subarray(0, Math.floor(arm.length * share))
  return binOf(first(control), first(treated)).uplift
}

/** Rows of falling score in so many parts of (nearly) equal size, the larger ones first. */
export function upliftBins(rows: RankedRows, bins: number, way: CutWay): UpliftBin[] {
  const { cells } = rows
  if (!(Number.isInteger(bins) && bins > 0 && bins < cells.length))
    refuse(`${cells.length} rows cannot be cut into ${bins} parts.`)
  const arms = way === 'overall' ? [cells] : armsOf(cells)
  return Array.from({ length: bins }, (_, bin) =>
    binOf(...arms.map((arm) => arm.subarray(startOf(bin, bins, arm), startOf(bin + 1, bins, arm)))),
  )
}

/** Mean uplift of the parts, by their treated; null where a part lacks an arm. */
export function weightedUplift(bins: readonly UpliftBin[]): number | null {
  let [sum, treated] = [0, 0]
  for (const bin of bins) {
    if (bin.uplift === null) return null
    sum += bin.treated * bin.uplift.value
    treated += bin.treated
  }
  return treated === 0 ? null : sum / treated
}

function startOf(bin: number, bins: number, { length }: Uint8Array): number {
  return bin * Math.floor(length / bins) + Math.min(bin, length % bins)
}

function armsOf(cells: Uint8Array): [control: Uint8Array, treated: Uint8Array] {
  return [cells.filter((cell) => cell < 2), cells.filter((cell) => cell >= 2)]
}

function binOf(...parts: readonly Uint8Array[]): UpliftBin {
  const counts = [0, 0, 0, 0] as [number, number, number, number]
  for (const part of parts) for (const cell of part) counts[cell as 0 | 1 | 2 | 3]++
  const [controlNo, controlYes, treatedNo, treatedYes] = counts
  const [treated, control] = [treatedNo + treatedYes, controlNo + controlYes]
  const uplift = differenceOfProportions(
    { successes: treatedYes, trials: treated },
    { successes: controlYes, trials: control },
  )
  return {
    ...{ treated, treatedOutcomes: treatedYes, control, controlOutcomes: controlYes, uplift },
  }
}
