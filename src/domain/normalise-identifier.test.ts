import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { normaliseIdentifier } from './normalise-identifier.ts'

const valueOf = (namespace: string, value: unknown, country?: string): string | null =>
  normaliseIdentifier(namespace, value, country)?.value ?? null

describe('values that identify nobody', () => {
  test.each([
    ...[
      '',
      ' ',
      '0',
      '-1',
      '000',
      'null',
      'NULL',
      ' undefined ',
      'guest',
      'Anonymous',
      'none',
      'NaN',
    ],
    ...['[object Object]', '00000000-0000-0000-0000-000000000000', 'true', 'false', '"null"', "''"],
    ...['unknown', 'n/a', 'distinct_id', '\u0000', '\u0000null\u0007', '{}', '(not set)'],
    ...[0, -1, Number.NaN, Infinity, true, false, null, undefined, {}, [], ['a']],
  ])('%j', (value) => {
    for (const namespace of ['user_id', 'anonymous_id', 'stripe_id', 'account', 'email', 'phone']) {
      expect(normaliseIdentifier(namespace, value)).toBeNull()
    }
  })
})

test.each([
  ['user_id', ' U-1 ', 'U-1'],
  ['user_id', 42, '42'],
  ['user_id', 'nobody@example.org', 'nobody@example.org'],
  ['user_id', 'a\u0000b', 'ab'],
  ['user_id', '\ud800x', '\ufffdx'],
  ['anonymous_id', 'Null Island', 'Null Island'],
  ['user_id', 'x'.repeat(200), 'x'.repeat(200)],
])('%s %j', (namespace, value, expected) => expect(valueOf(namespace, value)).toBe(expected))

test('longer values are hashed: equal ones stay equal, others stay apart', () => {
  const long = 'x'.repeat(201)
  expect(valueOf('user_id', long)).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(valueOf('user_id', ` ${long}`)).toBe(valueOf('user_id', long))
  expect(valueOf('user_id', `${long}x`)).not.toBe(valueOf('user_id', long))
})

describe('e-mail', () => {
  test.each([
    ['Jane.Doe@Example.COM', 'jane.doe@example.com'],
    [' jane+tag@example.com ', 'jane+tag@example.com'],
    ["o'neil@example.co.uk", "o'neil@example.co.uk"],
    ['jürgen@müller.de', 'jürgen@müller.de'],
    ['a@b.museum', 'a@b.museum'],
    ['first_last-1@sub.domain.example', 'first_last-1@sub.domain.example'],
    ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
  ])('%j is taken', (value, expected) => expect(valueOf('email', value)).toBe(expected))

  test.each([
    ...['jane', '@example.com', 'jane@', 'jane@localhost', 'jane@1.2.3.4', 'a@b@example.com'],
    ...['jane doe@example.com', 'jane..doe@example.com', '.jane@example.com', 'jane.@example.com'],
    ...['jane@-example.com', 'jane@example-.com', 'jane@example..com', 'jane@example.c'],
    ...[`${'x'.repeat(65)}@example.com`, `a@${'x'.repeat(64)}.com`, `a@${'x.'.repeat(130)}com`],
    ...[
      '"quoted"@example.com',
      'jane@[127.0.0.1]',
      'Jane <jane@example.com>',
      'jane@example.com,b@c.de',
    ],
  ])('%j is not', (value) => expect(valueOf('email', value)).toBeNull())

  test.each([
    ...['info@acme.com', 'Support@acme.com', 'admin@acme.com', 'sales@acme.com', 'hello@acme.com'],
    ...[
      'contact@acme.com',
      'noreply@acme.com',
      'no-reply@acme.com',
      'test@acme.com',
      'info+x@acme.com',
    ],
  ])('%j belongs to many', (value) => expect(valueOf('email', value)).toBeNull())

  test('two addresses become one only by their case', () => {
    const address = fc.emailAddress()
    fc.assert(
      fc.property(address, address, (one, other) => {
        const same = valueOf('email', one) === valueOf('email', other)
        fc.pre(valueOf('email', one) !== null)
        expect(same).toBe(one.toLowerCase() === other.toLowerCase())
      }),
    )
    expect(valueOf('email', 'jane+a@example.com')).not.toBe(valueOf('email', 'jane@example.com'))
    expect(valueOf('email', 'j.ane@gmail.com')).not.toBe(valueOf('email', 'jane@gmail.com'))
  })
})

describe('phone', () => {
  test.each([
    ['+49 (0)30 901820', undefined, '+4930901820'],
    ['0049 30 901820', undefined, '+4930901820'],
    ['030 901820', 'DE', '+4930901820'],
    ['030 901820', 'de', '+4930901820'],
    ['(212) 555-0142', 'US', '+12125550142'],
    ['+1 212-555-0142', undefined, '+12125550142'],
    ['+442079460958', 'DE', '+442079460958'],
    ['030 901820', undefined, null],
    ['030 901820', 'Germany', null],
    ['12345', 'US', null],
    ['+000000000', undefined, null],
    ['call me', 'US', null],
    ['+1 212-555-0142 ext. 12', undefined, null],
    ['+1' + '2'.repeat(200), undefined, null],
  ])('%j in %s', (value, country, expected) => {
    expect(valueOf('phone', value, country)).toBe(expected)
  })
})

test('never throws, and never gives an empty or long value', () => {
  const namespaces = fc.constantFrom('user_id', 'email', 'phone', 'anonymous_id', 'account')
  fc.assert(
    fc.property(namespaces, fc.anything(), fc.string(), (namespace, value, country) => {
      const identifier = normaliseIdentifier(namespace, value, country)
      if (identifier === null) return
      expect(identifier.value.length).toBeGreaterThan(0)
      expect(identifier.value.length).toBeLessThanOrEqual(200)
      expect(identifier.value.isWellFormed()).toBe(true)
      expect(normaliseIdentifier(namespace, identifier.value)).toEqual(identifier)
    }),
    { numRuns: 2_000 },
  )
})
