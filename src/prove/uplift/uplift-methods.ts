/**
 * Whose outcome does the treatment change? Three ways to learn it from a draw of lots.
 *
 * Two models: a chance learned of the treated less one learned of the controls (the "T-learner").
 * Class transformation: Z = 1 for treated with outcome and controls without; where the arms are of equal
 * weight, uplift = 2 P(Z = 1) - 1 (M. Jaskowski and S. Jaroszewicz, "Uplift modeling for clinical trial
 * data", 2012, equation 5); arms of other sizes are weighted to be equal.
 * X-learner: differences of what came and what the other arm's model expected, learned of each arm, and
 * mixed by the share treated (S. Kunzel et al., "Metalearners for estimating heterogeneous treatment
 * effects using machine learning", PNAS 116, 2019, equations 8 to 10).
 */
import { rowsOf, type Column } from '../../math/columns.ts'
import { learnChance, learnValue, type Learner, type Predictor } from './learners.ts'
import type { UpliftRows } from './uplift-rows.ts'

export const upliftMethods = ['two-model', 'class-transformation', 'x-learner'] as const
export type UpliftMethod = (typeof upliftMethods)[number]

export interface UpliftData extends UpliftRows {
  /** NaN where not known. */
  readonly columns: readonly Column[]
}

/** Each arm with both outcomes. */
export function learnUplift(method: UpliftMethod, data: UpliftData, learner: Learner): Predictor {
  if (method === 'two-model') return twoModels(data, learner)
  if (method === 'class-transformation') return classTransformation(data, learner)
  return xLearner(data, learner)
}

interface Arm {
  readonly columns: readonly Column[]
  readonly outcomes: Uint8Array
}

function armOf({ columns, outcomes, treatments }: UpliftData, treatment: 0 | 1): Arm {
  let size = 0
  for (const one of treatments) if (one === treatment) size++
  const rows = new Int32Array(size)
  let at = 0
  treatments.forEach((one, row) => {
    if (one === treatment) rows[at++] = row
  })
  return {
    columns: columns.map((column) => rowsOf(column, rows)),
    outcomes: Uint8Array.from(rows, (row) => outcomes[row] ?? 0),
  }
}

function learnArm({ columns, outcomes }: Arm, { name, random }: Learner, part: string): Predictor {
  return learnChance(columns, outcomes, { name, random: random.fork(part) })
}

function twoModels(data: UpliftData, learner: Learner): Predictor {
  const treated = learnArm(armOf(data, 1), learner, 'treated')
  const control = learnArm(armOf(data, 0), learner, 'control')
  return (columns) => difference(treated(columns), control(columns))
}

function classTransformation(data: UpliftData, learner: Learner): Predictor {
  const { columns, outcomes, treatments } = data
  const share = treatments.reduce((sum, one) => sum + one, 0) / treatments.length
  const transformed = outcomes.map((outcome, row) => (outcome === treatments[row] ? 1 : 0))
  const weights = Float64Array.from(treatments, (one) => 0.5 / (one === 1 ? share : 1 - share))
  const chance = learnChance(columns, transformed, learner, weights)
  return (asked) => chance(asked).map((one) => 2 * one - 1)
}

function xLearner(data: UpliftData, learner: Learner): Predictor {
  const [treated, control] = [armOf(data, 1), armOf(data, 0)]
  const expectTreated = learnArm(treated, learner, 'treated')
  const expectControl = learnArm(control, learner, 'control')
  const { name, random } = learner
  const gained = difference(treated.outcomes, expectControl(treated.columns))
  const missed = difference(expectTreated(control.columns), control.outcomes)
  const ofTreated = learnValue(treated.columns, gained, { name, random: random.fork('gained') })
  const ofControl = learnValue(control.columns, missed, { name, random: random.fork('missed') })
  const share = treated.outcomes.length / data.treatments.length
  return (columns) => {
    const [one, other] = [ofTreated(columns), ofControl(columns)]
    return one.map((value, i) => (1 - share) * value + share * (other[i] ?? 0))
  }
}

function difference(one: ArrayLike<number>, other: ArrayLike<number>): Float64Array {
  return Float64Array.from(one, (value, i) => value - (other[i] ?? 0))
}
