/**
 * Rounds as Python's `round(value, digits)`: to the nearest decimal of the exact binary value, an
 * exact tie to the even digit. `Math.round(value * 1000) / 1000` alone errs near a tie.
 */
export function roundLikePython(value: number, digits: 3 | 4): number {
  const scale = digits === 3 ? 1_000 : 10_000
  const scaled = value * scale
  const floor = Math.floor(scaled)
  if (Math.abs(scaled - floor - 0.5) > 1e-6) return Math.round(scaled) / scale + 0
  // A tie of d decimals in binary is an odd multiple of 2^-(d + 1); then `scaled` is exact.
  const isTie = Number.isInteger(value * 2 ** (digits + 1))
  if (isTie) return (floor % 2 === 0 ? floor : floor + 1) / scale + 0
  return Number(value.toFixed(digits)) + 0
}
