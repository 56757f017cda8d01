/** A table as a file. */
import type { ExportFormat, ReportTable } from '../domain/report-view.ts'
import type { LensReader } from '../store/lens-reader.ts'

export interface TableFile {
  readonly type: string
  readonly body: string | Buffer
}

export async function tableFile(
  reader: LensReader,
  table: ReportTable,
  format: ExportFormat,
): Promise<TableFile> {
  if (format === 'csv')
    return { type: 'text/csv; charset=utf-8; header=present', body: csvOf(table) }
  if (format === 'ndjson') return { type: 'application/x-ndjson', body: ndjsonOf(table) }
  return { type: 'application/vnd.apache.parquet', body: await parquetOf(reader, table) }
}

/** RFC 4180. A cell that a spreadsheet would take for a formula is preceded by a quote mark. */
export function csvOf({ columns, rows }: ReportTable): string {
  const line = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`
  return line(columns.map(({ name }) => name)) + rows.map(line).join('')
}

function csvCell(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  const text = String(cell)
  const safe = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const ndjsonOf = ({ columns, rows }: ReportTable): string =>
  rows
    .map(
      (row) => `${JSON.stringify(Object.fromEntries(columns.map(({ id }, i) => [id, row[i]])))}\n`,
    )
    .join('')

/** ClickHouse writes it: the rows go in as a parameter and come out as a file. */
async function parquetOf(reader: LensReader, { columns, rows }: ReportTable): Promise<Buffer> {
  const typeOf = (place: number): string => {
    const cells = rows.map((row) => row[place]).filter((cell) => cell !== null)
    if (cells.every((cell) => typeof cell === 'boolean')) return 'Nullable(Bool)'
    if (cells.every((cell) => Number.isSafeInteger(cell))) return 'Nullable(Int64)'
    return cells.every((cell) => typeof cell === 'number')
      ? 'Nullable(Float64)'
      : 'Nullable(String)'
  }
  // Names of columns are ids of ours: letters, digits and _.
  const structure = columns.map(({ id }, i) => `${id} ${typeOf(i)}`).join(', ')
  return reader.file(
    'select * from format(JSONCompactEachRow, {structure: String}, {rows: String}) format Parquet',
    { structure, rows: rows.map((row) => JSON.stringify(row)).join('\n') },
  )
}
