/** Texts one after the other: the lines of a file or of standard input, or a column of a CSV file. */
import { access } from 'node:fs/promises'
import { RapportError } from '../domain/error.ts'
import { openText } from '../collect/import/read/read-rows.ts'
import { readText, type TextPiece } from '../collect/import/read/read-text.ts'

export interface TextRequest {
  /** "-" for standard input. */
  readonly file: string
  /** Null where each line is a text. */
  readonly column: string | null
  /** One character, or "tab". */
  readonly delimiter: string
}

export interface NumberedText {
  readonly line: number
  /** Null where the row cannot be read. */
  readonly text: string | null
}

/** More of a line is not kept: no method reads more. */
const longestLine = 32_768

const shape = { encoding: 'utf-8', compression: 'auto' } as const

/** A few hundred texts at a time. @throws RapportError invalid_csv: no such file or column. */
export async function* readTexts(request: TextRequest): AsyncGenerator<readonly NumberedText[]> {
  const { file, column } = request
  if (file !== '-')
    await access(file).catch((error: unknown) => {
      throw new RapportError('invalid_csv', `Cannot read ${file}.`, {}, error)
    })
  const pieces = file === '-' ? standardInput() : readText(file, shape)
  yield* column === null ? linesOf(pieces) : cellsOf(pieces, { ...request, column })
}

async function* standardInput(): AsyncGenerator<TextPiece> {
  process.stdin.setEncoding('utf8')
  let bytes = 0
  for await (const text of process.stdin as AsyncIterable<string>) {
    bytes += text.length
    yield { text, bytes, damaged: false }
  }
}

async function* linesOf(pieces: AsyncGenerator<TextPiece>): AsyncGenerator<NumberedText[]> {
  let line = 0
  let kept = ''
  for await (const { text } of pieces) {
    const found: NumberedText[] = []
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      found.push({ line: ++line, text: joined(kept, text.slice(from, end)).replace(/\r$/, '') })
      kept = ''
      from = end + 1
    }
    kept = joined(kept, text.slice(from, from + longestLine))
    if (found.length > 0) yield found
  }
  if (kept !== '') yield [{ line: line + 1, text: kept }]
}

function joined(kept: string, more: string): string {
  return kept === '' ? more : kept + more.slice(0, Math.max(0, longestLine - kept.length))
}

async function* cellsOf(
  pieces: AsyncGenerator<TextPiece>,
  { column, delimiter }: TextRequest & { readonly column: string },
): AsyncGenerator<NumberedText[]> {
  if (delimiter !== 'tab' && [...delimiter].length !== 1)
    throw new RapportError('invalid_csv', 'The delimiter must be one character, or "tab".')
  const { columns, batches } = await openText(pieces, {
    ...{ format: 'csv', header: true, skip_lines: 0, ...shape },
    ...{ delimiter, quote: '"', trim: true, nothing: [], decimal: '.' },
  })
  const place = columns?.indexOf(column) ?? -1
  if (place < 0) {
    await batches.return()
    const names = columns?.slice(0, 20).join(', ') ?? ''
    throw new RapportError('invalid_csv', `There is no column "${column}". The file has: ${names}.`)
  }
  for await (const { rows } of batches) {
    yield rows.map(({ line, cells }) => ({
      line,
      text: Array.isArray(cells) ? String(cells[place] ?? '') : null,
    }))
  }
}
