/**
 * The absorbing Markov chain of the transition counts, as compressed sparse rows. State 0 is the
 * start of every path; each row's probabilities are its counts over their sum.
 */
import { conversionAfter, type TransitionCounts } from './transitions.ts'

export interface Chain {
  readonly channelCount: number
  readonly size: number
  /** Channel of the newest touch of each state; -1 for the start. */
  readonly newest: Int32Array
  /** Entries of state s are `rows[s] .. rows[s + 1] - 1`. Loops to itself are left out. */
  readonly rows: Int32Array
  readonly targets: Int32Array
  /**
   * Probabilities given that the state is left. Staying a while changes nothing about where a path
   * ends, so loops fall out of every sum, exactly.
   */
  readonly probabilities: Float64Array
  /** Probability that the next thing is the outcome, given that the state is left. */
  readonly toConversion: Float64Array
}

interface Entry {
  readonly state: number
  readonly next: number
  readonly weight: number
}

export function buildChain(counts: TransitionCounts): Chain {
  const { channelCount, order } = counts
  const base = channelCount + 1
  const span = base ** order
  const after = (state: number, channel: number): number =>
    (state % (span / base)) * base + channel + 1
  const index = stateIndex(span)
  index.of(0)
  let entries = 0
  counts.forEach((state, next) => {
    index.of(state)
    if (next < channelCount && after(state, next) !== state) entries++
  })
  const size = index.count()
  const sums = new Float64Array(size)
  const toConversion = new Float64Array(size)
  const newest = new Int32Array(size).fill(-1)
  const rows = new Int32Array(size + 1)
  counts.forEach((state, next, weight) => {
    const row = index.of(state)
    newest[row] = (state % base) - 1
    const isMove = next < channelCount
    if (isMove && after(state, next) === state) return
    sums[row] = (sums[row] ?? 0) + weight
    if (isMove) rows[row + 1] = (rows[row + 1] ?? 0) + 1
    else if (next === channelCount + conversionAfter) toConversion[row] = weight
  })
  for (let row = 0; row < size; row++) {
    rows[row + 1] = (rows[row + 1] ?? 0) + (rows[row] ?? 0)
    if ((sums[row] ?? 0) > 0) toConversion[row] = (toConversion[row] ?? 0) / (sums[row] ?? 1)
  }
  const place = rows.slice()
  const targets = new Int32Array(entries)
  const probabilities = new Float64Array(entries)
  const put = ({ state, next, weight }: Entry): void => {
    const row = index.of(state)
    const at = place[row] ?? 0
    place[row] = at + 1
    targets[at] = index.of(after(state, next))
    probabilities[at] = weight / (sums[row] ?? 1)
  }
  counts.forEach((state, next, weight) => {
    if (next < channelCount && after(state, next) !== state) put({ state, next, weight })
  })
  return { channelCount, size, newest, rows, targets, probabilities, toConversion }
}

/** Numbers states in the order in which they are met. */
function stateIndex(span: number): { of(state: number): number; count(): number } {
  let known = 0
  if (span <= 1 << 22) {
    const table = new Int32Array(span)
    return {
      of: (state) => (table[state] ||= ++known) - 1,
      count: () => known,
    }
  }
  const map = new Map<number, number>()
  return {
    of(state) {
      const found = map.get(state)
      if (found !== undefined) return found
      map.set(state, known)
      return known++
    },
    count: () => known,
  }
}
