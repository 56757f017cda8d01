/** What `rapport fit bgnbd|mbgnbd|paretonbd` does. */
import { fitAsData, fitInWords } from './say-fit.ts'
import { fitPurchaseModel } from '../predict/purchase/fit-purchase-model.ts'
import { holdoutReport, type HoldoutReport } from '../predict/purchase/holdout.ts'
import { readHistories } from './read-histories.ts'
import type { HistorySource } from './history-source.ts'
import type { Output } from './output.ts'
import type { PurchaseKind } from '../predict/purchase/purchase-model.ts'

export interface FitPurchasesRequest {
  readonly output: Output
  readonly kind: PurchaseKind
  readonly source: HistorySource
}

export async function runFitPurchases({
  output,
  kind,
  source,
}: FitPurchasesRequest): Promise<void> {
  const { histories, held, rows: lines } = await readHistories(source, 'histories')
  const fit = fitPurchaseModel(kind, histories)
  const holdout = held === null ? null : holdoutReport(fit, held)
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

function holdoutInWords(holdout: HoldoutReport): string[] {
  const { time, actual, predicted, meanAbsoluteError, rootMeanSquareError, coverage } = holdout
  return [
    `Held out (${Number(time.toFixed(2))}): ${actual} purchases came, ${predicted.toFixed(1)} were foretold;`,
    `a customer is off by ${meanAbsoluteError.toFixed(4)} (root mean square ${rootMeanSquareError.toFixed(4)}),`,
    `and ${(100 * coverage).toFixed(1)} % lie inside their interval of 95 %.`,
  ]
}
