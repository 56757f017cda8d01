/** What customers under contract will do, by a fitted shifted-beta-geometric model. */
import { RapportError } from '../domain/error.ts'
import { mostPeriods } from '../predict/survival/renewals.ts'
import {
  discountedResidualLifetime,
  retentionRate,
  survivors,
} from '../predict/survival/shifted-beta-geometric.ts'
import { numbersOf, readColumns, rowNames } from './read-columns.ts'
import type { HistorySource } from './history-source.ts'
import type { NamedModel } from './read-model.ts'

export interface ContractFile {
  readonly rows: number
  name(row: number): string
  predict(row: number): ContractPrediction
}

export interface ContractPrediction extends Readonly<Record<string, number>> {
  /** Chance to renew the next time. */
  readonly renews: number
  /** Chance to be there still after so many further renewals as the horizon says. */
  readonly stays: number
  /** Discounted periods still to come, the one of the next renewal first. */
  readonly lifetime: number
}

export interface ContractQuestion {
  readonly model: NamedModel
  readonly source: HistorySource
  readonly horizon: number
  /** Per period. */
  readonly discount: number
  /** What purchases are worth: nothing that a contract could be asked. */
  readonly spendModel: string | null
}

/**
 * Reads how often each has renewed from the column of ages.
 * @throws RapportError invalid_analysis: ages or a horizon that are no whole numbers of periods.
 */
export async function readContracts(question: ContractQuestion): Promise<ContractFile> {
  const { model, source, horizon, discount, spendModel } = question
  const { alpha = Number.NaN, beta = Number.NaN } = model.parameters
  if (!(alpha > 0 && beta > 0))
    throw new RapportError('invalid_analysis', 'The model sbg needs alpha and beta, above 0.')
  if (source.transactions !== null)
    throw new RapportError('invalid_analysis', 'The model sbg reads renewals (--age), no transactions.') // prettier-ignore
  if (spendModel !== null)
    throw new RapportError('invalid_analysis', '--spend-model goes with purchases, not with the model sbg.') // prettier-ignore
  wholePeriods(horizon, '--horizon')
  const { age, id } = source.summary
  const columns = await readColumns({
    ...{ file: source.file, delimiter: source.delimiter, header: source.header },
    ...{ numbers: [age], texts: [id], optional: [id] },
  })
  const renewals = numbersOf(columns, age)
  renewals.forEach((count, row) => wholePeriods(count, `Row ${row + 1} of "${age}"`))
  return {
    rows: columns.rows,
    name: rowNames(columns, id),
    predict(row) {
      const count = renewals[row] ?? 0
      return {
        renews: retentionRate({ alpha, beta }, count + 1),
        stays: survivors({ alpha, beta }, count + horizon, count),
        lifetime: discountedResidualLifetime({ alpha, beta }, count, discount),
      }
    },
  }
}

function wholePeriods(count: number, what: string): void {
  if (Number.isInteger(count) && count >= 0 && count <= mostPeriods) return
  throw new RapportError(
    'invalid_analysis',
    `${what} is ${count}: renewals are counted, from 0 to ${mostPeriods}.`,
  )
}
