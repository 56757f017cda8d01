/** A CSV file of paths as columns, read as a stream; a broken row costs itself alone. */
import { access } from 'node:fs/promises'
import { RapportError } from '../domain/error.ts'
import { openFile, type FileRow } from '../collect/import/read/read-rows.ts'
import { createPathBuilder, type PathColumns, type PathRow } from '../prove/attribution/paths.ts'
import { mostChannels } from '../prove/attribution/attribute.ts'
import type { AttributeRequest } from './attribute-request.ts'

export interface RowFault {
  readonly line: number
  readonly reason: string
}

export interface PathFile {
  readonly paths: PathColumns
  readonly rows: number
  readonly faulty: number
  /** The first faulty rows. */
  readonly faults: readonly RowFault[]
}

const faultsShown = 20

type Source = Pick<AttributeRequest, 'file' | 'delimiter' | 'separator' | 'columns'>

export async function readPaths(source: Source): Promise<PathFile> {
  const { file, delimiter, separator } = source
  if (separator === '') throw new RapportError('invalid_analysis', 'The separator is empty.')
  if (delimiter !== 'tab' && [...delimiter].length !== 1)
    throw new RapportError('invalid_analysis', 'The delimiter must be one character, or "tab".')
  await access(file).catch((error: unknown) => {
    throw new RapportError('invalid_csv', `Cannot read ${file}.`, {}, error)
  })
  const { columns: header, batches } = await openFile(file, {
    ...{ format: 'csv', header: true, skip_lines: 0, encoding: 'utf-8', compression: 'auto' },
    ...{ delimiter, quote: '"', trim: true, nothing: [], decimal: '.' },
  })
  const read = rowReader(placesOf(source, header ?? []), separator)
  const builder = createPathBuilder()
  const channels = new Set<string>()
  const faults: RowFault[] = []
  let [rows, faulty] = [0, 0]
  for await (const batch of batches) {
    for (const row of batch.rows) {
      rows++
      const path = read(row)
      if (typeof path === 'string') {
        if (++faulty <= faultsShown) faults.push({ line: row.line, reason: path })
        continue
      }
      for (const step of path.steps) channels.add(step)
      if (channels.size > mostChannels)
        throw new RapportError(
          'invalid_analysis',
          `There are more than ${mostChannels} different steps. Is "${separator}" the separator?`,
        )
      builder.add(path)
    }
  }
  if (rows === faulty) {
    const [first] = faults
    const why = first ? `Line ${first.line}: ${first.reason}` : 'The file has no rows.'
    throw new RapportError('invalid_analysis', `No row can be counted. ${why}`)
  }
  return { paths: builder.build(), rows, faulty, faults }
}

interface Places {
  readonly path: number
  readonly conversions: number
  /** -1 where there is none: then it is 0. */
  readonly value: number
  readonly nulls: number
}

function placesOf({ columns }: Source, header: readonly string[]): Places {
  const find = (name: string): number => {
    const place = header.indexOf(name)
    if (place < 0)
      throw new RapportError(
        'invalid_analysis',
        `There is no column "${name}". The file has: ${header.slice(0, 20).join(', ')}.`,
      )
    return place
  }
  return {
    path: find(columns.path),
    conversions: find(columns.conversions),
    value: columns.value === null ? header.indexOf('value') : find(columns.value),
    nulls: columns.nulls === null ? header.indexOf('nulls') : find(columns.nulls),
  }
}

/** The row as a path, or what is wrong with it. */
function rowReader(places: Places, separator: string): (row: FileRow) => PathRow | string {
  return ({ cells, problem }) => {
    if (cells === null || !Array.isArray(cells)) return problem ?? 'The row cannot be read.'
    const cell = (place: number): string => String(cells[place] ?? '').trim()
    const text = cell(places.path)
    const steps = text === '' ? [] : text.split(separator).map((step) => step.trim())
    const empty = steps.indexOf('')
    if (empty >= 0) return `Step ${empty + 1} of the path is empty.`
    const conversions = numberOf(cell(places.conversions))
    if (conversions === null) return 'The conversions are not a number from 0.'
    const value = places.value < 0 || cell(places.value) === '' ? 0 : numberOf(cell(places.value))
    if (value === null) return 'The value is not a number from 0.'
    const nulls = places.nulls < 0 || cell(places.nulls) === '' ? 0 : numberOf(cell(places.nulls))
    if (nulls === null) return 'The nulls are not a number from 0.'
    if (value > 0 && conversions === 0) return 'There is a value without a conversion.'
    return { steps, conversions, value, nulls }
  }
}

function numberOf(text: string): number | null {
  if (!/^\d{1,16}(\.\d{1,20})?(e[+-]?\d{1,2})?$/i.test(text)) return null
  const number = Number(text)
  return number <= Number.MAX_SAFE_INTEGER ? number : null
}
