/** Columns that grow row by row. */

/** Texts as whole numbers: row i holds `values[codes[i]]`; values stand in order of appearance. */
export interface TextColumn {
  readonly codes: Uint32Array
  readonly values: readonly string[]
}

export interface ColumnSink {
  number(column: number, value: number): void
  text(column: number, value: string): void
  /** The row is complete. */
  next(): void
  rows(): number
  columns(): {
    readonly numbers: ReadonlyMap<string, Float64Array>
    readonly texts: ReadonlyMap<string, TextColumn>
  }
}

const firstRoom = 1 << 12

export function columnSink(numbers: readonly string[], texts: readonly string[]): ColumnSink {
  let room = firstRoom
  let row = 0
  const values = numbers.map(() => new Float64Array(room))
  const codes = texts.map(() => new Uint32Array(room))
  const known = texts.map(() => new Map<string, number>())
  return {
    number(column, value) {
      const into = values[column]
      if (into) into[row] = value
    },
    text(column, value) {
      const [into, codeOf] = [codes[column], known[column]]
      if (!into || !codeOf) return
      let code = codeOf.get(value)
      if (code === undefined) {
        code = codeOf.size
        codeOf.set(value, code)
      }
      into[row] = code
    },
    next() {
      if (++row < room) return
      room *= 2
      for (const [i, column] of values.entries()) values[i] = grown(column, Float64Array, room)
      for (const [i, column] of codes.entries()) codes[i] = grown(column, Uint32Array, room)
    },
    rows: () => row,
    columns: () => ({
      numbers: new Map(
        numbers.map((name, i) => [name, values[i]?.slice(0, row) ?? new Float64Array()]),
      ),
      texts: new Map(
        texts.map((name, i) => [
          name,
          {
            codes: codes[i]?.slice(0, row) ?? new Uint32Array(),
            values: [...(known[i]?.keys() ?? [])],
          },
        ]),
      ),
    }),
  }
}

function grown<A extends Float64Array | Uint32Array>(
  column: A,
  Kind: new (size: number) => A,
  room: number,
): A {
  const larger = new Kind(room)
  larger.set(column)
  return larger
}
