/**
 * Removal effect of a channel: by how much the probability of an outcome falls, were every touch of
 * it to end the path in nothing (E. Anderl, I. Becker, F. von Wangenheim, J. H. Schumann, "Mapping
 * the customer journey", IJRM 33, 2016, section 4.2). Solved exactly, not simulated:
 *
 *   v = Q v + r, effect(c) = 1 - v_c(start) / v(start),
 *
 * Q the transitions between states, r those to the outcome, v_c the same with v = 0 wherever the
 * newest touch is c. A removed channel is a zero in v, so all systems share one matrix: they are
 * solved side by side by Gauss-Seidel, small ones directly.
 */
import { RapportError } from '../../domain/error.ts'
import type { Chain } from './chain.ts'

export interface RemovalEffects {
  /** Probability of an outcome at the start of a path. */
  readonly baseConversion: number
  /** One a channel, 0 to 1; 0 throughout where nothing ever converts. */
  readonly effects: Float64Array
}

/** Up to so many states an inverse is cheaper than sweeps. */
const smallSize = 48
/** Up to so many, it is what is left where sweeps do not settle. */
const largestDirect = 800
/** Systems solved side by side: their values of one state stay near each other in memory. */
const columnsAtOnce = 32

export function removalEffects(chain: Chain): RemovalEffects {
  const { size, channelCount } = chain
  if (size === 0) return { baseConversion: 0, effects: new Float64Array(channelCount) }
  if (size <= smallSize) return effectsByInverse(chain)
  const effects = new Float64Array(channelCount)
  let baseConversion = 0
  for (let from = 0; from < channelCount || from === 0; from += columnsAtOnce - 1) {
    const removed = Math.min(columnsAtOnce - 1, channelCount - from)
    const values = sweep(chain, from, removed)
    if (values === null) {
      if (size <= largestDirect) return effectsByInverse(chain)
      throw new RapportError('invalid_analysis', 'The paths run in circles too long to be solved.')
    }
    baseConversion = values[0] ?? 0
    for (let i = 0; i < removed; i++) {
      effects[from + i] = effectOf(values[i + 1] ?? 0, baseConversion)
    }
  }
  return { baseConversion, effects }
}

function effectOf(without: number, withAll: number): number {
  return withAll === 0 ? 0 : Math.min(1, Math.max(0, 1 - without / withAll))
}

/** What is still missing at most, of values between 0 and 1. */
const tolerance = 2e-15
/** Multiplications after which it is given up: some seconds. */
const mostWork = 4e9
/** Sweeps between two leaps, and after which there are none: then it settles for certain, if slowly. */
const stride = 5
const lastLeap = 200

/**
 * Values of the start: with all channels, then without each of `removed` channels from `from` on.
 * Null where they do not settle.
 *
 * What is missing after a sweep soon shrinks by one factor a sweep (the largest eigenvalue). Every
 * few sweeps that factor is measured and the rest of the geometric series added at once
 * (Lyusternik's acceleration); the sweeps after it show whether that was right.
 */
function sweep(chain: Chain, from: number, removed: number): Float64Array | null {
  const columns = removed + 1
  const values = new Float64Array(chain.size * columns)
  const changes = new Float64Array(columns)
  const before = new Float64Array(columns)
  let kept = values
  let slowest = 0
  const mostSweeps = mostWork / ((chain.targets.length + chain.size) * columns)
  for (let turn = 1; turn <= mostSweeps; turn++) {
    const isLeap = turn % stride === 0 && turn <= lastLeap
    if (isLeap) kept = values.slice()
    before.set(changes)
    const largest = sweepOnce(chain, { values, changes, from })
    // Just after a leap the factor says nothing.
    if (turn > 2 && (turn % stride > 2 || turn > lastLeap + 2)) {
      for (let i = 0; i < columns; i++) slowest = Math.max(slowest, factorOf(i, changes, before))
    }
    if (turn > stride && (largest * slowest) / (1 - slowest) < tolerance)
      return values.slice(0, columns)
    if (!isLeap) continue
    const leaps = before.map((_, i) => {
      const factor = factorOf(i, changes, before)
      return factor > 0.99 ? 0 : factor / (1 - factor)
    })
    for (let at = 0; at < values.length; at++) {
      const value = values[at] ?? 0
      values[at] = value + (value - (kept[at] ?? 0)) * (leaps[at % columns] ?? 0)
    }
  }
  return null
}

function factorOf(column: number, changes: Float64Array, before: Float64Array): number {
  const [now, then] = [changes[column] ?? 0, before[column] ?? 0]
  return now < 1e-15 || then === 0 ? 0 : Math.min(now / then, 0.999_999)
}

