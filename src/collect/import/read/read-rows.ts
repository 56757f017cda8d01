/** The rows of a file, a few hundred at a time, whatever its format, encoding and compression. */
import { RapportError } from '../../../domain/error.ts'
import { csvReader, type Cells, type FileRecord, type RecordReader } from './csv-reader.ts'
import type { Mapping } from '../mapping-schema.ts'
import { ndjsonReader } from './ndjson-reader.ts'
import { readText, type TextPiece } from './read-text.ts'

/** How the bytes of a file become rows: `file` of a mapping, or one of its lookups. */
export type FileShape = Omit<Mapping['file'], 'matches'>

/** A record and its number in the file, from 1; a header has none. */
export interface FileRow extends FileRecord {
  readonly row: number
}

export interface RowBatch {
  readonly rows: readonly FileRow[]
  /** Bytes of the file read so far. */
  readonly bytes: number
}

export interface OpenFile {
  /** Null for NDJSON, where every row names its own. */
  readonly columns: readonly string[] | null
  readonly batches: AsyncGenerator<RowBatch, void, undefined>
}

const wrongEncoding =
  'The row holds bytes that are not UTF-8. Name the encoding in the mapping (file.encoding), for example windows-1252.'

/** @throws RapportError invalid_csv where there is no header to be read. */
export async function openFile(path: string, shape: FileShape): Promise<OpenFile> {
  return openText(readText(path, shape), shape)
}

export async function openText(
  pieces: AsyncGenerator<TextPiece>,
  shape: FileShape,
): Promise<OpenFile> {
  const batches = readRecords(pieces, shape)
  if (shape.format === 'ndjson') return { columns: null, batches: numbered(batches, null) }
  if (!shape.header) {
    return {
      columns: shape.columns ?? [],
      batches: numbered(batches, shape.columns?.length ?? null),
    }
  }
  const first = await batches.next()
  const [header, ...rest] = first.done ? [] : first.value.rows
  if (header === undefined || !Array.isArray(header.cells)) {
    await batches.return()
    throw new RapportError('invalid_csv', header?.problem ?? 'The file is empty.')
  }
  const columns = shape.columns ?? (header.cells as string[])
  const bytes = first.done ? 0 : first.value.bytes
  return { columns, batches: numbered(batches, null, { rows: rest, bytes }) }
}

interface RecordBatch {
  readonly rows: readonly FileRecord[]
  readonly bytes: number
}

/** The first batch holds one record at least; line numbers count skipped lines as well. */
async function* readRecords(
  pieces: AsyncGenerator<TextPiece>,
  shape: FileShape,
): AsyncGenerator<RecordBatch, void, undefined> {
  const reader = readerOf(shape)
  const skip = new LineSkipper(shape.skip_lines)
  let bytes = 0
  let damaged = false
  const asRead = (records: FileRecord[]): FileRecord[] => {
    const all =
      skip.lines > 0 ? records.map((one) => ({ ...one, line: one.line + skip.lines })) : records
    return damaged ? all.map(withoutDamage) : all
  }
  for await (const piece of pieces) {
    bytes = piece.bytes
    damaged ||= piece.damaged
    const rows = asRead(reader.push(skip.pass(piece.text), false))
    if (rows.length > 0) yield { rows, bytes }
  }
  const rows = asRead(reader.push('', true))
  if (rows.length > 0) yield { rows, bytes }
}

function readerOf(shape: FileShape): RecordReader {
  if (shape.format === 'ndjson') return ndjsonReader()
  const { quote, trim } = shape
  const delimiter = shape.delimiter === 'tab' ? '\t' : shape.delimiter
  return csvReader({ delimiter, quote, trim })
}

/** Throws the first lines away: titles and remarks above the table. */
class LineSkipper {
  readonly lines: number
  #left: number

  constructor(lines: number) {
    this.lines = lines
    this.#left = lines
  }

  pass(text: string): string {
    let at = 0
    while (this.#left > 0) {
      const eol = text.indexOf('\n', at)
      if (eol < 0) return ''
      at = eol + 1
      this.#left--
    }
    return at === 0 ? text : text.slice(at)
  }
}

/** U+FFFD stands where a byte could not be read; rather no value than a wrong one. */
function withoutDamage(record: FileRecord): FileRecord {
  return record.cells !== null && record.raw.includes('\ufffd')
    ? { ...record, cells: null, problem: wrongEncoding }
    : record
}

/** @param width Cells that a row must have where no header says it. */
async function* numbered(
  batches: AsyncGenerator<RecordBatch, void, undefined>,
  width: number | null,
  first?: RecordBatch,
): AsyncGenerator<RowBatch, void, undefined> {
  let row = 0
  const number = ({ rows, bytes }: RecordBatch): RowBatch => ({
    bytes,
    rows: rows.map(({ line, raw, cells, problem }) => {
      const misfit = width === null || cells === null ? null : misfitOf(cells, width)
      row++
      return misfit === null
        ? { row, line, raw, cells, problem }
        : { row, line, raw, cells: null, problem: misfit }
    }),
  })
  try {
    if (first && first.rows.length > 0) yield number(first)
    for await (const batch of batches) yield number(batch)
  } finally {
    await batches.return()
  }
}

function misfitOf(cells: Cells, width: number): string | null {
  if (!Array.isArray(cells) || cells.length === width) return null
  return `The row has ${cells.length} cells, not ${width}.`
}
