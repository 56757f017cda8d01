import { clickhouseFloat } from '../clickhouse-literal.ts'
import type { Aggregate } from '../aggregate.ts'

/** Sums are kept in whole millionths, so that adding is exact and order cannot matter. */
export const millionths = 1_000_000

/** Sum of the weights, in millionths (exact up to 9e9 units). */
export const sum: Aggregate<number> = {
  columns: [{ suffix: '', type: 'float8' }],
  lift: ({ amount }) => (amount === 0 ? null : toMillionths(amount)),
  merge: (left, right) => left + right,
  toCells: (state) => [state],
  fromCells: ([cell]) => (cell === null || cell === undefined ? null : Number(cell)),
  postgresMerge: ([left], [right]) => [`coalesce(${left} + ${right}, ${left}, ${right})`],
  // floor(x + 0.5) is what Math.round does; ClickHouse's round() goes to even.
  clickhouse: ({ when, amount }) => {
    if (typeof amount === 'string') {
      const rounded = `floor((${amount}) * ${millionths} + 0.5)`
      return [`sumOrNullIf(${rounded}, (${when}) and (${amount}) != 0)`]
    }
    const rounded = clickhouseFloat(toMillionths(amount))
    return [amount === 0 ? 'null' : `nullIf(toFloat64(countIf(${when})), 0) * ${rounded}`]
  },
}

function toMillionths(amount: number): number {
  return Math.floor(amount * millionths + 0.5)
}
