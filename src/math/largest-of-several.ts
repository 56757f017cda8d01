/**
 * Which of several independent variables is the largest, and with what chance: the sum, over cells of a
 * grid, of the chance that one lies in the cell times the chance that all others lie below its middle.
 * Made to add up to 1, so that it can be drawn from.
 *
 * @param distribution variables x borders: each one's distribution function at the borders of the
 *   cells, row after row; what stands behind is not looked at
 * @param borders one more than cells
 * @param chances where the answer is written, one a variable
 */
export function chancesOfLargest(
  distribution: Float64Array,
  borders: number,
  chances: Float64Array,
): void {
  chances.fill(0)
  if (chances.length <= 4) addProducts(distribution, borders, chances)
  else addRunningProducts(distribution, borders, chances)
  let sum = 0
  for (let v = 0; v < chances.length; v++) sum += chances[v] ?? 0
  for (let v = 0; v < chances.length; v++)
    chances[v] = sum > 0 ? (chances[v] ?? 0) / sum : 1 / chances.length
}

/** Each product of all others for itself: the fewer there are, the faster. */
function addProducts(distribution: Float64Array, borders: number, chances: Float64Array): void {
  for (let cell = 1; cell < borders; cell++)
    for (let v = 0; v < chances.length; v++) {
      const at = v * borders + cell
      let gain = (distribution[at] ?? 0) - (distribution[at - 1] ?? 0)
      if (gain === 0) continue
      for (let other = 0, k = cell; other < chances.length; other++, k += borders)
        if (other !== v) gain *= ((distribution[k] ?? 0) + (distribution[k - 1] ?? 0)) / 2
      chances[v] = (chances[v] ?? 0) + gain
    }
}

/** By the product of those before and those after: no division, so zeros do no harm. */
function addRunningProducts(
  distribution: Float64Array,
  borders: number,
  chances: Float64Array,
): void {
  const below = new Float64Array(chances.length)
  for (let cell = 1; cell < borders; cell++) {
    let before = 1
    for (let v = 0, k = cell; v < chances.length; v++, k += borders) {
      below[v] = before
      before *= ((distribution[k - 1] ?? 0) + (distribution[k] ?? 0)) / 2
    }
    let after = 1
    for (let v = chances.length - 1; v >= 0; v--) {
      const [from, to] = [
        distribution[v * borders + cell - 1] ?? 0,
        distribution[v * borders + cell] ?? 0,
      ]
      chances[v] = (chances[v] ?? 0) + (to - from) * (below[v] ?? 0) * after
      after *= (from + to) / 2
    }
  }
}
