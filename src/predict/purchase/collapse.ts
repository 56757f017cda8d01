/**
 * Equal histories once, with their weight: on a grid of days a million customers have a hundred
 * thousand different ones, and the likelihood is a sum over these. Frequencies and times are also
 * kept once each, since logarithms of a time and gamma functions of a count recur in many rows.
 */
import { checkHistories, type PurchaseHistories } from './histories.ts'
import { RapportError } from '../../domain/error.ts'

export interface CollapsedHistories {
  /** Different histories. */
  readonly size: number
  /** Sum of the weights. */
  readonly customers: number
  /** Place of each row's frequency in `frequencies`, of its times in `times`. */
  readonly frequencyAt: Int32Array
  readonly recencyAt: Int32Array
  readonly ageAt: Int32Array
  readonly weight: Float64Array
  /** Different frequencies, rising, and how many customers have each. */
  readonly frequencies: Float64Array
  readonly frequencyWeight: Float64Array
  /** Different recencies and ages. */
  readonly times: Float64Array
}

/** @throws RapportError invalid_analysis: see checkHistories; or no weight at all. */
export function collapseHistories(histories: PurchaseHistories): CollapsedHistories {
  checkHistories(histories)
  const { first, weight } = equalRows(histories)
  const size = first.length
  const frequency = pick(histories.frequency, first)
  const frequencies = Float64Array.from(new Set(frequency)).sort()
  const placeOf = new Map<number, number>()
  for (let i = 0; i < frequencies.length; i++) placeOf.set(frequencies[i] ?? 0, i)
  const frequencyAt = Int32Array.from(frequency, (x) => placeOf.get(x) ?? 0)
  const frequencyWeight = new Float64Array(frequencies.length)
  let customers = 0
  for (let i = 0; i < size; i++) {
    const at = frequencyAt[i] ?? 0
    frequencyWeight[at] = (frequencyWeight[at] ?? 0) + (weight[i] ?? 0)
    customers += weight[i] ?? 0
  }
  if (!(customers > 0 && customers < Infinity))
    throw new RapportError('invalid_analysis', 'The weights must add up to a number above 0.')
  const recency = pick(histories.recency, first)
  const age = pick(histories.age, first)
  const { values: times, places } = differentTimes(recency, age)
  const [recencyAt, ageAt] = [places.subarray(0, size), places.subarray(size)]
  return {
    ...{ size, customers, frequencyAt, recencyAt, ageAt, weight },
    ...{ frequencies, frequencyWeight, times },
  }
}

const pick = (column: Float64Array, rows: Int32Array): Float64Array =>
  Float64Array.from(rows, (row) => column[row] ?? 0)

interface EqualRows {
  /** The first row of each history. */
  readonly first: Int32Array
  readonly weight: Float64Array
}

/** A table by open addressing; rows of weight 0 are left out. */
function equalRows({ frequency, recency, age, weight }: PurchaseHistories): EqualRows {
  const rows = frequency.length
  let mask = (1 << 12) - 1
  let table = new Int32Array(mask + 1).fill(-1)
  let first = new Int32Array(1 << 11)
  let sums = new Float64Array(1 << 11)
  let found = 0
  const slotOf = (row: number): number => {
    const [x, last, until] = [frequency[row] ?? 0, recency[row] ?? 0, age[row] ?? 0]
    let slot = hash(x, last, until) & mask
    for (;;) {
      const known = table[slot] ?? -1
      if (known < 0) return slot
      const other = first[known] ?? 0
      if (age[other] === until && recency[other] === last && frequency[other] === x) return slot
      slot = (slot + 1) & mask
    }
  }
  for (let row = 0; row < rows; row++) {
    const one = weight ? (weight[row] ?? 0) : 1
    if (one === 0) continue
    const slot = slotOf(row)
    const known = table[slot] ?? -1
    if (known >= 0) {
      sums[known] = (sums[known] ?? 0) + one
      continue
    }
    table[slot] = found
    first[found] = row
    sums[found] = one
    if (++found < first.length) continue
    first = grown(first, Int32Array)
    sums = grown(sums, Float64Array)
    mask = 4 * found - 1
    table = new Int32Array(mask + 1).fill(-1)
    for (let i = 0; i < found; i++) table[slotOf(first[i] ?? 0)] = i
  }
  return { first: first.slice(0, found), weight: sums.slice(0, found) }
}

const doubles = new Float64Array(3)
const words = new Uint32Array(doubles.buffer)

function hash(a: number, b: number, c: number): number {
  doubles[0] = a
  doubles[1] = b
  doubles[2] = c
  let mixed = Math.imul(words[1] ?? 0, 0x9e3779b1) ^ (words[0] ?? 0)
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ (words[3] ?? 0), 0x85ebca6b) ^ (words[2] ?? 0)
  mixed = Math.imul(mixed ^ (mixed >>> 13) ^ (words[5] ?? 0), 0xc2b2ae35) ^ (words[4] ?? 0)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x27d4eb2f)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

/** Each time once, and where each of both columns (one after the other) has its own. */
function differentTimes(
  recency: Float64Array,
  age: Float64Array,
): { values: Float64Array; places: Int32Array } {
  const size = recency.length
  const all = new Float64Array(2 * size)
  all.set(recency)
  all.set(age, size)
  let room = 1 << 10
  let values = new Float64Array(room)
  let table = new Int32Array(4 * room).fill(-1)
  let found = 0
  const slotOf = (time: number): number => {
    const mask = table.length - 1
    let slot = hash(time, 0, 0) & mask
    for (;;) {
      const known = table[slot] ?? -1
      if (known < 0 || values[known] === time) return slot
      slot = (slot + 1) & mask
    }
  }
  const places = new Int32Array(all.length)
  for (let i = 0; i < all.length; i++) {
    const time = all[i] ?? 0
    const slot = slotOf(time)
    const known = table[slot] ?? -1
    places[i] = known < 0 ? found : known
    if (known >= 0) continue
    table[slot] = found
    values[found++] = time
    if (found < room) continue
    room *= 2
    values = grown(values, Float64Array)
    table = new Int32Array(4 * room).fill(-1)
    for (let j = 0; j < found; j++) table[slotOf(values[j] ?? 0)] = j
  }
  return { values: values.slice(0, found), places }
}

function grown<A extends Float64Array | Int32Array>(column: A, Kind: new (size: number) => A): A {
  const larger = new Kind(2 * column.length)
  larger.set(column)
  return larger
}
