/** Whole requests that are wrong, and the answer to each. */
import { Buffer } from 'node:buffer'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

export interface PoisonBody {
  readonly says: string
  readonly url?: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  readonly status: number
  /** Code of the problem; null where it is taken. */
  readonly code: string | null
  /** Touchpoints that it adds. */
  readonly taken?: number
}

const event = (index: number): string =>
  `{"type":"track","userId":"body","event":"Body","messageId":"body-${index}"}`

let made = 0
const batchOf = (count: number): string =>
  `{"batch":[${Array.from({ length: count }, () => event(made++)).join()}]}`

/** A batch of exactly so many bytes. */
function batchOfBytes(bytes: number): string {
  const parts = Array.from({ length: 20 }, () => event(made++))
  const bare = `{"batch":[${parts.join()}],"x":""}`
  return bare.replace('"x":""', `"x":"${'x'.repeat(bytes - bare.length)}"`)
}

const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length >> 1)
const limit = 500 * 1024
const refused = (says: string, body: string | Buffer, code: string, status = 400): PoisonBody => ({
  ...{ says, body, code, status },
})
const packed = (encoding: string): Readonly<Record<string, string>> => ({
  'content-encoding': encoding,
})
const fine = { status: 200, code: null } as const

export const poisonBodies: readonly PoisonBody[] = [
  refused('nothing', '', 'invalid_json'),
  refused('blanks', ' \n ', 'invalid_json'),
  refused('half an object', '{"batch":[', 'invalid_json'),
  refused('two documents', `${batchOf(1)}${batchOf(1)}`, 'invalid_json'),
  refused('JavaScript', '{batch:[]}', 'invalid_json'),
  refused('NaN', '{"batch":[NaN]}', 'invalid_json'),
  refused('form data', 'batch=1&writeKey=x', 'invalid_json'),
  refused('no batch', '{}', 'invalid_request'),
  refused('a batch that is a text', '{"batch":"x"}', 'invalid_request'),
  refused('null', 'null', 'invalid_request'),
  refused('invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'invalid_encoding'),
  refused('UTF-16', Buffer.from(batchOf(1), 'utf16le'), 'invalid_json'),
  refused('a body nested 20,000 levels', '['.repeat(20_000), 'nested_too_deep'),
  refused('500 KB and one byte', batchOfBytes(limit + 1), 'batch_too_large', 413),
  refused('2,501 events', batchOf(2_501), 'batch_too_large', 413),
  refused('9 MB', `"${'x'.repeat(9 * 1024 * 1024)}"`, 'batch_too_large', 413),
  {
    ...refused('a gzip bomb', gzipSync(Buffer.alloc(200_000_000, 0x20)), 'batch_too_large', 413),
    headers: packed('gzip'),
  },
  {
    ...refused('half of a gzip', half(gzipSync(batchOf(30))), 'invalid_encoding'),
    headers: packed('gzip'),
  },
  { ...refused('no gzip at all', batchOf(1), 'invalid_encoding'), headers: packed('gzip') },
  { ...refused('no brotli at all', batchOf(1), 'invalid_encoding'), headers: packed('br') },
  { ...refused('an unknown packing', batchOf(1), 'invalid_encoding'), headers: packed('zstd') },
  { ...refused('a large event alone', `"${'x'.repeat(33_000)}"`, 'event_too_large', 413), url: '/v1/track' },
  { ...refused('a deep event alone', '['.repeat(65), 'nested_too_deep'), url: '/v1/track' },
  { says: '500 KB', body: batchOfBytes(limit), taken: 20, ...fine },
  { says: '2,500 events', body: batchOf(2_500), taken: 2_500, ...fine },
  { says: 'an empty batch', body: '{"batch":[]}', taken: 0, ...fine },
  { says: 'a bare list', body: `[${event(-1)}]`, taken: 1, ...fine },
  { says: 'with a byte order mark', body: `\ufeff${batchOf(2)}`, taken: 2, ...fine },
  { says: 'the last of two batches', body: `{"batch":[${event(-2)}],"batch":[${event(-3)}]}`, taken: 1, ...fine },
  { says: 'gzip', body: gzipSync(batchOf(3)), headers: packed('gzip'), taken: 3, ...fine },
  { says: 'gzip, unsaid', body: gzipSync(batchOf(3)), taken: 3, ...fine },
  { says: 'deflate', body: deflateSync(batchOf(3)), headers: packed('deflate'), taken: 3, ...fine },
  { says: 'brotli', body: brotliCompressSync(batchOf(3)), headers: packed('br'), taken: 3, ...fine },
  { says: 'a strange type', body: batchOf(1), headers: { 'content-type': 'a b c' }, taken: 1, ...fine },
] // prettier-ignore
