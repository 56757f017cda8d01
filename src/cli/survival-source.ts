/** Options and columns of how long something lasted, shared by `fit kaplanmeier` and `fit cox`. */
import type { Command } from 'commander'
import { RapportError } from '../domain/error.ts'
import { readColumns, type ColumnFile } from './read-columns.ts'
import type { TextColumn } from './column-sink.ts'

export interface SurvivalOptions {
  readonly time: string
  readonly event: string
  readonly eventValue?: string
  readonly start?: string
  readonly weight?: string
  readonly delimiter: string
}

export function withSurvivalOptions(command: Command): Command {
  return command
    .argument('<file>', 'CSV file, a stay a line; .gz files are read as they are')
    .requiredOption('--time <column>', 'how long it lasted, or was watched')
    .requiredOption(
      '--event <column>',
      'whether it ended then: 1, true or yes; else it was lost sight of',
    )
    .option('--event-value <text>', 'what stands in that column where it ended, if none of these')
    .option('--start <column>', 'when watching began, where not at 0: at risk in (start, time]')
    .option('--weight <column>', 'for how many a line stands')
    .option('--delimiter <character>', 'what stands between two cells', ',')
}

export interface SurvivalColumns {
  readonly time: Float64Array
  readonly event: Uint8Array
  readonly start: Float64Array | undefined
  readonly weights: Float64Array | undefined
  /** Further columns, in the order in which they were asked for. */
  readonly numbers: readonly Float64Array[]
  readonly texts: readonly TextColumn[]
  readonly rows: number
  /** Lines without a value in one of the columns: left out. */
  readonly leftOut: number
}

export interface SurvivalRequest {
  readonly file: string
  readonly options: SurvivalOptions
  readonly numbers: readonly string[]
  readonly texts: readonly string[]
}

export async function readSurvival(request: SurvivalRequest): Promise<SurvivalColumns> {
  const { file, options, numbers, texts } = request
  const { time, event, start, weight } = options
  const usual = [time, ...(start ? [start] : []), ...(weight ? [weight] : [])]
  const read = await readColumns({
    ...{ file, delimiter: options.delimiter, empty: 'nan' },
    numbers: [...new Set([...usual, ...numbers])],
    texts: [...new Set([event, ...texts])],
  })
  const { keep, count } = complete(read)
  const column = (name: string): Float64Array => {
    const values = read.numbers.get(name) ?? new Float64Array()
    return count === read.rows ? values : values.filter((_, i) => keep[i])
  }
  const text = (name: string): TextColumn => {
    const { codes, values } = read.texts.get(name) ?? { codes: new Uint32Array(), values: [] }
    return { codes: count === read.rows ? codes : codes.filter((_, i) => keep[i]), values }
  }
  if (count === 0)
    throw new RapportError('invalid_analysis', 'Every line lacks a value in one of the columns.')
  return {
    time: column(time),
    event: flagsOf(text(event), options),
    start: start ? column(start) : undefined,
    weights: weight ? column(weight) : undefined,
    numbers: numbers.map(column),
    texts: texts.map(text),
    ...{ rows: count, leftOut: read.rows - count },
  }
}

/** Lines that have a value in every column. */
function complete({ rows, numbers, texts }: ColumnFile) {
  const keep = new Uint8Array(rows).fill(1)
  for (const column of numbers.values())
    for (let i = 0; i < rows; i++) if (Number.isNaN(column[i])) keep[i] = 0
  for (const { codes, values } of texts.values()) {
    const empty = values.map((value) => /^(na|nan|null|)$/i.test(value))
    if (empty.includes(true)) for (let i = 0; i < rows; i++) if (empty[codes[i] ?? 0]) keep[i] = 0
  }
  return { keep, count: keep.reduce((sum, one) => sum + one, 0) }
}

function flagsOf(
  { codes, values }: TextColumn,
  { event, eventValue }: SurvivalOptions,
): Uint8Array {
  const happened = values.map((value) =>
    eventValue === undefined ? /^(1|1\.0|true|yes|t|y)$/i.test(value) : value === eventValue,
  )
  const unknown = values.find((value, i) => !happened[i] && !/^(0|0\.0|false|no|f|n)$/i.test(value))
  if (eventValue === undefined && unknown !== undefined)
    throw new RapportError(
      'invalid_analysis',
      `"${unknown}" in column "${event}" is neither yes nor no. Say what means that it ended: --event-value.`,
    )
  return Uint8Array.from(codes, (code) => Number(happened[code] ?? false))
}
