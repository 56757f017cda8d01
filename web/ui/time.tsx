import { type ReactNode, useEffect, useState } from 'react'

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
})
const minuteFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})
const clockFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const weekdayFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

export function formatAgo(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit)
  }
  return 'just now'
}

/** A calendar day given as `2026-11-03`. */
export function formatDay(day: string): string {
  return weekdayFormat.format(new Date(`${day}T00:00:00Z`))
}

/** The moment in the reader's own zone; the exact UTC time is in the element and on hover. */
export function Moment({ at, exact = false }: { at: string; exact?: boolean }): ReactNode {
  const format = exact ? minuteFormat : dayFormat
  return (
    <time dateTime={at} title={`${at} (UTC)`}>
      {format.format(new Date(at))}
    </time>
  )
}

export function Clock({ at }: { at: string }): ReactNode {
  return (
    <time dateTime={at} title={`${at} (UTC)`}>
      {clockFormat.format(new Date(at))}
    </time>
  )
}

/** How long ago, told again every half minute. */
export function Ago({ at }: { at: string }): ReactNode {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <time dateTime={at} title={minuteFormat.format(new Date(at))}>
      {formatAgo(at, now)}
    </time>
  )
}
