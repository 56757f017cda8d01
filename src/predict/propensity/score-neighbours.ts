/**
 * Interval of a chance from those most like it: of the rows whose scores out of fold lay nearest, how
 * many did it (Wilson). As their forecasts were not all this one, the ends are moved, on the log-odds
 * scale, by as much as this forecast lies from their mean. It answers for what can be told from the
 * features, not for what was never measured of a person.
 */
import { wilsonInterval } from '../../math/binomial-interval.ts'
import type { Interval } from '../../math/interval.ts'

/** Some scores, and of the rows around each how many did it. Plain data. */
export interface ScoreNeighbours {
  readonly at: readonly number[]
  readonly successes: readonly number[]
  readonly trials: readonly number[]
  /** Mean chance that was foretold to them. */
  readonly predicted: readonly number[]
}

const places = 101
const leastNeighbours = 50

/** @param chances calibrated, of the same rows */
export function neighboursOf(
  scores: Float64Array,
  outcomes: Uint8Array,
  chances: Float64Array,
): ScoreNeighbours {
  const order = Uint32Array.from(scores, (_, i) => i).sort(
    (a, b) => (scores[a] ?? 0) - (scores[b] ?? 0),
  )
  const size = order.length
  const sums = new Float64Array(size + 1)
  const foretold = new Float64Array(size + 1)
  for (let i = 0; i < size; i++) {
    sums[i + 1] = (sums[i] ?? 0) + (outcomes[order[i] ?? 0] ?? 0)
    foretold[i + 1] = (foretold[i] ?? 0) + (chances[order[i] ?? 0] ?? 0)
  }
  const window = Math.min(size, Math.max(leastNeighbours, Math.ceil(size / 20)))
  const at: number[] = []
  const successes: number[] = []
  const trials: number[] = []
  const predicted: number[] = []
  for (let place = 0; place < places; place++) {
    const middle = Math.round((place / (places - 1)) * (size - 1))
    const score = scores[order[middle] ?? 0] ?? 0
    if (at.at(-1) === score) continue
    const from = Math.max(0, Math.min(size - window, middle - (window >> 1)))
    at.push(score)
    successes.push((sums[from + window] ?? 0) - (sums[from] ?? 0))
    trials.push(window)
    predicted.push(((foretold[from + window] ?? 0) - (foretold[from] ?? 0)) / window)
  }
  return { at, successes, trials, predicted }
}

/** Stretched to hold the chance itself. */
export function intervalAround(
  { at, successes, trials, predicted }: ScoreNeighbours,
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
  const moved = oddsOf(chance) / oddsOf(predicted[nearest] ?? chance)
  const move = (end: number): number => {
    const odds = moved * oddsOf(end)
    return odds < Infinity ? odds / (1 + odds) : 1
  }
  return { low: Math.min(move(interval.low), chance), high: Math.max(move(interval.high), chance) }
}

const oddsOf = (chance: number): number => chance / (1 - chance)
