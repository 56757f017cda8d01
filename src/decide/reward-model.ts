/**
 * What each action can be expected to bring for given features: a ridge regression of rewards for each
 * action (Hoerl and Kennard, Technometrics 12, 1970), on features that were put on one scale; the
 * constant is not held back. Fitted from sums, so leaving a fold out costs nothing but a solution.
 */
import { cholesky, choleskyInverse, choleskySolve } from '../math/cholesky.ts'
import { RapportError } from '../domain/error.ts'

/** rows x width, row after row, without a constant. */
export interface FeatureRows {
  readonly values: ArrayLike<number>
  readonly width: number
}

/** Plain data: may be kept as JSON. */
export interface RewardModel {
  readonly width: number
  readonly mean: readonly number[]
  /** 0 for a feature that never changes: it says nothing. */
  readonly scale: readonly number[]
  /** One an action: width + 1 coefficients, the constant first; null where too little was logged. */
  readonly actions: readonly (ActionModel | null)[]
}

export interface ActionModel {
  readonly coefficients: readonly number[]
  /** Inverse of the ridge's matrix times the variance of a reward: what prediction errors come from. */
  readonly covariance: readonly number[]
}

/** Sums of one action and fold: over rows (1, x) the products, with the rewards, and r^2. */
interface Sums {
  readonly gram: Float64Array
  readonly right: Float64Array
  squares: number
  rows: number
}

/** Fewer rows of an action say too little about it. */
export const leastRows = 30
const mostWidth = 300

export interface RewardData {
  readonly features: FeatureRows
  readonly action: ArrayLike<number>
  readonly actions: number
  readonly reward: ArrayLike<number>
  /** Fold of each row, 0 .. folds - 1; rows of fold -1 are left out. */
  readonly fold: Int32Array
  readonly folds: number
}

/** Models by the fold that they did not see, and last the one that saw every row. */
export function fitRewardModels(data: RewardData, ridge = 1): RewardModel[] {
  const { features, action, actions, reward, fold, folds } = data
  const { width, values } = features
  if (!(Number.isInteger(width) && width >= 0 && width <= mostWidth))
    throw new RapportError('invalid_analysis', `Take 0 to ${mostWidth} features.`)
  const { mean, scale } = scaleOf(features, fold)
  const size = width + 1
  const sums = Array.from({ length: folds * actions }, () => emptySums(size))
  const x = new Float64Array(size)
  for (let i = 0; i < fold.length; i++) {
    const own = sums[(fold[i] ?? -1) * actions + (action[i] ?? 0)]
    if ((fold[i] ?? -1) < 0 || own === undefined) continue
    scaled({ values, from: i * width, mean, scale, into: x })
    addRow(own, x, reward[i] ?? 0)
  }
  return Array.from({ length: folds + 1 }, (_, left) => ({
    ...{ width, mean: [...mean], scale: [...scale] },
    actions: Array.from({ length: actions }, (_, a) => {
      const all = emptySums(size)
      for (let f = 0; f < folds; f++) {
        const one = sums[f * actions + a]
        if (f !== left && one) addSums(all, one)
      }
      return solve(all, ridge)
    }),
  }))
}

/** Writes what is expected of each action, and how unsure that is; NaN-free: 0 and Infinity. */
export function predictRewards(
  model: RewardModel,
  features: FeatureRows & { readonly row: number },
  expected: Float64Array,
  errors: Float64Array,
): void {
  const { width, mean, scale } = model
  const x = new Float64Array(width + 1)
  scaled({ values: features.values, from: features.row * width, mean, scale, into: x })
  for (const [a, action] of model.actions.entries()) {
    let [sum, variance] = [0, 0]
    for (let i = 0; action !== null && i <= width; i++) {
      sum += (x[i] ?? 0) * (action.coefficients[i] ?? 0)
      let cross = 0
      for (let j = 0; j <= width; j++)
        cross += (action.covariance[i * (width + 1) + j] ?? 0) * (x[j] ?? 0)
      variance += cross * (x[i] ?? 0)
    }
    expected[a] = sum
    errors[a] = action === null ? Infinity : Math.sqrt(Math.max(0, variance))
  }
}

