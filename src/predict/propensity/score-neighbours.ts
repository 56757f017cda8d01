/**
 * Interval of a chance from those most like it: of the rows whose scores out of fold lay nearest, how
 * many did it. It answers for the score, not for what was never measured of a person.
 */
import { wilsonInterval } from '../../math/binomial-interval.ts'
import type { Interval } from '../../math/interval.ts'

/** Some scores, and of the rows around each how many did it. Plain data. */
export interface ScoreNeighbours {
  readonly at: readonly number[]
  readonly successes: readonly number[]
  readonly trials: readonly number[]
}

const places = 101
const leastNeighbours = 50

export function neighboursOf(scores: Float64Array, outcomes: Uint8Array): ScoreNeighbours {
  const order = Uint32Array.from(scores, (_, i) => i).sort(
    (a, b) => (scores[a] ?? 0) - (scores[b] ?? 0),
  )
  const size = order.length
  const sums = new Float64Array(size + 1)
  for (let i = 0; i < size; i++) sums[i + 1] = (sums[i] ?? 0) + (outcomes[order[i] ?? 0] ?? 0)
  const window = Math.min(size, Math.max(leastNeighbours, Math.ceil(size / 20)))
  const at: number[] = []
  const successes: number[] = []
  const trials: number[] = []
  for (let place = 0; place < places; place++) {
    const middle = Math.round((place / (places - 1)) * (size - 1))
    const score = scores[order[middle] ?? 0] ?? 0
    if (at.at(-1) === score) continue
    const from = Math.max(0, Math.min(size - window, middle - (window >> 1)))
    at.push(score)
    successes.push((sums[from + window] ?? 0) - (sums[from] ?? 0))
    trials.push(window)
  }
  return { at, successes, trials }
}

/** Stretched to hold the chance itself. */
export function intervalAround(
  { at, successes, trials }: ScoreNeighbours,
  score: number,
  chance: number,
): Interval {
  let [low, high] = [0, at.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((at[middle] ?? 0) <= score) low = middle
    else high = middle
  }
  const isLow = score - (at[low] ?? 0) < (at[high] ?? 0) - score
  const nearest = isLow ? low : Math.max(0, high)
  const interval = wilsonInterval(successes[nearest] ?? 0, trials[nearest] ?? 0)
  return { low: Math.min(interval.low, chance), high: Math.max(interval.high, chance) }
}
