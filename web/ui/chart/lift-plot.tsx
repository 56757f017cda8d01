/** Ratios with their intervals on one logarithmic scale, around the line of no difference. */
import type { CSSProperties, ReactNode } from 'react'
import classes from './lift-plot.module.css'

export interface LiftRow {
  readonly id: string
  readonly name: ReactNode
  readonly lift: { readonly value: number; readonly low: number; readonly high: number }
  /** A filled mark; a hollow one may be chance. */
  readonly isSure: boolean
  readonly says: string
  readonly note: string
  readonly title: string
  readonly compared?: number
}

/** Beyond these an interval is cut: a ratio of a thousand says no more than one of a hundred. */
const farthest = 100
const ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

export function LiftPlot(props: {
  readonly label: string
  readonly rows: readonly LiftRow[]
  /** What the line of no difference is called. */
  readonly even?: string
}): ReactNode {
  const { label, rows, even = 'as common' } = props
  const span = spanOf(rows)
  const place = (ratio: number): string => {
    const at = Math.log(Math.max(1 / span, Math.min(span, ratio))) / Math.log(span)
    return `${((at + 1) / 2) * 100}%`
  }
  return (
    <ul className={classes['plot']} aria-label={label}>
      {rows.map(({ id, name, lift, isSure, says, note, title, compared }) => (
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
              style={{ left: place(lift.low), right: `calc(100% - ${place(lift.high)})` }}
            />
            <span
              className={classes['mark']}
              data-sure={isSure || undefined}
              style={{ left: place(lift.value) } as CSSProperties}
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
          {ticks
            .filter((tick) => tick >= 1 / span - 1e-9 && tick <= span + 1e-9)
            .map((tick, i, all) => (
              <span
                key={tick}
                style={{ left: place(tick) }}
                // Counted from the middle, whose words need room where the picture is narrow.
                data-between={all.length > 5 && (i - all.indexOf(1)) % 2 !== 0}
              >
                {tick === 1 ? even : `${tick}×`}
              </span>
            ))}
        </span>
      </li>
    </ul>
  )
}

/** The scale reaches as far to both sides, to the next tick that holds the values themselves. */
function spanOf(rows: readonly LiftRow[]): number {
  const widest = rows.reduce((most, { lift }) => {
    const ends = [lift.value, 1 / lift.value, Math.sqrt(lift.high), Math.sqrt(1 / lift.low)]
    return Math.max(most, ...ends.filter(Number.isFinite))
  }, 1)
  return ticks.find((tick) => tick >= 2 && tick >= widest) ?? farthest
}
