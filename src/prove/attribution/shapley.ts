/**
 * Shapley's value of any worth of coalitions: what a channel adds, averaged over all orders in which
 * channels might join (L. S. Shapley, "A value for n-person games", 1953).
 *
 *   phi_c = sum over S without c of |S|! (n - |S| - 1)! / n! * (w(S + c) - w(S))
 *
 * Exact up to 12 channels (2^n coalitions). Beyond, by sampled orders (J. Castro, D. Gómez,
 * J. Tejada, "Polynomial calculation of the Shapley value based on sampling", Computers & OR 36,
 * 2009), with the interval of the mean. Where the worth is conversions, `countRules` is exact for any
 * number of channels.
 */
import { RapportError } from '../../domain/error.ts'
import { usualConfidence } from '../../math/interval.ts'
import { twoSidedDeviate } from '../../math/normal.ts'
import type { Random } from '../../math/random.ts'
import type { PathColumns } from './paths.ts'

/**
 * Of the journeys whose channels all lie in a coalition: their conversions, or the share of them that
 * converted.
 */
export type Worth = 'conversions' | 'rate'

export const mostExactChannels = 12

export interface ShapleyValue {
  /** One a channel. Add up to the worth of all channels less that of none. */
  readonly value: Float64Array
  /** Null where it is exact. */
  readonly low: Float64Array | null
  readonly high: Float64Array | null
}

export interface ShapleyOptions {
  readonly random: Random
  /** Orders drawn where it is not exact. */
  readonly orders?: number
  readonly confidence?: number
}

export function shapleyOfPaths(
  paths: PathColumns,
  worth: Worth,
  options: ShapleyOptions,
): ShapleyValue {
  const count = paths.channels.length
  const sets = channelSets(paths)
  return count <= mostExactChannels
    ? { value: exactShapley(worthOfCoalitions(sets, worth, count)), low: null, high: null }
    : sampledShapley(sets, worth, { count, ...options })
}

/** @param worth Of each coalition; channel c is bit c of its index. */
export function exactShapley(worth: Float64Array): Float64Array {
  const count = Math.log2(worth.length)
  if (!Number.isInteger(count) || count > 20)
    throw new RapportError(
      'invalid_analysis',
      'There must be a worth for each coalition of up to 20.',
    )
  const weights = Float64Array.from(
    { length: count },
    (_, size) => 1 / (count * binomial(count - 1, size)),
  )
  const value = new Float64Array(count)
  for (let coalition = 0; coalition < worth.length; coalition++) {
    const weight = weights[bitsIn(coalition)] ?? 0
    for (let c = 0; c < count; c++) {
      if (coalition & (1 << c)) continue
      const gain = (worth[coalition | (1 << c)] ?? 0) - (worth[coalition] ?? 0)
      value[c] = (value[c] ?? 0) + weight * gain
    }
  }
  return value
}

/** Journeys by the set of their channels. */
interface ChannelSet {
  readonly members: readonly number[]
  conversions: number
  journeys: number
}

function channelSets({ steps, offsets, conversions, nulls }: PathColumns): ChannelSet[] {
  const sets = new Map<string, ChannelSet>()
  for (let p = 0; p < conversions.length; p++) {
    const path = steps.subarray(offsets[p] ?? 0, offsets[p + 1] ?? 0)
    const members = [...new Set(path)].sort((a, b) => a - b)
    const key = members.join()
    let set = sets.get(key)
    if (!set) sets.set(key, (set = { members, conversions: 0, journeys: 0 }))
    set.conversions += conversions[p] ?? 0
    set.journeys += (conversions[p] ?? 0) + (nulls[p] ?? 0)
  }
  return [...sets.values()]
}

/** Sums over all subsets of each coalition, by adding one channel after the other. */
function worthOfCoalitions(sets: readonly ChannelSet[], worth: Worth, count: number): Float64Array {
  const conversions = new Float64Array(2 ** count)
  const journeys = new Float64Array(2 ** count)
  for (const set of sets) {
    const index = set.members.reduce((bits, c) => bits | (1 << c), 0)
    conversions[index] = set.conversions
    journeys[index] = set.journeys
  }
  for (const sums of [conversions, journeys]) {
    for (let bit = 1; bit < sums.length; bit <<= 1) {
      for (let index = 0; index < sums.length; index++) {
        if (index & bit) sums[index] = (sums[index] ?? 0) + (sums[index ^ bit] ?? 0)
      }
    }
  }
  return conversions.map((won, index) => worthOf(won, journeys[index] ?? 0, worth))
}

function worthOf(conversions: number, journeys: number, worth: Worth): number {
  if (worth === 'conversions') return conversions
  return journeys === 0 ? 0 : conversions / journeys
}

function sampledShapley(
  sets: readonly ChannelSet[],
  worth: Worth,
  options: ShapleyOptions & { readonly count: number },
): ShapleyValue {
  const { count, random, orders = 1_000, confidence = usualConfidence } = options
  const channels = Array.from({ length: count }, (_, c) => c)
  const sums = new Float64Array(count)
  const squares = new Float64Array(count)
  const place = new Int32Array(count)
  for (let turn = 0; turn < orders; turn++) {
    const order = random.shuffled(channels)
    order.forEach((c, at) => (place[c] = at))
    const gains = gainsInOrder(sets, worth, place)
    gains.forEach((gain, at) => {
      const c = order[at] ?? 0
      sums[c] = (sums[c] ?? 0) + gain
      squares[c] = (squares[c] ?? 0) + gain * gain
    })
  }
  const value = sums.map((sum) => sum / orders)
  const deviate = twoSidedDeviate(confidence)
  const half = value.map((mean, c) => {
    const variance = Math.max(0, (squares[c] ?? 0) / orders - mean * mean)
    return deviate * Math.sqrt(variance / Math.max(1, orders - 1))
  })
  return {
    value,
    low: value.map((mean, c) => mean - (half[c] ?? 0)),
    high: value.map((mean, c) => mean + (half[c] ?? 0)),
  }
}

/** What each channel adds as it joins: a set of channels counts once the last of them is there. */
function gainsInOrder(sets: readonly ChannelSet[], worth: Worth, place: Int32Array): Float64Array {
  const conversions = new Float64Array(place.length + 1)
  const journeys = new Float64Array(place.length + 1)
  for (const set of sets) {
    let complete = 0
    for (const c of set.members) complete = Math.max(complete, (place[c] ?? 0) + 1)
    conversions[complete] = (conversions[complete] ?? 0) + set.conversions
    journeys[complete] = (journeys[complete] ?? 0) + set.journeys
  }
  const gains = new Float64Array(place.length)
  let [won, all] = [conversions[0] ?? 0, journeys[0] ?? 0]
  let before = worthOf(won, all, worth)
  for (let at = 0; at < place.length; at++) {
    won += conversions[at + 1] ?? 0
    all += journeys[at + 1] ?? 0
    const after = worthOf(won, all, worth)
    gains[at] = after - before
    before = after
  }
  return gains
}

function bitsIn(number: number): number {
  let count = 0
  for (let rest = number; rest > 0; rest &= rest - 1) count++
  return count
}

function binomial(n: number, k: number): number {
  let result = 1
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i
  return result
}
