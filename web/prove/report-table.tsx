/** The table behind a picture: the same figures, to read, to hear and to copy. */
import type { ReactNode } from 'react'
import type { ReportTable } from '../../src/domain/report-view.ts'
import { formatCount, formatMoney, formatNumber } from '../ui/number.ts'
import classes from './report.module.css'

type Column = ReportTable['columns'][number]
type Cell = ReportTable['rows'][number][number]

/** More are in the file: a browser does not read a million rows. */
const rowsShown = 200

export function TableOfReport({ table }: { table: ReportTable }): ReactNode {
  const shown = table.rows.slice(0, rowsShown)
  return (
    <div className={classes['scroll']} tabIndex={0} role="region" aria-label={table.title}>
      <table className={classes['table']}>
        <caption>{table.title}</caption>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column.id} scope="col" data-number={isNumber(column) || undefined}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, index) => (
            <tr key={index}>
              {table.columns.map((column, place) => (
                <td key={column.id} data-number={isNumber(column) || undefined}>
                  {formatCell(row[place] ?? null, column)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > rowsShown && (
        <p className={classes['note']}>
          {formatCount(table.rows.length - rowsShown)} more rows are in the file.
        </p>
      )}
    </div>
  )
}

const isNumber = ({ unit }: Column): boolean => !['text', 'time', 'day'].includes(unit)

export function formatCell(cell: Cell, { unit, currency }: Column): string {
  if (cell === null) return '–'
  if (typeof cell !== 'number') return typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : cell
  switch (unit) {
    case 'count': {
      return formatCount(cell)
    }
    case 'share': {
      return `${formatNumber(cell * 100, 1)} %`
    }
    case 'money': {
      return formatMoney(cell, currency ?? '')
    }
    case 'days': {
      return `${formatNumber(cell, 1)} d`
    }
    default: {
      return formatNumber(cell, 3)
    }
  }
}
