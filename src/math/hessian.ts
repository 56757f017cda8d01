/**
 * The Hessian of a function whose gradient is known, by central differences of that gradient
 * (Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, section 8.1): symmetric, row by row,
 * with an error of about `step^2` relative.
 */
import type { SmoothFunction } from './minimise.ts'

/** @param step how far to go to each side: for parameters on a log scale it is a relative change. */
export function hessianOf(
  objective: SmoothFunction,
  point: ArrayLike<number>,
  step = 1e-4,
): Float64Array {
  const size = point.length
  const rows = Array.from({ length: size }, (_, i) => {
    const at = (side: number): Float64Array => {
      const moved = Float64Array.from(point)
      moved[i] = (moved[i] ?? 0) + side * step
      const gradient = new Float64Array(size)
      objective(moved, gradient)
      return gradient
    }
    const above = at(1)
    const below = at(-1)
    return above.map((value, j) => (value - (below[j] ?? 0)) / (2 * step))
  })
  const hessian = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      hessian[i * size + j] = ((rows[i]?.[j] ?? 0) + (rows[j]?.[i] ?? 0)) / 2
  return hessian
}
