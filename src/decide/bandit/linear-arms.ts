/**
 * What a bandit remembers: disjoint linear arms (`ridge-arm.ts`), and the time to which it has faded.
 *
 * Forgetting is forward decay: an event at t weighs 2^((t - landmark) / halfLife), and everything is
 * divided when the landmark moves on. The ridge does not fade, so what was forgotten becomes unsure
 * again, and never unbounded. Events may come in any order.
 */
import { RapportError } from '../../domain/error.ts'
import { carryOn, fadeArm, refreshArm, rememberLesson, type ArmMemory } from './ridge-arm.ts'

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
  const { arms, features: width, halfLife } = shape
  const memory = memoryOf(shape, from)
  const { inverse, theta, each, learned } = memory
  let landmark = from?.landmark ?? null
  const [present, direction] = [new Int32Array(width), new Float64Array(width)]

  function forget(now: number): void {
    if (halfLife === null) return
    if (landmark === null) landmark = now
    if (now <= landmark) return
    const keep = 2 ** ((landmark - now) / halfLife)
    landmark = now
    for (const arm of each) fadeArm(arm, keep)
  }

  function weightAt(at: number): number {
    if (halfLife === null) return 1
    if (!Number.isFinite(at)) fail('An event needs a time where a bandit forgets.')
    if (landmark === null || at - landmark >= halfLife / 100) forget(at)
    return 2 ** ((at - (landmark ?? at)) / halfLife)
  }

  function learn(arm: number, features: ArrayLike<number>, reward: number, at: number): void {
    const own = each[arm]
    if (own === undefined) return fail(`There is no arm ${arm}.`)
    if (!(Math.abs(reward) <= largestReward)) fail(`${reward} is no reward to learn from.`)
    checkFeatures(features, width)
    const lesson = { features, reward, weight: weightAt(at) }
    rememberLesson(own, lesson)
    learned[arm] = (learned[arm] ?? 0) + 1
    if ((learned[arm] ?? 0) % refreshAfter === 0) refreshArm(own)
    else carryOn(own, lesson, direction)
  }

  /** Over the features that are not 0: most are 0 where categories are written as columns. */
  function predict(x: ArrayLike<number>, means: Float64Array, spreads: Float64Array): void {
    checkFeatures(x, width)
    let count = 0
    for (let i = 0; i < width; i++) if (x[i] !== 0) present[count++] = i
    for (let arm = 0; arm < arms; arm++) {
      let mean = 0
      let variance = 0
      for (let p = 0; p < count; p++) {
        const i = present[p] ?? 0
        const value = x[i] ?? 0
        const row = (arm * width + i) * width
        let cross = 0
        for (let q = 0; q < p; q++) {
          const j = present[q] ?? 0
          cross += (inverse[row + j] ?? 0) * (x[j] ?? 0)
        }
        mean += (theta[arm * width + i] ?? 0) * value
        variance += value * (2 * cross + (inverse[row + i] ?? 0) * value)
      }
      means[arm] = mean
      spreads[arm] = Math.sqrt(Math.max(0, variance))
    }
  }

  const state = (): ArmsState => ({ landmark, ...stateOf(memory) })
  return { predict, learn, forget, state }
}

interface Memory {
  readonly gram: Float64Array
  readonly b: Float64Array
  readonly theta: Float64Array
  readonly inverse: Float64Array
  readonly learned: Float64Array
  readonly each: readonly ArmMemory[]
}

function memoryOf({ arms, features: width, ridge }: ArmsShape, from?: ArmsState): Memory {
  const half = (width * (width + 1)) / 2
  const gram = restored(from?.gram, arms * half)
  const b = restored(from?.b, arms * width)
  const theta = new Float64Array(arms * width)
  const inverse = new Float64Array(arms * width * width)
  const each = Array.from({ length: arms }, (_, arm): ArmMemory => {
    const part = (of: Float64Array, size: number): Float64Array =>
      of.subarray(arm * size, (arm + 1) * size)
    return {
      ...{ width, ridge, gram: part(gram, half), b: part(b, width), theta: part(theta, width) },
      inverse: part(inverse, width * width),
    }
  })
  for (const arm of each) refreshArm(arm)
  return { gram, b, theta, inverse, learned: restored(from?.learned, arms), each }
}

function stateOf({ gram, b, learned }: Memory): Omit<ArmsState, 'landmark'> {
  return { gram: [...gram], b: [...b], learned: [...learned] }
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
