/**
 * Sample-ratio mismatch: whether arms got the shares of units that they were meant to get. If not, units
 * were lost or counted twice in one of them, and no result can be trusted (Fabijan et al., KDD 2019).
 *
 *   X^2 = sum (observed - expected)^2 / expected,  arms - 1 degrees of freedom  (Pearson 1900)
 */
import { RapportError } from '../../domain/error.ts'
import { upperGamma } from '../../math/gamma.ts'

export interface SampleRatio {
  readonly chiSquare: number
  readonly p: number
  /** Whether p is below .0005: looked at often, a larger bound would cry wolf. */
  readonly isMismatch: boolean
}

const strictness = 0.0005

/**
 * @param observed units of each arm, from 0
 * @param planned weights of the arms, above 0; they need not add up to 1
 * @throws RapportError invalid_analysis for fewer than two arms, or counts that are none.
 */
export function sampleRatio(
  observed: readonly number[],
  planned: readonly number[] = observed.map(() => 1),
): SampleRatio {
  const total = observed.reduce((sum, one) => sum + one, 0)
  const weight = planned.reduce((sum, one) => sum + one, 0)
  if (observed.length < 2 || planned.length !== observed.length)
    throw new RapportError('invalid_analysis', 'Name at least two arms, each with its share.')
  if (!(observed.every((n) => n >= 0) && planned.every((w) => w > 0) && total + weight < Infinity))
    throw new RapportError('invalid_analysis', 'Units are counts from 0, shares are above 0.')
  if (total === 0) return { chiSquare: 0, p: 1, isMismatch: false }
  const chiSquare = observed.reduce((sum, count, arm) => {
    const expected = (total * (planned[arm] ?? 0)) / weight
    return sum + (count - expected) ** 2 / expected
  }, 0)
  const p = upperGamma((observed.length - 1) / 2, chiSquare / 2)
  return { chiSquare, p, isMismatch: p < strictness }
}
