/**
 * Every row scored by a model that never saw it: rows are dealt into parts, and each part is scored by
 * what the others taught. What is then measured on these scores is not flattered by learning.
 */
import { rowsOf } from '../../math/columns.ts'
import { seededRandom, type Random } from '../../math/random.ts'
import type { LearnerName } from './learners.ts'
import { learnUplift, type UpliftData, type UpliftMethod } from './uplift-methods.ts'
import { countArms, refuse } from './uplift-rows.ts'

export interface CrossFitOptions {
  readonly method: UpliftMethod
  readonly learner: LearnerName
  /** Parts, 2 to 20; 5 where not said. */
  readonly folds?: number
  /** The same seed deals and learns the same. */
  readonly seed: string | number
}

/** Of each arm and outcome, in each part's training rows. */
const leastCases = 10

/**
 * Uplift of each row, out of fold.
 *
 * @throws RapportError invalid_analysis for broken data, too few cases, columns that never vary.
 */
export function crossFitUplift(
  data: UpliftData,
  { method, learner, folds = 5, seed }: CrossFitOptions,
): Float64Array {
  checkLearnable(data, folds)
  const random = seededRandom(`uplift/${seed}`)
  const parts = dealParts(data, folds, random.fork('parts'))
  const scores = new Float64Array(data.outcomes.length)
  for (let part = 0; part < folds; part++) {
    const inside = rowsWhere(parts, (one) => one === part)
    const outside = rowsWhere(parts, (one) => one !== part)
    const from = random.fork(`${method}/${learner}/${part}`)
    const predict = learnUplift(method, chosen(data, outside), { name: learner, random: from })
    const found = predict(chosen(data, inside).columns)
    inside.forEach((row, i) => {
      scores[row] = found[i] ?? 0
    })
  }
  return scores
}

function checkLearnable(data: UpliftData, folds: number): void {
  const { columns, outcomes } = data
  const arms = countArms(data)
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= 20))
    refuse(`The number of folds is a whole number from 2 to 20, not ${folds}.`)
  if (columns.length === 0) refuse('There are no features to learn from.')
  columns.forEach((column, c) => {
    if (column.length !== outcomes.length)
      refuse(`Feature ${c + 1} has ${column.length} values for ${outcomes.length} rows.`)
    const endless = column.findIndex((value) => Math.abs(value) > 1e100)
    if (endless >= 0)
      refuse(`Feature ${c + 1} is ${column[endless]} in row ${endless}: numbers go up to 1e100.`)
  })
  const varies = columns.some((column) => {
    const [first] = column
    return column.some((value) => value !== first && !(Number.isNaN(value) && Number.isNaN(first)))
  })
  if (!varies) refuse('No feature varies: there is nothing to tell people apart by.')
  const cells = [
    ['treated with the outcome', arms.treatedOutcomes],
    ['treated without the outcome', arms.treated - arms.treatedOutcomes],
    ['controls with the outcome', arms.controlOutcomes],
    ['controls without the outcome', arms.control - arms.controlOutcomes],
  ] as const
  for (const [name, count] of cells)
    if (count < 2 * leastCases)
      refuse(`There are ${count} ${name}; to learn from, ${2 * leastCases} are needed.`)
}

/** Each of the four cells dealt apart, so that every part has its share of each. */
function dealParts(
  { outcomes, treatments }: UpliftData,
  folds: number,
  random: Random,
): Uint8Array {
  const parts = new Uint8Array(outcomes.length)
  let dealt = 0
  for (const cell of [3, 2, 1, 0]) {
    const rows: number[] = []
    outcomes.forEach((outcome, row) => {
      if (outcome + 2 * (treatments[row] ?? 0) === cell) rows.push(row)
    })
    for (const row of random.shuffled(rows)) parts[row] = dealt++ % folds
  }
  return parts
}

function rowsWhere(parts: Uint8Array, isWanted: (part: number) => boolean): Int32Array {
  const rows: number[] = []
  parts.forEach((part, row) => {
    if (isWanted(part)) rows.push(row)
  })
  return Int32Array.from(rows)
}

function chosen({ columns, outcomes, treatments }: UpliftData, rows: Int32Array): UpliftData {
  return {
    columns: columns.map((column) => rowsOf(column, rows)),
    outcomes: Uint8Array.from(rows, (row) => outcomes[row] ?? 0),
    treatments: Uint8Array.from(rows, (row) => treatments[row] ?? 0),
  }
}
