/**
 * Comparison of many pairs, field by field, into patterns: a pattern is one combination of levels.
 * There are far fewer patterns than pairs, so that everything after this is done once a pattern.
 */
import { createLevelOf, levelNames, type Field } from './fields.ts'
import type { BlockedPairs } from './blocking.ts'
import type { CompareValues } from './jaro-winkler.ts'
import type { Records } from './records.ts'

export interface Patterns {
  /** Pattern of each pair. */
  readonly of: Int32Array
  readonly count: number
  /** Level of pattern p in field f is at p * fields + f; 0 where one of the two says nothing. */
  readonly levels: Uint8Array
  /** Pairs with each pattern. */
  readonly sizes: Float64Array
}

/** The level of equal values. */
export const topLevel = ({ kind }: Pick<Field, 'kind'>): number => levelNames[kind].length

/** Pairs compared at once: their levels stay in the cache. */
const chunk = 8192

type Pairs = Pick<BlockedPairs, 'left' | 'right'>

export function comparePairs(records: Records, pairs: Pairs): Patterns {
  const { fields } = records
  const tree = new PatternTree(fields.map((field) => topLevel(field) + 1))
  const comparers = fields.map(createLevelOf)
  const levels = fields.map(() => new Uint8Array(chunk))
  const of = new Int32Array(pairs.left.length)
  for (let from = 0; from < of.length; from += chunk) {
    const size = Math.min(chunk, of.length - from)
    fields.forEach((field, f) => {
      const comparer = comparers[f] as CompareValues
      const columns = { left: records.left.columns[f], right: records.right.columns[f] }
      compareColumn(
        columns,
        { ...pairs, from, size },
        {
          ...{ comparer, top: topLevel(field), into: levels[f] as Uint8Array },
        },
      )
    })
    tree.place(levels, of.subarray(from, from + size))
  }
  return tree.patterns(of)
}

interface Comparison {
  readonly comparer: CompareValues
  readonly top: number
  readonly into: Uint8Array
}

function compareColumn(
  columns: { readonly left: Int32Array | undefined; readonly right: Int32Array | undefined },
  { left, right, from, size }: Pairs & { readonly from: number; readonly size: number },
  { comparer, top, into }: Comparison,
): void {
  const { left: one, right: other } = columns
  if (!one || !other) return
  for (let p = 0; p < size; p++) {
    const a = one[left[from + p] ?? 0] ?? -1
    const b = other[right[from + p] ?? 0] ?? -1
    into[p] = a < 0 || b < 0 ? 0 : a === b ? top : comparer(a, b)
  }
}

/** Numbers combinations of levels in the order in which they are met: a tree, a table a depth. */
class PatternTree {
  readonly #widths: readonly number[]
  /** Of node n at depth d and level l, the next node (counted from 1) is at n * width + l. */
  readonly #next: Int32Array[]
  readonly #nodes: number[]
  readonly #levels: number[] = []

  constructor(widths: readonly number[]) {
    this.#widths = widths
    this.#next = widths.map((width) => new Int32Array(width * 64))
    this.#nodes = widths.map(() => 0)
  }

  place(levels: readonly Uint8Array[], into: Int32Array): void {
    into.fill(0)
    const last = this.#widths.length - 1
    for (let d = 0; d <= last; d++) {
      const width = this.#widths[d] ?? 1
      const level = levels[d] as Uint8Array
      for (let p = 0; p < into.length; p++) {
        const at = (into[p] ?? 0) * width + (level[p] ?? 0)
        let node = this.#next[d]?.[at] ?? 0
        if (node === 0) {
          node = this.#grow(d, at)
          if (d === last) for (const one of levels) this.#levels.push(one[p] ?? 0)
        }
        into[p] = node - 1
      }
    }
  }

  patterns(of: Int32Array): Patterns {
    const count = this.#nodes.at(-1) ?? 0
    const sizes = new Float64Array(count)
    for (let p = 0; p < of.length; p++) sizes[of[p] ?? 0] = (sizes[of[p] ?? 0] ?? 0) + 1
    return { of, count, levels: Uint8Array.from(this.#levels), sizes }
  }

  #grow(depth: number, at: number): number {
    let table = this.#next[depth] as Int32Array
    if (at >= table.length) {
      const grown = new Int32Array(Math.max(table.length * 2, at + 1))
      grown.set(table)
      table = this.#next[depth] = grown
    }
    const node = (this.#nodes[depth] ?? 0) + 1
    this.#nodes[depth] = table[at] = node
    return node
  }
}
