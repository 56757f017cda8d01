/**
 * What a bandit remembers: for each arm a ridge regression of its rewards on the features (disjoint
 * linear arms: Li, Chu, Langford, Schapire, WWW 2010, algorithm 1):
 *
 *   A = ridge I + sum_i w_i x_i x_i'      b = sum_i w_i r_i x_i      theta = A^-1 b
 *
 * The inverse is carried on by one reward at a time (Sherman and Morrison, Annals of Mathematical
 * Statistics 21, 1950) and made afresh by Cholesky every so often, so that rounding does not gather.
 *
 * Forgetting is forward decay: an event at t weighs 2^((t - landmark) / halfLife), and everything is
 * divided when the landmark moves on. The ridge does not fade, so what was forgotten becomes unsure
 * again, and never unbounded. Events may come in any order.
 */
import { RapportError } from '../../domain/error.ts'
import { cholesky, choleskyInverse } from '../../math/cholesky.ts'

export interface ArmsShape {
  readonly arms: number
  /** Length of a feature vector. A constant is a feature like others: give it as 1. */
  readonly features: number
  /** Above 0: the precision of the prior of each coefficient, in events. */
  readonly ridge: number
  /** Milliseconds, or null: never forgets. */
  readonly halfLife: number | null
}

/** Plain data: may be kept as JSON. */
export interface ArmsState {
  readonly landmark: number | null
  /** arms x features (features + 1) / 2: lower halves of A without the ridge, row after row. */
  readonly gram: readonly number[]
  /** arms x features */
  readonly b: readonly number[]
  /** Rewards learned by each arm, unfaded. */
  readonly learned: readonly number[]
}

export interface LinearArms {
  /** Writes theta' x and sqrt(x' A^-1 x) of each arm. */
  predict(features: ArrayLike<number>, means: Float64Array, spreads: Float64Array): void
  /** @param at milliseconds since 1970; of no matter where nothing is forgotten */
  learn(arm: number, features: ArrayLike<number>, reward: number, at: number): void
  /** Lets everything fade to `now`. Learning does so by itself, once in a hundredth of a half-life. */
  forget(now: number): void
  state(): ArmsState
}

const mostFeatures = 512
const largestFeature = 1e6
const largestReward = 1e12
/** Learnings of an arm after which its inverse is made afresh. */
const refreshAfter = 1_000

