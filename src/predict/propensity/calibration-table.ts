/**
 * Do foretold chances hold? Rows in tenths by what was foretold, each with what happened and its
 * interval (E. B. Wilson 1927). Equal forecasts are never parted, so there may be fewer than ten.
 */
import { wilsonInterval } from '../../math/binomial-interval.ts'

export interface CalibrationRow {
  readonly rows: number
  /** Least and greatest forecast in it. */
  readonly from: number
  readonly to: number
  /** Mean forecast. */
  readonly predicted: number
  /** Share in which it happened, and its interval of 95 %. */
  readonly actual: number
  readonly low: number
  readonly high: number
}
export type CalibrationTable = readonly CalibrationRow[]

/** @param forecasts chances, 0 to 1; @param outcomes 0 or 1 */
export function calibrationTable(
  forecasts: Float64Array,
  outcomes: ArrayLike<number>,
  bins = 10,
): CalibrationTable {
  const order = Uint32Array.from(forecasts, (_, i) => i).sort(
    (a, b) => (forecasts[a] ?? 0) - (forecasts[b] ?? 0),
  )
  const table: CalibrationRow[] = []
  let at = 0
  for (let bin = 1; bin <= bins; bin++) {
    const start = at
    const end = Math.round((bin * order.length) / bins)
    const forecastAt = (place: number): number => forecasts[order[place] ?? 0] ?? 0
    let [sum, successes] = [0, 0]
    while (at < order.length && (at < end || forecastAt(at) === forecastAt(at - 1))) {
      if (at === start && at >= end) break
      sum += forecastAt(at)
      successes += outcomes[order[at] ?? 0] ?? 0
      at++
    }
    const rows = at - start
    if (rows === 0) continue
    const ends = { from: forecastAt(start), to: forecastAt(at - 1) }
    const shares = { predicted: sum / rows, actual: successes / rows }
    table.push({ rows, ...ends, ...shares, ...wilsonInterval(successes, rows) })
  }
  return table
}

/**
 * Expected calibration error: mean distance between foretold and happened, by rows (M. Naeini, G.
 * Cooper and M. Hauskrecht, AAAI 2015). 0 of no rows.
 */
export function calibrationError(table: CalibrationTable): number {
  const rows = table.reduce((sum, row) => sum + row.rows, 0)
  const distance = table.reduce(
    (sum, row) => sum + row.rows * Math.abs(row.predicted - row.actual),
    0,
  )
  return rows === 0 ? 0 : distance / rows
}
