/**
 * Blocking: only records that agree on some key are compared. A key is one field, or several which
 * must all agree; a pair under several keys comes once, under the first of them. No pair is looked up
 * in any set: whether an earlier key has had it can be seen from the two records.
 */
import { RapportError } from '../../domain/error.ts'
import { isOneTable, type Records, type Side } from './records.ts'

/** Indexes of the fields that must agree. */
export type BlockKey = readonly number[]

export interface BlockingLimits {
  /** A block with more pairs than this is left out: a value that so many share tells hardly anything. */
  readonly pairsPerBlock: number
  /** More than this in all is refused. */
  readonly pairs: number
}

export const usualLimits: BlockingLimits = { pairsPerBlock: 250_000, pairs: 100_000_000 }

export interface BlockedPairs {
  /** Indexes of records, grouped by `left`; in one table `left < right`. */
  readonly left: Int32Array
  readonly right: Int32Array
  /** Blocks that were left out as too large, and their pairs (some of which another key had). */
  readonly blocksLeftOut: number
  readonly pairsLeftOut: number
}

export function blockPairs(
  records: Records,
  keys: readonly BlockKey[],
  limits: BlockingLimits = usualLimits,
): BlockedPairs {
  if (keys.length === 0 || keys.some((key) => key.length === 0))
    throw new RapportError('invalid_analysis', 'Name at least one field to block on.')
  const blockings = keys.map((key) => blockingOf(records, key, limits.pairsPerBlock))
  const most = blockings.reduce((sum, { pairs }) => sum + pairs, 0)
  if (most > limits.pairs)
    throw new RapportError(
      'invalid_analysis',
      `That would compare up to ${most} pairs, of ${limits.pairs} at most. Block on more fields together.`,
    )
  const left = new Int32Array(most)
  const right = new Int32Array(most)
  const count = fill(blockings, left, right)
  return {
    left: left.subarray(0, count),
    right: right.subarray(0, count),
    blocksLeftOut: blockings.reduce((sum, { leftOut }) => sum + leftOut.blocks, 0),
    pairsLeftOut: blockings.reduce((sum, { leftOut }) => sum + leftOut.pairs, 0),
  }
}

export interface Blocking {
  /** Block of each record, -1 for none. */
  readonly left: Int32Array
  readonly right: Int32Array
  /** Records of `right` by block, rising: those of block k from starts[k] on, up to starts[k + 1]. */
  readonly starts: Int32Array
  readonly members: Int32Array
  /** In one table: the members of a block up to here were already met as `left`. */
  readonly met: Int32Array | null
  readonly pairs: number
  readonly leftOut: { readonly blocks: number; readonly pairs: number }
  /** Block of each record of another table; -1 where no record has that key. */
  find(side: Side): Int32Array
}

export function blockingOf(records: Records, key: BlockKey, mostPairs: number): Blocking {
  const isOne = isOneTable(records)
  const number = createNumbering(records, key)
  const left = number(records.left, true)
  const right = isOne ? left : number(records.right, true)
  const blocks = 1 + Math.max(largest(left), largest(right))
  const [sizesLeft, sizesRight] = [sizes(left, blocks), sizes(right, blocks)]
  const leftOut = { blocks: 0, pairs: 0 }
  const isOut = new Uint8Array(blocks)
  let pairs = 0
  for (let k = 0; k < blocks; k++) {
    const [a, b] = [sizesLeft[k] ?? 0, sizesRight[k] ?? 0]
    const own = isOne ? (a * (a - 1)) / 2 : a * b
    if (own <= mostPairs) {
      pairs += own
      continue
    }
    isOut[k] = 1
    leftOut.blocks++
    leftOut.pairs += own
  }
  for (const side of isOne ? [left] : [left, right]) {
    for (let i = 0; i < side.length; i++) if (isOut[side[i] ?? -1] === 1) side[i] = -1
  }
  const starts = startsOf(right, blocks)
  const members = membersOf(right, starts)
  return {
    ...{ left, right, starts, members, met: isOne ? starts.slice() : null, pairs, leftOut },
    find: (side) => number(side, false),
  }
}

function fill(blockings: readonly Blocking[], left: Int32Array, right: Int32Array): number {
  const records = blockings[0]?.left.length ?? 0
  let count = 0
  for (let a = 0; a < records; a++) {
    for (let k = 0; k < blockings.length; k++) {
      const { left: blockOf, starts, members, met } = blockings[k] as Blocking
      const block = blockOf[a] ?? -1
      if (block < 0) continue
      // `a` itself is the next member not yet met, since both rise.
      if (met) met[block] = (met[block] ?? 0) + 1
      const end = starts[block + 1] ?? 0
      for (let i = (met ?? starts)[block] ?? 0; i < end; i++) {
        const b = members[i] ?? 0
        if (wasEarlier(blockings, k, a, b)) continue
        left[count] = a
        right[count++] = b
      }
    }
  }
  return count
}

function wasEarlier(blockings: readonly Blocking[], k: number, a: number, b: number): boolean {
  for (let e = 0; e < k; e++) {
    const { left, right } = blockings[e] as Blocking
    const block = left[a] ?? -1
    if (block >= 0 && block === right[b]) return true
  }
  return false
}

/** Numbers the values of a key from 0, the same on both sides; -1 where a field of it is missing. */
function createNumbering(
  { fields }: Records,
  key: BlockKey,
): (side: Side, mayAdd: boolean) => Int32Array {
  const numbers = key.slice(1).map(() => new Map<number, number>())
  const widths = key.map((field) => (fields[field]?.vocabulary.size ?? 0) + 1)
  return ({ columns, count }, mayAdd) => {
    const [first, ...others] = key.map((field) => columns[field] ?? new Int32Array(count).fill(-1))
    const blocks = Int32Array.from(first ?? [])
    for (const [at, column] of others.entries()) {
      const known = numbers[at] ?? new Map<number, number>()
      const width = widths[at + 1] ?? 1
      for (let i = 0; i < count; i++) {
        const [before, value] = [blocks[i] ?? -1, column[i] ?? -1]
        if (before < 0 || value < 0) {
          blocks[i] = -1
          continue
        }
        const both = before * width + value
        let block = known.get(both)
        if (block === undefined && mayAdd) known.set(both, (block = known.size))
        blocks[i] = block ?? -1
      }
    }
    return blocks
  }
}

function largest(blocks: Int32Array): number {
  let most = -1
  for (let i = 0; i < blocks.length; i++) if ((blocks[i] ?? 0) > most) most = blocks[i] ?? 0
  return most
}

function sizes(blockOf: Int32Array, blocks: number): Int32Array {
  const size = new Int32Array(blocks)
  for (let i = 0; i < blockOf.length; i++) {
    const block = blockOf[i] ?? -1
    if (block >= 0) size[block] = (size[block] ?? 0) + 1
  }
  return size
}

function startsOf(blockOf: Int32Array, blocks: number): Int32Array {
  const starts = new Int32Array(blocks + 1)
  const size = sizes(blockOf, blocks)
  for (let k = 0; k < blocks; k++) starts[k + 1] = (starts[k] ?? 0) + (size[k] ?? 0)
  return starts
}

function membersOf(blockOf: Int32Array, starts: Int32Array): Int32Array {
  const next = starts.slice()
  const members = new Int32Array(starts.at(-1) ?? 0)
  for (let i = 0; i < blockOf.length; i++) {
    const block = blockOf[i] ?? -1
    if (block < 0) continue
    const at = next[block] ?? 0
    members[at] = i
    next[block] = at + 1
  }
  return members
}