interface Sweep {
  readonly values: Float64Array
  /** Gets the sum of all changes of each column. */
  readonly changes: Float64Array
  readonly from: number
}

/** One sweep, against the order of the states, since what is known is at the ends of paths. */
function sweepOnce(chain: Chain, { values, changes, from }: Sweep): number {
  const { size, newest, rows, targets, probabilities, toConversion } = chain
  const columns = changes.length
  const sums = new Float64Array(columns)
  let largest = 0
  changes.fill(0)
  for (let row = size - 1; row >= 0; row--) {
    sums.fill(toConversion[row] ?? 0)
    const end = rows[row + 1] ?? 0
    for (let entry = rows[row] ?? 0; entry < end; entry++) {
      const at = (targets[entry] ?? 0) * columns
      const probability = probabilities[entry] ?? 0
      for (let i = 0; i < columns; i++) {
        sums[i] = (sums[i] ?? 0) + probability * (values[at + i] ?? 0)
      }
    }
    const gone = (newest[row] ?? -1) - from
    if (gone >= 0 && gone < columns - 1) sums[gone + 1] = 0
    const at = row * columns
    for (let i = 0; i < columns; i++) {
      const change = Math.abs((sums[i] ?? 0) - (values[at + i] ?? 0))
      changes[i] = (changes[i] ?? 0) + change
      if (change > largest) largest = change
      values[at + i] = sums[i] ?? 0
    }
  }
  return largest
}

/**
 * By N = (I - Q)^-1, the expected visits. A path that passes c first meets it in some state of c;
 * with E those states, the chance of converting after having passed c is N(start, E) N(E, E)^-1 v(E).
 */
function effectsByInverse(chain: Chain): RemovalEffects {
  const { size, channelCount, newest, toConversion } = chain
  const visits = expectedVisits(chain)
  const value = new Float64Array(size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      value[row] =
        (value[row] ?? 0) + (visits[row * size + column] ?? 0) * (toConversion[column] ?? 0)
    }
  }
  const baseConversion = value[0] ?? 0
  const effects = new Float64Array(channelCount)
  for (let channel = 0; channel < channelCount; channel++) {
    const states: number[] = []
    newest.forEach((of, state) => of === channel && states.push(state))
    const block = new Float64Array(states.length ** 2)
    states.forEach((row, i) =>
      states.forEach((column, j) => {
        block[i * states.length + j] = visits[row * size + column] ?? 0
      }),
    )
    const right = Float64Array.from(states, (state) => value[state] ?? 0)
    solveInPlace(block, right, 1)
    const passing = states.reduce(
      (sum, state, i) => sum + (visits[state] ?? 0) * (right[i] ?? 0),
      0,
    )
    effects[channel] = effectOf(baseConversion - passing, baseConversion)
  }
  return { baseConversion, effects }
}

function expectedVisits({ size, rows, targets, probabilities }: Chain): Float64Array {
  const matrix = new Float64Array(size * size)
  const visits = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    matrix[row * size + row] = 1
    visits[row * size + row] = 1
    for (let entry = rows[row] ?? 0; entry < (rows[row + 1] ?? 0); entry++) {
      const at = row * size + (targets[entry] ?? 0)
      matrix[at] = (matrix[at] ?? 0) - (probabilities[entry] ?? 0)
    }
  }
  solveInPlace(matrix, visits, size)
  return visits
}

/**
 * Solves `matrix x = right` for `columns` right-hand sides at once, by Gauss-Jordan elimination;
 * `right` becomes x. Matrices here are diagonally dominant (or inverses of such), so no pivoting.
 */
function solveInPlace(matrix: Float64Array, right: Float64Array, columns: number): void {
  const size = Math.sqrt(matrix.length)
  for (let pivot = 0; pivot < size; pivot++) {
    const scale = 1 / (matrix[pivot * size + pivot] ?? 1)
    for (let j = 0; j < size; j++) scaleAt(matrix, pivot * size + j, scale)
    for (let j = 0; j < columns; j++) scaleAt(right, pivot * columns + j, scale)
    for (let row = 0; row < size; row++) {
      const factor = matrix[row * size + pivot] ?? 0
      if (row === pivot || factor === 0) continue
      for (let j = pivot; j < size; j++) {
        const at = row * size + j
        matrix[at] = (matrix[at] ?? 0) - factor * (matrix[pivot * size + j] ?? 0)
      }
      for (let j = 0; j < columns; j++) {
        const at = row * columns + j
        right[at] = (right[at] ?? 0) - factor * (right[pivot * columns + j] ?? 0)
      }
    }
  }
}

function scaleAt(array: Float64Array, at: number, scale: number): void {
  array[at] = (array[at] ?? 0) * scale
}
