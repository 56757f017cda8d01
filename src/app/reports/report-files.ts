/** The files that a schedule sends: tables as CSV, the page as picture. */
import { askedReport } from '../../prove/asked-query.ts'
import { runReport, type ReportParts } from '../../prove/run-report.ts'
import { tableFile } from '../../prove/table-file.ts'
import type { MailFile } from '../../deliver/email.ts'
import type { Pictures } from './pictures.ts'
import type { ReportPeriod } from '../../domain/report-view.ts'
import type { StoredSchedule } from '../../prove/schedules/queries.ts'

export interface ReportFiles {
  readonly files: readonly MailFile[]
  readonly period: ReportPeriod
  readonly notes: readonly string[]
  /** What was asked for and is not there, in words; null where all is. */
  readonly leftOut: string | null
}

export interface FileParts {
  readonly report: ReportParts
  readonly pictures: Pictures
  /** Told what could not be drawn and why. */
  readonly onError: (error: unknown) => void
}

/** Mail servers commonly take 20 MB, of which base64 costs a third. */
const mostBytes = 12_000_000
export const pictureId = 'picture'

export async function makeFiles(
  { report: parts, pictures, onError }: FileParts,
  schedule: StoredSchedule,
): Promise<ReportFiles> {
  const { report, query } = askedReport(schedule.report, schedule.query)
  const answer = await runReport(parts, report, query)
  const { from, to } = answer.period
  const named = (what: string): string => `${report.id}${what}-${from}-${to}`
  const leftOut: string[] = []
  const files: MailFile[] = []
  const canTake = await pictures.canTake()
  const formats = new Set(schedule.formats)
  if (!canTake && (formats.has('png') || formats.has('pdf'))) {
    leftOut.push('No picture: there is no Chromium on the server. The tables are sent instead.')
    formats.add('csv')
  }
  for (const format of canTake ? (['png', 'pdf'] as const) : []) {
    if (!formats.has(format)) continue
    const as = { kind: schedule.creatorKind, id: schedule.creatorId, name: schedule.createdBy }
    const asked = { report: report.id, query: schedule.query, format, as }
    const body = await pictures.take(asked).catch((error: unknown) => onError(error))
    if (body === undefined) {
      leftOut.push(`The ${format.toUpperCase()} could not be drawn. The tables are sent instead.`)
      formats.add('csv')
      continue
    }
    const type = format === 'png' ? 'image/png' : 'application/pdf'
    const shown = format === 'png' ? { shownAs: pictureId } : {}
    files.push({ name: `${named('')}.${format}`, type, body, ...shown })
  }
  for (const table of formats.has('csv') ? answer.tables : []) {
    const { body } = await tableFile(parts.reader, table, 'csv')
    files.push({ name: `${named(`-${table.id}`)}.csv`, type: 'text/csv; charset=utf-8', body })
  }
  let room = mostBytes
  const fitting = files.filter(({ name, body }) => {
    room -= Buffer.byteLength(body)
    if (room >= 0) return true
    leftOut.push(`${name} is too large to be sent: download it.`)
    room += Buffer.byteLength(body)
    return false
  })
  return {
    files: fitting,
    period: answer.period,
    notes: answer.notes,
    leftOut: leftOut.length === 0 ? null : leftOut.join(' '),
  }
}
