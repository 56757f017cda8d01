/**
 * The penalised likelihood of a logistic regression with its slope and curvature, block by block of
 * rows, so that a million rows need no second copy of their columns.
 */
import type { Column } from './columns.ts'

export interface LogisticProblem {
  /** Each varies. */
  readonly columns: readonly Column[]
  readonly outcomes: ArrayLike<number>
  readonly weights: Column | null
  readonly means: Float64Array
  readonly deviations: Float64Array
  /** Of each coefficient by deviation. */
  readonly penalties: Float64Array
}

export interface Curvature {
  /** Minus the penalised log-likelihood. */
  readonly objective: number
  readonly gradient: Float64Array
  /** Rows one after the other, intercept first. */
  readonly hessian: Float64Array
  readonly logLikelihood: number
  readonly separated: boolean
}

/** Rows of a block: its columns fit the processor's nearest memory. */
const blockRows = 512

/** At `beta`: intercept, then coefficients by deviation. */
export function curvatureAt(problem: LogisticProblem, beta: Float64Array): Curvature {
  const { columns, outcomes, weights, penalties } = problem
  const size = beta.length
  const block = columns.map(() => new Float64Array(blockRows))
  const eta = new Float64Array(blockRows)
  const residual = new Float64Array(blockRows)
  const spread = new Float64Array(blockRows)
  const gradient = new Float64Array(size)
  const hessian = new Float64Array(size * size)
  let [loss, leastPositive, mostNegative] = [0, Infinity, -Infinity]
  for (let start = 0; start < outcomes.length; start += blockRows) {
    const rows = Math.min(blockRows, outcomes.length - start)
    standardise(problem, block, start, rows)
    predict(block, beta, eta, rows)
    for (let i = 0; i < rows; i++) {
      const one = eta[i] ?? 0
      const outcome = outcomes[start + i] ?? 0
      const weight = weights === null ? 1 : (weights[start + i] ?? 0)
      const small = Math.exp(-Math.abs(one))
      const chance = one >= 0 ? 1 / (1 + small) : small / (1 + small)
      loss += weight * (Math.max(one, 0) + Math.log1p(small) - outcome * one)
      residual[i] = weight * (chance - outcome)
      spread[i] = (weight * small) / ((1 + small) * (1 + small))
      if (weight === 0) continue
      if (outcome > 0 && one < leastPositive) leastPositive = one
      if (outcome < 1 && one > mostNegative) mostNegative = one
    }
    addBlock({ block, residual, spread, rows, gradient, hessian })
  }
  let objective = loss
  for (let j = 1; j < size; j++) {
    const penalty = penalties[j - 1] ?? 0
    const one = beta[j] ?? 0
    objective += (penalty / 2) * one * one
    gradient[j] = (gradient[j] ?? 0) + penalty * one
    hessian[j * size + j] = (hessian[j * size + j] ?? 0) + penalty
  }
  const separated = leastPositive > mostNegative
  return { objective, gradient, hessian, logLikelihood: -loss, separated }
}

function standardise(
  { columns, means, deviations }: LogisticProblem,
  block: readonly Float64Array[],
  start: number,
  rows: number,
): void {
  for (let j = 0; j < block.length; j++) {
    const [from, into] = [columns[j], block[j]]
    const mean = means[j] ?? 0
    const scale = 1 / (deviations[j] ?? 1)
    if (!from || !into) continue
    for (let i = 0; i < rows; i++) into[i] = ((from[start + i] ?? 0) - mean) * scale
  }
}

function predict(
  block: readonly Float64Array[],
  beta: Float64Array,
  eta: Float64Array,
  rows: number,
): void {
  eta.fill(beta[0] ?? 0)
  block.forEach((column, j) => {
    const slope = beta[j + 1] ?? 0
    for (let i = 0; i < rows; i++) eta[i] = (eta[i] ?? 0) + slope * (column[i] ?? 0)
  })
}

interface BlockSums {
  readonly block: readonly Float64Array[]
  readonly residual: Float64Array
  readonly spread: Float64Array
  readonly rows: number
  readonly gradient: Float64Array
  readonly hessian: Float64Array
}

function addBlock({ block, residual, spread, rows, gradient, hessian }: BlockSums): void {
  const size = block.length + 1
  const weighted = new Float64Array(rows)
  for (let a = 0; a < size; a++) {
    const left = a === 0 ? null : (block[a - 1] ?? null)
    let slope = 0
    for (let i = 0; i < rows; i++) {
      const x = left === null ? 1 : (left[i] ?? 0)
      slope += x * (residual[i] ?? 0)
      weighted[i] = x * (spread[i] ?? 0)
    }
    gradient[a] = (gradient[a] ?? 0) + slope
    for (let b = 0; b <= a; b++) {
      const right = b === 0 ? null : (block[b - 1] ?? null)
      let sum = 0
      if (right === null) for (let i = 0; i < rows; i++) sum += weighted[i] ?? 0
      else for (let i = 0; i < rows; i++) sum += (weighted[i] ?? 0) * (right[i] ?? 0)
      hessian[a * size + b] = (hessian[a * size + b] ?? 0) + sum
    }
  }
}

export interface Moments {
  readonly mean: number
  /** 1 where it never varies. */
  readonly deviation: number
  readonly varies: boolean
}

/** Weighted mean and deviation (of all rows, not of a sample), in two walks. */
export function deviationOf(column: Column, weights: Column | undefined): Moments {
  let [sum, total] = [0, 0]
  for (let i = 0; i < column.length; i++) {
    const weight = weights ? (weights[i] ?? 0) : 1
    sum += weight * (column[i] ?? 0)
    total += weight
  }
  const mean = total === 0 ? 0 : sum / total
  let squares = 0
  for (let i = 0; i < column.length; i++) {
    const weight = weights ? (weights[i] ?? 0) : 1
    squares += weight * ((column[i] ?? 0) - mean) ** 2
  }
  const deviation = total === 0 ? 0 : Math.sqrt(squares / total)
  if (!(deviation < Infinity))
    throw new RangeError('A column holds values too large to be squared.')
  const varies = deviation > 1e-12 * Math.abs(mean) && deviation > 1e-150
  return { mean, deviation: varies ? deviation : 1, varies }
}
