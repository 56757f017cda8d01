/** Rows of one question: who was asked, what was known of them, and what came. */
import { columnOf, partyAt, type PartyColumns } from './lens-columns.ts'
import { outcomeColumn } from './feature-columns.ts'

export interface LearningRows {
  /** Rows of the data they come from. */
  readonly rows: Int32Array
  readonly columns: readonly Float64Array[]
  readonly names: readonly string[]
  readonly outcomes: Uint8Array
  readonly positives: number
}

/** Rows of which the question can be asked. */
export function rowsAsked(data: PartyColumns, id: string): Int32Array {
  const outcome = columnOf(data, outcomeColumn(id))
  const rows: number[] = []
  for (let row = 0; row < data.size; row++) if ((outcome[row] ?? -1) >= 0) rows.push(row)
  return Int32Array.from(rows)
}

export function rowsOf(data: PartyColumns, id: string, names: readonly string[]): LearningRows {
  const rows = rowsAsked(data, id)
  const outcome = columnOf(data, outcomeColumn(id))
  const outcomes = Uint8Array.from(rows, (row) => ((outcome[row] ?? 0) > 0 ? 1 : 0))
  return {
    ...{ rows, names, outcomes },
    columns: names.map((name) => {
      const column = columnOf(data, name)
      return Float64Array.from(rows, (row) => column[row] ?? Number.NaN)
    }),
    positives: outcomes.reduce((sum, one) => sum + one, 0),
  }
}

export function stack(one: LearningRows, other: LearningRows): LearningRows {
  return {
    rows: new Int32Array(0),
    names: one.names,
    columns: one.columns.map((column, i) =>
      joined(column, other.columns[i] ?? new Float64Array(0)),
    ),
    outcomes: Uint8Array.from([...one.outcomes, ...other.outcomes]),
    positives: one.positives + other.positives,
  }
}

function joined(one: Float64Array, other: Float64Array): Float64Array {
  const both = new Float64Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}

/** The same number for the same person, over several data stacked: they are learned from together. */
export function groupsOf(data: readonly PartyColumns[], parts: readonly LearningRows[]): Int32Array {
  const numbers = new Map<string, number>()
  const groups = parts.flatMap(({ rows }, part) =>
    Array.from(rows, (row) => {
      const party = partyAt(data[part]?.parties ?? new Uint8Array(0), row)
      const number = numbers.get(party) ?? numbers.size
      numbers.set(party, number)
      return number
    }),
  )
  return Int32Array.from(groups)
} // prettier-ignore
