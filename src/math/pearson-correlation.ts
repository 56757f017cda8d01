/**
 * Pearson's product-moment correlation of two columns of equal length, -1..1, or null where there are
 * fewer than two pairs or one column does not vary. Two passes, so that a large mean costs no digits.
 */
export function pearsonCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const count = x.length
  if (count !== y.length) throw new RangeError('a correlation needs two columns of equal length')
  if (count < 2) return null
  const meanX = mean(x)
  const meanY = mean(y)
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < count; i++) {
    const dx = (x[i] ?? 0) - meanX
    const dy = (y[i] ?? 0) - meanY
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  const scale = Math.sqrt(xx) * Math.sqrt(yy)
  return scale > 0 ? Math.min(1, Math.max(-1, xy / scale)) : null
}

function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0
  return sum / values.length
}
