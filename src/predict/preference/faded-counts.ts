/**
 * Counts that fade as everything of a relationship does: after one half-life an event counts half. Kept
 * as levels (`decayedSum`), so that an event is added without knowing the time of the last one.
 */
import { addLevels, levelValue } from '../../relationship/aggregates/decayed-sum.ts'

/** A preference learned in one summer should not outlive the next: half a year. */
export const preferenceHalfLife = 182.5 * 86_400_000

/** Level of nothing. */
export const noLevel = -Infinity

/** The level with one more event, in any order. `at` and `halfLife` in milliseconds. */
export function addEvent(level: number, at: number, halfLife: number, amount = 1): number {
  if (!(amount > 0)) return level
  const own = Math.log2(amount) + at / halfLife
  return level === noLevel ? own : addLevels(level, own)
}

/** What a level is worth at `now`; 0 for nothing. */
export function fadedCount(level: number | null, now: number, halfLife: number): number {
  return level === null || level === noLevel ? 0 : levelValue(level, now, halfLife)
}

/**
 * For rates: how long somebody has been watched, faded alike, in milliseconds. The whole of an
 * infinite past would be h / ln 2.
 */
export function fadedExposure(since: number, now: number, halfLife: number): number {
  const elapsed = Math.max(0, now - since)
  return (halfLife / Math.LN2) * -Math.expm1((-elapsed / halfLife) * Math.LN2)
}
