import { clickhouseSortableMark, longestText, sortableMark } from '../aggregate.ts'
import type { Aggregate } from '../aggregate.ts'

/**
 * The first or the last value by (time, touchpoint id), kept as one sortable text. Byte order is
 * stated (`collate "C"`), since a locale would order otherwise. Of two marks with the same time and
 * id (one touchpoint counts once a measure, so there are none) the text would decide.
 */
function edge(pick: 'least' | 'greatest'): Aggregate<string> {
  const isFirst = pick === 'least'
  return {
    columns: [{ suffix: '', type: 'text' }],
    lift: (mark) => sortableMark(mark),
    merge: (left, right) => (left < right === isFirst ? left : right),
    toCells: (state) => [state],
    fromCells: ([cell]) => (typeof cell === 'string' ? cell : null),
    postgresMerge: ([left], [right]) => [`${pick}(${left} collate "C", ${right} collate "C")`],
    clickhouse: ({ when, moment, text }) => {
      const [edgeIf, textIf] = isFirst ? ['minIf', 'argMinIf'] : ['maxIf', 'argMaxIf']
      const at = `${edgeIf}(${moment}, ${when})`
      // Cut here rather than in each row.
      const cut = `substringUTF8(${textIf}(${text}, ${moment}, ${when}), 1, ${longestText})`
      return [`if(${at} = 0, null, ${clickhouseSortableMark(at, cut)})`]
    },
  }
}

export const first = edge('least')
export const last = edge('greatest')
