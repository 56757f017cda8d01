/**
 * The least value of a smooth function, from its gradient: BFGS with the inverse Hessian kept
 * (Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, algorithm 6.1 and 6.20 for the first
 * scale), and a line search for the strong Wolfe conditions (algorithms 3.5 and 3.6, cubic steps by
 * 3.59). A step may move no coordinate by more than `largestStep`, and a value that is not finite
 * counts as too far, so parameters on a log scale do not run away.
 */
export interface MinimiseOptions {
  /** Done when no component of the gradient is larger, relative to max(1, |value|). */
  readonly gradientTolerance?: number
  /** Done when a Newton step would gain less, relative to max(1, |value|). */
  readonly gainTolerance?: number
  readonly iterations?: number
  /** The most that one step may change any coordinate. */
  readonly largestStep?: number
  /** A guess of the inverse Hessian at the minimum, row by row; positive definite. */
  readonly inverseHessian?: Float64Array
}

export interface Minimum {
  readonly point: Float64Array
  readonly value: number
  readonly gradient: Float64Array
  readonly converged: boolean
  /** Why it ended: the gradient or the gain is small enough, no step gains, or it took too long. */
  readonly reason: 'gradient' | 'gain' | 'no_progress' | 'iterations'
  readonly iterations: number
  /** How often the function was asked. */
  readonly evaluations: number
}

/** The value at `point`, with the gradient written into `gradient`. Not finite means 'not here'. */
export type SmoothFunction = (point: Float64Array, gradient: Float64Array) => number

interface Place {
  readonly point: Float64Array
  readonly gradient: Float64Array
  readonly value: number
}

/** A point on the line: its distance along the step, and the slope there. */
interface Trial extends Place {
  readonly at: number
  readonly slope: number
}

type Try = (at: number) => Trial

const enoughDecrease = 1e-4
const enoughCurvature = 0.9
/** A gradient that rounding alone can leave where no step gains any more. */
const roundingGradient = 1e-6

/** @throws RangeError when the function is not finite at `start`. */
export function minimise(
  objective: SmoothFunction,
  start: ArrayLike<number>,
  options: MinimiseOptions = {},
): Minimum {
  const { gradientTolerance = 1e-9, gainTolerance = 1e-13, iterations: most = 500 } = options
  const { largestStep = 2 } = options
  let evaluations = 0
  const place = (point: Float64Array): Place => {
    const gradient = new Float64Array(point.length)
    evaluations++
    return { point, gradient, value: objective(point, gradient) }
  }
  let here = place(Float64Array.from(start))
  if (!isFinitePlace(here)) throw new RangeError('The function is not finite where it starts.')
  const size = here.point.length
  let inverse: Float64Array = Float64Array.from(options.inverseHessian ?? identity(size, 1))
  let fresh = options.inverseHessian === undefined
  const done = (reason: Minimum['reason'], iterations: number): Minimum => {
    const small = largest(here.gradient) <= roundingGradient * Math.max(1, Math.abs(here.value))
    const converged = reason === 'gradient' || reason === 'gain' || small
    return { ...here, converged, reason, iterations, evaluations }
  }
  for (let iteration = 0; iteration < most; iteration++) {
    const scale = Math.max(1, Math.abs(here.value))
    if (largest(here.gradient) <= gradientTolerance * scale) return done('gradient', iteration)
    const step = times(inverse, here.gradient, -1)
    const slope = dot(step, here.gradient)
    if (!fresh && -slope / 2 <= gainTolerance * scale) return done('gain', iteration)
    const found =
      slope < 0
        ? search(tryAlong(place, here.point, step), here, { slope, step, largestStep })
        : null
    if (found === null) {
      if (fresh) return done('no_progress', iteration)
      inverse = identity(size, 1)
      fresh = true
      continue
    }
    const moved = difference(found.point, here.point)
    const turned = difference(found.gradient, here.gradient)
    const curvature = dot(moved, turned)
    if (curvature > 0) {
      if (fresh) inverse = identity(size, curvature / dot(turned, turned))
      update(inverse, { moved, turned, curvature })
      fresh = false
    }
    const gained = here.value - found.value
    here = { point: found.point, gradient: found.gradient, value: found.value }
    if (gained <= rounding(here) && largest(here.gradient) <= roundingGradient * scale)
      return done('gain', iteration + 1)
  }
  return done('iterations', most)
}

interface Line {
  readonly slope: number
  readonly step: Float64Array
  readonly largestStep: number
}

