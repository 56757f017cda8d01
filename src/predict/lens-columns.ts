/**
 * Numbers of many parties from the lens as columns: read as RowBinary, whose rows of fixed width cost
 * no parsing (500,000 people of 50 numbers are 100 MB and a second; as JSON ten times that).
 */
import { RapportError } from '../domain/error.ts'
import type { LensParameter, LensReader } from '../store/lens-reader.ts'

/** Numbers of parties: row `i` is the party `parties[i]`. */
export interface PartyColumns {
  /** 16 bytes a party, as the lens keeps UUIDs; `partyAt` reads one. */
  readonly parties: Uint8Array
  readonly size: number
  readonly columns: Readonly<Record<string, Float32Array | Float64Array>>
}

export interface ColumnQuery {
  /** Gives `party_id` and then the columns in order, each of the type of `width`. */
  readonly query: string
  readonly parameters: Readonly<Record<string, LensParameter>>
  readonly names: readonly string[]
  /** 4: `Float32`, 8: `Float64`. */
  readonly width: 4 | 8
}

const partyWidth = 16
/** Beyond this a person of the team should choose fewer people or a larger machine. */
const mostBytes = 1_500_000_000

export async function readColumns(
  reader: LensReader,
  { query, parameters, names, width }: ColumnQuery,
): Promise<PartyColumns> {
  const bytes = await reader.file(`${query}\nformat RowBinary`, parameters)
  const stride = partyWidth + width * names.length
  const size = bytes.length / stride
  if (!Number.isInteger(size) || bytes.length > mostBytes)
    throw new RapportError('internal', `The lens answered ${bytes.length} bytes for rows of ${stride}.`) // prettier-ignore
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const parties = new Uint8Array(partyWidth * size)
  for (let row = 0; row < size; row++) {
    parties.set(bytes.subarray(row * stride, row * stride + partyWidth), row * partyWidth)
  }
  const columns = Object.fromEntries(
    names.map((name, index) => {
      const column = width === 4 ? new Float32Array(size) : new Float64Array(size)
      const offset = partyWidth + index * width
      for (let row = 0; row < size; row++) {
        const at = row * stride + offset
        column[row] = width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true)
      }
      return [name, column]
    }),
  )
  return { parties, size, columns }
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
/** Two 64-bit numbers, each with its last byte first. */
const places = [7, 6, 5, 4, -1, 3, 2, -1, 1, 0, -1, 15, 14, -1, 13, 12, 11, 10, 9, 8]

/** The UUID of a row. */
export function partyAt(parties: Uint8Array, row: number): string {
  let text = ''
  for (const place of places)
    text += place < 0 ? '-' : (hex[parties[row * partyWidth + place] ?? 0] ?? '')
  return text
}

/** A column that must be there. */
export function columnOf(data: Pick<PartyColumns, 'columns'>, name: string): Float32Array | Float64Array {
  const column = data.columns[name]
  if (column === undefined) throw new RapportError('internal', `There is no column ${name}.`)
  return column
} // prettier-ignore
