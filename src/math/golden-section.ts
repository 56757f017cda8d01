/**
 * The place of the least value of a function with one valley between two ends, by golden section
 * (J. Kiefer, Proceedings of the AMS 4, 1953): each step asks once and keeps .618 of the range.
 *
 * @param tolerance width of the range at which it is done, above 0
 */
export function goldenSection(
  value: (x: number) => number,
  low: number,
  high: number,
  tolerance: number,
): number {
  if (!(low < high && tolerance > 0 && high - low < Infinity))
    throw new RangeError(`There is no range from ${low} to ${high} to be narrowed to ${tolerance}.`)
  const golden = (Math.sqrt(5) - 1) / 2
  let left = high - golden * (high - low)
  let right = low + golden * (high - low)
  let [atLeft, atRight] = [value(left), value(right)]
  for (let step = 0; step < 200 && high - low > tolerance; step++) {
    if (atLeft <= atRight) {
      high = right
      right = left
      atRight = atLeft
      left = high - golden * (high - low)
      atLeft = value(left)
    } else {
      low = left
      left = right
      atLeft = atRight
      right = low + golden * (high - low)
      atRight = value(right)
    }
  }
  return (low + high) / 2
}
