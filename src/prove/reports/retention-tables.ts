/** The figures behind retention. */
import type { RetentionPicture } from '../../domain/reports/retention.ts'
import type { ReportTable } from '../../domain/report-view.ts'

export function retentionTables({ cohorts, together, groups }: RetentionPicture): ReportTable[] {
  const cellColumns = [
    { id: 'since', name: 'Periods since', unit: 'count' },
    { id: 'active', name: 'Back', unit: 'count' },
    { id: 'of', name: 'Of', unit: 'count' },
    { id: 'share', name: 'Share', unit: 'share' },
    { id: 'low', name: 'from', unit: 'share' },
    { id: 'high', name: 'to', unit: 'share' },
  ] as const
  const rowsOf = (cells: RetentionPicture['together']) =>
    cells.flatMap((cell, since) =>
      cell
        ? [[since, cell.active, cell.of, cell.share.value, cell.share.low, cell.share.high]]
        : [],
    )
  return [
    {
      ...{ id: 'cohorts', title: 'Cohorts' },
      columns: [{ id: 'cohort', name: 'Began', unit: 'day' }, ...cellColumns],
      rows: cohorts.flatMap(({ day, cells }) => rowsOf(cells).map((row) => [day, ...row])),
    },
    { ...{ id: 'together', title: 'All cohorts' }, columns: [...cellColumns], rows: rowsOf(together) },
    ...(groups.length === 0
      ? []
      : [
          {
            ...{ id: 'groups', title: 'Broken down' },
            columns: [{ id: 'group', name: 'Group', unit: 'text' } as const, ...cellColumns],
            rows: groups.flatMap(({ name, cells }) =>
              rowsOf(cells).map((row) => [name === '' ? 'Not known' : name, ...row]),
            ),
          },
        ]),
  ] // prettier-ignore
}
