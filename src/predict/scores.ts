/** Scores put together for all people of one quantity. */
import type { QuantityId } from '../domain/prediction-view.ts'
import type { Scores } from './fit-task.ts'
import type { PartyColumns } from './lens-columns.ts'

export interface ScoreOfRow {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly reasons: string
}

/** @param rows  which rows of the data are scored */
export function scoresOf(
  quantity: QuantityId,
  { parties }: Pick<PartyColumns, 'parties'>,
  rows: ArrayLike<number>,
  scoreOf: (row: number, place: number) => ScoreOfRow,
): Scores {
  const size = rows.length
  const own = new Uint8Array(16 * size)
  const value = new Float64Array(size)
  const low = new Float64Array(size)
  const high = new Float64Array(size)
  const reasons: string[] = []
  for (let place = 0; place < size; place++) {
    const row = rows[place] ?? 0
    own.set(parties.subarray(row * 16, row * 16 + 16), place * 16)
    const score = scoreOf(row, place)
    value[place] = score.value
    // Whatever rounding does, a value lies in its interval.
    low[place] = Math.min(score.low, score.value)
    high[place] = Math.max(score.high, score.value)
    reasons.push(score.reasons)
  }
  return { quantity, parties: own, value, low, high, rank: ranksOf(value), reasons }
}

/** Of each value the share of all that are less. */
export function ranksOf(values: Float64Array): Float64Array {
  const sorted = values.slice().sort()
  return values.map((value) => {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sorted[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    return low / sorted.length
  })
}
