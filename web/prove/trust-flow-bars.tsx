/** Deposits up, withdrawals down, one pair a step. */
import { type ReactNode, useState } from 'react'
import { formatNumber } from '../ui/number.ts'
import { ticksAround } from '../ui/chart/scale.ts'
import { useWidth } from '../ui/chart/use-width.ts'
import classes from './trust.module.css'

interface FlowBarsProps {
  readonly steps: readonly string[]
  readonly days: number
  readonly deposits: readonly number[]
  readonly withdrawals: readonly number[]
}

const height = 200
const left = 56
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }) // prettier-ignore
const dayName = (day: string): string => dayFormat.format(new Date(`${day}T00:00:00Z`))

export function FlowBars({ steps, days, deposits, withdrawals }: FlowBarsProps): ReactNode {
  const [element, width] = useWidth<HTMLDivElement>()
  const [chosen, setChosen] = useState<number | null>(null)
  const ticks = ticksAround(-Math.max(0, ...withdrawals), Math.max(0, ...deposits), 4)
  const [low, high] = [ticks[0] ?? -1, ticks.at(-1) ?? 1]
  const y = (value: number): number => 8 + ((high - value) / (high - low || 1)) * (height - 16)
  const slot = (width - left) / Math.max(1, steps.length)
  const thick = Math.max(1, Math.min(24, slot * 0.7))
  const read = chosen ?? steps.length - 1
  const move = (key: string): void => {
    if (key === 'ArrowLeft') setChosen(Math.max(0, read - 1))
    if (key === 'ArrowRight') setChosen(Math.min(steps.length - 1, read + 1))
  }
  return (
    <div ref={element}>
      <p className={classes['readout']} aria-live="polite">
        <span>
          {days === 1 ? '' : `${days} days from `}
          {dayName(steps[read] ?? '')}
        </span>
        <span>
          <i data-side="deposit" aria-hidden="true" /> Deposits {formatNumber(deposits[read] ?? 0)}
        </span>
        <span>
          <i data-side="withdrawal" aria-hidden="true" /> Withdrawals{' '}
          {formatNumber(withdrawals[read] ?? 0)}
        </span>
      </p>
      <svg
        width={width}
        height={height}
        role="img"
        tabIndex={0}
        aria-label="Deposits above, withdrawals below, over time. Arrow keys read the values."
        className={classes['flows']}
        onKeyDown={({ key }) => move(key)}
        onPointerMove={(event) => {
          const x = event.clientX - event.currentTarget.getBoundingClientRect().left - left
          setChosen(Math.max(0, Math.min(steps.length - 1, Math.floor(x / slot))))
        }}
        onPointerLeave={() => setChosen(null)}
      >
        {ticks.map((tick) => (
          <g key={tick} aria-hidden="true">
            <line
              x1={left}
              x2={width}
              y1={y(tick)}
              y2={y(tick)}
              className={classes[tick === 0 ? 'zero' : 'grid']}
            />
            <text x={left - 8} y={y(tick) + 4} className={classes['tick']}>
              {formatNumber(tick, 0)}
            </text>
          </g>
        ))}
        {steps.map((step, index) => {
          const x = left + slot * (index + 0.5) - thick / 2
          const [put, taken] = [deposits[index] ?? 0, withdrawals[index] ?? 0]
          return (
            <g key={step} data-chosen={chosen === index || undefined}>
              <rect x={x} y={y(put)} width={thick} height={y(0) - y(put)} data-side="deposit" />
              <rect x={x} y={y(0)} width={thick} height={y(-taken) - y(0)} data-side="withdrawal" />
            </g>
          )
        })}
      </svg>
    </div>
  )
}
