/** Requests made of an OpenAPI document: as it says, and as nobody should send them. */
import type { Random } from '../../src/math/random.ts'

export interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly Schema[]
}

const uuid = '018f9f6e-0000-7000-8000-000000000001'

/** What a sort key of some cursor is not. */
const cursorParts: readonly unknown[] = [
  ...['', 'x', '\u0000', 'null', 'infinity', '-infinity', 'now', 'epoch', "';select 1--", uuid],
  ...['2026-11-23', '2026-13-45', '2026-11-23T12:00:00.000Z', '300000-01-01', '0000-00-00'],
  ...[0, -1, 1.5, 1e300, -1e300, 9e15, null, true, {}, [], ['2026-11-23']],
]

export function hostileCursor(random: Random): string {
  const length = random.integer(4)
  const parts = Array.from({ length }, () => random.choice(cursorParts))
  const text = JSON.stringify(random.chance(0.9) ? parts : { ...parts })
  const cursor = Buffer.from(text).toString('base64url')
  return random.chance(0.8) ? cursor : random.choice([text, cursor.slice(1), `${cursor}!`, '%'])
}

export const hostileTexts: readonly string[] = [
  ...[
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\u202e',
    '%',
    '%00',
    '%ff',
    '_',
    '*',
    "'",
    '"',
    '\\',
  ],
  ...["' or 1=1 --", '"; drop table party; --', '${7*7}', '{{7*7}}', '<script>alert(1)</script>'],
  ...[
    '../../etc/passwd',
    '__proto__',
    'constructor',
    'toString',
    'null',
    'undefined',
    'NaN',
    'true',
  ],
  ...['-1', '0', '1.5', '1e400', '9999999999999999999999', '00000000-0000-0000-0000-000000000000'],
  ...[
    '[]',
    '{}',
    '[1',
    'email:',
    ':',
    'email:\u0000@example.com',
    'phone:+49\u0000',
    "x:'",
    '::::',
  ],
  ...[
    'measure:',
    'measure:__proto__',
    'dimension:constructor',
    'trust:balance',
    'persona:fit',
    'x:y',
  ],
  ...['x'.repeat(301), '😀'.repeat(60), '\u0301'.repeat(50), 'ı'.repeat(80), "'".repeat(200)],
  ...['& | ! ( ) :*', 'a:*', '<->', '!!', '\\u0000', '\r\nx-evil: 1', '０', '٣', '‮', '\ufeff'],
]

/** What a careful client would send. `ids` are ids of things that are there. */
export function properValue(schema: Schema, random: Random, ids: readonly string[]): unknown {
  if (schema.enum) return random.choice(schema.enum)
  if (schema.anyOf) return properValue(random.choice(schema.anyOf), random, ids)
  switch (schema.type) {
    case 'integer':
    case 'number':
      return (schema.minimum ?? 0) + random.integer((schema.maximum ?? 100) - (schema.minimum ?? 0))
    case 'boolean':
      return random.chance(0.5)
    case 'null':
      return null
    case 'array':
      return Array.from({ length: (schema.minItems ?? 0) + random.integer(3) }, () =>
        properValue(schema.items ?? {}, random, ids),
      )
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
          schema.required?.includes(name) || random.chance(0.5)
            ? [[name, properValue(property, random, ids)]]
            : [],
        ),
      )
    default:
      return properText(schema, random, ids)
  }
}

function properText({ format, pattern }: Schema, random: Random, ids: readonly string[]): string {
  if (format === 'uuid') return random.chance(0.8) && ids.length > 0 ? random.choice(ids) : uuid
  if (pattern?.includes('\\d')) return String(random.integer(20))
  return random.choice(['ada', 'purchase', 'web', 'measure:attention', 'user_id:u1', 'customer'])
}

const hostileThings: readonly unknown[] = [
  ...[null, true, 0, -1, 1e308, [], {}, [[]], ['x'], { a: { b: [{}] } }, 'x'.repeat(5_000)],
]

/** The same with one thing wrong somewhere. */
export function hostileValue(schema: Schema, random: Random, ids: readonly string[]): unknown {
  const { properties, items } = schema
  if (properties && random.chance(0.8)) {
    const name = random.choice(Object.keys(properties))
    const proper = properValue(schema, random, ids) as Record<string, unknown>
    const spoilt = { ...proper, [name]: hostileValue(properties[name] ?? {}, random, ids) }
    if (random.chance(0.2)) Object.assign(spoilt, { [random.choice(hostileTexts)]: 1 })
    return spoilt
  }
  if (items && random.chance(0.6)) return [hostileValue(items, random, ids)]
  return random.chance(0.6) ? random.choice(hostileTexts) : random.choice(hostileThings)
}
