import { Buffer, isUtf8 } from 'node:buffer'
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { RapportError } from '../../domain/error.ts'
import type { RejectedEvent } from '../../domain/collected-batch.ts'
import type { Json } from '../../domain/touchpoint.ts'
import { clean } from '../clean.ts'
import { eventBytesLimit, scanJson, type CutEvent, type JsonScan } from '../scan-json.ts'

/** Bytes of a batch, unpacked, as the Segment HTTP API documents it. */
export const batchBytesLimit = 500 * 1024

export interface DecodedBody {
  readonly json: Json
  /** Events of the batch that were cut out before parsing; they are not part of `json`. */
  readonly rejected: readonly RejectedEvent[]
}

/**
 * The JSON document in a request body, whatever its content type says: the clients of this protocol
 * send JSON as text, as form data, or without a type. gzip, deflate and br are unpacked (gzip even
 * where the header is missing: no JSON begins with its first byte).
 *
 * @throws RapportError batch_too_large, event_too_large, invalid_encoding, invalid_json, nested_too_deep
 */
export function decodeBody(
  body: Uint8Array,
  contentEncoding: string | undefined,
  shape: 'batch' | 'event',
): DecodedBody {
  const limit = shape === 'batch' ? batchBytesLimit : eventBytesLimit
  const unpacked = unpack(body, contentEncoding, limit, shape)
  if (unpacked.length > limit) throw tooLarge(shape)
  const bytes = withoutByteOrderMark(unpacked)
  if (!isUtf8(bytes)) throw new RapportError('invalid_encoding')
  const scan = scanJson(bytes, shape === 'batch')
  const parsed = parse(bytes, scan)
  // In "__proto__" and in "prototype".
  const json = scan.needsCleaning || bytes.includes('proto') ? clean(parsed) : (parsed as Json)
  return { json, rejected: scan.cut.map((event) => rejectCut(event, bytes)) }
}

function tooLarge(shape: 'batch' | 'event'): RapportError {
  return new RapportError(shape === 'batch' ? 'batch_too_large' : 'event_too_large')
}

function unpack(
  body: Uint8Array,
  contentEncoding: string | undefined,
  limit: number,
  shape: 'batch' | 'event',
): Uint8Array {
  const encoding = contentEncoding?.trim().toLowerCase() ?? ''
  // One byte more than allowed is enough to know; a bomb is never unpacked further.
  const options = { maxOutputLength: limit + 1 }
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(body, options)
    if (encoding === 'br') return brotliDecompressSync(body, options)
    if (encoding === 'deflate') {
      // RFC 9110 means zlib by "deflate"; some clients send it bare (CM and FCHECK bytes missing).
      const isZlib = ((body[0] ?? 0) & 0x0f) === 8
      return isZlib ? inflateSync(body, options) : inflateRawSync(body, options)
    }
    if (encoding === '' || encoding === 'identity') {
      return body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body, options) : body
    }
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(shape)
    throw new RapportError('invalid_encoding', undefined, {}, error)
  }
  throw new RapportError('invalid_encoding', `Content-Encoding ${encoding} is not understood.`)
}

function withoutByteOrderMark(bytes: Uint8Array): Buffer {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const from = marked ? 3 : 0
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, bytes.byteLength - from)
}

function parse(bytes: Buffer, scan: JsonScan): unknown {
  try {
    if (scan.cut.length === 0) return JSON.parse(bytes.toString('utf8'))
    return withoutCut(JSON.parse(textWithMarks(bytes, scan.cut)))
  } catch (error) {
    // V8's message quotes the document, which is not ours to show or to log.
    throw new RapportError('invalid_json', undefined, {}, error)
  }
}

/** Stands where an event was cut out. No client means to send it: text with NUL is not storable. */
const mark = '\u0000cut'

function textWithMarks(bytes: Buffer, cut: readonly CutEvent[]): string {
  let text = ''
  let from = 0
  for (const { start, end } of cut) {
    text += bytes.toString('utf8', from, start) + JSON.stringify(mark)
    from = end
  }
  return text + bytes.toString('utf8', from)
}

function withoutCut(parsed: unknown): unknown {
  if (Array.isArray(parsed)) return parsed.filter((event) => event !== mark)
  const body = parsed as { batch?: unknown }
  return Array.isArray(body.batch) ? { ...body, batch: withoutCut(body.batch) } : parsed
}

function rejectCut({ code, start, end }: CutEvent, bytes: Buffer): RejectedEvent {
  const reason =
    code === 'event_too_large'
      ? `The event has ${end - start} bytes; ${eventBytesLimit} are allowed.`
      : 'The event is nested deeper than 64 levels.'
  // A copy, so that the kept bytes do not hold on to the whole body.
  const raw = Uint8Array.from(bytes.subarray(start, Math.min(end, start + eventBytesLimit)))
  return { code, reason, event: null, raw }
}
