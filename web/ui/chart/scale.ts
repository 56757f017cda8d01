/** Round numbers for axes. */

/** 1, 2 or 5 times a power of ten: the smallest that cuts `span` into at most `most` pieces. */
export function roundStep(span: number, most: number): number {
  if (!(span > 0) || !Number.isFinite(span)) return 1
  const rough = span / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough * (1 - 1e-9)) ?? 10
  return factor * power
}

/** Round values from at or below `low` to at or above `high`, so that all lies between two lines. */
export function ticksAround(low: number, high: number, most = 4): number[] {
  const step = high > low ? roundStep(high - low, most) : roundStep(Math.abs(high) || 1, 1)
  const first = Math.floor(low / step + 1e-9)
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9))
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  )
}

/** Evenly spread places out of `count`, the first and the last among them. */
export function spreadPlaces(count: number, most: number): number[] {
  if (count <= 0) return []
  const wanted = Math.max(1, Math.min(count, most))
  if (wanted === 1) return [0]
  const places = Array.from({ length: wanted }, (_, index) =>
    Math.round((index * (count - 1)) / (wanted - 1)),
  )
  return [...new Set(places)]
}
