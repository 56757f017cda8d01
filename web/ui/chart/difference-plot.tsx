/** Differences with their intervals on one scale, around the line of none. */
import type { ReactNode } from 'react'
import { ticksAround } from './scale.ts'
import classes from './lift-plot.module.css'

export interface DifferenceRow {
  readonly id: string
  readonly name: ReactNode
  readonly difference: { readonly value: number; readonly low: number; readonly high: number }
  /** A filled mark; a hollow one may be chance. */
  readonly isSure: boolean
  readonly says: string
  readonly note: string
  readonly title: string
  readonly compared?: number
}

export function DifferencePlot(props: {
  readonly label: string
  readonly rows: readonly DifferenceRow[]
  readonly format: (value: number) => string
  /** What stands at the line of none. */
  readonly none?: string
}): ReactNode {
  const { label, rows, format, none } = props
  const ends = rows.flatMap(({ difference: { low, high }, compared }) => [low, high, compared ?? 0])
  const most = Math.max(...ends.map(Math.abs), 1e-9)
  const ticks = ticksAround(-most, most, 4)
  const full = Math.max(...ticks.map(Math.abs))
  const place = (value: number): string => `${((value / full + 1) / 2) * 100}%`
  return (
    <ul className={classes['plot']} aria-label={label}>
      {rows.map(({ id, name, difference, isSure, says, note, title, compared }) => (
        <li key={id} className={classes['row']} title={title}>
          <span className={classes['name']}>{name}</span>
          <span className={classes['scale']} aria-hidden="true">
            <span className={classes['one']} />
            {compared !== undefined && (
              <span className={classes['compared']} style={{ left: place(compared) }} />
            )}
            <span
              className={classes['interval']}
              data-sure={isSure || undefined}
              style={{
                left: place(difference.low),
                right: `calc(100% - ${place(difference.high)})`,
              }}
            />
            <span
              className={classes['mark']}
              data-sure={isSure || undefined}
              style={{ left: place(difference.value) }}
            />
          </span>
          <span className={classes['value']}>
            {says}
            <span className="visually-hidden">{isSure ? ', sure' : ', may be chance'}</span>
            <span className={classes['note']}>{note}</span>
          </span>
        </li>
      ))}
      <li className={classes['axis']} aria-hidden="true">
        <span className={classes['ticks']}>
          {ticks.map((tick) => (
            <span key={tick} style={{ left: place(tick) }}>
              {tick === 0 ? (none ?? format(0)) : format(tick)}
            </span>
          ))}
        </span>
      </li>
    </ul>
  )
}
