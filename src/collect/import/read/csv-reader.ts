/**
 * Cuts text into the records of a CSV file (RFC 4180, and what is found in the wild). Written here
 * because a customer's file has broken rows, and every row around them must still be read: csv-parse
 * 7.0 passing over faulty records loses the rest of a piece after an over-long one or after text
 * behind a closing quote, and everything to the end after a quote that is never closed. Here a
 * broken record costs its first line, and reading goes on with the next. On sound files it is held
 * equal to csv-parse by tests.
 */

export interface FileRecord {
  /** Line of the file on which it begins, from 1. */
  readonly line: number
  /** As it stands in the file, without the line end. */
  readonly raw: string
  /** Cells of a CSV file, the object of an NDJSON line; null where it cannot be read. */
  readonly cells: Cells | null
  /** What is wrong, for a person; null where nothing is. */
  readonly problem: string | null
}

export type Cells = readonly string[] | Readonly<Record<string, unknown>>

/** Takes text in pieces of any size, gives the records that are complete. */
export interface RecordReader {
  push(text: string, isLast: boolean): FileRecord[]
}

/** Characters of one record. Beyond, a quote was never closed or it is not CSV. */
export const recordLimit = 256 * 1024

export interface CsvShape {
  /** One character, or `whitespace` for columns that are lined up with spaces or tabs. */
  readonly delimiter: string
  readonly quote: string
  readonly trim: boolean
}

type Cut =
  | { readonly end: number; readonly cells: string[]; readonly problem: null }
  | { readonly end: number; readonly cells: null; readonly problem: string }

const neverClosed = 'A quote is opened and never closed.'
const tooLong = `The row is longer than ${recordLimit / 1024} KB.`

export function csvReader(shape: CsvShape): RecordReader {
  const { delimiter, quote, trim } = shape
  let buffer = ''
  let line = 1
  let lineEnd = ''
  let width = -1
  /** Inside an over-long line, whose rest is thrown away. */
  let passing = false

  const splitLine = (text: string): string[] => {
    if (delimiter === 'whitespace') return text.trim().split(/\s+/)
    const cells = text.split(delimiter)
    return trim ? cells.map((cell) => cell.trim()) : cells
  }

  /** The record that begins at `from`; null where more text is needed to know. */
  const cutRecord = (from: number, isLast: boolean): Cut | null => {
    const found = buffer.indexOf(lineEnd, from)
    const eol = found < 0 ? buffer.length : found
    if (found < 0 && !isLast && eol - from <= recordLimit) return null
    if (eol - from > recordLimit) return { end: eol, cells: null, problem: tooLong }
    const text = buffer.slice(from, withoutReturn(buffer, from, eol))
    if (delimiter === 'whitespace' || !text.includes(quote)) {
      return { end: eol, cells: splitLine(text), problem: null }
    }
    const cut = cutQuoted({ buffer, from, isLast, lineEnd, ...shape })
    // A faulty record gives up its first line only.
    return cut?.problem ? { end: eol, cells: null, problem: cut.problem } : cut
  }

  const check = (cut: Cut, from: number): Cut => {
    if (cut.cells === null) return cut
    if (width < 0) width = cut.cells.length
    if (cut.cells.length === width) return cut
    const { cells } = cut
    // A delimiter at the end of the line holds no data.
    if (cells.length > width && cells.slice(width).every((cell) => cell === '')) {
      return { ...cut, cells: cells.slice(0, width) }
    }
    const eol = buffer.indexOf(lineEnd, from)
    const isOneLine = eol < 0 || eol >= cut.end
    const problem = isOneLine ? `The row has ${cells.length} cells, not ${width}.` : neverClosed
    return { end: isOneLine ? cut.end : eol, cells: null, problem }
  }

  return {
    push(text, isLast) {
      buffer += text
      if (lineEnd === '') lineEnd = lineEndOf(buffer, isLast)
      if (lineEnd === '') return []
      const records: FileRecord[] = []
      let at = 0
      while (at < buffer.length) {
        if (passing) {
          const eol = buffer.indexOf(lineEnd, at)
          at = eol < 0 ? buffer.length : eol + 1
          passing = eol < 0
          if (!passing) line++
          continue
        }
        const found = cutRecord(at, isLast)
        if (found === null) break
        const cut = check(found, at)
        const raw = buffer.slice(at, withoutReturn(buffer, at, cut.end))
        if (!isBlank(raw)) records.push({ line, raw, cells: cut.cells, problem: cut.problem })
        line += linesIn(buffer, at, cut.end, lineEnd) + 1
        passing = cut.end >= buffer.length && !isLast
        if (passing) line--
        at = cut.end + 1
      }
      buffer = buffer.slice(at)
      return records
    },
  }
}

