/**
 * Bytes to records (RFC 4180, and columns parted by runs of blanks): where each cell begins and ends.
 * Cells of a record are objects that are used again, so that a million rows make no garbage.
 */
import { RapportError } from '../domain/error.ts'

/** Bytes `from` up to `to` of the piece; inside the quotes where it is quoted. */
export interface Cell {
  from: number
  to: number
  quoted: boolean
}

/** Gets each record that is not blank, with the number of its line. Cells hold during the call. */
export type OnRecord = (bytes: Buffer, cells: readonly Cell[], line: number) => void

export interface RecordScanner {
  push(piece: Buffer, onRecord: OnRecord): void
  /** What is left without a line break. */
  end(onRecord: OnRecord): void
}

const [lineFeed, carriageReturn, blank, quote] = [10, 13, 32, 34] as const
/** A longer record has a quote that was never closed. */
const longestRecord = 1 << 22

export function recordScanner(delimiter: number): RecordScanner {
  let rest: Buffer = Buffer.alloc(0)
  let line = 1
  let first = true
  const scan = scannerOf(delimiter)
  const run = (bytes: Buffer, last: boolean, onRecord: OnRecord): void => {
    let at = first && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
    first = false
    while (at < bytes.length) {
      const next = scan.record(bytes, at, last)
      if (next < 0) break
      if (scan.cells.length > 0) onRecord(bytes, scan.cells, line)
      line += scan.lines()
      at = next
    }
    rest = bytes.subarray(at)
    if (rest.length > longestRecord || (last && rest.length > 0))
      throw new RapportError('invalid_csv', `Line ${line} opens a quote that is never closed.`)
  }
  return {
    push: (piece, onRecord) =>
      run(rest.length === 0 ? piece : Buffer.concat([rest, piece]), false, onRecord),
    end: (onRecord) => run(rest, true, onRecord),
  }
}

interface Scanner {
  /** Of the record scanned last; none for a blank line. */
  readonly cells: Cell[]
  lines(): number
  /** Where the next record begins; -1 where this one is not complete. */
  record(bytes: Buffer, from: number, last: boolean): number
}

function scannerOf(delimiter: number): Scanner {
  const cells: Cell[] = []
  const spare: Cell[] = []
  const runs = delimiter === blank
  let lines = 1
  const add = (from: number, to: number, quoted: boolean): void => {
    const cell = spare[cells.length] ?? { from: 0, to: 0, quoted: false }
    spare[cells.length] = cell
    cell.from = from
    cell.to = to
    cell.quoted = quoted
    cells.push(cell)
  }
  /** The byte after a quoted cell, with its cell added; -1 where its quote is not closed here. */
  const quotedCell = (bytes: Buffer, from: number, last: boolean): number => {
    for (let at = from + 1; at < bytes.length; at++) {
      if (bytes[at] === lineFeed) lines++
      if (bytes[at] !== quote) continue
      if (bytes[at + 1] === quote) at++
      else if (at + 1 === bytes.length && !last) return -1
      else {
        add(from + 1, at, true)
        return at + 1
      }
    }
    return -1
  }
  const skipBlanks = (bytes: Buffer, from: number): number => {
    let at = from
    while (bytes[at] === blank) at++
    return at
  }
  return {
    cells,
    lines: () => lines,
    record(bytes, from, last) {
      const size = bytes.length
      cells.length = 0
      lines = 1
      let at = from
      for (;;) {
        at = skipBlanks(bytes, at)
        if (runs && ends(bytes, at, last)) return after(bytes, at)
        let end = at
        if (bytes[at] === quote) {
          end = quotedCell(bytes, at, last)
          if (end < 0) return -1
          while (end < size && bytes[end] !== delimiter && bytes[end] !== lineFeed) end++
        } else {
          while (end < size && bytes[end] !== delimiter && bytes[end] !== lineFeed) end++
          add(at, trimmed(bytes, at, end), false)
        }
        if (end === size && !last) return -1
        if (end === size || bytes[end] === lineFeed) {
          if (cells.length === 1 && isNothing(cells[0])) cells.length = 0
          return Math.min(size, end + 1)
        }
        at = end + 1
      }
    },
  }
}

const isNothing = (cell: Cell | undefined): boolean =>
  !cell || (cell.from === cell.to && !cell.quoted)

/** Whether only a line break (or the end of the file) stands here. */
function ends(bytes: Buffer, at: number, last: boolean): boolean {
  const here = bytes[at] === carriageReturn ? at + 1 : at
  return bytes[here] === lineFeed || (last && here >= bytes.length)
}

function after(bytes: Buffer, at: number): number {
  return Math.min(bytes.length, at + (bytes[at] === carriageReturn ? 2 : 1))
}

/** The end of a cell without blanks and a carriage return. */
function trimmed(bytes: Buffer, from: number, to: number): number {
  let end = to
  while (end > from && (bytes[end - 1] === blank || bytes[end - 1] === carriageReturn)) end--
  return end
}
