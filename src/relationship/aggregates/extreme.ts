import type { Aggregate } from '../aggregate.ts'

/** The least (`minimum`) or greatest (`maximum`) number seen. */
function extreme(pick: 'least' | 'greatest'): Aggregate<number> {
  const choose = pick === 'least' ? Math.min : Math.max
  const over = pick === 'least' ? 'minOrNullIf' : 'maxOrNullIf'
  return {
    columns: [{ suffix: '', type: 'float8' }],
    lift: ({ amount }) => amount,
    merge: (left, right) => choose(left, right),
    toCells: (state) => [state],
    fromCells: ([cell]) => (cell === null || cell === undefined ? null : Number(cell)),
    postgresMerge: ([left], [right]) => [`${pick}(${left}, ${right})`],
    clickhouse: ({ when, amount }) => [`${over}(toFloat64(${amount}), ${when})`],
  }
}

export const minimum = extreme('least')
export const maximum = extreme('greatest')
