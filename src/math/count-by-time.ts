/**
 * How much happened at each time: what every estimate of survival starts from. Whole numbers are
 * counted into a table, others put in order.
 */
import { sortedOrder, sortedWithOrder } from './sorted-order.ts'

/** Distinct times rising; at each how many were at risk, had an event, and left in all. */
export interface TimeCounts {
  readonly times: Float64Array
  readonly atRisk: Float64Array
  readonly events: Float64Array
}

export interface TimeRows {
  /** When watching ended, from 0 on. */
  readonly durations: Float64Array
  /** 1 where it ended with the event. */
  readonly happened: Uint8Array
  /** How many people a row stands for; 1 where it is left out. */
  readonly weights?: Float64Array | undefined
  /** When watching began, before its end: somebody is at risk after it. From the start if left out. */
  readonly entries?: Float64Array | undefined
}

/** Whole numbers below this are counted into a table. */
const largestTable = 1 << 20

/** @throws RangeError for lengths that differ, times that are none, entries after the end. */
export function countByTime(rows: TimeRows): TimeCounts {
  const { durations, happened, weights, entries } = rows
  for (const column of [happened, weights, entries])
    if (column && column.length !== durations.length)
      throw new RangeError('There must be as many durations as events.')
  let [longest, isWhole] = [0, true]
  for (let i = 0; i < durations.length; i++) {
    const time = durations[i] ?? Number.NaN
    if (!(time >= 0 && time < Infinity))
      throw new RangeError(`A duration is a finite number from 0, not ${time}.`)
    if (time > longest) longest = time
    if (time !== Math.floor(time)) isWhole = false
  }
  weights?.forEach((weight) => {
    if (!(weight >= 0 && weight < Infinity))
      throw new RangeError(`A weight is a finite number from 0, not ${weight}.`)
  })
  entries?.forEach((entry, i) => {
    if (!(entry < (durations[i] ?? 0)))
      throw new RangeError(`Watching began at ${entry}, which is not before ${durations[i]}.`)
  })
  const counts = isWhole && longest < largestTable ? countWhole(rows, longest) : countAny(rows)
  return { ...counts, atRisk: atRiskOf(counts, rows) }
}

interface Leaving {
  readonly times: Float64Array
  readonly events: Float64Array
  readonly left: Float64Array
}

function countWhole({ durations, happened, weights }: TimeRows, longest: number): Leaving {
  const [eventsAt, leftAt] = [new Float64Array(longest + 1), new Float64Array(longest + 1)]
  const isThere = new Uint8Array(longest + 1)
  for (let i = 0; i < durations.length; i++) {
    const time = durations[i] ?? 0
    const weight = weights ? (weights[i] ?? 0) : 1
    leftAt[time] = (leftAt[time] ?? 0) + weight
    if (happened[i]) eventsAt[time] = (eventsAt[time] ?? 0) + weight
    isThere[time] = 1
  }
  const times = Float64Array.from(isThere.keys()).filter((time) => isThere[time])
  return {
    times,
    events: times.map((time) => eventsAt[time] ?? 0),
    left: times.map((time) => leftAt[time] ?? 0),
  }
}

function countAny({ durations, happened, weights }: TimeRows): Leaving {
  const { order, sorted } = sortedWithOrder(durations)
  const [times, events, left] = [0, 0, 0].map(() => new Float64Array(order.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  let [size, last] = [0, -1]
  for (let k = 0; k < order.length; k++) {
    const i = order[k] ?? 0
    const time = sorted[k] ?? 0
    const weight = weights ? (weights[i] ?? 0) : 1
    if (time !== last) {
      times[size++] = time
      last = time
    }
    left[size - 1] = (left[size - 1] ?? 0) + weight
    if (happened[i]) events[size - 1] = (events[size - 1] ?? 0) + weight
  }
  return {
    times: times.subarray(0, size),
    events: events.subarray(0, size),
    left: left.subarray(0, size),
  }
}

/** Who entered before a time, less who left before it; those who leave at it are still at risk. */
function atRiskOf({ times, left }: Leaving, rows: TimeRows): Float64Array {
  const { weights, entries } = rows
  const atRisk = new Float64Array(times.length)
  if (!entries) {
    let there = 0
    for (let t = times.length - 1; t >= 0; t--) {
      there += left[t] ?? 0
      atRisk[t] = there
    }
    return atRisk
  }
  const order = sortedOrder(entries)
  let [there, next] = [0, 0]
  for (let t = 0; t < times.length; t++) {
    for (; next < order.length; next++) {
      const i = order[next] ?? 0
      if ((entries[i] ?? 0) >= (times[t] ?? 0)) break
      there += weights ? (weights[i] ?? 0) : 1
    }
    atRisk[t] = there
    there -= left[t] ?? 0
  }
  return atRisk
}
