/**
 * Numbers in columns: one typed array a variable, one place a row. NaN is "not known" where a
 * function says that it takes such.
 */
export type Column = Float64Array | Float32Array

/**
 * @throws RangeError unless all columns have `rows` values, none infinite, and none NaN unless
 *   `mayMiss`.
 */
export function checkColumns(columns: readonly Column[], rows: number, mayMiss: boolean): void {
  columns.forEach((column, c) => {
    if (column.length !== rows)
      throw new RangeError(`Column ${c} has ${column.length} values for ${rows} rows.`)
    for (let i = 0; i < rows; i++) {
      const value = column[i] ?? Number.NaN
      if (value - value === 0) continue
      if (mayMiss && Number.isNaN(value)) continue
      throw new RangeError(`Column ${c} holds ${value} in row ${i}.`)
    }
  })
}

/** The chosen rows of a column. */
export function rowsOf(column: Column, rows: Int32Array): Float64Array {
  const chosen = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) chosen[i] = column[rows[i] ?? 0] ?? Number.NaN
  return chosen
}

/** The values of one row. */
export function rowAt(columns: readonly Column[], row: number): Float64Array {
  return Float64Array.from(columns, (column) => column[row] ?? Number.NaN)
}