function solve(sums: Sums, ridge: number): ActionModel | null {
  const size = sums.right.length
  if (sums.rows < Math.max(leastRows, size + 1)) return null
  const matrix = sums.gram.slice()
  // The constant gets as good as none, so that it stays where the rewards are.
  for (let i = 0; i < size; i++)
    matrix[i * size + i] = (matrix[i * size + i] ?? 0) + (i === 0 ? 1e-9 * sums.rows : ridge)
  const factor = cholesky(matrix, size)
  if (factor === null) return null
  const coefficients = choleskySolve(factor, sums.right)
  let explained = 0
  for (let i = 0; i < size; i++) explained += (coefficients[i] ?? 0) * (sums.right[i] ?? 0)
  const variance = Math.max(0, sums.squares - explained) / (sums.rows - size)
  return {
    coefficients: [...coefficients],
    covariance: Array.from(choleskyInverse(factor, size), (cell) => cell * variance),
  }
}

function emptySums(size: number): Sums {
  return {
    ...{ gram: new Float64Array(size * size), right: new Float64Array(size) },
    ...{ squares: 0, rows: 0 },
  }
}

function addRow(sums: Sums, x: Float64Array, reward: number): void {
  const size = x.length
  for (let i = 0; i < size; i++) {
    const value = x[i] ?? 0
    if (value === 0) continue
    sums.right[i] = (sums.right[i] ?? 0) + value * reward
    for (let j = 0; j < size; j++)
      sums.gram[i * size + j] = (sums.gram[i * size + j] ?? 0) + value * (x[j] ?? 0)
  }
  sums.squares += reward * reward
  sums.rows++
}

function addSums(to: Sums, from: Sums): void {
  for (let k = 0; k < to.gram.length; k++) to.gram[k] = (to.gram[k] ?? 0) + (from.gram[k] ?? 0)
  for (let k = 0; k < to.right.length; k++) to.right[k] = (to.right[k] ?? 0) + (from.right[k] ?? 0)
  to.squares += from.squares
  to.rows += from.rows
}

interface Scaled {
  readonly values: ArrayLike<number>
  readonly from: number
  readonly mean: ArrayLike<number>
  readonly scale: ArrayLike<number>
  readonly into: Float64Array
}

/** (1, x) with each feature on its scale. */
function scaled({ values, from, mean, scale, into }: Scaled): void {
  into[0] = 1
  for (let j = 0; j + 1 < into.length; j++)
    into[j + 1] = ((values[from + j] ?? 0) - (mean[j] ?? 0)) * (scale[j] ?? 0)
}

function scaleOf(
  { values, width }: FeatureRows,
  fold: Int32Array,
): { mean: Float64Array; scale: Float64Array } {
  if (values.length !== fold.length * width)
    throw new RapportError(
      'invalid_analysis',
      `Each of ${fold.length} rows needs ${width} features.`,
    )
  const [mean, scale] = [new Float64Array(width), new Float64Array(width)]
  for (let j = 0; j < width; j++) {
    let [rows, sum, squares] = [0, 0, 0]
    for (let i = 0; i < fold.length; i++) {
      const value = values[i * width + j] ?? Number.NaN
      if (!(Math.abs(value) <= 1e12))
        throw new RapportError('invalid_analysis', `Row ${i + 1}: feature ${j + 1} is ${value}.`)
      if ((fold[i] ?? -1) < 0) continue
      rows++
      // Welford's way: large values that hardly differ keep their digits.
      const step = value - sum
      sum += step / rows
      squares += step * (value - sum)
    }
    mean[j] = sum
    const deviation = Math.sqrt(squares / Math.max(1, rows))
    scale[j] = deviation > 1e-12 * Math.abs(sum) ? 1 / deviation : 0
  }
  return { mean, scale }
}
