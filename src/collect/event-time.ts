/**
 * When an event happened, by the server's clock. The client's clock may be wrong by years, but the
 * same clock wrote both of its times, so their difference is right:
 *
 *     occurredAt = receivedAt - (sentAt - originalTimestamp)
 *
 * as the Segment specification defines `timestamp`. Without `sentAt` there is nothing to correct by.
 */

/** 1990-01-01T00:00:00Z in milliseconds: what is older is a clock that was never set. */
const earliest = 631_152_000_000
/** How far in the future an event may lie: a wrong time zone, at most. In milliseconds. */
const latestAhead = 24 * 3600 * 1000

export interface ClientTimes {
  /** `originalTimestamp` or `timestamp` as the client wrote it; undefined where it wrote none. */
  readonly original: unknown
  /** When the client sent it, in milliseconds by its own clock; null where it did not say. */
  readonly sentAt: number | null
}

export interface EventTime {
  /** Milliseconds since 1970 UTC; null where it lies before 1990 or more than a day ahead. */
  readonly occurredAt: number | null
  /** True where there was a time that could not be read, and the time of receipt stands in. */
  readonly unreadable: boolean
}

export function eventTime(times: ClientTimes, receivedAt: number): EventTime {
  const { original, sentAt } = times
  if (original === undefined || original === null || original === '') {
    return { occurredAt: receivedAt, unreadable: false }
  }
  const written = readTime(original)
  if (written === null) return { occurredAt: receivedAt, unreadable: true }
  const corrected = sentAt === null ? written : receivedAt - (sentAt - written)
  if (isPlausible(corrected, receivedAt)) return { occurredAt: corrected, unreadable: false }
  // `sentAt` itself may be the nonsense (0, or another clock's): then the time as written stands.
  const occurredAt = isPlausible(written, receivedAt) ? written : null
  return { occurredAt, unreadable: false }
}

function isPlausible(time: number, receivedAt: number): boolean {
  return time >= earliest && time <= receivedAt + latestAhead
}

/**
 * Milliseconds since 1970 of an ISO 8601 text (also with unpadded months and days, which the Segment
 * documentation itself contains; UTC where it names no zone), of an HTTP date, or of seconds,
 * milliseconds or microseconds since 1970; null where it is none of these.
 */
export function readTime(value: unknown): number | null {
  if (typeof value === 'number') return readEpoch(value)
  if (typeof value !== 'string') return null
  // By far the most frequent form: 2026-11-23T04:44:36.000Z
  if (value.length === 24 && value.charCodeAt(23) === 0x5a) {
    const time = Date.parse(value)
    if (!Number.isNaN(time)) return time
  }
  return readTimeText(value.trim())
}

function readEpoch(value: number): number | null {
  if (!Number.isFinite(value)) return null
  const size = Math.abs(value)
  // 1e11 seconds is the year 5138 and 1e11 milliseconds is 1973: no time of ours is ambiguous.
  if (size < 1e11) return Math.round(value * 1000)
  return Math.round(size < 1e14 ? value : value / 1000)
}

const isoDate = /^(\d{4})-(\d{1,2})-(\d{1,2})$/
const isoTime = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?$/
const zoneAtEnd = /\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$/i
const httpDate = /^[a-z]{3}, \d{1,2} [a-z]{3} \d{4} [\d:]{8} (GMT|UTC|[+-]\d{4})$/i

function readTimeText(text: string): number | null {
  if (text.length > 40) return null
  if (/^-?\d{9,17}(\.\d+)?$/.test(text)) return readEpoch(Number(text))
  if (httpDate.test(text)) return orNull(Date.parse(text))
  const [, year, month, day] = isoDate.exec(text.split(/[T ]/i, 1)[0] ?? '') ?? []
  if (year === undefined || month === undefined || day === undefined) return null
  const rest = text.slice(year.length + month.length + day.length + 2).replace(/^[T ]/i, '')
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day))
  if (!isCalendarDay(date, Number(month), Number(day))) return null
  if (rest === '') return date
  const zone = zoneAtEnd.exec(rest)
  const clock = isoTime.exec(zone ? rest.slice(0, zone.index) : rest)
  if (!clock) return null
  const [, hour, minute, second = '0', fraction = ''] = clock
  const time =
    ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 +
    Number(fraction.slice(0, 3).padEnd(3, '0'))
  const offset = zoneOffset(zone?.[1] ?? 'Z')
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60 || offset === null)
    return null
  return date + time - offset
}

/** The 31st of February rolls over into March; a date that did is not one. */
function isCalendarDay(date: number, month: number, day: number): boolean {
  const read = new Date(date)
  return read.getUTCMonth() + 1 === month && read.getUTCDate() === day
}

/** Milliseconds east of Greenwich. */
function zoneOffset(zone: string): number | null {
  if (!/^[+-]/.test(zone)) return 0
  const digits = zone.slice(1).replace(':', '')
  const hours = Number(digits.slice(0, 2))
  const minutes = Number(digits.slice(2) || 0)
  if (hours > 14 || minutes > 59) return null
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

function orNull(time: number): number | null {
  return Number.isNaN(time) ? null : time
}
