/** A predicted value as a bar with its interval as a whisker, and both in words. */
import type { ReactNode } from 'react'
import type { QuantityView } from '../../src/domain/prediction-view.ts'
import { sayRange, sayValue } from './prediction-words.ts'
import classes from './predictions.module.css'

interface IntervalProps {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly quantity: Pick<QuantityView, 'unit' | 'currency'>
  /** What a full bar is. */
  readonly most: number
}

export function Interval({ value, low, high, quantity, most }: IntervalProps): ReactNode {
  const share = (at: number): string =>
    most > 0 ? `${Math.max(0, Math.min(1, at / most)) * 100}%` : '0%'
  return (
    <div className={classes['interval']}>
      <span className={classes['value']}>{sayValue(value, quantity)}</span>
      <span className={classes['track']} aria-hidden="true">
        <span className={classes['fill']} style={{ width: share(value) }} />
        <span
          className={classes['whisker']}
          style={{ left: share(low), right: `calc(100% - ${share(high)})` }}
        />
      </span>
      <span className={classes['quiet']}>{sayRange(low, high, quantity)}</span>
    </div>
  )
}
