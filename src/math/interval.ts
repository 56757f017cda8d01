/** A range that holds the unknown value with a stated confidence. Both ends belong to it. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** A number with its interval. */
export interface Estimate extends Interval {
  readonly value: number
}

/** Confidence of every interval where none is asked for. */
export const usualConfidence = 0.95

/** @throws RangeError unless it lies strictly between 0 and 1. */
export function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`A confidence lies between 0 and 1, not at ${confidence}.`)
}

/** @throws RangeError unless `0 <= successes <= trials`, both finite. Weighted counts are welcome. */
export function checkCounts(successes: number, trials: number): void {
  if (!(successes >= 0 && successes <= trials && Number.isFinite(trials)))
    throw new RangeError(`${successes} of ${trials} is no share of a count.`)
}
