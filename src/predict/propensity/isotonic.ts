/**
 * Isotonic regression: the rising steps nearest to the outcomes, by pooling adjacent violators (M. Ayer
 * et al., "An empirical distribution function for sampling with incomplete information", Annals of
 * Mathematical Statistics 26, 1955). As calibration: B. Zadrozny and C. Elkan, KDD 2002.
 */

export interface IsotonicBlock {
  /** First and last score of the block. */
  readonly from: number
  readonly to: number
  readonly rows: number
  /** Mean outcome. */
  readonly value: number
}

/** Blocks of rising score, of strictly rising value. Equal scores are always of one block. */
export function poolAdjacent(scores: Float64Array, outcomes: ArrayLike<number>): IsotonicBlock[] {
  const order = Uint32Array.from(scores, (_, i) => i).sort(
    (a, b) => (scores[a] ?? 0) - (scores[b] ?? 0),
  )
  const blocks: { from: number; to: number; rows: number; sum: number }[] = []
  let at = 0
  while (at < order.length) {
    const score = scores[order[at] ?? 0] ?? 0
    let [rows, sum] = [0, 0]
    for (; at < order.length && scores[order[at] ?? 0] === score; at++, rows++) {
      sum += outcomes[order[at] ?? 0] ?? 0
    }
    let block = { from: score, to: score, rows, sum }
    for (;;) {
      const before = blocks.at(-1)
      // Compared without division: sums of outcomes are whole.
      if (!before || before.sum * block.rows < block.sum * before.rows) break
      blocks.pop()
      block = {
        from: before.from,
        to: block.to,
        rows: before.rows + block.rows,
        sum: before.sum + block.sum,
      }
    }
    blocks.push(block)
  }
  return blocks.map(({ from, to, rows, sum }) => ({ from, to, rows, value: sum / rows }))
}
