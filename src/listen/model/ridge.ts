/**
 * Two ridge regressions over hashed words, with a gate between them:
 *
 *   minimise  sum_r w_r (y_r - (1 - g_r) x_r . u - g_r x_r . v)^2 + lambda (|u|^2 + k |v|^2)
 *
 * (Hoerl and Kennard 1970; a mixture of two experts, Jacobs et al. 1991, whose gate is given.) The normal equations are never formed: conjugate
 * gradients (Hestenes and Stiefel 1952), preconditioned by the diagonal, need two passes over the
 * rows a step. No chance is drawn, so the same rows give the same weights.
 */
import { lexicalCount } from './features.ts'

/** Features of one kind, row after row; the columns of row r begin at `starts[r]`. */
export interface Block {
  readonly columns: Int32Array
  readonly starts: Int32Array
  /** What row r is multiplied by: one over the root of its number of features, rare ones included. */
  readonly norms: Float64Array
}

export interface HashedRows {
  readonly count: number
  /** Frequent columns come first, which keeps them near one another in memory. */
  readonly columnCount: number
  /** Words, and pieces of words. */
  readonly blocks: readonly Block[]
  /** `lexicalCount` figures a row. */
  readonly lexical: Float64Array
}

export interface RidgeTask {
  readonly rows: HashedRows
  readonly targets: Float64Array
  /** 0 leaves a row out. */
  readonly rowWeights: Float64Array
  readonly gates: Float64Array
  readonly lambda: number
  /** k: how many times more the gated weights are held back. */
  readonly gatedShare: number
  /** Done when the residual has become so much smaller (squared, preconditioned). */
  readonly tolerance: number
}

/** Two linear functions: of each a weight of each column, then of each figure. */
export interface RidgeWeights {
  /** u: counts where the gate is shut. */
  readonly plain: Float64Array
  /** v: counts where it is open. */
  readonly gated: Float64Array
}

/** The few dense figures are hardly held back: each has many rows to say what it is worth. */
const lexicalShare = 0.01
const mostSteps = 80

export function fitRidge(task: RidgeTask): RidgeWeights {
  const system = createSystem(task)
  const { inverse, size } = system
  const solution = new Float64Array(size)
  const residual = new Float64Array(size)
  const { targets, rowWeights } = task
  system.addRows((row) => (rowWeights[row] ?? 0) * (targets[row] ?? 0), residual)
  const preconditioned = residual.map((value, j) => value * (inverse[j] ?? 0))
  const direction = preconditioned.slice()
  const image = new Float64Array(size)
  let energy = dot(residual, preconditioned)
  const enough = energy * task.tolerance
  for (let step = 0; step < mostSteps && energy > enough; step++) {
    system.multiply(direction, image)
    const length = energy / dot(direction, image)
    for (let j = 0; j < size; j++) {
      solution[j] = (solution[j] ?? 0) + length * (direction[j] ?? 0)
      residual[j] = (residual[j] ?? 0) - length * (image[j] ?? 0)
      preconditioned[j] = (residual[j] ?? 0) * (inverse[j] ?? 0)
    }
    const next = dot(residual, preconditioned)
    const turn = next / energy
    energy = next
    for (let j = 0; j < size; j++) {
      direction[j] = (preconditioned[j] ?? 0) + turn * (direction[j] ?? 0)
    }
  }
  const weights = solution.map((value, j) => value * (system.scales[j] ?? 1))
  return { plain: weights.slice(0, size / 2), gated: weights.slice(size / 2) }
}

interface System {
  readonly size: number
  /** Rarity of the column, 1 for a figure; twice over. */
  readonly scales: Float64Array
  readonly inverse: Float64Array
  /** (X' W X + Lambda) direction. */
  multiply(direction: Float64Array, image: Float64Array): void
  /** Adds each row, times its factor, to `into`. */
  addRows(factorOf: (row: number) => number, into: Float64Array): void
}

