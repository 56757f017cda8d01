import type { ReactNode } from 'react'
import type { Plot } from './line-chart-plot.ts'
import { spreadPlaces } from './scale.ts'
import classes from './line-chart.module.css'

interface AxesProps {
  readonly plot: Plot
  readonly at: readonly string[]
  readonly format: (value: number) => string
  readonly formatAt: (at: string) => string
}

/** Few lines and few words: each a round value, and the first and last step named. */
export function LineChartAxes({ plot, at, format, formatAt }: AxesProps): ReactNode {
  const widest = Math.max(...at.map((one) => formatAt(one).length)) * 7 + 24
  const most = Math.max(2, Math.min(7, Math.floor((plot.right - plot.left) / widest)))
  const places = spreadPlaces(at.length, most)
  return (
    <g aria-hidden="true">
      {plot.ticks.map((tick) => (
        <g key={tick}>
          <line
            className={classes[tick === 0 ? 'zero' : 'grid']}
            x1={plot.left}
            x2={plot.right}
            y1={plot.y(tick)}
            y2={plot.y(tick)}
          />
          <text className={classes['value']} x={plot.left - 8} y={plot.y(tick) + 4}>
            {format(tick)}
          </text>
        </g>
      ))}
      {places.map((step, index) => (
        <text
          key={step}
          className={classes['step']}
          data-end={index === 0 ? 'first' : index === places.length - 1 ? 'last' : undefined}
          x={plot.x(step)}
          y={plot.bottom + 18}
        >
          {formatAt(at[step] ?? '')}
        </text>
      ))}
    </g>
  )
}
