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

type Test = RowFilter[string]

/** All tests of a filter must hold. */
export function compileFilter(filter: RowFilter, known: KnownColumns): RowTest {
  const tests = Object.entries(filter).map(([column, test]) =>
    compileTest(cellReader(column, known), test, known),
  )
  return (scope) => tests.every((holds) => holds(scope))
}

/** An empty cell does not exist, equals nothing and contains nothing. */
function compileTest(read: ReadCell, test: Test, known: KnownColumns): RowTest {
  const { decimal } = known.mapping.file
  if (typeof test !== 'object') return (scope) => textOfCell(read(scope)) === String(test)
  const { is, in: among, not, at_least: least, at_most: most, contains, exists } = test
  const any = among && new Set(among.map(String))
  const isAtMost = test.at_most_column && compileAtMost(test.at_most_column, known)
  const isAbove = test.above_column && compileAtMost(test.above_column, known)
  return (scope) => {
    const cell = read(scope)
    const text = textOfCell(cell)
    if (exists !== undefined && exists !== (cell !== undefined)) return false
    if (is !== undefined && text !== String(is)) return false
    if (any && (text === undefined || !any.has(text))) return false
    if (not !== undefined && text === String(not)) return false
    if (contains !== undefined && text?.includes(contains) !== true) return false
    if (isAtMost && isAtMost(scope, cell) !== true) return false
    if (isAbove && isAbove(scope, cell) !== false) return false
    if (least === undefined && most === undefined) return true
    const number = readNumber(cell, decimal)
    return number >= (least ?? -Infinity) && number <= (most ?? Infinity)
  }
}

/** Whether a cell is at most another one of its row; null where one of them is empty. */
function compileAtMost(
  column: string,
  known: KnownColumns,
): (scope: RowScope, cell: unknown) => boolean | null {
  const { decimal } = known.mapping.file
  const readOther = cellReader(column, known)
  return (scope, cell) => {
    const [one, other] = [textOfCell(cell), textOfCell(readOther(scope))]
    if (one === undefined || other === undefined) return null
    const [number, otherNumber] = [readNumber(one, decimal), readNumber(other, decimal)]
    const areNumbers = Number.isFinite(number) && Number.isFinite(otherNumber)
    return areNumbers ? number <= otherNumber : one <= other
  }
}
