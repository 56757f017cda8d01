/**
 * The order of numbers, without moving them. Values that are spread over their range fall into as many
 * buckets as there are values, and what shares a bucket is put in order by insertion (E. J. Isaac and
 * R. C. Singleton, Journal of the ACM 3, 1956). Others by a radix sort of their bits, 16 at a time,
 * least first (D. E. Knuth, The Art of Computer Programming 3, section 5.2.5). Equal values keep their
 * order.
 */
const digits = 1 << 16

/**
 * Places of the values in rising order: `values[order[0]]` is the least.
 *
 * @throws RangeError for NaN, which has no place.
 */
export function sortedOrder(values: Float64Array): Uint32Array {
  return byBuckets(values)?.order ?? byDigits(values)
}

/** The same with the values in that order. */
export function sortedWithOrder(values: Float64Array): Sorted {
  const found = byBuckets(values)
  if (found) return found
  const order = byDigits(values)
  const sorted = new Float64Array(values.length)
  for (let k = 0; k < order.length; k++) sorted[k] = values[order[k] ?? 0] ?? 0
  return { order, sorted }
}

export interface Sorted {
  readonly order: Uint32Array
  readonly sorted: Float64Array
}

/** Where insertion would move more than this for each value, digits are faster. */
const mostMoves = 12

function byBuckets(values: Float64Array): Sorted | null {
  const size = values.length
  let [least, most] = [Infinity, -Infinity]
  for (let i = 0; i < size; i++) {
    const value = values[i] ?? 0
    if (Number.isNaN(value)) throw new RangeError(`Value ${i + 1} is not a number.`)
    if (value < least) least = value
    if (value > most) most = value
  }
  const range = most - least
  const scale = (size - 1) / range
  if (!(scale > 0 && scale < Infinity)) return null
  const buckets = new Uint32Array(Math.floor(range * scale) + 2)
  for (let i = 0; i < size; i++) {
    const bucket = Math.floor(((values[i] ?? 0) - least) * scale) + 1
    buckets[bucket] = (buckets[bucket] ?? 0) + 1
  }
  for (let b = 1; b < buckets.length; b++) buckets[b] = (buckets[b] ?? 0) + (buckets[b - 1] ?? 0)
  const order = new Uint32Array(size)
  const sorted = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const value = values[i] ?? 0
    const bucket = Math.floor((value - least) * scale)
    const place = buckets[bucket] ?? 0
    buckets[bucket] = place + 1
    order[place] = i
    sorted[place] = value
  }
  return insert(sorted, order) ? { order, sorted } : null
}

/** Insertion sort of what is nearly in order; false where it is given up. */
function insert(sorted: Float64Array, order: Uint32Array): boolean {
  let moves = mostMoves * sorted.length
  for (let k = 1; k < sorted.length; k++) {
    const value = sorted[k] ?? 0
    if (value >= (sorted[k - 1] ?? 0)) continue
    const place = order[k] ?? 0
    let to = k
    for (; to > 0 && (sorted[to - 1] ?? 0) > value; to--) {
      sorted[to] = sorted[to - 1] ?? 0
      order[to] = order[to - 1] ?? 0
    }
    sorted[to] = value
    order[to] = place
    moves -= k - to
    if (moves < 0) return false
  }
  return true
}

function byDigits(values: Float64Array): Uint32Array {
  const keys = keysOf(values)
  let order = new Uint32Array(values.length)
  for (let i = 0; i < order.length; i++) order[i] = i
  let spare = new Uint32Array(values.length)
  const counts = new Uint32Array(digits)
  for (let pass = 0; pass < 4; pass++) {
    counts.fill(0)
    for (let k = pass; k < keys.length; k += 4) {
      const digit = keys[k] ?? 0
      counts[digit] = (counts[digit] ?? 0) + 1
    }
    // Where all have the same digit there is nothing to sort: true of the low bits of whole numbers.
    if (values.length === 0 || counts[keys[pass] ?? 0] === values.length) continue
    for (let digit = 0, before = 0; digit < digits; digit++) {
      const count = counts[digit] ?? 0
      counts[digit] = before
      before += count
    }
    for (let i = 0; i < order.length; i++) {
      const at = order[i] ?? 0
      const digit = keys[4 * at + pass] ?? 0
      const place = counts[digit] ?? 0
      counts[digit] = place + 1
      spare[place] = at
    }
    ;[order, spare] = [spare, order]
  }
  return order
}

/** Four digits a value, lowest first, that sort as the values do (IEEE 754: sign, exponent, rest). */
function keysOf(values: Float64Array): Uint16Array {
  const keys = new Uint16Array(4 * values.length)
  const number = new Float64Array(1)
  const [low, high] = isLittleEndian() ? [0, 1] : [1, 0]
  const words = new Uint32Array(number.buffer)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    // 0 for -0: both are the same number, so they keep their order.
    number[0] = value === 0 ? 0 : value
    let [lower, upper] = [words[low] ?? 0, words[high] ?? 0]
    if (value < 0) [lower, upper] = [~lower, ~upper]
    else upper ^= 0x80000000
    keys[4 * i] = lower & 0xffff
    keys[4 * i + 1] = lower >>> 16
    keys[4 * i + 2] = upper & 0xffff
    keys[4 * i + 3] = upper >>> 16
  }
  return keys
}

function isLittleEndian(): boolean {
  return new Uint8Array(new Uint32Array([1]).buffer)[0] === 1
}
