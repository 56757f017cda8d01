/** A CSV file of an experiment as columns: arms, outcomes, and features or scores. */
import { RapportError } from '../domain/error.ts'
import type { UpliftData } from '../prove/uplift/uplift-methods.ts'
import type { TextColumn } from './column-sink.ts'
import { numbersOf, readColumns } from './read-columns.ts'
import type { UpliftRequest } from './uplift-request.ts'

export interface Experiment {
  readonly data: UpliftData
  /** One a column of the data: a feature, or "feature = kind". */
  readonly names: readonly string[]
  readonly scores: Float64Array | null
  /** Rows of other arms. */
  readonly leftOut: number
}

/** A text column of more kinds is a name or a note, not a feature. */
const mostKinds = 50

/** @throws RapportError invalid_csv, invalid_analysis */
export async function readExperiment(request: UpliftRequest): Promise<Experiment> {
  const { file, delimiter, treatment, outcome, features, score, arms } = request
  const read = await readColumns({
    ...{ file, delimiter, empty: 'nan' },
    numbers: [outcome, ...(score === null ? [] : [score])],
    texts: [...new Set([treatment, ...features])],
  })
  const text = (name: string): TextColumn =>
    read.texts.get(name) ?? { codes: new Uint32Array(), values: [] }
  const { codes, values } = text(treatment)
  const armOf = values.map((value) =>
    value === arms.treated ? 1 : value === arms.control ? 0 : null,
  )
  const stranger = values.find((_, code) => armOf[code] === null)
  if (stranger !== undefined && !arms.areNamed)
    refuse(
      `The treatment is "${stranger}" somewhere. Name the two arms by --treated and --control.`,
    )
  const rows = Int32Array.from(codes.keys()).filter((row) => armOf[codes[row] ?? 0] !== null)
  const outcomes = numbersOf(read, outcome)
  const columns = features.flatMap((name) => columnsOf(name, text(name), rows))
  return {
    data: {
      columns: columns.map(({ values: column }) => column),
      outcomes: Uint8Array.from(rows, (row) => outcomeOf(outcomes[row] ?? Number.NaN, outcome)),
      treatments: Uint8Array.from(rows, (row) => armOf[codes[row] ?? 0] ?? 0),
    },
    names: columns.map(({ name }) => name),
    scores: score === null ? null : scoresOf(numbersOf(read, score), rows, score),
    leftOut: codes.length - rows.length,
  }
}

function outcomeOf(value: number, name: string): number {
  if (value !== 0 && value !== 1) refuse(`The outcome "${name}" is 1 or 0, not ${value}.`)
  return value
}

function scoresOf(scores: Float64Array, rows: Int32Array, name: string): Float64Array {
  return Float64Array.from(rows, (row) => {
    const score = scores[row] ?? Number.NaN
    if (Number.isNaN(score)) refuse(`Column "${name}" lacks a score in row ${row + 1}.`)
    return score
  })
}

interface NamedColumn {
  readonly name: string
  readonly values: Float64Array
}

/** Numbers as they are; kinds as a column of 0 and 1 for each but the first; empty cells are gaps. */
export function columnsOf(
  name: string,
  { codes, values }: TextColumn,
  rows: Int32Array,
): readonly NamedColumn[] {
  const isEmpty = (value: string): boolean => /^(na|nan|null|)$/i.test(value)
  const numbers = values.map((value) => (isEmpty(value) ? Number.NaN : Number(value)))
  if (values.every((value, code) => isEmpty(value) || Number.isFinite(numbers[code])))
    return [{ name, values: Float64Array.from(rows, (row) => numbers[codes[row] ?? 0] ?? NaN) }]
  if (values.length > mostKinds)
    refuse(`Feature "${name}" has ${values.length} different texts; ${mostKinds} are the most.`)
  return values.slice(1).map((kind, place) => ({
    name: `${name} = ${kind}`,
    values: Float64Array.from(rows, (row) => (codes[row] === place + 1 ? 1 : 0)),
  }))
}

function refuse(detail: string): never {
  throw new RapportError('invalid_analysis', detail)
}
