/** Numbers as a person reads them. The app speaks English, so its figures do too. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const minus = '\u2212'
const realMinus = (text: string): string => text.replace('-', minus)

export function formatCount(value: number): string {
  return realMinus(whole.format(value))
}

export function formatNumber(value: number, digits = 1): string {
  const rounded = Object.is(Number(value.toFixed(digits)), -0) ? 0 : value
  return realMinus(new Intl.NumberFormat('en', { maximumFractionDigits: digits }).format(rounded))
}

/** With as many digits in every row of a column, so that the points stand under each other. */
export function formatFixed(value: number, digits: number): string {
  const rounded = Number(value.toFixed(digits)) === 0 ? 0 : value
  return realMinus(
    new Intl.NumberFormat('en', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(rounded),
  )
}

export function formatSigned(value: number, digits = 1): string {
  const text = formatFixed(value, digits)
  return Number(value.toFixed(digits)) > 0 ? `+${text}` : text
}

/** An amount in units of the currency. Without cents where there are none. */
export function formatMajor(value: number, currency: string): string {
  try {
    const style = { style: 'currency', currency } as const
    const whole = Number.isInteger(value) ? { minimumFractionDigits: 0 } : {}
    return realMinus(new Intl.NumberFormat('en', { ...style, ...whole }).format(value))
  } catch {
    // A code that is no currency: the number with the code, as it came.
    return `${formatNumber(value, 2)} ${currency}`
  }
}

/** Minor units are hundredths for all but a few currencies; the formatter knows which. */
export function formatMoney(minor: number, currency: string): string {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency })
    return formatMajor(
      minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2),
      currency,
    )
  } catch {
    return `${formatCount(minor)} ${currency} (minor units)`
  }
}

export function formatShare(part: number, total: number): string {
  if (total <= 0) return '0 %'
  const share = (part / total) * 100
  return `${formatNumber(share, share > 0 && share < 10 ? 1 : 0)} %`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  return `${formatNumber(bytes / 1000 ** step, step === 0 ? 0 : 1)} ${units[step] ?? 'B'}`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/**
 * Rounds parts so that what is printed adds up to the printed total: the largest-remainder method
 * (Hamilton's apportionment), in units of the last digit. Where the parts themselves do not make
 * the total, they are left as they are.
 */
export function roundToTotal(parts: readonly number[], total: number, digits: number): number[] {
  const unit = 10 ** digits
  const sum = parts.reduce((left, right) => left + right, 0)
  if (Math.abs(sum - total) > 0.5 / unit) return [...parts]
  const floors = parts.map((part) => Math.floor(part * unit))
  let missing = Math.round(total * unit) - floors.reduce((left, right) => left + right, 0)
  const byRemainder = parts
    .map((part, index) => ({ index, remainder: part * unit - Math.floor(part * unit) }))
    .toSorted((left, right) => right.remainder - left.remainder)
  for (const { index } of byRemainder) {
    if (missing <= 0) break
    floors[index] = (floors[index] ?? 0) + 1
    missing -= 1
  }
  return floors.map((value) => value / unit)
}
