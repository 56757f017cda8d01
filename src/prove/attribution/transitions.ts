/**
 * Which step followed which: all that a Markov chain of order k needs of the paths. A state is the
 * last k channels (fewer at the beginning of a path), written as a number with one digit a channel:
 * digit 0 stands for 'nothing yet', digit c + 1 for channel c. The counts of a lower order are sums
 * of those of a higher one, so one walk over the paths serves all.
 */
import { RapportError } from '../../domain/error.ts'
import type { PathColumns } from './paths.ts'

export interface TransitionCounts {
  readonly channelCount: number
  readonly order: number
  /** Calls `visit(state, next, weight)` for each transition seen; `next` as below. */
  forEach(visit: (state: number, next: number, weight: number) => void): void
}

export interface TransitionCounter extends TransitionCounts {
  add(paths: PathColumns): void
}

/** What follows a state: a channel c as c; the outcome as this many after the last channel, then null. */
export const conversionAfter = 0

/** Cells of a table that is kept whole (64 MB); beyond, only what was seen is kept. */
const mostCells = 1 << 23

export const highestOrder = 4

export function countTransitions(channelCount: number, order: number): TransitionCounter {
  if (!(Number.isInteger(order) && order >= 1 && order <= highestOrder))
    throw new RapportError('invalid_analysis', `The order must be 1 to ${highestOrder}.`)
  const cells = cellsOf(channelCount, order)
  if (cells > Number.MAX_SAFE_INTEGER)
    throw new RapportError(
      'invalid_analysis',
      `${channelCount} channels are too many for order ${order}.`,
    )
  return cells <= mostCells
    ? wholeTable(channelCount, order, new Float64Array(cells))
    : sparseTable(channelCount, order)
}

function wholeTable(channelCount: number, order: number, table: Float64Array): TransitionCounter {
  const width = channelCount + 2
  const base = channelCount + 1
  const span = base ** order
  return {
    channelCount,
    order,
    add({ steps, offsets, conversions, nulls }) {
      for (let p = 0; p < conversions.length; p++) {
        const won = conversions[p] ?? 0
        const lost = nulls[p] ?? 0
        const weight = won + lost
        if (weight === 0) continue
        const from = offsets[p] ?? 0
        const to = offsets[p + 1] ?? 0
        let state = 0
        for (let i = from; i < to; i++) {
          const channel = steps[i] ?? 0
          const cell = state * width + channel
          table[cell] = (table[cell] ?? 0) + weight
          state = state * base + channel + 1
          if (i - from >= order) state -= ((steps[i - order] ?? 0) + 1) * span
        }
        const end = state * width + channelCount
        table[end] = (table[end] ?? 0) + won
        table[end + 1] = (table[end + 1] ?? 0) + lost
      }
    },
    forEach: countsOfTable(channelCount, order, table).forEach,
  }
}

/** Counts in a whole table, a row of `channelCount + 2` cells for each state. */
export function countsOfTable(
  channelCount: number,
  order: number,
  table: Float64Array,
): TransitionCounts {
  const width = channelCount + 2
  return {
    channelCount,
    order,
    forEach(visit) {
      for (let state = 0, cell = 0; cell < table.length; state++) {
        for (let next = 0; next < width; next++, cell++) {
          const weight = table[cell] ?? 0
          if (weight > 0) visit(state, next, weight)
        }
      }
    },
  }
}

/** Cells of a whole table of this order. */
export function cellsOf(channelCount: number, order: number): number {
  return (channelCount + 1) ** order * (channelCount + 2)
}

function sparseTable(channelCount: number, order: number): TransitionCounter {
  const width = channelCount + 2
  const base = channelCount + 1
  const span = base ** order
  const table = new Map<number, number>()
  const count = (cell: number, weight: number): void => {
    if (weight > 0) table.set(cell, (table.get(cell) ?? 0) + weight)
  }
  return {
    channelCount,
    order,
    add({ steps, offsets, conversions, nulls }) {
      for (let p = 0; p < conversions.length; p++) {
        const won = conversions[p] ?? 0
        const lost = nulls[p] ?? 0
        const from = offsets[p] ?? 0
        let state = 0
        for (let i = from; i < (offsets[p + 1] ?? 0); i++) {
          const channel = steps[i] ?? 0
          count(state * width + channel, won + lost)
          // The oldest digit goes first: no number on the way leaves the whole numbers of a double.
          const oldest = i - from >= order ? (steps[i - order] ?? 0) + 1 : 0
          state = (state - oldest * (span / base)) * base + channel + 1
        }
        count(state * width + channelCount, won)
        count(state * width + channelCount + 1, lost)
      }
    },
    forEach(visit) {
      for (const [cell, weight] of table) {
        const next = cell % width
        visit((cell - next) / width, next, weight)
      }
    },
  }
}

/** The counts of a lower order: the oldest channels of each state are forgotten. */
export function lowerOrder(counts: TransitionCounts, order: number): TransitionCounts {
  if (order === counts.order) return counts
  const { channelCount } = counts
  const width = channelCount + 2
  const span = (channelCount + 1) ** order
  const sums = new Map<number, number>()
  const whole = span * width <= mostCells ? new Float64Array(span * width) : null
  counts.forEach((state, next, weight) => {
    const cell = (state % span) * width + next
    if (whole) whole[cell] = (whole[cell] ?? 0) + weight
    else sums.set(cell, (sums.get(cell) ?? 0) + weight)
  })
  if (whole) return countsOfTable(channelCount, order, whole)
  return {
    channelCount,
    order,
    forEach(visit) {
      for (const [cell, weight] of sums) visit(Math.floor(cell / width), cell % width, weight)
    },
  }
}
