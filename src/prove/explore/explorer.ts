/** A question in SQL, checked, asked and answered, or refused with what is wrong and where. */
import { RapportError } from '../../domain/error.ts'
import { checkTree, checkWords, placeOf, type Engine } from './check-query.ts'
import { functionsQuery, knownFunctions, type EngineFunction } from './allowed-functions.ts'
import { queryError } from './refuse-query.ts'
import type { AskedLens } from '../../store/asked-lens.ts'
import type { ExploreAnswer } from '../../domain/explore-view.ts'
import type { ExportFormat } from '../../domain/report-view.ts'
import type { LensReader } from '../../store/lens-reader.ts'

export interface Explorer {
  ask(sql: string, signal?: AbortSignal): Promise<ExploreAnswer>
  file(sql: string, format: ExportFormat, signal?: AbortSignal): Promise<Buffer>
  /** Columns of a view. */
  columns(view: string): Promise<{ name: string; type: string }[]>
}

export const rowsShown = 10_000
export const rowsInFile = 500_000

const formats: Record<ExportFormat, string> = {
  csv: 'CSVWithNames',
  ndjson: 'JSONEachRow',
  parquet: 'Parquet',
}

export function createExplorer(asked: AskedLens, reader: LensReader): Explorer {
  let engine: Promise<Engine> | null = null
  const known = (): Promise<Engine> => {
    engine ??= readEngine(reader).catch((error: unknown) => {
      engine = null
      throw error
    })
    return engine
  }
  /** The query as it is sent, without anything that is not checked. */
  const checked = async (sql: string): Promise<string> => {
    const text = checkWords(sql)
    const prefix = 'explain ast ('
    try {
      checkTree(sql, await asked.lines(`${prefix}${text}\n)`), await known())
    } catch (error) {
      throw saidError(sql, error, prefix.length)
    }
    return text
  }
  return {
    async ask(sql, signal) {
      const began = performance.now()
      const text = await checked(sql)
      try {
        const query = `select * from (\n${text}\n) limit ${rowsShown + 1}`
        const { columns, rows, read } = await asked.rows(query, signal)
        return {
          columns: [...columns],
          rows: rows
            .slice(0, rowsShown)
            .map((row) => row.map((cell, i) => cellOf(cell, columns[i]?.type ?? ''))),
          isCut: rows.length > rowsShown,
          rowsRead: read,
          milliseconds: Math.round(performance.now() - began),
        }
      } catch (error) {
        throw saidError(sql, error)
      }
    },
    async file(sql, format, signal) {
      const text = await checked(sql)
      try {
        return await asked.file(
          `select * from (\n${text}\n) limit ${rowsInFile} format ${formats[format]}`,
          signal,
        )
      } catch (error) {
        throw saidError(sql, error)
      }
    },
    columns: (view) =>
      reader.rows<{ name: string; type: string }>(
        'select name, type from system.columns where database = currentDatabase() and table = {view: String}',
        { view },
      ),
  }
}

async function readEngine(reader: LensReader): Promise<Engine> {
  const functions = knownFunctions(await reader.rows<EngineFunction>(functionsQuery))
  const tables = await reader.rows<{ name: string }>(
    'select name from system.tables where database = currentDatabase()',
  )
  return { functions, tables: new Set(tables.map(({ name }) => name)) }
}

/** Whole numbers of 64 bits come as text; those that a number can hold become one. */
function cellOf(value: unknown, type: string): ExploreAnswer['rows'][number][number] {
  if (typeof value === 'string' && /^(?:Nullable\()?U?Int/.test(type)) {
    const number = Number(value)
    return Number.isSafeInteger(number) && String(number) === value ? number : value
  }
  if (value === null || typeof value !== 'object') return value as string | number | boolean | null
  return JSON.stringify(value)
}

const limits =
  /TIMEOUT_EXCEEDED|MEMORY_LIMIT|TOO_MANY_|TOO_DEEP|TOO_LARGE|SET_SIZE_LIMIT|QUERY_WAS_CANCELLED/

/** What ClickHouse says, without what it says of itself, and the place in the query as it was written. */
function saidError(sql: string, error: unknown, shift = 0): unknown {
  if (error instanceof RapportError) return error
  const { type, message = '' } = error as { type?: string; message?: string }
  if (error instanceof Error && error.name === 'AbortError') return error
  const said = message
    .replace(/\nFORMAT \w+\.?/g, '.')
    .replace(/ ?Expected one of: .*/s, '')
    .replace(/: While (?:executing|processing) .*/s, '.')
    .replace(/^default: /, '')
    .trim()
  if (limits.test(type ?? '')) return new RapportError('query_too_expensive', said, {}, error)
  if (type === undefined) return error
  const place = /\(line (\d+), col (\d+)\)/.exec(message)
  if (type === 'SYNTAX_ERROR' && place) {
    const at = placeInQuery(sql, Number(place[1]), Number(place[2]), shift)
    const near = /failed at position \d+ \((.*?)\)/s.exec(message)?.[1] ?? ''
    const what = at >= sql.length ? 'The query ends too early.' : `This cannot be read: ${near}`
    return queryError(sql, at, `${what} ${expected(message)}`.trim())
  }
  const named = /[`'](\w+)[`']/.exec(said)?.[1]
  return queryError(sql, named === undefined ? null : placeOf(sql, named), said)
}

const markLength = '/* asked 00000000-0000-0000-0000-000000000000 */ '.length

/** ClickHouse counts bytes in what was sent; we count characters in what was written. */
function placeInQuery(sql: string, line: number, column: number, shift: number): number {
  const lines = sql.split('\n')
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0)
  const bytes = column - 1 - (line === 1 ? markLength + shift : 0)
  const within = Buffer.from(lines[line - 1] ?? '').subarray(0, Math.max(0, bytes))
  return Math.min(sql.length, start + within.toString().length)
}

/** The first few of what could have stood there. */
function expected(message: string): string {
  const all = /Expected one of: (.*)/s.exec(message)?.[1]?.split('\n')[0]?.split(', ') ?? []
  const words = all.filter((one) => /^[A-Z][A-Z ]+$/.test(one)).slice(0, 6)
  return words.length > 0 ? `Here may stand ${words.join(', ')}.` : ''
}
