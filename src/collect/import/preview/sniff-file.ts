/** What a file is, told from its first bytes: compression, encoding, format, delimiter, header. */
import { isUtf8 } from 'node:buffer'
import { constants, gunzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { RapportError } from '../../../domain/error.ts'
import { csvReader, type FileRecord } from '../read/csv-reader.ts'
import { byteOrderMark, incompleteTail } from '../read/read-text.ts'

export interface SniffedFile {
  readonly format: 'csv' | 'ndjson'
  readonly isGzip: boolean
  /** As a mapping names it. */
  readonly encoding: 'utf-8' | 'utf-16le' | 'windows-1252'
  /** As a mapping names it: one character, `tab` or `whitespace`. */
  readonly delimiter: string
  /** False where the first line is already data; then the columns have made names. */
  readonly header: boolean
  readonly columns: readonly string[]
  /** The first rows as text, without the header. */
  readonly rows: readonly (readonly string[])[]
}

/** Packed bytes that are looked at: they unpack to 64 MB at most. */
const packedLimit = 64 * 1024
const unpackedLimit = 256 * 1024
const rowsLimit = 200
const columnsLimit = 500

/** @param bytes The first part of the file, or all of it. */
export function sniffFile(bytes: Uint8Array): SniffedFile {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  const unpacked = (isGzip ? unpack(bytes) : bytes).subarray(0, unpackedLimit)
  const isWhole = !isGzip && bytes.length <= unpackedLimit
  const { encoding, text } = decode(unpacked)
  const lines = isWhole ? text : text.slice(0, text.lastIndexOf('\n') + 1) || text
  if (lines.trim() === '') throw new RapportError('invalid_csv', 'The file is empty.')
  const objects = readObjects(lines)
  if (objects) return { format: 'ndjson', isGzip, encoding, ...tableOf(objects) }
  return { format: 'csv', isGzip, encoding, ...readTable(lines) }
}

function unpack(bytes: Uint8Array): Uint8Array {
  try {
    // The bytes may end anywhere; what can be unpacked of them is enough.
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1100 * packedLimit }
    return gunzipSync(bytes.subarray(0, packedLimit), options)
  } catch (error) {
    throw new RapportError('invalid_csv', 'Its gzip compression is broken.', {}, error)
  }
}

function decode(bytes: Uint8Array): { encoding: SniffedFile['encoding']; text: string } {
  const mark = byteOrderMark(bytes)
  const body = Buffer.from(bytes.subarray(mark?.length ?? 0))
  if (mark && mark.encoding !== 'utf-8') {
    // A byte order mark is found again by the import, whatever the mapping says.
    return { encoding: 'utf-16le', text: iconv.decode(body, mark.encoding) }
  }
  const whole = body.subarray(0, body.length - incompleteTail(body))
  if (isUtf8(whole) && !whole.includes(0))
    return { encoding: 'utf-8', text: whole.toString('utf8') }
  // Western text in UTF-16 has a zero in every second byte.
  const odd = body.subarray(0, 1_000).filter((byte, index) => index % 2 === 1 && byte === 0).length
  const encoding = odd > Math.min(body.length, 1_000) / 4 ? 'utf-16le' : 'windows-1252'
  return { encoding, text: iconv.decode(body, encoding) }
}

type Table = Pick<SniffedFile, 'delimiter' | 'header' | 'columns' | 'rows'>

function readObjects(text: string): Record<string, unknown>[] | null {
  const objects: Record<string, unknown>[] = []
  for (const line of text.split('\n', rowsLimit)) {
    if (line.trim() === '') continue
    if (!line.trimStart().startsWith('{')) return null
    try {
      objects.push(JSON.parse(line) as Record<string, unknown>)
    } catch {
      if (objects.length === 0) return null
    }
  }
  return objects
}

function tableOf(objects: readonly Record<string, unknown>[]): Table {
  const columns = [...new Set(objects.flatMap((object) => pathsOf(object)))].slice(0, columnsLimit)
  const cell = (object: unknown, path: string): string => {
    const value = path
      .split('.')
      .reduce<unknown>(
        (inner, key) => (inner as Record<string, unknown> | undefined)?.[key],
        object,
      )
    if (value === undefined || value === null) return ''
    return typeof value === 'object' ? JSON.stringify(value) : String(value as string)
  }
  const rows = objects.map((object) => columns.map((path) => cell(object, path)))
  return { delimiter: ',', header: true, columns, rows }
}

/** Keys, and keys of objects one level below: `user.email`. Keys with a dot cannot be named so. */
function pathsOf(object: Record<string, unknown>): string[] {
  return Object.entries(object).flatMap(([key, value]) => {
    if (key.includes('.') || Object.hasOwn(Object.prototype, key)) return []
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [key]
    const inner = Object.keys(value).filter((name) => !name.includes('.') && name in value)
    return inner
      .filter((name) => !Object.hasOwn(Object.prototype, name))
      .map((name) => `${key}.${name}`)
  })
}

const delimiters = [',', ';', '\t', '|', 'whitespace']

function readTable(text: string): Table {
  const tried = delimiters.map((delimiter) => {
    const reader = csvReader({ delimiter, quote: '"', trim: true })
    const records = reader.push(text, true).slice(0, rowsLimit)
    return { delimiter, records, score: scoreOf(delimiter, records) }
  })
  const best = tried.reduce((one, other) => (other.score > one.score ? other : one))
  const all = best.records.flatMap(({ cells }) => (cells ? [cells as readonly string[]] : []))
  const [first = [], ...rest] = all
  const header = looksLikeHeader(first, rest)
  const columns = header ? first : first.map((_, index) => `column_${index + 1}`)
  const delimiter = best.delimiter === '\t' ? 'tab' : best.delimiter
  return {
    delimiter,
    header,
    columns: columns.slice(0, columnsLimit),
    rows: header ? rest : all,
  }
}

/** The right delimiter cuts every row into the same number of cells, and into several. */
function scoreOf(delimiter: string, records: readonly FileRecord[]): number {
  const sound = records.filter(({ cells }) => cells !== null)
  const width = (sound[0]?.cells as readonly string[] | undefined)?.length ?? 0
  if (width < 2) return width > 0 ? 0.01 : 0
  // Words of ordinary text are not columns: only numbers are lined up with spaces.
  if (delimiter === 'whitespace' && !/\d/.test(sound[1]?.raw ?? sound[0]?.raw ?? '')) return 0
  const share = sound.length / records.length
  return share ** 2 * (delimiter === 'whitespace' ? 0.5 : 1) * (1 + Math.min(width, 20) / 100)
}

function looksLikeHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const isData = (cell: string): boolean => /^[-+]?[\d.,:/ -]+$|@.+\./.test(cell)
  if (first.some((cell) => cell === '') || new Set(first).size < first.length) {
    return rest.length > 0 && !first.some(isData) && first.every((cell) => cell !== '')
  }
  return !first.some(isData)
}
