/**
 * One arm of a bandit: a ridge regression of its rewards on the features (Li, Chu, Langford, Schapire,
 * WWW 2010, algorithm 1), carried on by one reward at a time:
 *
 *   A = ridge I + sum_i w_i x_i x_i'      b = sum_i w_i r_i x_i      theta = A^-1 b
 *   A^-1 after x = A^-1 - w u u' / (1 + w x' u),  u = A^-1 x
 *
 * (Sherman and Morrison, Annals of Mathematical Statistics 21, 1950). Every so often the inverse is made
 * afresh by Cholesky, so that rounding does not gather.
 */
import { cholesky, choleskyInverse } from '../../math/cholesky.ts'

/** Views into the memory of the whole bandit, so that it lies together. */
export interface ArmMemory {
  readonly width: number
  readonly ridge: number
  /** Lower half of A without the ridge, row after row: width (width + 1) / 2. */
  readonly gram: Float64Array
  readonly b: Float64Array
  readonly theta: Float64Array
  /** width x width */
  readonly inverse: Float64Array
}

/** Makes inverse and coefficients from what is remembered. */
export function refreshArm(arm: ArmMemory): void {
  const { width, ridge, gram, inverse } = arm
  const matrix = new Float64Array(width * width)
  for (let i = 0, k = 0; i < width; i++)
    for (let j = 0; j <= i; j++, k++) matrix[i * width + j] = (gram[k] ?? 0) + (i === j ? ridge : 0)
  const factor = cholesky(matrix, width, 1e-15)
  // Features so large that the ridge is lost in rounding: what was carried on is the best there is.
  if (factor !== null) inverse.set(choleskyInverse(factor, width))
  solve(arm)
}

/** Lets everything count `keep` times as much; the ridge does not fade. */
export function fadeArm(arm: ArmMemory, keep: number): void {
  const { gram, b } = arm
  for (let k = 0; k < gram.length; k++) gram[k] = (gram[k] ?? 0) * keep
  for (let k = 0; k < b.length; k++) b[k] = (b[k] ?? 0) * keep
  refreshArm(arm)
}

export interface Lesson {
  readonly features: ArrayLike<number>
  readonly reward: number
  readonly weight: number
}

/** Adds to what is remembered; inverse and coefficients must then be carried on or made afresh. */
export function rememberLesson({ width, gram, b }: ArmMemory, lesson: Lesson): void {
  const { features: x, reward, weight } = lesson
  for (let i = 0, k = 0; i < width; i++) {
    const scaled = weight * (x[i] ?? 0)
    for (let j = 0; j <= i; j++, k++) gram[k] = (gram[k] ?? 0) + scaled * (x[j] ?? 0)
    b[i] = (b[i] ?? 0) + scaled * reward
  }
}

/** @param direction room for width numbers */
export function carryOn(
  arm: ArmMemory,
  { features: x, weight }: Lesson,
  direction: Float64Array,
): void {
  const { width, inverse } = arm
  let through = 0
  for (let i = 0; i < width; i++) {
    let sum = 0
    for (let j = 0; j < width; j++) sum += (inverse[i * width + j] ?? 0) * (x[j] ?? 0)
    direction[i] = sum
    through += sum * (x[i] ?? 0)
  }
  const scale = weight / (1 + weight * through)
  for (let i = 0; i < width; i++) {
    const u = scale * (direction[i] ?? 0)
    const row = i * width
    for (let j = 0; j < width; j++)
      inverse[row + j] = (inverse[row + j] ?? 0) - u * (direction[j] ?? 0)
  }
  solve(arm)
}

function solve({ width, inverse, theta, b }: ArmMemory): void {
  for (let i = 0; i < width; i++) {
    let sum = 0
    for (let j = 0; j < width; j++) sum += (inverse[i * width + j] ?? 0) * (b[j] ?? 0)
    theta[i] = sum
  }
}
