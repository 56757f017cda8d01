/**
 * From the time on the wall of an IANA zone to UTC. Where the clock is put back, the wall shows an
 * hour twice and the first is meant; where it is put forward, an hour that never was counts as if the
 * clock had not been touched.
 */
export function zoneClock(zone: string): (local: number) => number {
  if (zone === 'UTC') return (local) => local
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  /** Milliseconds east of Greenwich at an instant. */
  const offsetAt = (instant: number): number => {
    const parts: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(instant)) parts[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
  }
  // Offsets change on quarters of an hour at most; asking Intl costs microseconds each time.
  const quarter = 900_000
  const known = new Map<number, number>()
  return (local) => {
    if (Math.abs(local) > 8e15) return local
    const key = Math.floor(local / quarter)
    let offset = known.get(key)
    if (offset === undefined) {
      const dayBefore = offsetAt(local - 86_400_000)
      const dayAfter = offsetAt(local + 86_400_000)
      // Of the two offsets around a change, the one that holds at the instant it leads to.
      offset = [dayBefore, dayAfter].find((one) => offsetAt(local - one) === one) ?? dayBefore
      if (known.size > 50_000) known.clear()
      known.set(key, offset)
    }
    return local - offset
  }
}
