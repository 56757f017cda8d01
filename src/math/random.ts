/**
 * Chance from a seed: the same seed gives the same numbers on every machine, for the demo company,
 * for simulations and for tests. Not for secrets.
 *
 * Generator: sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, period at least 2^32 and
 * 2^127 on average. Normal: polar method (Marsaglia and Bray 1964). Gamma: Marsaglia and Tsang 2000.
 * Poisson: inversion below a mean of 30, above it PTRS (Hörmann 1993).
 */
export interface Random {
  /** Uniform on [0, 1), 53 bits. */
  next(): number
  /** Uniform on [from, to). */
  between(from: number, to: number): number
  /** Whole number, uniform on 0 .. below - 1. */
  integer(below: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  normal(mean?: number, deviation?: number): number
  exponential(mean?: number): number
  poisson(mean: number): number
  /** Mean is `shape * scale`. */
  gamma(shape: number, scale?: number): number
  /** Mean is `a / (a + b)`. */
  beta(a: number, b: number): number
  choice<T>(items: readonly T[]): T
  /** One of the keys, each with its weight (weights need not add up to 1). */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
  shuffled<T>(items: readonly T[]): T[]
  /** An independent generator for a part of the work, whatever was drawn from this one before. */
  fork(label: string | number): Random
}

type State = [a: number, b: number, c: number, counter: number]

export function seededRandom(seed: string | number): Random {
  const next = doubles(stateOf(String(seed)))
  const normal = standardNormal(next)
  const gamma = (shape: number, scale = 1): number => scale * standardGamma(shape, next, normal)
  const integer = (below: number): number => Math.floor(next() * below)
  const random: Random = {
    next,
    integer,
    between: (from, to) => from + next() * (to - from),
    chance: (probability) => next() < probability,
    normal: (mean = 0, deviation = 1) => mean + deviation * normal(),
    exponential: (mean = 1) => -mean * Math.log1p(-next()),
    poisson: (mean) => (mean < 30 ? smallPoisson(mean, next) : largePoisson(mean, next)),
    gamma,
    beta: (a, b) => {
      const x = gamma(a)
      return x / (x + gamma(b))
    },
    choice: (items) => itemAt(items, integer(items.length)),
    weighted: (weights) => weightedKey(weights, next()),
    shuffled: (items) => shuffle([...items], integer),
    fork: (label) => seededRandom(`${seed}/${label}`),
  }
  return random
}

/** 32-bit output of sfc32; changes the state in place. */
export function sfc32(state: State): number {
  const [a, b, c, counter] = state
  const sum = (a + b + counter) | 0
  state[0] = b ^ (b >>> 9)
  state[1] = (c + (c << 3)) | 0
  state[2] = (((c << 21) | (c >>> 11)) + sum) | 0
  state[3] = (counter + 1) | 0
  return sum >>> 0
}

/** 96 bits of state from a text (two rounds of a multiplicative hash a word), warmed up. */
function stateOf(seed: string): State {
  const words = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35]
  for (let i = 0; i < seed.length; i++) {
    const code = seed.charCodeAt(i)
    for (let w = 0; w < 3; w++) {
      const mixed = Math.imul((words[w] ?? 0) ^ code, [597399067, 2869860233, 951274213][w] ?? 1)
      words[w] = (mixed ^ (mixed >>> 15)) + (words[(w + 1) % 3] ?? 0)
    }
  }
  const state: State = [words[0] ?? 0, words[1] ?? 0, words[2] ?? 0, 1]
  for (let i = 0; i < 20; i++) sfc32(state)
  return state
}

function doubles(state: State): () => number {
  return () => {
    const high = sfc32(state) >>> 5
    const low = sfc32(state) >>> 6
    return (high * 67108864 + low) / 9007199254740992
  }
}

function standardNormal(next: () => number): () => number {
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    for (;;) {
      const u = 2 * next() - 1
      const v = 2 * next() - 1
      const s = u * u + v * v
      if (s === 0 || s >= 1) continue
      const factor = Math.sqrt((-2 * Math.log(s)) / s)
      spare = v * factor
      return u * factor
    }
  }
}

function standardGamma(shape: number, next: () => number, normal: () => number): number {
  if (shape < 1) return standardGamma(shape + 1, next, normal) * (1 - next()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal()
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    if (Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

function smallPoisson(mean: number, next: () => number): number {
  const floor = Math.exp(-mean)
  let count = -1
  for (let product = 1; product > floor; count++) product *= 1 - next()
  return Math.max(0, count)
}

function largePoisson(mean: number, next: () => number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const squeeze = 0.9277 - 3.6224 / (b - 2)
  for (;;) {
    const u = next() - 0.5
    const v = 1 - next()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= squeeze) return k
    if (k < 0 || (us < 0.013 && v > us)) continue
    const left = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b)
    if (left <= -mean + k * Math.log(mean) - logFactorial(k)) return k
  }
}

/** Stirling's series; exact to 1e-12 from 10 on, the only values that reach it are near the mean. */
function logFactorial(n: number): number {
  if (n < 10) {
    let product = 1
    for (let i = 2; i <= n; i++) product *= i
    return Math.log(product)
  }
  const x = n + 1
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5)
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series
}

function weightedKey<K extends string>(weights: Readonly<Record<K, number>>, u: number): K {
  const keys = Object.keys(weights) as K[]
  const total = keys.reduce((sum, key) => sum + weights[key], 0)
  let left = u * total
  for (const key of keys) {
    left -= weights[key]
    if (left < 0) return key
  }
  return itemAt(keys, keys.length - 1)
}

function shuffle<T>(items: T[], integer: (below: number) => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = integer(i + 1)
    const kept = itemAt(items, i)
    items[i] = itemAt(items, j)
    items[j] = kept
  }
  return items
}

function itemAt<T>(items: readonly T[], index: number): T {
  if (index < 0 || index >= items.length)
    throw new RangeError('chance needs something to choose from')
  return items[index] as T
}
