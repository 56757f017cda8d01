/**
 * Lines over days (or over any other steps): each with its interval as a band where it has one, what
 * it is compared with in grey. What stands at a day is read by pointing, or with the arrow keys.
 */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react'
import { formatNumber } from '../number.ts'
import { LineChartAxes } from './line-chart-axes.tsx'
import {
  bandPath,
  type LineChartProps,
  linePath,
  type LineSeries,
  movedBy,
  type Plot,
  plotOf,
} from './line-chart-plot.ts'
import { useWidth } from './use-width.ts'
import classes from './line-chart.module.css'

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})
const exactDayFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})

const dayWords = (day: string, isExact: boolean): string =>
  (isExact ? exactDayFormat : dayFormat).format(new Date(`${day}T00:00:00Z`))

export function LineChart(props: LineChartProps): ReactNode {
  const { label, at, series, format = formatNumber, formatAt = dayWords, height = 240 } = props
  const [element, width] = useWidth<HTMLDivElement>()
  const [chosen, setChosen] = useState<number | null>(null)
  const last = at.length - 1
  const read = Math.min(chosen ?? last, last)
  const plot = plotOf({ ...props, width, height, format })
  if (last < 0) return null
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = movedBy(event.key, chosen ?? last, last)
    if (next === null) return
    event.preventDefault()
    setChosen(next)
  }
  const onPointerMove = (event: PointerEvent): void => {
    const box = event.currentTarget.getBoundingClientRect()
    setChosen(plot.stepAt(event.clientX - box.left))
  }
  return (
    <div className={classes['chart']} ref={element}>
      <Readout {...{ series, format, read }} at={formatAt(at[read] ?? '', true)} />
      <svg
        className={classes['picture']}
        width={width}
        height={height}
        role="img"
        aria-label={`${label} Arrow keys read the values.`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setChosen(null)}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setChosen(null)}
      >
        <LineChartAxes
          plot={plot}
          format={format}
          formatAt={(one) => formatAt(one, false)}
          at={at}
        />
        {drawn(series).map(([one, tone]) => (
          <Line key={one.id} {...{ series: one, tone, plot }} />
        ))}
        {chosen !== null && <Mark {...{ series, plot, read }} />}
      </svg>
    </div>
  )
}

/** What is compared lies behind; the tone of a series is its place among those that are not. */
function drawn(series: readonly LineSeries[]): [LineSeries, string][] {
  const tones = tonesOf(series)
  return series
    .map((one, index): [LineSeries, string] => [one, tones[index] ?? 'other'])
    .toSorted(
      ([one], [other]) => Number(other.isCompared ?? false) - Number(one.isCompared ?? false),
    )
}

function tonesOf(series: readonly LineSeries[]): string[] {
  let own = 0
  return series.map(({ isCompared }) => (isCompared === true ? 'other' : String((own++ % 6) + 1)))
}

function Line(props: { series: LineSeries; tone: string; plot: Plot }): ReactNode {
  const { series, tone, plot } = props
  return (
    <g data-tone={tone}>
      {series.low && series.high && (
        <path className={classes['band']} d={bandPath(plot, series.low, series.high)} />
      )}
      <path className={classes['line']} d={linePath(plot, series.values)} />
    </g>
  )
}

function Mark(props: { series: readonly LineSeries[]; plot: Plot; read: number }): ReactNode {
  const { series, plot, read } = props
  const x = plot.x(read)
  const tones = tonesOf(series)
  return (
    <g>
      <line className={classes['cursor']} x1={x} x2={x} y1={plot.top} y2={plot.bottom} />
      {series.map(({ id, values }, index) => {
        const value = values[read]
        return typeof value === 'number' ? (
          <g key={id} data-tone={tones[index]}>
            <circle className={classes['dot']} cx={x} cy={plot.y(value)} r={4} />
          </g>
        ) : null
      })}
    </g>
  )
}

/** The legend, which says the values of the chosen step, or of the last one. */
function Readout(props: {
  readonly series: readonly LineSeries[]
  readonly format: (value: number) => string
  readonly read: number
  readonly at: string
}): ReactNode {
  const { series, format, read, at } = props
  const tones = tonesOf(series)
  return (
    <dl className={classes['readout']} aria-live="polite">
      <div className={classes['at']}>
        <dt className="visually-hidden">At</dt>
        <dd>{at}</dd>
      </div>
      {series.map(({ id, name, values, low, high }, index) => {
        const [value, from, to] = [values[read], low?.[read], high?.[read]]
        return (
          <div key={id} data-tone={tones[index]}>
            <dt>
              <svg width="16" height="8" aria-hidden="true">
                <line x1="0" x2="16" y1="4" y2="4" className={classes['line']} />
              </svg>
              {name}
            </dt>
            <dd>
              {typeof value === 'number' ? format(value) : '–'}
              {typeof from === 'number' && typeof to === 'number' && (
                <span className={classes['interval']}>
                  {format(from)} to {format(to)}
                </span>
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