/** Mac OS 9 ended lines with a carriage return; every other system uses a line feed at the end. */
function lineEndOf(text: string, isLast: boolean): string {
  if (text.includes('\n')) return '\n'
  if (text.length <= recordLimit && !isLast) return ''
  return text.includes('\r') ? '\r' : '\n'
}

function withoutReturn(text: string, from: number, end: number): number {
  return end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end
}

function isBlank(raw: string): boolean {
  return raw.length < 1_000 && raw.trim() === ''
}

function linesIn(text: string, from: number, end: number, lineEnd: string): number {
  let lines = 0
  let at = text.indexOf(lineEnd, from)
  while (at >= 0 && at < end) {
    lines++
    at = text.indexOf(lineEnd, at + 1)
  }
  return lines
}

interface QuotedText extends CsvShape {
  readonly buffer: string
  readonly from: number
  readonly isLast: boolean
  readonly lineEnd: string
}

/** A record with quotes in it, read cell by cell. A quote inside a bare cell is an ordinary sign. */
function cutQuoted(text: QuotedText): Cut | null {
  const { buffer, from, isLast, lineEnd, delimiter, quote, trim } = text
  const cells: string[] = []
  let at = from
  for (;;) {
    const start = trim ? afterSpaces(buffer, at, delimiter) : at
    if (buffer[start] === quote) {
      const cell = quotedCell(text, start)
      if (cell === null || typeof cell === 'string') {
        return cell === null ? null : { end: from, cells: null, problem: cell }
      }
      cells.push(cell.value)
      at = trim ? afterSpaces(buffer, cell.end, delimiter) : cell.end
    } else {
      at = endOfBareCell(buffer, start, delimiter, lineEnd)
      const value = buffer.slice(start, withoutReturn(buffer, start, at))
      // A delimiter after a carriage return: then the return belongs to the cell.
      const cell = buffer[at] === delimiter ? buffer.slice(start, at) : value
      cells.push(trim ? cell.trim() : cell)
    }
    if (at >= buffer.length && !isLast) return null
    if (at >= buffer.length || buffer[at] === lineEnd) return { end: at, cells, problem: null }
    if (buffer[at] === delimiter) at++
    else if (buffer[at] === '\r' && (at + 1 >= buffer.length || buffer[at + 1] === lineEnd)) {
      if (at + 1 >= buffer.length && !isLast) return null
      return { end: at + 1, cells, problem: null }
    } else {
      return { end: from, cells: null, problem: 'There is text after a closing quote.' }
    }
  }
}

/** The cell that a quote opens; null where more text is needed, a sentence where it is broken. */
function quotedCell(
  { buffer, from, isLast, quote }: QuotedText,
  start: number,
): { value: string; end: number } | string | null {
  let value = ''
  let at = start + 1
  for (;;) {
    const close = buffer.indexOf(quote, at)
    if (close < 0 || close - from > recordLimit) {
      const isHopeless = isLast || buffer.length - from > recordLimit
      return isHopeless ? neverClosed : null
    }
    if (close + 1 >= buffer.length && !isLast) return null
    value += buffer.slice(at, close)
    if (buffer[close + 1] !== quote) return { value, end: close + 1 }
    value += quote
    at = close + 2
  }
}

function afterSpaces(text: string, from: number, delimiter: string): number {
  let at = from
  while (text[at] === ' ' || (text[at] === '\t' && delimiter !== '\t')) at++
  return at
}

function endOfBareCell(text: string, from: number, delimiter: string, lineEnd: string): number {
  const delimiterCode = delimiter.charCodeAt(0)
  const endCode = lineEnd.charCodeAt(0)
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === delimiterCode || code === endCode) break
  }
  return at
}
