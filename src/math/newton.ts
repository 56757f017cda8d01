/**
 * The greatest value of a concave function by Newton's method: a step that gains nothing is halved.
 * Where the gain that is left is as small as rounding (gradient times step below 1e-17), it is done.
 */
import { cholesky, choleskySolve } from './cholesky.ts'

export interface Curvature {
  readonly value: number
  readonly gradient: Float64Array
  /** Negative second derivatives. */
  readonly information: Float64Array
}

export interface Maximum<T extends Curvature> {
  readonly point: Float64Array
  readonly at: T
  /** Lower factor of the information at `point`. */
  readonly factor: Float64Array
  readonly iterations: number
}

/** Why there is no greatest value to be found. */
export type Failure = 'flat' | 'endless'

export interface NewtonOptions {
  readonly iterations?: number
  /** The most that one step may change any coordinate. */
  readonly largestStep?: number
}

const smallestGain = 1e-17
const halvings = 30

/**
 * 'flat' where the information is singular (the function does not change in some direction),
 * 'endless' where it grows for ever.
 */
export function newton<T extends Curvature>(
  look: (point: Float64Array) => T | null,
  start: Float64Array,
  { iterations = 30, largestStep = Infinity }: NewtonOptions = {},
): Maximum<T> | Failure {
  let point = start
  let at = look(start)
  for (let iteration = 1; at !== null && iteration <= iterations; iteration++) {
    const factor = cholesky(at.information, point.length)
    if (factor === null) return iteration < 6 ? 'flat' : 'endless'
    const step = choleskySolve(factor, at.gradient)
    const gain = step.reduce((sum, one, j) => sum + one * (at?.gradient[j] ?? 0), 0)
    // The last step is taken too: it gains nothing that shows in the value, but a digit or two.
    if (!(gain > smallestGain))
      return {
        point: point.map((one, j) => one + (step[j] ?? 0)),
        at,
        factor,
        iterations: iteration,
      }
    const longest = step.reduce((most, one) => Math.max(most, Math.abs(one)), 0)
    const next = halve(look, { point, at, step }, Math.min(1, largestStep / longest))
    // No step gains, and the gain that is left is beyond the digits: this is the top.
    if (next === null)
      return gain < 1e-8 * Math.max(1, Math.abs(at.value))
        ? { point, at, factor, iterations: iteration }
        : 'endless'
    ;({ point, at } = next)
  }
  return 'endless'
}

interface Place<T extends Curvature> {
  readonly point: Float64Array
  readonly at: T
}

function halve<T extends Curvature>(
  look: (point: Float64Array) => T | null,
  { point, at, step }: Place<T> & { readonly step: Float64Array },
  longest: number,
): Place<T> | null {
  // A loss within the rounding of the value is none.
  const rounding = 1e-14 * Math.max(1, Math.abs(at.value))
  for (let tried = 0, length = longest; tried < halvings; tried++, length /= 2) {
    const there = point.map((coordinate, j) => coordinate + length * (step[j] ?? 0))
    const found = look(there)
    if (found !== null && found.value >= at.value - rounding) return { point: there, at: found }
  }
  return null
}
