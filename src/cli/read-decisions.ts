/** A CSV file of logged decisions as columns, with the policy or the features that stand beside them. */
import type { FeatureRows } from '../decide/reward-model.ts'
import type { LoggedDecisions } from '../decide/logged-decisions.ts'
import { RapportError } from '../domain/error.ts'
import type { TextColumn } from './column-sink.ts'
import type { EvaluatePolicyRequest } from './evaluate-policy-request.ts'
import { numbersOf, readColumns, type ColumnFile } from './read-columns.ts'
import { columnsOf } from './read-experiment.ts'

export interface Decisions {
  /** Names of the actions; their places are their numbers. */
  readonly actions: readonly string[]
  readonly logged: LoggedDecisions
  /** rows x actions; null where none is given. */
  readonly probabilities: Float64Array | null
  readonly expectedRewards: Float64Array | null
  /** Null where none are named. */
  readonly features: FeatureRows | null
}

const mostFound = 1_000

/** @throws RapportError invalid_csv, invalid_analysis */
export async function readDecisions(request: EvaluatePolicyRequest): Promise<Decisions> {
  const { file, delimiter, action, reward, propensity, policyColumns, modelColumns } = request
  const { policyAction, features } = request
  const read = await readColumns({
    ...{ file, delimiter, empty: 'nan' },
    numbers: [
      ...new Set([reward, ...policyColumns, ...modelColumns]),
      ...(typeof propensity === 'string' ? [propensity] : []),
    ],
    texts: [...new Set([action, ...(policyAction === null ? [] : [policyAction]), ...features])],
  })
  const chosen = textOf(read, action)
  const proposed = policyAction === null ? null : textOf(read, policyAction)
  const actions = actionsOf(request, chosen, proposed)
  const matrixOf = (names: readonly string[]): Float64Array | null =>
    names.length === 0 ? null : matrix(names.map((name) => numbersOf(read, name)))
  return {
    actions,
    logged: {
      actions: actions.length,
      action: placesOf(chosen, actions),
      reward: numbersOf(read, reward),
      propensity:
        typeof propensity === 'number'
          ? new Float64Array(read.rows).fill(propensity)
          : numbersOf(read, propensity),
    },
    probabilities: proposed ? onlyOne(proposed, actions) : matrixOf(policyColumns),
    expectedRewards: matrixOf(modelColumns),
    features: features.length === 0 ? null : featuresOf(read, features),
  }
}

/** As named; else whole numbers from 0, the names of the columns, or the values that occur, in order. */
function actionsOf(
  { actions, policyColumns, modelColumns }: EvaluatePolicyRequest,
  { values }: TextColumn,
  proposed: TextColumn | null,
): readonly string[] {
  const width = Math.max(policyColumns.length, modelColumns.length)
  const found = [...new Set([...values, ...(proposed?.values ?? [])])].sort()
  const isNumbered = found.every((value) => /^\d{1,5}$/.test(value) && Number(value) < width)
  const chosen =
    actions.length > 0
      ? actions
      : width > 0 && isNumbered
        ? Array.from({ length: width }, (_, a) => String(a))
        : found.every((value) => policyColumns.includes(value))
          ? policyColumns
          : found
  if (width > 0 && actions.length === 0 && chosen === found)
    refuse('Say by --actions which value of the action each of the columns is for.')
  for (const columns of [policyColumns, modelColumns])
    if (columns.length > 0 && columns.length !== chosen.length)
      refuse(`There are ${chosen.length} actions and ${columns.length} columns for them.`)
  if (chosen.length > mostFound)
    refuse(`There are ${chosen.length} different actions. Is this the column of actions?`)
  return chosen
}

function placesOf({ codes, values }: TextColumn, actions: readonly string[]): Int32Array {
  const places = values.map((value) => {
    const place = actions.indexOf(value)
    if (place < 0) refuse(`The action "${value}" is not among: ${actions.slice(0, 20).join(', ')}.`)
    return place
  })
  return Int32Array.from(codes, (code) => places[code] ?? 0)
}

function onlyOne(proposed: TextColumn, actions: readonly string[]): Float64Array {
  const places = placesOf(proposed, actions)
  const probabilities = new Float64Array(places.length * actions.length)
  for (const [i, place] of places.entries()) probabilities[i * actions.length + place] = 1
  return probabilities
}

function featuresOf(read: ColumnFile, names: readonly string[]): FeatureRows {
  const rows = Int32Array.from({ length: read.rows }, (_, i) => i)
  const columns = names.flatMap((name) => columnsOf(name, textOf(read, name), rows))
  return { values: matrix(columns.map(({ values }) => values)), width: columns.length }
}

function matrix(columns: readonly Float64Array[]): Float64Array {
  const rows = columns[0]?.length ?? 0
  const cells = new Float64Array(rows * columns.length)
  for (const [c, column] of columns.entries())
    for (let i = 0; i < rows; i++) cells[i * columns.length + c] = column[i] ?? 0
  return cells
}

function textOf(read: ColumnFile, name: string): TextColumn {
  return read.texts.get(name) ?? { codes: new Uint32Array(), values: [] }
}

function refuse(detail: string): never {
  throw new RapportError('invalid_analysis', detail)
}
