/** A period cut into equal steps for a picture: as fine as can be read, never more than 60. */
import { dayMilliseconds } from '../../relationship/duration.ts'
import type { ReportPeriod } from '../../domain/report-view.ts'

export interface TimeSteps {
  /** Days of one step; the last step may be shorter. */
  readonly days: number
  /** First day of each. */
  readonly at: readonly string[]
}

const lengths = [1, 7, 28, 91, 364]
const mostSteps = 60

export function timeSteps({ from, days }: ReportPeriod): TimeSteps {
  const length = lengths.find((one) => days / one <= mostSteps) ?? 364
  const start = Date.parse(`${from}T00:00:00Z`)
  const at = Array.from({ length: Math.ceil(days / length) }, (_, index) =>
    new Date(start + index * length * dayMilliseconds).toISOString().slice(0, 10),
  )
  return { days: length, at }
}
