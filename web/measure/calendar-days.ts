/** Days, weeks and places of the health calendar. Weeks begin on Monday (ISO 8601). */
import type { HealthDay } from '../answers.ts'

export interface CalendarDay {
  readonly day: string
  readonly green: number
  readonly yellow: number
  readonly red: number
}

/** A day of one party, as a day of a crowd of one. */
export function dayOfOne({ day, health }: HealthDay): CalendarDay {
  return {
    day,
    green: health === 'green' ? 1 : 0,
    yellow: health === 'yellow' ? 1 : 0,
    red: health === 'red' ? 1 : 0,
  }
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: string | undefined): number {
  return day === undefined ? 0 : (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
}

export const columnOf = (place: number): number => Math.floor(place / 7)

/** How far each arrow key goes, in days. */
export const arrowSteps: Record<string, number> = {
  ArrowLeft: -7,
  ArrowRight: 7,
  ArrowUp: -1,
  ArrowDown: 1,
}

/** The day at a point measured in cells, or null beside the picture. */
export function dayAt(at: { x: number; y: number; skip: number; days: number }): number | null {
  const row = Math.floor(at.y)
  if (row < 0 || row > 6 || at.x < 0) return null
  const index = Math.floor(at.x) * 7 + row - at.skip
  return index >= 0 && index < at.days ? index : null
}

const monthName = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' })

/** A label over the first whole week of each month, unless it would touch the one before. */
export function monthLabels(
  days: readonly CalendarDay[],
  skip: number,
): { day: string; column: number; name: string }[] {
  const labels: { day: string; column: number; name: string }[] = []
  for (const [index, { day }] of days.entries()) {
    if (index > 0 && !day.endsWith('-01')) continue
    const column = Math.ceil((index + skip) / 7)
    const last = labels.at(-1)
    if (last && column - last.column < 3) labels.pop()
    labels.push({ day, column, name: monthName.format(new Date(`${day}T00:00:00Z`)) })
  }
  return labels
}

/** Means of each week, rounded, newest first. */
export function countsByWeek(days: readonly CalendarDay[]): CalendarDay[] {
  const weeks: CalendarDay[][] = []
  for (const day of days) {
    const week = weeks.at(-1)
    if (week && weekdayOf(day.day) !== 0) week.push(day)
    else weeks.push([day])
  }
  const mean = (week: readonly CalendarDay[], colour: 'green' | 'yellow' | 'red'): number =>
    Math.round((week.reduce((sum, day) => sum + day[colour], 0) / week.length) * 10) / 10
  return weeks.toReversed().map((week) => ({
    day: week[0]?.day ?? '',
    green: mean(week, 'green'),
    yellow: mean(week, 'yellow'),
    red: mean(week, 'red'),
  }))
}
