/** What cannot be learned from at all, told before anything is computed. */
import { RapportError } from '../../domain/error.ts'
import { rowsOf } from '../../math/columns.ts'
import type { Random } from '../../math/random.ts'
import type { PropensityInput } from './propensity-model.ts'

const refuse = (detail: string): never => {
  throw new RapportError('invalid_analysis', detail)
}

/** @throws RapportError invalid_analysis */
export function checkInput({
  features,
  names,
  outcomes,
  groups,
  folds = 5,
}: PropensityInput): void {
  const rows = outcomes.length
  if (rows === 0) refuse('There are no rows to learn from.')
  if (features.length === 0) refuse('There are no features to learn from.')
  if (names.length !== features.length)
    refuse(`There are ${features.length} features and ${names.length} names.`)
  if (new Set(names).size !== names.length) refuse('Two features have the same name.')
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= 20))
    refuse(`The number of folds is a whole number from 2 to 20, not ${folds}.`)
  if (groups && groups.length !== rows)
    refuse(`There are ${groups.length} groups for ${rows} rows.`)
  const strange = outcomes.findIndex((outcome) => outcome > 1)
  if (strange >= 0) refuse(`The outcome of row ${strange} is ${outcomes[strange]}, not 0 or 1.`)
  features.forEach((column, f) => {
    if (column.length !== rows)
      refuse(`Feature ${names[f]} has ${column.length} values for ${rows} rows.`)
    const endless = column.findIndex((value) => Math.abs(value) > 1e100)
    if (endless >= 0)
      refuse(`Feature ${names[f]} is ${column[endless]} in row ${endless}: numbers go up to 1e100.`)
  })
}

/** So many rows of it, drawn without putting back. */
export function sampleRows(input: PropensityInput, random: Random): PropensityInput {
  const { features, outcomes, groups, mostRows = 100_000 } = input
  const size = outcomes.length
  if (size <= mostRows) return input
  const rows = new Int32Array(mostRows)
  for (let i = 0, taken = 0; taken < mostRows; i++) {
    if (random.next() * (size - i) < mostRows - taken) rows[taken++] = i
  }
  return {
    ...input,
    features: features.map((column) => rowsOf(column, rows)),
    outcomes: Uint8Array.from(rows, (row) => outcomes[row] ?? 0),
    ...(groups ? { groups: Int32Array.from(rows, (row) => groups[row] ?? 0) } : {}),
  }
}
