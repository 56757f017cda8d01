/** Times written in any order of digits, for example `M/d/yyyy H:mm`. */

const digits = { yyyy: '(\\d{4})', yy: '(\\d{2})', SSS: '(\\d{3})', a: '([AaPp])\\.?[Mm]\\.?' }
const tokens = /yyyy|yy|MM|M|dd|d|HH|H|hh|h|mm|ss|SSS|a/g

/** Parses to milliseconds as if the text were UTC; null where it does not fit the format. */
export function compileTimeFormat(format: string): (text: string) => number | null {
  const order: string[] = []
  let pattern = ''
  let from = 0
  for (const match of format.matchAll(tokens)) {
    const [token] = match
    pattern += escaped(format.slice(from, match.index)) + patternOf(token)
    order.push(token)
    from = match.index + token.length
  }
  const whole = new RegExp(`^${pattern}${escaped(format.slice(from))}$`)
  return (text) => {
    const match = text.length <= 60 ? whole.exec(text) : null
    if (!match) return null
    const parts = new Map(order.map((token, index) => [token, match[index + 1] ?? '']))
    return timeOf(parts)
  }
}

function patternOf(token: string): string {
  if (Object.hasOwn(digits, token)) return digits[token as keyof typeof digits]
  return token.length === 2 ? '(\\d{2})' : '(\\d{1,2})'
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&').replaceAll(/\s+/g, '\\s+')
}

function timeOf(parts: ReadonlyMap<string, string>): number | null {
  const number = (...names: string[]): number | undefined => {
    const name = names.find((one) => parts.has(one))
    return name === undefined ? undefined : Number(parts.get(name))
  }
  const twoDigits = number('yy')
  const year = number('yyyy') ?? (twoDigits === undefined ? 1970 : centuryOf(twoDigits))
  const month = number('MM', 'M') ?? 1
  const day = number('dd', 'd') ?? 1
  const hour = hourOf(number('HH', 'H'), number('hh', 'h'), parts.get('a'))
  const minute = number('mm') ?? 0
  const second = number('ss') ?? 0
  const date = Date.UTC(year, month - 1, day)
  const read = new Date(date)
  // The 31st of February rolls over into March; a date that did is not one.
  if (read.getUTCMonth() + 1 !== month || read.getUTCDate() !== day) return null
  if (hour === null || hour > 24 || minute > 59 || second > 60) return null
  return date + ((hour * 60 + minute) * 60 + second) * 1000 + (number('SSS') ?? 0)
}

/** As POSIX has it: 69-99 are 19xx, 00-68 are 20xx. */
function centuryOf(year: number): number {
  return year >= 69 ? 1900 + year : 2000 + year
}

function hourOf(
  full: number | undefined,
  half: number | undefined,
  mark: string | undefined,
): number | null {
  if (full !== undefined) return full
  if (half === undefined) return 0
  if (mark === undefined) return half
  if (half < 1 || half > 12) return null
  return (half % 12) + (/p/i.test(mark) ? 12 : 0)
}
