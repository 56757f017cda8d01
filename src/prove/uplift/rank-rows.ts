/**
 * Rows by score, the highest first; of equal scores the later row first, as scikit-uplift orders them
 * (a stable sort, turned round), so that shares that end within a tie agree too.
 */
import { orderScores } from './order-scores.ts'
import { refuse, type UpliftRows } from './uplift-rows.ts'

export interface RankedRows {
  /** Cell of each row, in order of rank: 1 for the outcome, 2 for the treatment, added up. */
  readonly cells: Uint8Array
  /** 1 where a row is the last of its score: only there does a curve have a point. */
  readonly ends: Uint8Array
}

/** @throws RapportError invalid_analysis for scores that are missing or not finite. */
export function rankRows({ outcomes, treatments }: UpliftRows, scores: Float64Array): RankedRows {
  const rows = outcomes.length
  if (scores.length !== rows) refuse(`There are ${scores.length} scores for ${rows} rows.`)
  for (let i = 0; i < rows; i++) {
    const score = scores[i] ?? Number.NaN
    if (score - score !== 0) refuse(`The score of row ${i} is ${score}, not a finite number.`)
  }
  const order = orderScores(scores)
  const cells = new Uint8Array(rows)
  const ends = new Uint8Array(rows)
  let before = Number.NaN
  for (let rank = 0; rank < rows; rank++) {
    const row = order[rows - 1 - rank] ?? 0
    const score = scores[row] ?? 0
    cells[rank] = (outcomes[row] ?? 0) + 2 * (treatments[row] ?? 0)
    if (rank > 0 && score !== before) ends[rank - 1] = 1
    before = score
  }
  if (rows > 0) ends[rows - 1] = 1
  return { cells, ends }
}
