/**
 * When a schedule is next due, by the clock on a wall of its zone. On the day when clocks go forward an
 * hour that does not exist is taken later by as much as was skipped; where an hour comes twice, the
 * first one counts ('compatible' of RFC 5545 and Temporal). So each day has it exactly once.
 */
import { Temporal } from 'temporal-polyfill'
import { RapportError } from '../../domain/error.ts'
import type { Rhythm } from '../../domain/schedule-view.ts'

type When = Rhythm

/** The first time after `after` (milliseconds since 1970). */
export function nextAt(when: When, after: number): number {
  const today = Temporal.Instant.fromEpochMilliseconds(after)
    .toZonedDateTimeISO(when.zone)
    .toPlainDate()
  const time = Temporal.PlainTime.from({ hour: when.hour, minute: when.minute })
  // A day that a zone skipped, or a clock that is behind, is no reason to stay away: begin early.
  let day = firstDay(when, today.subtract({ days: 1 }))
  for (;;) {
    const at = day.toZonedDateTime({ timeZone: when.zone, plainTime: time }).epochMilliseconds
    if (at > after) return at
    day = firstDay(when, day.add({ days: 1 }))
  }
}

/** The first day of the rhythm that is not before `from`. */
function firstDay(when: When, from: Temporal.PlainDate): Temporal.PlainDate {
  if (when.every === 'day') return from
  if (when.every === 'week') {
    const ahead = ((when.weekday ?? 1) - from.dayOfWeek + 7) % 7
    return from.add({ days: ahead })
  }
  // `with` takes the last day of a month that is too short.
  const inMonth = from.with({ day: when.monthDay ?? 1 })
  if (Temporal.PlainDate.compare(inMonth, from) >= 0) return inMonth
  return from
    .with({ day: 1 })
    .add({ months: 1 })
    .with({ day: when.monthDay ?? 1 })
}

/** @throws `invalid_request` with what to do, where a rhythm cannot be followed */
export function checkRhythm({ every, weekday, monthDay, zone }: Rhythm): void {
  const fail = (detail: string): never => {
    throw new RapportError('invalid_request', detail)
  }
  if (!isZone(zone)) fail(`${zone} is no time zone. Give an IANA name such as Europe/Berlin.`)
  if (every === 'week' && weekday === null) fail('Say on which weekday, 1 (Monday) to 7.')
  if (every === 'month' && monthDay === null) fail('Say on which day of the month, 1 to 31.')
}

/** Offsets such as +02:00 would not follow the seasons; they are no names. */
function isZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
