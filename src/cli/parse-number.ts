/**
 * A decimal number straight from the bytes of a file, to the last bit as `Number` reads it. Up to 15
 * digits are exact as a whole number over a power of ten (W. D. Clinger, PLDI 1990); longer ones go
 * through `Number` once and are remembered, since columns of times repeat themselves.
 */
const powers = Float64Array.from({ length: 23 }, (_, i) => 10 ** i)
const slots = 4096

/** Parses `bytes` from `from` up to `to`; NaN where that is no finite number. */
export type ParseNumber = (bytes: Buffer, from: number, to: number) => number

export function numberParser(): ParseNumber {
  const heads = new Float64Array(slots).fill(-1)
  const tails = new Float64Array(slots)
  const shapes = new Int32Array(slots)
  const values = new Float64Array(slots)
  return (bytes, from, to) => {
    const negative = bytes[from] === 45
    let head = 0
    let tail = 0
    let digits = 0
    let decimals = 0
    let mixed = 0
    let inFraction = false
    let at = negative ? from + 1 : from
    for (; at < to; at++) {
      const digit = (bytes[at] ?? 0) - 48
      if (digit >= 0 && digit <= 9) {
        if (digits < 15) head = head * 10 + digit
        else tail = tail * 10 + digit
        if (digits > 0 || digit > 0) digits++
        if (inFraction) decimals++
        mixed = (Math.imul(mixed, 0x9e3779b1) + digit) | 0
      } else if (digit === -2 && !inFraction) inFraction = true
      else break
    }
    if (at < to || to - from <= (negative ? 1 : 0) + (inFraction ? 1 : 0) || digits > 30)
      return slowNumber(bytes, from, to)
    if (digits <= 15 && decimals <= 22) {
      const value = head / (powers[decimals] ?? 1)
      return negative ? -value : value
    }
    const shape = decimals * 64 + digits * 2 + (negative ? 1 : 0)
    const slot = (mixed ^ (mixed >>> 15)) & (slots - 1)
    if (heads[slot] === head && tails[slot] === tail && shapes[slot] === shape)
      return values[slot] ?? 0
    const value = slowNumber(bytes, from, to)
    heads[slot] = head
    tails[slot] = tail
    shapes[slot] = shape
    values[slot] = value
    return value
  }
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

function slowNumber(bytes: Buffer, from: number, to: number): number {
  const text = bytes.toString('latin1', from, to)
  const value = decimal.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : Number.NaN
}
