import { minorDigits } from '../domain/currency.ts'
import { clickhouseText, isOneOf } from './clickhouse-literal.ts'
import { jsonPart, traitTypes } from './clickhouse-json.ts'
import type { JsonPart } from './clickhouse-json.ts'
import type { Json, Touchpoint } from '../domain/touchpoint.ts'

/** A field of a touchpoint as the model names it, readable here and in ClickHouse. */
export interface Field {
  readonly name: string
  /** The value, or undefined where the touchpoint has none. */
  read(touchpoint: Touchpoint): Json | undefined
  readonly clickhouse: ClickhouseField
}

/** ClickHouse expressions for a value that may be null, as number and as text. */
export interface ClickhouseField {
  readonly number: string
  readonly text: string
  /** Whether there is a value, and whether it is a number. Empty: always. */
  readonly exists: string
  readonly isNumber: string
  /** What the expressions read from JSON. */
  readonly parts: readonly JsonPart[]
  /** Present only in calls that carry traits. */
  readonly onlyTraits: boolean
}

/** Major units of the base currency for one minor unit of each known currency. */
export type CurrencyFactors = ReadonlyMap<string, number>

export function currencyFactors(currency: {
  base: string
  rates: Record<string, number>
}): CurrencyFactors {
  const all = Object.entries({ ...currency.rates, [currency.base]: 1 })
  return new Map(all.map(([code, rate]) => [code, rate / 10 ** minorDigits(code)]))
}

const plainColumns: Record<
  string,
  { column: string; read: (t: Touchpoint) => Json | undefined; isNumber: boolean; mayMiss?: true }
> = {
  event: { column: 'event', read: (t) => t.event, isNumber: false },
  channel: { column: 'channel', read: (t) => t.channel, isNumber: false },
  source: { column: 'source_id', read: (t) => t.sourceId, isNumber: false },
  score: { column: 'score', read: (t) => t.score ?? undefined, isNumber: true, mayMiss: true },
  sentiment: {
    column: 'sentiment',
    read: (t) => t.sentiment ?? undefined,
    isNumber: true,
    mayMiss: true,
  },
  occurred_at: { column: 'occurred_at', read: (t) => t.occurredAt, isNumber: true },
}

export function compileField(name: string, factors: CurrencyFactors): Field {
  if (name === 'amount') return amountField(factors)
  const plain = plainColumns[name]
  if (!plain) return pathField(name)
  const { column, read, isNumber, mayMiss } = plain
  return {
    name,
    read,
    clickhouse: {
      number: isNumber ? `toFloat64(${column})` : 'null',
      text: `toString(${column})`,
      exists: mayMiss ? `isNotNull(${column})` : '',
      isNumber: isNumber ? (mayMiss ? `isNotNull(${column})` : '') : 'false',
      ...noJson,
    },
  }
}

const noJson = { parts: [], onlyTraits: false }

function amountField(factors: CurrencyFactors): Field {
  const codes = [...factors.keys()].map(clickhouseText).join(', ')
  const values = [...factors.values()].join(', ')
  const factor = `transform(currency, [${codes}], [${values}], 0.)`
  const number = `if(isNotNull(amount_minor) and ${factor} > 0, amount_minor * ${factor}, null)`
  const exists = `isNotNull(${number})`
  return {
    name: 'amount',
    read: (touchpoint) => {
      const factor = factors.get(touchpoint.currency ?? '')
      return touchpoint.amountMinor === null || factor === undefined
        ? undefined
        : touchpoint.amountMinor * factor
    },
    clickhouse: { number, text: `toString(${number})`, exists, isNumber: exists, ...noJson },
  }
}

function pathField(name: string): Field {
  const [root, ...path] = name.split('.')
  // Traits are the properties of an identify or group call.
  const onlyTraits = root === 'traits'
  const column = root === 'context' ? 'context' : 'properties'
  const [number, text] = (['number', 'text'] as const).map((as) =>
    jsonPart({ column, path, as }),
  ) as [JsonPart, JsonPart]
  const isTraits = isOneOf('type', traitTypes)
  const guard = ({ name: part }: JsonPart): string =>
    onlyTraits ? `if(${isTraits}, ${part}, null)` : part
  return {
    name,
    read: (touchpoint) => {
      if (onlyTraits && touchpoint.type !== 'identify' && touchpoint.type !== 'group')
        return undefined
      let value: Json | undefined =
        column === 'context' ? touchpoint.context : touchpoint.properties
      for (const key of path) {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
        value = Object.hasOwn(value, key) ? value[key] : undefined
      }
      return value === null ? undefined : value
    },
    clickhouse: {
      number: guard(number),
      text: guard(text),
      exists: `isNotNull(${guard(text)})`,
      isNumber: `isNotNull(${guard(number)})`,
      parts: [number, text],
      onlyTraits,
    },
  }
}

/**
 * A field's value as text: strings as they are, everything else as JSON. Spelt as ClickHouse does:
 * 1e21 rather than 1e+21, \u000B rather than \u000b, and U+2028 and U+2029 as escapes.
 */
export function fieldText(value: Json): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value).replace('e+', 'e')
  if (typeof value === 'boolean' || value === null) return String(value)
  return JSON.stringify(value).replaceAll(/"(?:[^"\\]|\\.)*"|e\+/g, (part) =>
    part === 'e+' ? 'e' : part.replaceAll(/\\u00[01][a-f]|\\.|[\u2028\u2029]/g, spelling),
  )
}

/** Of an escape or a separator in JSON. Other escapes are matched so that `\\u000b` stays as it is. */
function spelling(part: string): string {
  if (part === '\u2028') return String.raw`\u2028`
  if (part === '\u2029') return String.raw`\u2029`
  return part.length === 6 ? `${part.slice(0, 2)}${part.slice(2).toUpperCase()}` : part
}
