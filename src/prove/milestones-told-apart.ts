/** Milestones that always come together are one: which of them stand for the others. */
import type { MilestoneRows } from './milestone-rows.ts'

/**
 * Milestones whose times coincide so far share one effect between them, in no way that means anything:
 * with a correlation of .8 errors grow by two thirds.
 */
const entangled = 0.8

/** Of those with the most behind them first: each that differs from all before it. */
export function toldApart(rows: MilestoneRows, candidates: readonly number[], most: number) {
  const chosen: number[] = []
  const sameAs = new Map<number, number>()
  for (const m of candidates) {
    const twin = chosen.find((other) => Math.abs(correlation(rows, m, other)) > entangled)
    if (twin !== undefined) sameAs.set(m, twin)
    else if (chosen.length < most) chosen.push(m)
  }
  return { chosen, sameAs }
}

/** Of two milestones, over the time watched: 1 where both are always reached together. */
function correlation({ start, stop, reached }: MilestoneRows, m: number, other: number): number {
  const [a, b] = [reached[m] ?? start, reached[other] ?? start]
  let [total, ofA, ofB, both] = [0, 0, 0, 0]
  for (let i = 0; i < start.length; i++) {
    const length = (stop[i] ?? 0) - (start[i] ?? 0)
    total += length
    if (a[i]) ofA += length
    if (b[i]) ofB += length
    if (a[i] && b[i]) both += length
  }
  const [shareA, shareB] = [ofA / total, ofB / total]
  const spread = Math.sqrt(shareA * (1 - shareA) * shareB * (1 - shareB))
  return spread > 0 ? (both / total - shareA * shareB) / spread : 1
}
