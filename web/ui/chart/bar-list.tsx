/** Names, bars, values: one scale, the interval as a whisker, what it is compared with in grey below. */
import type { ReactNode } from 'react'
import classes from './bar-list.module.css'

export interface BarRow {
  readonly id: string
  /** A link here is opened by the whole row. */
  readonly name: ReactNode
  readonly value: number
  /** The value in words; with its interval or support beside it in `note`. */
  readonly says: string
  readonly note?: ReactNode
  readonly low?: number
  readonly high?: number
  readonly compared?: number
  readonly comparedSays?: string
}

interface BarListProps {
  readonly label: string
  readonly rows: readonly BarRow[]
  /** What a full bar is; by default the largest value, interval or comparison. */
  readonly most?: number
  /** What the grey bar is, such as `the period before`. */
  readonly comparedWith?: string
}

export function BarList({ label, rows, most, comparedWith }: BarListProps): ReactNode {
  const full =
    most ?? rows.reduce((top, one) => Math.max(top, one.value, one.high ?? 0, one.compared ?? 0), 0)
  const share = (value: number): string =>
    full > 0 ? `${Math.max(0, Math.min(1, value / full)) * 100}%` : '0%'
  return (
    <ul className={classes['list']} aria-label={label}>
      {rows.map((row) => (
        <li key={row.id} className={classes['row']}>
          <span className={classes['name']}>{row.name}</span>
          <span className={classes['bars']} aria-hidden="true">
            <span className={classes['track']}>
              <span
                className={classes['fill']}
                style={{ width: row.value > 0 ? `max(2px, ${share(row.value)})` : 0 }}
              />
              {row.low !== undefined && row.high !== undefined && (
                <span
                  className={classes['whisker']}
                  style={{ left: share(row.low), right: `calc(100% - ${share(row.high)})` }}
                />
              )}
            </span>
            {row.compared !== undefined && (
              <span className={classes['compared']} style={{ width: share(row.compared) }} />
            )}
          </span>
          <span className={classes['value']}>
            {row.says}
            {row.note !== undefined && <span className={classes['note']}>{row.note}</span>}
            {row.comparedSays !== undefined && (
              <span className={classes['note']}>
                <span className="visually-hidden">{comparedWith ?? 'compared'}: </span>
                <span aria-hidden="true" className={classes['comparedMark']} />
                {row.comparedSays}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
