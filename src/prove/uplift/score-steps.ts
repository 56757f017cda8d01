/**
 * Ranked rows as steps: one for each score, or so many alike in size, with the counts of the four cells.
 * Everything that curves need, however many rows stand behind it.
 */
import type { RankedRows } from './rank-rows.ts'

/** Four counts a step: control without and with the outcome, treated without and with it. */
export type ScoreSteps = Float64Array

export const cellsOfStep = 4

/** @param most steps; where there are more scores, neighbours are put together */
export function stepsOf({ cells, ends }: RankedRows, most = Infinity): ScoreSteps {
  const rows = cells.length
  const steps: number[] = []
  const counts = [0, 0, 0, 0] as [number, number, number, number]
  let next = 0
  for (let rank = 0; rank < rows; rank++) {
    const cell = (cells[rank] ?? 0) as 0 | 1 | 2 | 3
    counts[cell]++
    if (ends[rank] !== 1 || (rank + 1 < next && rank + 1 < rows)) continue
    steps.push(...counts)
    counts.fill(0)
    next = rank + 1 + rows / most
  }
  return Float64Array.from(steps)
}
