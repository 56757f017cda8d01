/**
 * The calendar, one of the four pictures that recur: health by day. A day of one person is one
 * colour with its shape; a day of all people is filled in the proportion of the three.
 */
import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react'
import type { HealthColour } from '../../src/domain/view.ts'
import { HealthShape, healthShape, healthWords } from '../domain/health-mark.tsx'
import { formatDay } from '../ui/time.tsx'
import {
  arrowSteps,
  type CalendarDay,
  columnOf,
  countsByWeek,
  dayAt,
  monthLabels,
  weekdayOf,
} from './calendar-days.ts'
import classes from './health-calendar.module.css'

const cell = 16
const step = 20
const left = 24
const top = 22
const colours: readonly HealthColour[] = ['green', 'yellow', 'red']
const weekdays = ['M', '', 'W', '', 'F', '', '']

interface HealthCalendarProps {
  readonly label: string
  /** Oldest first, without gaps. */
  readonly days: readonly CalendarDay[]
  /** What a day says when pointed at or reached with the arrow keys. */
  readonly says: (day: CalendarDay) => string
}

export function HealthCalendar({ label, days, says }: HealthCalendarProps): ReactNode {
  const [chosen, setChosen] = useState<number | null>(null)
  const firstWeekday = weekdayOf(days[0]?.day)
  const columns = Math.ceil((firstWeekday + days.length) / 7)
  const cells = useMemo(
    () => days.map((day, index) => <Day key={day.day} day={day} at={index + firstWeekday} />),
    [days, firstWeekday],
  )
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = arrowSteps[event.key]
    if (move === undefined) return
    event.preventDefault()
    const from = chosen ?? days.length - 1
    setChosen(Math.max(0, Math.min(days.length - 1, from + move)))
  }
  const day = days[chosen ?? days.length - 1]
  const place = chosen === null ? null : chosen + firstWeekday
  return (
    <div className={classes['calendar']}>
      <div
        role="group"
        aria-label={`${label}. Arrow keys read the days.`}
        tabIndex={0}
        className={classes['picture']}
        onKeyDown={onKeyDown}
        onBlur={() => setChosen(null)}
        onPointerLeave={() => setChosen(null)}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          const scale = (left + columns * step) / box.width
          setChosen(
            dayAt({
              x: ((event.clientX - box.left) * scale - left) / step,
              y: ((event.clientY - box.top) * scale - top) / step,
              skip: firstWeekday,
              days: days.length,
            }),
          )
        }}
      >
        <svg viewBox={`0 0 ${left + columns * step} ${top + 7 * step}`} aria-hidden="true">
          {monthLabels(days, firstWeekday).map((month) => (
            <text key={month.day} x={left + month.column * step} y={12}>
              {month.name}
            </text>
          ))}
          {weekdays.map((name, index) => (
            <text key={index} x={0} y={top + index * step + 12}>
              {name}
            </text>
          ))}
          {cells}
          {place !== null && (
            <rect
              className={classes['chosen']}
              x={left + columnOf(place) * step - 1.5}
              y={top + (place % 7) * step - 1.5}
              width={cell + 3}
              height={cell + 3}
              rx={5}
            />
          )}
        </svg>
      </div>
      <div className={classes['foot']}>
        <p aria-live="polite" className={classes['reading']}>
          {day ? `${formatDay(day.day)}: ${says(day)}` : ''}
        </p>
        <Legend />
      </div>
      <WeekTable label={label} days={days} />
    </div>
  )
}

function Day({ day, at }: { day: CalendarDay; at: number }): ReactNode {
  const x = left + columnOf(at) * step
  const y = top + (at % 7) * step
  const total = day.green + day.yellow + day.red
  const only = colours.find((colour) => day[colour] === total)
  if (total === 0)
    return <rect className={classes['none']} x={x} y={y} width={cell} height={cell} rx={4} />
  if (only) {
    return (
      <g>
        <rect className={classes[only]} x={x} y={y} width={cell} height={cell} rx={4} />
        {only !== 'green' && (
          <g className={classes[`${only}Mark`]} transform={`translate(${x + 8} ${y + 8})`}>
            {healthShape(only, 4)}
          </g>
        )}
      </g>
    )
  }
  let from = y
  return (
    <g>
      {colours.map((colour) => {
        const height = (day[colour] / total) * cell
        from += height
        return (
          <rect
            key={colour}
            className={classes[colour]}
            x={x}
            y={from - height}
            width={cell}
            height={height}
          />
        )
      })}
    </g>
  )
}

function Legend(): ReactNode {
  return (
    <ul className={classes['legend']} aria-label="Legend">
      {colours.map((colour) => (
        <li key={colour}>
          <HealthShape colour={colour} /> {healthWords[colour]}
        </li>
      ))}
    </ul>
  )
}

function WeekTable({ label, days }: { label: string; days: readonly CalendarDay[] }): ReactNode {
  const [open, setOpen] = useState(false)
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)} className={classes['asTable']}>
      <summary>As a table</summary>
      {open && (
        <table>
          <caption className={classes['caption']}>{label}, by week, on average a day</caption>
          <thead>
            <tr>
              <th scope="col">Week from</th>
              {colours.map((colour) => (
                <th scope="col" key={colour}>
                  {healthWords[colour]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {countsByWeek(days).map((week) => (
              <tr key={week.day}>
                <th scope="row">{formatDay(week.day)}</th>
                {colours.map((colour) => (
                  <td key={colour}>{week[colour]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  )
}
