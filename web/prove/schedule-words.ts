/** A schedule in words. */
import type { DeliveryFormat, ScheduleView } from '../../src/domain/schedule-view.ts'

export const weekdays = [
  ...['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
]
export const formatNames: Readonly<Record<DeliveryFormat, string>> = {
  ...{ csv: 'tables (CSV)', pdf: 'page (PDF)', png: 'picture (PNG)' },
}

const two = (value: number): string => String(value).padStart(2, '0')
export const timeText = (hour: number, minute: number): string => `${two(hour)}:${two(minute)}`

export function whenText(schedule: ScheduleView): string {
  const { every, weekday, monthDay, hour, minute, zone } = schedule
  const at = `at ${timeText(hour, minute)} (${zone.replaceAll('_', ' ')})`
  if (every === 'day') return `Every day ${at}`
  if (every === 'week') return `Every ${weekdays[(weekday ?? 1) - 1]} ${at}`
  const day = monthDay === 31 ? 'the last day' : `day ${monthDay}`
  return `On ${day} of every month ${at}`
}

export function whatText({ formats, targets }: ScheduleView): string {
  const what = formats.map((format) => formatNames[format]).join(', ')
  return `${what} to ${targets.join(', ')}`
}
