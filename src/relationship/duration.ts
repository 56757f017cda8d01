const hour = 3_600_000
const units: Record<string, number> = { h: hour, d: 24 * hour, w: 7 * 24 * hour }

export const dayMilliseconds = 24 * hour

/** Milliseconds of a duration such as `36h`, `30d` or `8w` (validated by the model schema). */
export function durationMilliseconds(text: string): number {
  return Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? Number.NaN)
}
