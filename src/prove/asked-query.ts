/** What a pin or a schedule asks a report: kept as in the address, checked as the report would. */
import { RapportError } from '../domain/error.ts'
import { reportQuery, type ReportQuery } from '../domain/report-view.ts'
import { reports } from './reports.ts'
import type { Report } from './report.ts'
import type { StoredQuery } from '../domain/dashboard-view.ts'

export interface AskedReport {
  readonly report: Report
  readonly query: ReportQuery & Record<string, unknown>
}

/** @throws `not_found` where there is no such report, `invalid_request` where it would refuse */
export function askedReport(id: string, query: StoredQuery): AskedReport {
  const report = reports.find((one) => one.id === id)
  if (report === undefined) throw new RapportError('not_found', `There is no report ${id}.`)
  const parsed = reportQuery.extend(report.parameters.shape).safeParse(query)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}.`)
    throw new RapportError('invalid_request', `The report would refuse this. ${faults.join(' ')}`)
  }
  return { report, query: parsed.data as AskedReport['query'] }
}
