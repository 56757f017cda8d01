/** Both curves at some shares, for pictures; the areas are of all points (`uplift-areas.ts`). */
import type { RankedRows } from './rank-rows.ts'

export interface UpliftPoint {
  /** Of all rows, the highest scores first. */
  readonly share: number
  /** Outcomes more among the treated than their number of controls would have had. */
  readonly qini: number
  /** Share of outcomes more, times rows so far. */
  readonly uplift: number
  /** The same of a random order. */
  readonly randomQini: number
  readonly randomUplift: number
}

/** About so many points, where scores change; the first is 0, the last all rows. */
export function upliftCurve({ cells, ends }: RankedRows, points = 100): UpliftPoint[] {
  const rows = cells.length
  const found: [rank: number, qini: number, uplift: number][] = [[0, 0, 0]]
  const counts = [0, 0, 0, 0] as [number, number, number, number]
  let next = 0
  for (let rank = 0; rank < rows; rank++) {
    counts[(cells[rank] ?? 0) as 0 | 1 | 2 | 3]++
    if (ends[rank] !== 1 || (rank + 1 < next && rank + 1 < rows)) continue
    next = rank + 1 + rows / points
    const [controlNo, controlYes, treatedNo, treatedYes] = counts
    const [control, treated] = [controlNo + controlYes, treatedNo + treatedYes]
    const qini = treatedYes - (control === 0 ? 0 : (controlYes * treated) / control)
    const rates =
      (treated === 0 ? 0 : treatedYes / treated) - (control === 0 ? 0 : controlYes / control)
    found.push([rank + 1, qini, rates * (rank + 1)])
  }
  const [, lastQini, lastUplift] = found.at(-1) ?? [0, 0, 0]
  return found.map(([rank, qini, uplift]) => {
    const share = rows === 0 ? 0 : rank / rows
    return { share, qini, uplift, randomQini: share * lastQini, randomUplift: share * lastUplift }
  })
}