/** Algorithm 3.5: a step that gains enough and flattens enough; null where none gains at all. */
function search(attempt: Try, origin: Place, { slope, step, largestStep }: Line): Trial | null {
  const limit = largestStep / Math.max(largest(step), 1e-300)
  const start: Trial = { ...origin, at: 0, slope }
  let before = start
  let at = Math.min(1, limit)
  for (let i = 0; i < 30; i++) {
    const trial = attempt(at)
    if (!isFinitePlace(trial)) {
      // Too far: half way to what is known to be finite.
      at = (before.at + at) / 2
      if (at - before.at < 1e-14 * Math.max(1, at)) break
      continue
    }
    if (asLow(trial, start)) return trial
    if (tooHigh(trial, start) || (i > 0 && trial.value >= before.value))
      return zoom(attempt, start, [before, trial])
    if (trial.slope >= 0) return zoom(attempt, start, [trial, before])
    if (at >= limit) return trial
    before = trial
    at = Math.min(limit, 2.5 * at)
  }
  return before.value < origin.value ? before : null
}

/** Algorithm 3.6: between a step that gains and one that is too far. */
function zoom(attempt: Try, start: Trial, bracket: readonly [Trial, Trial]): Trial | null {
  let [low, high] = bracket
  for (let i = 0; i < 30; i++) {
    const width = high.at - low.at
    if (Math.abs(width) <= 1e-14 * Math.max(low.at, high.at)) break
    const trial = attempt(cubicStep(low, high))
    if (isFinitePlace(trial) && asLow(trial, start)) return trial
    if (!isFinitePlace(trial) || tooHigh(trial, start) || trial.value >= low.value) {
      high = isFinitePlace(trial) ? trial : { ...trial, value: Infinity, slope: 0 }
      continue
    }
    if (trial.slope * width >= 0) high = low
    low = trial
  }
  return low.value < start.value ? low : null
}

/** The minimum of the cubic through both ends (3.59), kept off the ends by a tenth. */
function cubicStep(low: Trial, high: Trial): number {
  const width = high.at - low.at
  const first = low.slope + high.slope - (3 * (low.value - high.value)) / (low.at - high.at)
  const under = first * first - low.slope * high.slope
  const second = Math.sign(width) * Math.sqrt(under)
  const share = 1 - (high.slope + second - first) / (high.slope - low.slope + 2 * second)
  return low.at + width * (share >= 0.1 && share <= 0.9 ? share : share < 0.1 ? 0.1 : 0.5)
}

/** What a value may be off by: sums of a million terms lose the last digits. */
const rounding = ({ value }: Place): number => 1e-12 * Math.max(1, Math.abs(value))

const tooHigh = (trial: Trial, start: Trial): boolean =>
  trial.value > start.value + enoughDecrease * trial.at * start.slope

/** No higher but for rounding, and flat: there is no more to be seen (Hager and Zhang 2005, 4.1). */
const asLow = (trial: Trial, start: Trial): boolean =>
  flat(trial, start) && trial.value <= start.value + rounding(start)

const flat = (trial: Trial, start: Trial): boolean =>
  Math.abs(trial.slope) <= -enoughCurvature * start.slope

function tryAlong(
  place: (point: Float64Array) => Place,
  origin: Float64Array,
  step: Float64Array,
): Try {
  return (at) => {
    const there = place(origin.map((coordinate, i) => coordinate + at * (step[i] ?? 0)))
    return { ...there, at, slope: dot(there.gradient, step) }
  }
}

interface Change {
  readonly moved: Float64Array
  readonly turned: Float64Array
  /** Their product, above 0. */
  readonly curvature: number
}

/** The inverse Hessian after a step (6.17), in place. */
function update(inverse: Float64Array, { moved, turned, curvature }: Change): void {
  const size = moved.length
  const turnedBy = times(inverse, turned, 1)
  const factor = (1 + dot(turned, turnedBy) / curvature) / curvature
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const cross = (turnedBy[i] ?? 0) * (moved[j] ?? 0) + (moved[i] ?? 0) * (turnedBy[j] ?? 0)
      const cell = i * size + j
      inverse[cell] =
        (inverse[cell] ?? 0) + factor * (moved[i] ?? 0) * (moved[j] ?? 0) - cross / curvature
    }
  }
}

function identity(size: number, scale: number): Float64Array {
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) matrix[i * size + i] = scale
  return matrix
}

function times(matrix: Float64Array, vector: Float64Array, scale: number): Float64Array {
  const size = vector.length
  return vector.map((_, i) => scale * dot(matrix.subarray(i * size, (i + 1) * size), vector))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

const difference = (a: Float64Array, b: Float64Array): Float64Array =>
  a.map((value, i) => value - (b[i] ?? 0))

const largest = (vector: Float64Array): number =>
  vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

function isFinitePlace({ value, gradient }: Place): boolean {
  return Number.isFinite(value) && gradient.every(Number.isFinite)
}
