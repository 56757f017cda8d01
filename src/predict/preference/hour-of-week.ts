/** The hour of the week on somebody's own wall: 0 is Monday 0:00 to 1:00, 167 Sunday 23:00 to 24:00. */
import { RapportError } from '../../domain/error.ts'

export const hoursOfWeek = 168
const hour = 3_600_000
const quarter = 900_000

/**
 * For one IANA zone; the function it gives takes milliseconds since 1970. Asking for the zone's offset
 * is slow, so it is kept for each quarter of an hour, the finest step in which offsets change.
 *
 * @throws RapportError invalid_request for a name that is no zone.
 */
export function hourOfWeekIn(zone: string): (at: number) => number {
  const format = formatOf(zone)
  const known = new Map<number, number>()
  return (at) => {
    const key = Math.floor(at / quarter)
    let found = known.get(key)
    if (found === undefined) {
      found = hourIn(format, key * quarter)
      if (known.size > 50_000) known.clear()
      known.set(key, found)
    }
    return found
  }
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function hourIn(format: Intl.DateTimeFormat, at: number): number {
  let [day, of] = [0, 0]
  for (const { type, value } of format.formatToParts(at)) {
    if (type === 'weekday') day = Math.max(0, days.indexOf(value))
    if (type === 'hour') of = Number(value) % 24
  }
  return day * 24 + of
}

function formatOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: 'numeric',
      hourCycle: 'h23',
    })
  } catch (error) {
    const detail = `${zone} is no time zone. Give an IANA name such as Europe/Berlin.`
    throw new RapportError('invalid_request', detail, {}, error)
  }
}

/** Distance of two hours around the week, 0 to 84. */
export function hoursApart(one: number, other: number): number {
  const apart = Math.abs(one - other) % hoursOfWeek
  return Math.min(apart, hoursOfWeek - apart)
}

/** The next time, not before `after`, at which the wall shows this hour of the week. */
export function nextHourOfWeek(wanted: number, after: number, zone: string): number {
  const hourAt = hourOfWeekIn(zone)
  if (hourAt(after) === wanted) return after
  const start = Math.floor(after / quarter) * quarter + quarter
  // Where the clock jumps over the hour, a second week has it.
  for (let at = start; at < start + 2 * hoursOfWeek * hour; at += quarter)
    if (hourAt(at) === wanted) return at
  return start
}
