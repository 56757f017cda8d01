/**
 * JavaScript arrays as the text of PostgreSQL arrays, for statements that take a whole batch as
 * columns: `unnest(${uuidArray(ids)}::uuid[], ${textArray(names)}::text[])`. The driver can do so
 * too, but escapes each element with two regular expressions (bench/array-literal.ts compares).
 * The native JSON writer is used wherever its quoting agrees with that of array literals.
 */
import { RapportError } from '../domain/error.ts'

type Nullable<T> = readonly (T | null)[]

/** For `uuid[]`. */
export function uuidArray(values: Nullable<string>): string {
  let text = '{'
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? null
    // With this length and a hyphen there, no text can pass as two elements or as NULL: what is
    // not a UUID is refused by the server and cannot shift the elements behind it.
    if (value !== null && (value.length !== 36 || value.charAt(8) !== '-')) throw misfit(value)
    text += index === 0 ? (value ?? 'NULL') : `,${value ?? 'NULL'}`
  }
  return `${text}}`
}

/**
 * For `text[]`. NUL, which PostgreSQL cannot store, is refused by the server; lone surrogates
 * become U+FFFD on the way, as in any UTF-8.
 */
export function textArray(values: Nullable<string>): string {
  const json = JSON.stringify(values)
  // Quotes and backslashes are escaped alike; \n, \u001f and the like mean nothing to PostgreSQL.
  if (!/\\[^"\\]/.test(json)) return `{${json.slice(1, -1)}}`
  return `{${values.map(textElement).join(',')}}`
}

function textElement(value: string | null): string {
  if (value === null) return 'NULL'
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

/**
 * For `json[]` and `jsonb[]`: any values that JSON can hold. null is JSON's null; undefined is
 * SQL's NULL. (`jsonb` cannot hold NUL and lone surrogates; `json` can.)
 */
export function jsonArray(values: readonly unknown[]): string {
  let text = '{'
  for (let index = 0; index < values.length; index++) {
    const json = JSON.stringify(values[index]) as string | undefined
    // JSON has no control characters outside of escapes, so quoting it as JSON once more is exact.
    const element = json === undefined ? 'NULL' : JSON.stringify(json)
    text += index === 0 ? element : `,${element}`
  }
  return `${text}}`
}

/** For `float8[]` and `real[]`, with NaN and the infinities; -0 becomes 0. */
export function numberArray(values: Nullable<number>): string {
  let text = '{'
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 'NULL'
    text += index === 0 ? value : `,${value}`
  }
  return `${text}}`
}

/** For `int8[]`, `int4[]` and `int2[]`. */
export function integerArray(values: Nullable<number | bigint>): string {
  let text = '{'
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? null
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw misfit(value)
    text += index === 0 ? (value ?? 'NULL') : `,${value ?? 'NULL'}`
  }
  return `${text}}`
}

/** For `boolean[]`. */
export function booleanArray(values: Nullable<boolean>): string {
  return `{${values.map((value) => (value === null ? 'NULL' : value ? 't' : 'f')).join(',')}}`
}

/** For `timestamptz[]`, from milliseconds since 1970 UTC; the infinities are those of PostgreSQL. */
export function timestampArray(values: Nullable<number>): string {
  let text = '{'
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? null
    const element = value === null ? 'NULL' : timestamp(value)
    text += index === 0 ? element : `,${element}`
  }
  return `${text}}`
}

const dayLength = 86_400_000
/** The years 1 to 9999, whose ISO form JavaScript and PostgreSQL share. */
const commonFrom = Date.parse('0001-01-01T00:00:00Z')
const commonUntil = Date.parse('9999-12-31T23:59:59.999Z')

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))
const threeDigits = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'))
/** Batches hold few days: their text is remembered. Bounded, since anyone may send any date. */
const days = new Map<number, string>()

function timestamp(value: number): string {
  if (!(value >= commonFrom && value <= commonUntil)) return rareTimestamp(value)
  const day = Math.floor(value / dayLength)
  const rest = Math.floor(value - day * dayLength)
  const hour = Math.floor(rest / 3_600_000)
  const minute = Math.floor(rest / 60_000) % 60
  const second = Math.floor(rest / 1000) % 60
  const time = `${twoDigits[hour]}:${twoDigits[minute]}:${twoDigits[second]}`
  return `${dayText(day)}${time}.${threeDigits[rest % 1000]}Z`
}

function dayText(day: number): string {
  const known = days.get(day)
  if (known !== undefined) return known
  if (days.size >= 10_000) days.clear()
  const text = new Date(day * dayLength).toISOString().slice(0, 11)
  days.set(day, text)
  return text
}

function rareTimestamp(value: number): string {
  if (value === Infinity) return 'infinity'
  if (value === -Infinity) return '-infinity'
  const date = new Date(value)
  if (Number.isNaN(date.getTime())) throw misfit(value)
  const year = date.getUTCFullYear()
  const rest = date.toISOString().slice(year > 0 && year < 10_000 ? 4 : 7)
  // There is no year 0: what JavaScript calls 0 is 1 before Christ.
  return year > 0 ? `${year}${rest}` : `"${String(1 - year).padStart(4, '0')}${rest} BC"`
}

function misfit(value: unknown): RapportError {
  return new RapportError('internal', `${String(value)} does not fit into the array.`)
}
