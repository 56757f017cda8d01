import pg from 'pg'

/**
 * How values come out of PostgreSQL. Kept to our own pools: `pg.types` is shared by everything in
 * the process, other libraries included.
 */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) ||
    pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
}

type TypeId = Parameters<typeof pg.types.getTypeParser>[0]

/** text[] is not in the list of names that pg's types know. */
const parseTextArray: (text: string) => (string | null)[] = pg.types.getTypeParser(1009 as TypeId)
const parseTime: (text: string) => unknown = pg.types.getTypeParser(1184)

const asIs = (text: string): string => text

/** By OID, which are the same on every server. json, float and boolean are pg's own. */
const parsers = new Map<number, (text: string) => unknown>([
  [20, integer], // int8
  [1016, arrayOf(integer)],
  [1700, Number], // numeric
  [1231, arrayOf(Number)],
  [1009, textArray], // text[]
  [1184, timestamp], // timestamptz
  [1185, arrayOf(timestamp)],
  // A date has no time of day, so no Date can hold it: '2026-11-23'.
  [1082, asIs],
  [1182, arrayOf(asIs)],
  [1114, asIs], // timestamp without time zone: not a point in time either
  [1115, arrayOf(asIs)],
])

/** A number where that is exact, else the digits as text: never silently rounded. */
function integer(text: string): number | string {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : text
}

/**
 * Arrays of plain quoted texts, such as marks (`time id tag`), need no parser that knows escapes.
 * An element that is not quoted, or NULL, or a backslash anywhere, goes the general way.
 */
function textArray(text: string): (string | null)[] {
  const isPlain = text.startsWith('{"') && text.endsWith('"}') && !text.includes('\\')
  if (!isPlain) return parseTextArray(text)
  const elements = text.slice(2, -2).split('","')
  return elements.some((element) => element.includes('"')) ? parseTextArray(text) : elements
}

/** Sessions are in UTC and ISO style: `2026-11-23 04:43:00.123456+00`. */
function timestamp(text: string): unknown {
  if (text.endsWith('+00') && text.charCodeAt(4) === 45 && text.charCodeAt(10) === 32) {
    return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
  }
  return parseTime(text) // infinity, years beyond 9999 and before Christ, other zones
}

function arrayOf(parse: (text: string) => unknown): (text: string) => unknown[] {
  return (text) => parseTextArray(text).map((value) => (value === null ? null : parse(value)))
}
