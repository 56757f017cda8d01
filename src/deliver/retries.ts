const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** The example schedule of the Standard Webhooks specification, 75 hours in all. */
const delays = [5 * second, 5 * minute, 30 * minute, ...[2, 5, 10, 14, 20, 24].map((n) => n * hour)]

/**
 * Milliseconds until the next attempt after so many; null where it was the last. Who asked for a
 * longer pause gets it, up to a day.
 */
export function retryDelay(attempts: number, asked: number | null = null): number | null {
  const delay = delays[attempts - 1]
  return delay === undefined ? null : Math.max(delay, Math.min(asked ?? 0, 24 * hour))
}
