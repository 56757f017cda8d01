/**
 * Quantile of sorted values by linear interpolation (type 7 of Hyndman and Fan, The American
 * Statistician 50, 1996; the default of R and NumPy). NaN of nothing.
 */
export function quantileOfSorted(sorted: ArrayLike<number>, probability: number): number {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`A probability lies between 0 and 1, not at ${probability}.`)
  if (sorted.length === 0) return Number.NaN
  const at = (sorted.length - 1) * probability
  const below = Math.floor(at)
  const low = sorted[below] ?? Number.NaN
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low
  return low + (at - below) * (high - low)
}
