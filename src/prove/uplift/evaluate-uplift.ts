/** Scores held against what happened to treated and controls: all numbers of one ranking. */
import type { Estimate } from '../../math/interval.ts'
import type { Random } from '../../math/random.ts'
import { differenceOfProportions } from '../../math/two-proportions.ts'
import { estimateAreas, type AreaEstimates } from './bootstrap-areas.ts'
import { rankRows } from './rank-rows.ts'
import { upliftAtShare, upliftBins, weightedUplift, type UpliftBin } from './uplift-at-share.ts'
import { upliftCurve, type UpliftPoint } from './uplift-curve.ts'
import { countArms, type ArmCounts, type UpliftRows } from './uplift-rows.ts'

export interface UpliftEvaluation {
  readonly rows: number
  readonly arms: ArmCounts
  /** Of everybody: share of outcomes treated less control. */
  readonly effect: Estimate
  /** Against a random order: 0 is as good as that, 1 perfect. */
  readonly areas: AreaEstimates
  readonly atShares: readonly {
    readonly share: number
    readonly overall: Estimate | null
    readonly byGroup: Estimate | null
  }[]
  /** Parts of equal size by falling score. */
  readonly bins: readonly UpliftBin[]
  readonly weightedUplift: number | null
  readonly curve: readonly UpliftPoint[]
}

export interface EvaluationOptions {
  readonly random: Random
  /** Draws for the intervals; 400 where not said. */
  readonly replicates?: number
  readonly shares?: readonly number[]
  readonly bins?: number
}

/** @throws RapportError invalid_analysis for what `countArms` and `rankRows` refuse. */
export function evaluateUplift(
  rows: UpliftRows,
  scores: Float64Array,
  { random, replicates = 400, shares = [0.1, 0.2, 0.3], bins = 10 }: EvaluationOptions,
): UpliftEvaluation {
  const arms = countArms(rows)
  const ranked = rankRows(rows, scores)
  const size = scores.length
  const parts = size > bins ? upliftBins(ranked, bins, 'overall') : []
  const effect = differenceOfProportions(
    { successes: arms.treatedOutcomes, trials: arms.treated },
    { successes: arms.controlOutcomes, trials: arms.control },
  )
  return {
    ...{ rows: size, arms, effect: effect ?? { value: 0, low: -1, high: 1 } },
    areas: estimateAreas(ranked, { replicates, random }),
    atShares: shares.map((share) => ({
      share,
      overall: upliftAtShare(ranked, share, 'overall'),
      byGroup: upliftAtShare(ranked, share, 'by_group'),
    })),
    ...{ bins: parts, weightedUplift: weightedUplift(parts), curve: upliftCurve(ranked) },
  }
}
