/**
 * The text of a file in pieces: unpacked where it is gzip, decoded from whatever encoding it has.
 * Nothing but one piece is held in memory, however large the file.
 */
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import iconv from 'iconv-lite'
import { RapportError } from '../../../domain/error.ts'

export interface TextShape {
  /** As iconv-lite names it. A byte order mark in the file is stronger. */
  readonly encoding: string
  readonly compression: 'auto' | 'gzip' | 'none'
}

export interface TextPiece {
  readonly text: string
  /** Bytes of the file read so far, as it lies on the disk. */
  readonly bytes: number
  /** True from the first bytes on that are not UTF-8 where UTF-8 was expected. */
  readonly damaged: boolean
}

const pieceBytes = 256 * 1024
/** A file may unpack to so many times its size; deflate alone could reach 1,032 times. */
const largestRatio = 200
const harmlessBytes = 64 * 1024 * 1024

/** @throws RapportError invalid_csv where the file is not there or its compression is broken. */
export async function* readText(path: string, shape: TextShape): AsyncGenerator<TextPiece> {
  const isPacked =
    shape.compression === 'gzip' || (shape.compression === 'auto' && (await isGzip(path)))
  const file = createReadStream(path, { highWaterMark: pieceBytes })
  try {
    const unpacked = isPacked
      ? pipeline(file, createGunzip({ chunkSize: pieceBytes }), () => {})
      : file
    const limit = isPacked ? bombGuard(() => file.bytesRead) : () => {}
    const decoder = new PieceDecoder(shape.encoding)
    for await (const bytes of unpacked as AsyncIterable<Buffer>) {
      limit(bytes.length)
      const text = decoder.write(bytes)
      if (text !== '') yield { text, bytes: file.bytesRead, damaged: decoder.damaged }
    }
    const rest = decoder.end()
    if (rest !== '') yield { text: rest, bytes: file.bytesRead, damaged: decoder.damaged }
  } catch (error) {
    throw asReadingError(error)
  } finally {
    file.destroy()
  }
}

async function isGzip(path: string): Promise<boolean> {
  try {
    await using file = await open(path)
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return buffer[0] === 0x1f && buffer[1] === 0x8b
  } catch (error) {
    throw asReadingError(error)
  }
}

function bombGuard(packedBytes: () => number): (more: number) => void {
  let unpacked = 0
  return (more) => {
    unpacked += more
    if (unpacked > harmlessBytes && unpacked > packedBytes() * largestRatio) {
      throw new RapportError(
        'invalid_csv',
        `The file unpacks to more than ${largestRatio} times its size. Unpack it yourself first.`,
      )
    }
  }
}

function asReadingError(error: unknown): unknown {
  const { code } = error as { code?: unknown }
  if (typeof code !== 'string' || error instanceof RapportError) return error
  if (code.startsWith('Z_')) {
    const detail = 'Its gzip compression is broken or cut off.'
    return new RapportError('invalid_csv', detail, {}, error)
  }
  if (['ENOENT', 'EISDIR', 'EACCES', 'EPERM'].includes(code)) {
    return new RapportError('invalid_csv', `The file cannot be opened (${code}).`, {}, error)
  }
  return error
}

/** Decodes pieces of bytes. The first two to four bytes may say which encoding it truly is. */
export class PieceDecoder {
  damaged = false
  #encoding: string
  #decoder: iconv.DecoderStream | null = null
  #isUtf8 = false
  #started = false
  #carry: Buffer = Buffer.alloc(0)

  constructor(encoding: string) {
    this.#encoding = encoding
  }

  write(bytes: Buffer): string {
    const all = this.#carry.length > 0 ? Buffer.concat([this.#carry, bytes]) : bytes
    if (!this.#started && all.length < 4) {
      this.#carry = all
      return ''
    }
    return this.#decode(all)
  }

  end(): string {
    const rest = this.#decode(this.#carry, true)
    return rest + (this.#decoder?.end() ?? '')
  }

  #decode(bytes: Buffer, isLast = false): string {
    const start = this.#started ? 0 : this.#start(bytes)
    const end = this.#isUtf8 && !isLast ? bytes.length - incompleteTail(bytes) : bytes.length
    // A copy: the pool of the stream may reuse the memory.
    this.#carry = Buffer.from(bytes.subarray(end))
    const piece = bytes.subarray(start, end)
    if (!this.#isUtf8) return this.#decoder?.write(piece) ?? ''
    this.damaged ||= !isUtf8(piece)
    return piece.toString('utf8')
  }

  #start(bytes: Buffer): number {
    this.#started = true
    const mark = byteOrderMark(bytes)
    const encoding = mark?.encoding ?? this.#encoding
    this.#isUtf8 = /^utf-?8$/i.test(encoding)
    if (!this.#isUtf8) this.#decoder = iconv.getDecoder(encoding)
    return mark?.length ?? 0
  }
}

export function byteOrderMark(bytes: Uint8Array): { encoding: string; length: number } | null {
  const [one, two, three] = bytes
  if (one === 0xef && two === 0xbb && three === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (one === 0xff && two === 0xfe) return { encoding: 'utf-16le', length: 2 }
  if (one === 0xfe && two === 0xff) return { encoding: 'utf-16be', length: 2 }
  return null
}

/** Bytes at the end that begin a character of UTF-8 whose rest is still to come. */
export function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    if (byte < 0xc0) return 0
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? back : 0
  }
  return 0
}
