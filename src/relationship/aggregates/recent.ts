import { clickhouseSortableMark, sortableMark } from '../aggregate.ts'
import type { Aggregate } from '../aggregate.ts'

/**
 * The newest k marks, newest first: what needs order (repeat choices, streaks, what came just
 * before) without keeping history. Merging is the sorted union cut at k; the newest k of a union do
 * not depend on how it was gathered.
 */
export function recent(keep: number): Aggregate<readonly string[]> {
  return {
    columns: [{ suffix: '', type: 'text[]' }],
    lift: (mark) => [sortableMark(mark)],
    merge: (left, right) => mergeNewest(left, right, keep),
    toCells: (state) => [state],
    // ClickHouse knows no array that is null: an empty one stands for it.
    fromCells: ([cell]) =>
      Array.isArray(cell) && cell.length > 0 ? (cell as readonly string[]) : null,
    // Nearly always the new marks are all newer than the old ones: then it is a plain join.
    postgresMerge: ([left], [right]) => [
      `case when ${left} is null then ${right} when ${right} is null then ${left}` +
        ` when ${right}[cardinality(${right})] collate "C" > ${left}[1] collate "C"` +
        ` then (${right} || ${left})[1:${keep}]` +
        ` else array(select m from unnest(${left} || ${right}) m order by m collate "C" desc limit ${keep}) end`,
    ],
    clickhouse: ({ when, moment, text }) => {
      const all = `groupArrayIf((${moment}, ${text}), ${when})`
      const newest = `arraySlice(arrayReverseSort(${all}), 1, ${keep})`
      return [`arrayMap(m -> ${clickhouseSortableMark('m.1', 'm.2')}, ${newest})`]
    },
  }
}

function mergeNewest(left: readonly string[], right: readonly string[], keep: number): string[] {
  const merged: string[] = []
  let l = 0
  let r = 0
  while (merged.length < keep) {
    const a = left[l]
    const b = right[r]
    if (a === undefined && b === undefined) break
    if (b === undefined || (a !== undefined && a > b)) {
      merged.push(a as string)
      l++
    } else {
      merged.push(b)
      r++
    }
  }
  return merged
}
