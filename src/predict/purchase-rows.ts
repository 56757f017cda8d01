/** From days of purchases to what the models of buying till you die take: as of a cut-off, and as of now. */
import { columnOf, type PartyColumns } from './lens-columns.ts'
import type { PurchaseHistories, PurchaseHistory } from './purchase/histories.ts'

/** The models count time in weeks; days would give rates of a thousandth. */
export const weekDays = 7

export interface PurchaseRows extends PurchaseHistories {
  /** Rows of the data. */
  readonly rows: Int32Array
}

/** @param until  day on which the watch ends, counted from 1970 */
function rowsUntil(
  data: PartyColumns,
  names: { readonly days: string; readonly last: string },
  until: number,
): PurchaseRows {
  const first = columnOf(data, 'first')
  const last = columnOf(data, names.last)
  const days = columnOf(data, names.days)
  const rows: number[] = []
  for (let row = 0; row < data.size; row++) if ((days[row] ?? 0) > 0) rows.push(row)
  return {
    rows: Int32Array.from(rows),
    frequency: Float64Array.from(rows, (row) => (days[row] ?? 1) - 1),
    recency: Float64Array.from(rows, (row) => ((last[row] ?? 0) - (first[row] ?? 0)) / weekDays),
    age: Float64Array.from(rows, (row) => (until - (first[row] ?? 0)) / weekDays),
  }
}

/** As of `today`, and of those who had bought by then as of the cut-off. */
export const rowsNow = (data: PartyColumns, today: number): PurchaseRows =>
  rowsUntil(data, { days: 'days', last: 'last' }, today)
export const rowsBefore = (data: PartyColumns, cut: number): PurchaseRows =>
  rowsUntil(data, { days: 'days_before', last: 'last_before' }, cut)

export const historyAt = ({ frequency, recency, age }: PurchaseHistories, place: number): PurchaseHistory => ({
  frequency: frequency[place] ?? 0,
  recency: recency[place] ?? 0,
  age: age[place] ?? 0,
}) // prettier-ignore

/** A column of the data for these rows. */
export const columnFor = (data: PartyColumns, { rows }: PurchaseRows, name: string): Float64Array => {
  const column = columnOf(data, name)
  return Float64Array.from(rows, (row) => column[row] ?? 0)
} // prettier-ignore
