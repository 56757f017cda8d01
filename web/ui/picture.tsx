import type { ReactNode } from 'react'
import classes from './picture.module.css'

/** A bar from nothing to `of`. The number stands beside it in the text, so the bar itself is silent. */
export function Bar({ value, of, tone }: { value: number; of: number; tone?: 'quiet' }): ReactNode {
  const share = of > 0 ? Math.max(0, Math.min(1, value / of)) : 0
  return (
    <span className={classes['track']} aria-hidden="true">
      <span
        className={classes['fill']}
        data-tone={tone}
        style={{ width: share === 0 ? 0 : `max(2px, ${share * 100}%)` }}
      />
    </span>
  )
}

/** Two bars of one scale over each other: the part in the accent, the whole behind it. */
export function PartBar(props: { part: number; whole: number; of: number }): ReactNode {
  const width = (value: number): string =>
    value <= 0 || props.of <= 0 ? '0' : `max(2px, ${(value / props.of) * 100}%)`
  return (
    <span className={classes['partTrack']} aria-hidden="true">
      <span className={classes['whole']} style={{ width: width(props.whole) }} />
      <span className={classes['part']} style={{ width: width(props.part) }} />
    </span>
  )
}

interface TrendLineProps {
  /** What the line shows, with its first and last value, in words. */
  readonly label: string
  readonly values: readonly number[]
  readonly width?: number
  readonly height?: number
  /** Draws the line of zero, where values of both signs occur. */
  readonly zero?: boolean
}

/** A small line without axes. Values are evenly spaced, oldest first. */
export function TrendLine(props: TrendLineProps): ReactNode {
  const { label, values, width = 96, height = 24, zero = false } = props
  if (values.length < 2) return null
  const low = Math.min(...values, ...(zero ? [0] : []))
  const high = Math.max(...values, ...(zero ? [0] : []))
  const span = high - low || 1
  const x = (index: number): number => 2 + (index / (values.length - 1)) * (width - 4)
  const y = (value: number): number => height - 2 - ((value - low) / span) * (height - 4)
  const path = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`)
  return (
    <svg
      className={classes['trend']}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {zero && low < 0 && (
        <line x1="0" x2={width} y1={y(0)} y2={y(0)} className={classes['zeroLine']} />
      )}
      <polyline points={path.join(' ')} className={classes['line']} />
    </svg>
  )
}