/** @throws RapportError invalid_analysis for a shape that cannot be, or a state of another shape. */
export function linearArms(shape: ArmsShape, from?: ArmsState): LinearArms {
  checkShape(shape)
  const { arms, features: width, ridge, halfLife } = shape
  const square = width * width
  const half = (width * (width + 1)) / 2
  const gram = restored(from?.gram, arms * half)
  const b = restored(from?.b, arms * width)
  const learned = restored(from?.learned, arms)
  let landmark = from?.landmark ?? null
  const inverse = new Float64Array(arms * square)
  const theta = new Float64Array(arms * width)
  const sinceFresh = new Int32Array(arms)
  const [present, direction] = [new Int32Array(width), new Float64Array(width)]

  function refresh(arm: number): void {
    const matrix = new Float64Array(square)
    for (let i = 0, k = arm * half; i < width; i++)
      for (let j = 0; j <= i; j++, k++)
        matrix[i * width + j] = (gram[k] ?? 0) + (i === j ? ridge : 0)
    const factor = cholesky(matrix, width, 1e-15)
    // Features so large that the ridge is lost in rounding: what was carried on is the best there is.
    if (factor !== null) inverse.set(choleskyInverse(factor, width), arm * square)
    sinceFresh[arm] = 0
    solve(arm)
  }

  function solve(arm: number): void {
    for (let i = 0; i < width; i++) {
      let sum = 0
      const row = arm * square + i * width
      for (let j = 0; j < width; j++) sum += (inverse[row + j] ?? 0) * (b[arm * width + j] ?? 0)
      theta[arm * width + i] = sum
    }
  }

  function forget(now: number): void {
    if (halfLife === null) return
    if (landmark === null) landmark = now
    if (now <= landmark) return
    const keep = 2 ** ((landmark - now) / halfLife)
    landmark = now
    for (let k = 0; k < gram.length; k++) gram[k] = (gram[k] ?? 0) * keep
    for (let k = 0; k < b.length; k++) b[k] = (b[k] ?? 0) * keep
    for (let arm = 0; arm < arms; arm++) refresh(arm)
  }

  function weightAt(at: number): number {
    if (halfLife === null) return 1
    if (!Number.isFinite(at)) fail('An event needs a time where a bandit forgets.')
    if (landmark === null || at - landmark >= halfLife / 100) forget(at)
    return 2 ** ((at - (landmark ?? at)) / halfLife)
  }

  function learn(arm: number, x: ArrayLike<number>, reward: number, at: number): void {
    if (!(Number.isInteger(arm) && arm >= 0 && arm < arms)) fail(`There is no arm ${arm}.`)
    if (!(Math.abs(reward) <= largestReward)) fail(`${reward} is no reward to learn from.`)
    checkFeatures(x, width)
    const weight = weightAt(at)
    for (let i = 0, k = arm * half; i < width; i++) {
      const scaled = weight * (x[i] ?? 0)
      for (let j = 0; j <= i; j++, k++) gram[k] = (gram[k] ?? 0) + scaled * (x[j] ?? 0)
      b[arm * width + i] = (b[arm * width + i] ?? 0) + scaled * reward
    }
    learned[arm] = (learned[arm] ?? 0) + 1
    sinceFresh[arm] = (sinceFresh[arm] ?? 0) + 1
    if ((sinceFresh[arm] ?? 0) >= refreshAfter) return refresh(arm)
    shermanMorrison(arm, x, weight)
    solve(arm)
  }

  /** A^-1 - w u u' / (1 + w x' u) with u = A^-1 x. */
  function shermanMorrison(arm: number, x: ArrayLike<number>, weight: number): void {
    const from = arm * square
    let through = 0
    for (let i = 0; i < width; i++) {
      let sum = 0
      for (let j = 0; j < width; j++) sum += (inverse[from + i * width + j] ?? 0) * (x[j] ?? 0)
      direction[i] = sum
      through += sum * (x[i] ?? 0)
    }
    const scale = weight / (1 + weight * through)
    for (let i = 0; i < width; i++) {
      const u = scale * (direction[i] ?? 0)
      const row = from + i * width
      for (let j = 0; j < width; j++)
        inverse[row + j] = (inverse[row + j] ?? 0) - u * (direction[j] ?? 0)
    }
  }

  /** Over the features that are not 0: most are, where categories are written as columns. */
  function predict(x: ArrayLike<number>, means: Float64Array, spreads: Float64Array): void {
    let count = 0
    for (let i = 0; i < width; i++) if (x[i] !== 0) present[count++] = i
    checkFeatures(x, width)
    for (let arm = 0; arm < arms; arm++) {
      let [mean, square2] = [0, 0]
      for (let p = 0; p < count; p++) {
        const i = present[p] ?? 0
        const value = x[i] ?? 0
        const row = arm * square + i * width
        let cross = 0
        for (let q = 0; q < p; q++) {
          const j = present[q] ?? 0
          cross += (inverse[row + j] ?? 0) * (x[j] ?? 0)
        }
        mean += (theta[arm * width + i] ?? 0) * value
        square2 += value * (2 * cross + (inverse[row + i] ?? 0) * value)
      }
      means[arm] = mean
      spreads[arm] = Math.sqrt(Math.max(0, square2))
    }
  }

  for (let arm = 0; arm < arms; arm++) refresh(arm)
  return {
    ...{ predict, learn, forget },
    state: () => ({ landmark, gram: [...gram], b: [...b], learned: [...learned] }),
  }
}

function checkShape({ arms, features, ridge, halfLife }: ArmsShape): void {
  if (!(Number.isInteger(arms) && arms >= 1 && arms <= 1_000)) fail('Have 1 to 1,000 arms.')
  if (!(Number.isInteger(features) && features >= 1 && features <= mostFeatures))
    fail(`Have 1 to ${mostFeatures} features, a constant among them.`)
  if (!(ridge > 0 && ridge < Infinity)) fail('The ridge must be above 0.')
  if (halfLife !== null && !(halfLife > 0 && halfLife < Infinity))
    fail('The half-life must be above 0, or null where nothing is forgotten.')
}

function checkFeatures(x: ArrayLike<number>, width: number): void {
  if (x.length !== width) fail(`There are ${x.length} features, not ${width}.`)
  for (let i = 0; i < width; i++)
    if (!(Math.abs(x[i] ?? Number.NaN) <= largestFeature))
      fail(`Feature ${i + 1} is ${x[i]}. Scale features so that they lie within a million.`)
}

function restored(values: readonly number[] | undefined, length: number): Float64Array {
  if (values === undefined) return new Float64Array(length)
  if (values.length !== length || !values.every(Number.isFinite))
    fail('The state that was kept is of a bandit of another shape. Begin anew.')
  return Float64Array.from(values)
}

function fail(detail: string): never {
  throw new RapportError('invalid_analysis', detail)
}
