/**
 * Places of scores in rising order, equal ones in the order in which they stand. Scores are spread over
 * 32 bits between the least and the greatest, sorted by three passes of 11 bits (a radix sort whose
 * counts stay in the processor's nearest memory), and where two fall on one number looked at exactly.
 */
import { sortedOrder } from '../../math/sorted-order.ts'

const bits = 11
const digits = 1 << bits
const mask = digits - 1
/** Runs up to this are sorted by insertion. */
const shortRun = 24

/** @param scores finite */
export function orderScores(scores: Float64Array): Uint32Array {
  const rows = scores.length
  let [least, greatest] = [Infinity, -Infinity]
  for (let i = 0; i < rows; i++) {
    const score = scores[i] ?? 0
    if (score < least) least = score
    if (score > greatest) greatest = score
  }
  const scale = 4294967295 / (greatest - least)
  // Equal scores stand as they are; a range beyond all numbers is sorted by its bits.
  if (!(scale > 0 && scale < Infinity)) return sortedOrder(scores)
  let keys = new Uint32Array(rows)
  let order = new Uint32Array(rows)
  const counts = [
    new Uint32Array(digits),
    new Uint32Array(digits),
    new Uint32Array(digits),
  ] as const
  const [low, middle, high] = counts
  for (let i = 0; i < rows; i++) {
    const key = ((scores[i] ?? 0) - least) * scale
    keys[i] = key
    order[i] = i
    const whole = keys[i] ?? 0
    const [a, b, c] = [whole & mask, (whole >>> bits) & mask, whole >>> (2 * bits)]
    low[a] = (low[a] ?? 0) + 1
    middle[b] = (middle[b] ?? 0) + 1
    high[c] = (high[c] ?? 0) + 1
  }
  let otherKeys = new Uint32Array(rows)
  let otherOrder = new Uint32Array(rows)
  counts.forEach((count, pass) => {
    scatter({ keys, order, otherKeys, otherOrder }, count, pass * bits)
    ;[keys, otherKeys] = [otherKeys, keys]
    ;[order, otherOrder] = [otherOrder, order]
  })
  settleRuns(keys, order, scores)
  return order
}

interface Buffers {
  readonly keys: Uint32Array
  readonly order: Uint32Array
  readonly otherKeys: Uint32Array
  readonly otherOrder: Uint32Array
}

function scatter(
  { keys, order, otherKeys, otherOrder }: Buffers,
  counts: Uint32Array,
  shift: number,
): void {
  for (let digit = 0, before = 0; digit < digits; digit++) {
    const count = counts[digit] ?? 0
    counts[digit] = before
    before += count
  }
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? 0
    const digit = (key >>> shift) & mask
    const place = counts[digit] ?? 0
    counts[digit] = place + 1
    otherKeys[place] = key
    otherOrder[place] = order[i] ?? 0
  }
}

/** Where different scores fell on one number. */
function settleRuns(keys: Uint32Array, order: Uint32Array, scores: Float64Array): void {
  const rows = keys.length
  for (let from = 0, to = 0; from < rows; from = to) {
    const key = keys[from]
    to = from + 1
    while (to < rows && keys[to] === key) to++
    if (to - from > 1) settleRun(order.subarray(from, to), scores)
  }
}

function settleRun(run: Uint32Array, scores: Float64Array): void {
  const first = scores[run[0] ?? 0]
  if (run.every((row) => scores[row] === first)) return
  if (run.length > shortRun) {
    const sorted = sortedOrder(Float64Array.from(run, (row) => scores[row] ?? 0))
    run.set(Uint32Array.from(sorted, (place) => run[place] ?? 0))
    return
  }
  for (let i = 1; i < run.length; i++) {
    const row = run[i] ?? 0
    const score = scores[row] ?? 0
    let place = i
    for (; place > 0 && (scores[run[place - 1] ?? 0] ?? 0) > score; place--) {
      run[place] = run[place - 1] ?? 0
    }
    run[place] = row
  }
}
