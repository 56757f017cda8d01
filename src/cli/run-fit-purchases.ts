/** What `rapport fit bgnbd|mbgnbd|paretonbd` does. */
import { RapportError } from '../domain/error.ts'
import { fitAsData, fitInWords } from './say-fit.ts'
import { fitHoneymoon } from '../predict/purchase/honeymoon.ts'
import { fitPurchaseModel, type PurchaseFit } from '../predict/purchase/fit-purchase-model.ts'
import { holdoutReport, type HoldoutReport } from '../predict/purchase/holdout.ts'
import { readHistories, type HistoryFile } from './read-histories.ts'
import { typicalCounts } from '../predict/purchase/typical-counts.ts'
import type { HistorySource } from './history-source.ts'
import type { Output } from './output.ts'
import type { PurchaseKind } from '../predict/purchase/purchase-model.ts'
import type { PurchaseSummaries } from '../predict/purchase/summarise-transactions.ts'

export interface FitPurchasesRequest {
  readonly output: Output
  readonly kind: PurchaseKind
  readonly honeymoon: boolean
  readonly source: HistorySource
}

export async function runFitPurchases(request: FitPurchasesRequest): Promise<void> {
  const { output, kind, source } = request
  const file = await readHistories(source, 'histories')
  const { histories, held, rows: lines } = file
  const fit = fitAs(request, file)
  const holdout =
    held === null ? null : { ...holdoutReport(fit, held), ...typicalReport(fit, held) }
  const { customers, rows } = fit
  const purchases = histories.frequency.reduce(
    (sum, x, i) => sum + x * (histories.weight?.[i] ?? 1),
    0,
  )
  const said = [
    `${customers} customers with ${purchases} repeat purchases (${rows} different histories).`,
    ...fitInWords(fit),
    ...(holdout ? holdoutInWords(holdout) : []),
  ]
  const unit = source.transactions === null ? null : source.transactions.unit === 7 ? 'week' : 'day'
  output.say(said.join('\n'), {
    ...fitAsData(kind, fit),
    ...{ customers, purchases, histories: rows, lines, unit, holdout },
  })
}

function fitAs({ kind, honeymoon }: FitPurchasesRequest, file: HistoryFile): PurchaseFit {
  if (!honeymoon || kind === 'paretonbd') return fitPurchaseModel(kind, file.histories)
  if (file.repeatTimes === null)
    throw new RapportError(
      'invalid_analysis',
      'A honeymoon needs to know when each purchase was: give transactions (--customer, --date).',
    )
  return fitHoneymoon(kind, file.histories, file.repeatTimes)
}

interface TypicalReport {
  readonly typicalTotal: number
  /** Mean absolute error of the whole numbers that add up to what is expected. */
  readonly typicalMeanAbsoluteError: number
}

function typicalReport(fit: PurchaseFit, held: PurchaseSummaries): TypicalReport {
  const { counts, total } = typicalCounts(fit, held, held.heldTime)
  const wrong = counts.reduce(
    (sum, count, i) => sum + Math.abs(count - (held.heldPurchases[i] ?? 0)),
    0,
  )
  return { typicalTotal: total, typicalMeanAbsoluteError: wrong / counts.length }
}

function holdoutInWords(holdout: HoldoutReport & TypicalReport): string[] {
  const { time, actual, predicted, meanAbsoluteError, rootMeanSquareError, coverage } = holdout
  const { typicalMeanAbsoluteError } = holdout
  return [
    `Held out (${Number(time.toFixed(2))}): ${actual} purchases came, ${predicted.toFixed(1)} were foretold;`,
    `a customer is off by ${meanAbsoluteError.toFixed(4)} (root mean square ${rootMeanSquareError.toFixed(4)},`,
    `by whole numbers with the same total ${typicalMeanAbsoluteError.toFixed(4)}),`,
    `and ${(100 * coverage).toFixed(1)} % lie inside their interval of 95 %.`,
  ]
}
