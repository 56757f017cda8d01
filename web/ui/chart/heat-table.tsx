/** A matrix: the number in each cell, and behind it a light tone in proportion. */
import type { CSSProperties, ReactNode } from 'react'
import classes from './heat-table.module.css'

export interface HeatCell {
  readonly value: number
  readonly says: ReactNode
  /** On hover: the support, the interval. */
  readonly title?: string
  /** Too few to say anything: without tone, in grey. */
  readonly isFaint?: boolean
}

interface HeatTableProps {
  readonly label: string
  /** Over the names of the rows. */
  readonly corner?: string
  readonly columns: readonly string[]
  readonly rows: readonly {
    readonly id: string
    readonly name: ReactNode
    readonly note?: ReactNode
    /** Null where there is nothing to say. */
    readonly cells: readonly (HeatCell | null)[]
  }[]
  /** What has the full tone; by default the largest value. */
  readonly most?: number
}

export function HeatTable({ label, corner, columns, rows, most }: HeatTableProps): ReactNode {
  const full =
    most ??
    rows.reduce((top, { cells }) => Math.max(top, ...cells.map((one) => one?.value ?? 0)), 0)
  return (
    <div className={classes['scroll']} role="region" aria-label={label} tabIndex={0}>
      <table className={classes['heat']}>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {corner === undefined ? <td /> : <th scope="col">{corner}</th>}
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                {row.name}
                {row.note !== undefined && <span className={classes['note']}>{row.note}</span>}
              </th>
              {columns.map((column, index) => (
                <Cell key={column} cell={row.cells[index] ?? null} full={full} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ cell, full }: { cell: HeatCell | null; full: number }): ReactNode {
  if (cell === null) return <td className={classes['none']} />
  const tone = cell.isFaint === true || full <= 0 ? 0 : Math.max(0, Math.min(1, cell.value / full))
  return (
    <td
      className={classes['cell']}
      title={cell.title}
      data-faint={cell.isFaint || undefined}
      style={{ '--share': tone.toFixed(3) } as CSSProperties}
    >
      {cell.says}
    </td>
  )
}
