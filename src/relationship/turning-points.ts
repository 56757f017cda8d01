/**
 * Where a sum of fading parts turns. A sum of n exponentials has n - 1 real zeros at most (Pólya and
 * Szegő, Problems and Theorems in Analysis II, part V, problem 75), found by the same step that
 * proves it: divide by the slowest part, which then is constant; the derivative has one part less.
 */

/** value * 2^(-rate * t); t in milliseconds. */
export interface Exponential {
  readonly value: number
  readonly rate: number
}

interface Stretch {
  readonly start: number
  readonly end: number
}

/** Times within (start, end) at which sum_i v_i 2^(-r_i t) + slope * t changes direction, ascending. */
export function turningPoints(
  parts: readonly Exponential[],
  { slope, ...stretch }: Stretch & { readonly slope: number },
): number[] {
  // The derivative is a sum of exponentials again; the slope is its part that never fades.
  const derivative = parts.map(({ value, rate }) => ({ value: -value * rate * Math.LN2, rate }))
  return zerosOf(slope === 0 ? derivative : [...derivative, { value: slope, rate: 0 }], stretch)
}

function zerosOf(parts: readonly Exponential[], { start, end }: Stretch): number[] {
  const present = parts.filter(({ value }) => value !== 0).sort((a, b) => a.rate - b.rate)
  const [slowest, ...others] = present
  // Parts of one sign never cancel.
  if (!slowest || others.every(({ value }) => value > 0 === slowest.value > 0)) return []
  const faster = others.map(({ value, rate }) => ({ value, rate: rate - slowest.rate }))
  const [only] = faster
  if (only && faster.length === 1) {
    const zero = Math.log2(-only.value / slowest.value) / only.rate
    return zero > start && zero < end ? [zero] : []
  }
  const value = (t: number): number =>
    faster.reduce((total, part) => total + part.value * 2 ** (-part.rate * t), slowest.value)
  const edges = [start, ...turningPoints(faster, { slope: 0, start, end }), end]
  return edges.slice(1).flatMap((high, i) => {
    const low = edges[i] as number
    return value(low) > 0 === value(high) > 0 ? [] : [bisect(value, low, high)]
  })
}

function bisect(value: (t: number) => number, from: number, to: number): number {
  let [low, high] = [from, to]
  const sign = value(low) > 0
  while (high - low > 0.25) {
    const middle = (low + high) / 2
    if (value(middle) > 0 === sign) low = middle
    else high = middle
  }
  return (low + high) / 2
}
