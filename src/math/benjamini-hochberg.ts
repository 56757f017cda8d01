/**
 * Adjusted p values that bound the false discovery rate: q_(i) = min over j >= i of m p_(j) / j
 * (Y. Benjamini and Y. Hochberg, JRSS B 57, 1995; R's p.adjust with method BH).
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  const m = pValues.length
  const order = Uint32Array.from({ length: m }, (_, i) => i)
  for (let i = 0; i < m; i++) {
    const p = pValues[i] ?? Number.NaN
    if (!(p >= 0 && p <= 1)) throw new RangeError(`A p value lies between 0 and 1, not at ${p}.`)
  }
  order.sort((i, j) => (pValues[i] ?? 0) - (pValues[j] ?? 0))
  const adjusted = new Float64Array(m)
  let least = 1
  for (let rank = m; rank >= 1; rank--) {
    const i = order[rank - 1] ?? 0
    least = Math.min(least, ((pValues[i] ?? 0) * m) / rank)
    adjusted[i] = least
  }
  return adjusted
}
