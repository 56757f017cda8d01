import type { Aggregate } from '../aggregate.ts'

/** How many touchpoints counted. */
export const count: Aggregate<number> = {
  columns: [{ suffix: '', type: 'float8' }],
  lift: () => 1,
  merge: (left, right) => left + right,
  toCells: (state) => [state],
  fromCells: ([cell]) => (cell === null || cell === undefined ? null : Number(cell)),
  postgresMerge: ([left], [right]) => [`coalesce(${left} + ${right}, ${left}, ${right})`],
  clickhouse: ({ when }) => [`nullIf(toFloat64(countIf(${when})), 0)`],
}
