/**
 * Which of several independent variables is the largest, and with what chance: the sum, over cells of a
 * grid, of the chance that one lies in the cell times the chance that all others lie below its middle.
 * Made to add up to 1, so that it can be drawn from.
 *
 * @param distribution variables x (cells + 1): each one's distribution function at the borders of the
 *   cells, row after row; borders that all lie where nothing happens any more cost nothing but time
 * @param chances where the answer is written, one a variable
 * @param below room for cells x 1 numbers
 */
export function chancesOfLargest(
  distribution: Float64Array,
  chances: Float64Array,
  below: Float64Array,
): void {
  const variables = chances.length
  const borders = distribution.length / variables
  chances.fill(0)
  let sum = 0
  for (let cell = 0; cell + 1 < borders; cell++) {
    // Products of all others by those before and those after: no division, so zeros do no harm.
    let before = 1
    for (let v = 0; v < variables; v++) {
      below[v] = before
      const at = v * borders + cell
      before *= ((distribution[at] ?? 0) + (distribution[at + 1] ?? 0)) / 2
    }
    let after = 1
    for (let v = variables - 1; v >= 0; v--) {
      const at = v * borders + cell
      const [from, to] = [distribution[at] ?? 0, distribution[at + 1] ?? 0]
      const gain = (to - from) * (below[v] ?? 0) * after
      chances[v] = (chances[v] ?? 0) + gain
      sum += gain
      after *= (from + to) / 2
    }
  }
  for (let v = 0; v < variables; v++) chances[v] = sum > 0 ? (chances[v] ?? 0) / sum : 1 / variables
}
