import { guessColumns, guessDecimal, type GuessedColumn } from './guess-columns.ts'
import { guessMapping } from './guess-mapping.ts'
import { sniffFile, type SniffedFile } from './sniff-file.ts'

export interface FilePreview {
  readonly format: SniffedFile['format']
  readonly encoding: SniffedFile['encoding']
  readonly delimiter: string
  readonly header: boolean
  readonly columns: readonly Pick<GuessedColumn, 'name' | 'kind' | 'example'>[]
  /** The first rows. */
  readonly rows: readonly (readonly string[])[]
  /** A mapping to begin with, in YAML. */
  readonly mapping: string
  /** What a person should look at before importing. */
  readonly remarks: readonly string[]
}

export interface PreviewOptions {
  readonly fileName: string
  /** Milliseconds since 1970 UTC. */
  readonly now: number
}

/** Bytes of the beginning of a file that a preview needs at most. */
export const previewBytes = 256 * 1024
const rowsShown = 20
const cellShown = 500

/**
 * What a file holds and how it could be imported, from its first bytes.
 *
 * @throws RapportError invalid_csv where it is empty or its compression is broken.
 */
export function previewFile(bytes: Uint8Array, options: PreviewOptions): FilePreview {
  const file = sniffFile(bytes)
  const decimal = guessDecimal(file.rows)
  const columns = guessColumns(file.columns, file.rows, decimal)
  const today = new Date(options.now).toISOString().slice(0, 10)
  const { yaml, remarks } = guessMapping({
    file,
    columns,
    decimal,
    fileName: options.fileName,
    today,
  })
  const { format, encoding, delimiter, header } = file
  const cut = (cell: string): string => cell.slice(0, cellShown).toWellFormed()
  return {
    ...{ format, encoding, delimiter, header, mapping: yaml, remarks },
    columns: columns.map(({ name, kind, example }) => ({ name, kind, example: cut(example) })),
    rows: file.rows.slice(0, rowsShown).map((row) => row.map(cut)),
  }
}
