/**
 * Partial likelihood of a Cox model (D. R. Cox, JRSS B 34, 1972), with its score and its information:
 *
 *   ln L = sum over events of predictor - ln(risk set), with ties as in ties.ts
 *
 * In terms of the scaled covariates; a ridge takes off penalty / 2 times the squared coefficients.
 */
import { predictorsOf, walkRiskSets, type RiskSet } from './risk-sets.ts'
import { emptyTieSums, expectedSum, tieSums, type TieSums, type Ties } from './ties.ts'
import type { CoxRows } from './cox-rows.ts'

export interface Likelihood {
  readonly logLikelihood: number
  readonly score: Float64Array
  /** Negative second derivatives, all cells. */
  readonly information: Float64Array
}

/** Null where the coefficients are out of all bounds. `logLikelihood` is without the ridge. */
export function partialLikelihood(
  rows: CoxRows,
  coefficients: Float64Array,
  ties: Ties,
): Likelihood | null {
  const predictors = predictorsOf(rows, coefficients)
  if (predictors === null) return null
  const { width } = rows
  const score = new Float64Array(width)
  const half = new Float64Array((width * (width + 1)) / 2)
  const sums = emptyTieSums()
  let [logLikelihood, isLost] = [0, false]
  walkRiskSets(rows, predictors, { second: true }, (set) => {
    if (isLost || tieSums(set, ties, sums) === null) {
      isLost = true
      return
    }
    logLikelihood += set.deathPredictor - sums.logarithm
    for (let j = 0; j < width; j++)
      score[j] = (score[j] ?? 0) + (set.deathSum[j] ?? 0) - expectedSum(set, sums, j)
    addInformation(half, set, sums, 1)
  })
  if (isLost) return null
  return { logLikelihood, score, information: unfold(half, width) }
}

/**
 * Information of one time of events, times `factor`, added to the lower half `half`:
 * once0 S2 - once1 D2 - (twice0 S1 S1' - twice1 (S1 D1' + D1 S1') + twice2 D1 D1').
 */
export function addInformation(
  half: Float64Array,
  { first, second, deathFirst, deathSecond, deaths }: RiskSet,
  { once, twice }: TieSums,
  factor: number,
): void {
  const width = first.length
  for (let a = 0, cell = 0; a < width; a++) {
    const s = first[a] ?? 0
    const d = deathFirst[a] ?? 0
    const ofFirst = twice[0] * s - twice[1] * d
    const ofDeaths = twice[2] * d - twice[1] * s
    for (let b = 0; b <= a; b++, cell++) {
      let sum = once[0] * (second[cell] ?? 0) - ofFirst * (first[b] ?? 0)
      if (deaths > 1) sum -= once[1] * (deathSecond[cell] ?? 0) + ofDeaths * (deathFirst[b] ?? 0)
      half[cell] = (half[cell] ?? 0) + factor * sum
    }
  }
}

/** All cells of a symmetric matrix of which there is the lower half, row by row. */
export function unfold(half: Float64Array, width: number): Float64Array {
  const matrix = new Float64Array(width * width)
  for (let a = 0, cell = 0; a < width; a++)
    for (let b = 0; b <= a; b++, cell++) {
      matrix[a * width + b] = half[cell] ?? 0
      matrix[b * width + a] = half[cell] ?? 0
    }
  return matrix
}
