/** When a row happened, in milliseconds since 1970 UTC. */
import { RapportError } from '../../../domain/error.ts'
import { readTime } from '../../event-time.ts'
import type { MappedTime } from '../mapping-schema.ts'
import { shown } from './mapped-value.ts'
import {
  cellReader,
  readNumber,
  textOfCell,
  type KnownColumns,
  type RowScope,
} from './row-scope.ts'
import { compileTimeFormat } from './time-format.ts'
import { zoneClock } from './zone-clock.ts'

/** Null where it cannot be known; then a problem was added to the scope. */
export type ReadMappedTime = (scope: RowScope) => number | null

const milliseconds = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const
/** Mean Gregorian month: what a part of a month counts. */
const monthDays = 30.436875

export function compileTime(time: MappedTime, known: KnownColumns): ReadMappedTime {
  const toUtc = zoneClock(('zone' in time ? time.zone : undefined) ?? known.mapping.zone)
  const constantOf = (text: string): number => readIso(text, toUtc) ?? Number.NaN
  if ('constant' in time) {
    const at = constantOf(time.constant)
    return () => at
  }
  const read = cellReader(time.column, known)
  const fail = (scope: RowScope, cell: unknown): null => {
    const problem =
      cell === undefined
        ? `The time (${time.column}) is empty.`
        : `"${shown(cell)}" (${time.column}) is not a time as the mapping expects it.`
    scope.problems.push(problem)
    return null
  }
  if ('unit' in time) {
    const { decimal } = known.mapping.file
    const direction = 'after' in time ? 1 : -1
    const anchor = constantOf('after' in time ? time.after : time.before)
    return (scope) => {
      const cell = read(scope)
      const count = readNumber(cell, decimal)
      const at = addUnits(anchor, direction * count, time.unit)
      return Number.isFinite(at) ? at : fail(scope, cell)
    }
  }
  const parse = compileFormat(time.format, toUtc)
  const ifEmpty = time.empty === undefined ? null : constantOf(time.empty)
  return (scope) => {
    const cell = read(scope)
    if (cell === undefined && ifEmpty !== null) return ifEmpty
    return parse(cell) ?? fail(scope, cell)
  }
}

function compileFormat(
  format: string,
  toUtc: (local: number) => number,
): (cell: unknown) => number | null {
  if (format === 'iso') return (cell) => readIso(textOfCell(cell) ?? '', toUtc)
  if (format === 'unix' || format === 'unix_ms') {
    const factor = format === 'unix' ? 1000 : 1
    return (cell) => {
      const number = readNumber(cell, '.')
      return Number.isFinite(number) ? Math.round(number * factor) : null
    }
  }
  if (!/yy|d|M/.test(format)) {
    throw new RapportError('invalid_mapping', `"${format}" is not a format of a time.`)
  }
  const parse = compileTimeFormat(format)
  return (cell) => {
    const local = parse(textOfCell(cell) ?? '')
    return local === null ? null : toUtc(local)
  }
}

/** What names no zone is read in the zone of the mapping. */
function readIso(text: string, toUtc: (local: number) => number): number | null {
  if (!/^\d{4}-/.test(text)) return null
  const time = readTime(text)
  if (time === null || /:\d.*(z|utc|gmt|[+-]\d\d(:?\d\d)?)$/i.test(text)) return time
  return toUtc(time)
}

function addUnits(
  anchor: number,
  count: number,
  unit: 'month' | 'year' | keyof typeof milliseconds,
): number {
  if (unit !== 'month' && unit !== 'year') return anchor + Math.round(count * milliseconds[unit])
  const months = unit === 'year' ? count * 12 : count
  const whole = Math.floor(months)
  const date = new Date(anchor)
  date.setUTCMonth(date.getUTCMonth() + whole)
  return Math.round(date.getTime() + (months - whole) * monthDays * milliseconds.day)
}