function createSystem(task: RidgeTask): System {
  const { rows, rowWeights, gates, lambda, gatedShare } = task
  const half = rows.columnCount + lexicalCount
  const size = 2 * half
  const penalties = new Float64Array(size).map(
    (_, j) =>
      (j % half < rows.columnCount ? lambda : lambda * lexicalShare) * (j < half ? 1 : gatedShare),
  )
  const rare = rarity(task)
  const scales = Float64Array.from(penalties, (_, j) => rare[j % half] ?? 1)
  const scaled = new Float64Array(size)
  const sums = new Float64Array(size)
  const addRows = (factorOf: (row: number) => number, into: Float64Array): void => {
    sums.fill(0)
    for (let row = 0; row < rows.count; row++) {
      const factor = factorOf(row)
      if (factor === 0) continue
      const gate = gates[row] ?? 0
      if (gate !== 1) addRow(rows, row, factor * (1 - gate), sums)
      if (gate !== 0) addRow(rows, row, factor * gate, sums.subarray(half))
    }
    for (let j = 0; j < size; j++) into[j] = (into[j] ?? 0) + (sums[j] ?? 0) * (scales[j] ?? 0)
  }
  const multiply = (direction: Float64Array, image: Float64Array): void => {
    for (let j = 0; j < size; j++) {
      scaled[j] = (direction[j] ?? 0) * (scales[j] ?? 0)
      image[j] = (direction[j] ?? 0) * (penalties[j] ?? 0)
    }
    const own = scaled.subarray(half)
    addRows((row) => {
      const weight = rowWeights[row] ?? 0
      if (weight === 0) return 0
      const gate = gates[row] ?? 0
      const plain = gate === 1 ? 0 : (1 - gate) * product(rows, row, scaled)
      return weight * (plain + (gate === 0 ? 0 : gate * product(rows, row, own)))
    }, image)
  }
  const inverse = inverseDiagonal(task, scales, penalties)
  return { size, scales, inverse, multiply, addRows }
}

/** x_r . weights */
export function product(rows: HashedRows, row: number, weights: Float64Array): number {
  let total = 0
  for (const { columns, starts, norms } of rows.blocks) {
    const to = starts[row + 1] ?? 0
    let sum = 0
    for (let k = starts[row] ?? 0; k < to; k++) sum += weights[columns[k] ?? 0] ?? 0
    total += sum * (norms[row] ?? 0)
  }
  for (let i = 0; i < lexicalCount; i++) {
    total += (rows.lexical[row * lexicalCount + i] ?? 0) * (weights[rows.columnCount + i] ?? 0)
  }
  return total
}

function addRow(rows: HashedRows, row: number, factor: number, into: Float64Array): void {
  for (const { columns, starts, norms } of rows.blocks) {
    const to = starts[row + 1] ?? 0
    const gain = factor * (norms[row] ?? 0)
    for (let k = starts[row] ?? 0; k < to; k++) {
      const column = columns[k] ?? 0
      into[column] = (into[column] ?? 0) + gain
    }
  }
  for (let i = 0; i < lexicalCount; i++) {
    const j = rows.columnCount + i
    into[j] = (into[j] ?? 0) + factor * (rows.lexical[row * lexicalCount + i] ?? 0)
  }
}

/** Inverse document frequency of each column among the rows that count, 1 for the rarest. */
function rarity({ rows, rowWeights }: RidgeTask): Float64Array {
  const seen = new Int32Array(rows.columnCount).fill(-1)
  const frequency = new Int32Array(rows.columnCount)
  let documents = 0
  for (let row = 0; row < rows.count; row++) {
    if (rowWeights[row] === 0) continue
    documents++
    for (const { columns, starts } of rows.blocks) {
      for (let k = starts[row] ?? 0; k < (starts[row + 1] ?? 0); k++) {
        const column = columns[k] ?? 0
        if (seen[column] === row) continue
        seen[column] = row
        frequency[column] = (frequency[column] ?? 0) + 1
      }
    }
  }
  const most = Math.log(1 + documents) + 1
  return Float64Array.from(
    frequency,
    (count) => (Math.log((1 + documents) / (1 + count)) + 1) / most,
  )
}

/** As if no column occurred twice in a row: near enough to precondition. */
function inverseDiagonal(
  { rows, rowWeights, gates }: RidgeTask,
  scales: Float64Array,
  penalties: Float64Array,
): Float64Array {
  const half = scales.length / 2
  const diagonal = penalties.slice()
  const add = (column: number, gain: number, gate: number): void => {
    const other = half + column
    diagonal[column] = (diagonal[column] ?? 0) + gain * (1 - gate) ** 2
    if (gate > 0) diagonal[other] = (diagonal[other] ?? 0) + gain * gate ** 2
  }
  for (let row = 0; row < rows.count; row++) {
    const weight = rowWeights[row] ?? 0
    if (weight === 0) continue
    const gate = gates[row] ?? 0
    for (const { columns, starts, norms } of rows.blocks) {
      const norm = norms[row] ?? 0
      const to = starts[row + 1] ?? 0
      for (let k = starts[row] ?? 0; k < to; k++) {
        const column = columns[k] ?? 0
        add(column, weight * ((scales[column] ?? 0) * norm) ** 2, gate)
      }
    }
    for (let i = 0; i < lexicalCount; i++) {
      const figure = rows.lexical[row * lexicalCount + i] ?? 0
      add(rows.columnCount + i, weight * figure ** 2, gate)
    }
  }
  return diagonal.map((value) => 1 / value)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += (a[j] ?? 0) * (b[j] ?? 0)
  return sum
}
