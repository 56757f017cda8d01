import type { RowFilter } from '../mapping-schema.ts'
import {
  cellReader,
  readNumber,
  textOfCell,
  type KnownColumns,
  type ReadCell,
  type RowScope,
} from './row-scope.ts'

export type RowTest = (scope: RowScope) => boolean

type Tests = Extract<RowFilter[string], object>

/** All tests of a filter must hold. An empty cell does not exist, equals nothing, contains nothing. */
export function compileFilter(filter: RowFilter, known: KnownColumns): RowTest {
  const tests = Object.entries(filter).flatMap(([column, test]) => {
    const read = cellReader(column, known)
    return typeof test === 'object'
      ? [
          compileTest(read, test, known.mapping.file.decimal),
          ...compileComparisons(read, test, known),
        ]
      : [(scope: RowScope) => textOfCell(read(scope)) === String(test)]
  })
  return (scope) => tests.every((holds) => holds(scope))
}

function compileTest(read: ReadCell, test: Tests, decimal: '.' | ','): RowTest {
  const { is, in: among, not, at_least: least, at_most: most, contains, exists } = test
  const any = among && new Set(among.map(String))
  return (scope) => {
    const cell = read(scope)
    const text = textOfCell(cell)
    if (exists !== undefined && exists !== (cell !== undefined)) return false
    if (is !== undefined && text !== String(is)) return false
    if (any && (text === undefined || !any.has(text))) return false
    if (not !== undefined && text === String(not)) return false
    if (contains !== undefined && text?.includes(contains) !== true) return false
    if (least === undefined && most === undefined) return true
    const number = readNumber(cell, decimal)
    return number >= (least ?? -Infinity) && number <= (most ?? Infinity)
  }
}

/** Against another column: as numbers where both are, else as text. Neither holds of an empty cell. */
function compileComparisons(read: ReadCell, test: Tests, known: KnownColumns): RowTest[] {
  const { decimal } = known.mapping.file
  const compare = (
    written: string | undefined,
    holds: (difference: number) => boolean,
  ): RowTest[] => {
    if (written === undefined) return []
    const readOther = cellReader(written, known)
    return [
      (scope) => {
        const [one, other] = [read(scope), readOther(scope)]
        const [text, otherText] = [textOfCell(one), textOfCell(other)]
        if (text === undefined || otherText === undefined) return false
        const difference = readNumber(one, decimal) - readNumber(other, decimal)
        if (!Number.isNaN(difference)) return holds(difference)
        return holds(text === otherText ? 0 : text < otherText ? -1 : 1)
      },
    ]
  }
  return [
    ...compare(test.at_most_column, (difference) => difference <= 0),
    ...compare(test.above_column, (difference) => difference > 0),
  ]
}
