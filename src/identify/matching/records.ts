/** One or two tables of records, as numbers: a column a field, in the field's vocabulary. */
import { RapportError } from '../../domain/error.ts'
import { createField, encode, type Field, type FieldDefinition } from './fields.ts'

export interface Side {
  readonly count: number
  /** A number a record and field; -1 where the record does not say. */
  readonly columns: readonly Int32Array[]
}

export interface Records {
  readonly fields: readonly Field[]
  readonly left: Side
  /** The same object as `left` where one table is compared with itself. */
  readonly right: Side
}

/** Cells of a table: an array a field, all of one length. */
export type Cells = readonly (readonly string[])[]

const mostFields = 20

/** @param right  without it, duplicates within `left` are looked for */
export function encodeRecords(
  definitions: readonly FieldDefinition[],
  left: Cells,
  right?: Cells,
): Records {
  if (definitions.length === 0 || definitions.length > mostFields)
    throw new RapportError('invalid_analysis', `Name 1 to ${mostFields} fields to compare.`)
  const fields = definitions.map(createField)
  const one = encodeSide(fields, left)
  return { fields, left: one, right: right ? encodeSide(fields, right) : one }
}

/** One table piece by piece: only numbers and distinct values are kept of it. */
export class RecordBuilder {
  readonly #fields: readonly Field[]
  readonly #pieces: Side[] = []

  constructor(definitions: readonly FieldDefinition[]) {
    this.#fields = definitions.map(createField)
  }

  add(cells: Cells): void {
    this.#pieces.push(encodeSide(this.#fields, cells))
  }

  build(): Records {
    const count = this.#pieces.reduce((sum, piece) => sum + piece.count, 0)
    const columns = this.#fields.map((_, f) => {
      const column = new Int32Array(count)
      let at = 0
      for (const piece of this.#pieces) {
        column.set(piece.columns[f] ?? [], at)
        at += piece.count
      }
      return column
    })
    const side = { count, columns }
    return { fields: this.#fields, left: side, right: side }
  }
}

function encodeSide(fields: readonly Field[], cells: Cells): Side {
  const count = cells[0]?.length ?? 0
  const isWhole = cells.length === fields.length && cells.every(({ length }) => length === count)
  if (!isWhole) throw new RapportError('invalid_analysis', 'Each field needs a cell a record.')
  return { count, columns: fields.map((field, f) => encode(field, cells[f] ?? [])) }
}

export const isOneTable = ({ left, right }: Records): boolean => left === right

/** How many pairs there are at all. */
export function allPairs(records: Records): number {
  const [n, m] = [records.left.count, records.right.count]
  return isOneTable(records) ? (n * (n - 1)) / 2 : n * m
}
