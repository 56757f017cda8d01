/** What `rapport fit gammagamma` does. */
import { expectedSpend, fitGammaGamma } from '../predict/purchase/gamma-gamma.ts'
import { fitAsData, fitInWords } from './say-fit.ts'
import { readHistories } from './read-histories.ts'
import type { HistorySource } from './history-source.ts'
import type { Output } from './output.ts'

export interface FitGammaGammaRequest {
  readonly output: Output
  readonly source: HistorySource
}

/** A dependence that the model, which assumes none, should not be used with unawares. */
const strongCorrelation = 0.3

export async function runFitGammaGamma({ output, source }: FitGammaGammaRequest): Promise<void> {
  const { histories, spend, rows: lines } = await readHistories(source, 'spend')
  const { frequency, weight } = histories
  const fit = fitGammaGamma({
    ...{ frequency, spend: spend ?? new Float64Array() },
    ...(weight ? { weight } : {}),
  })
  const { customers, ignored, correlation } = fit
  const average = expectedSpend(fit.parameters, { frequency: 0, spend: 0 }).expected
  const said = [
    `${customers} customers with repeat purchases of some worth; ${ignored} without.`,
    ...fitInWords(fit),
    `A purchase of somebody unknown is worth ${average.toFixed(2)}.`,
  ]
  if (correlation !== null && Math.abs(correlation) > strongCorrelation)
    said.push(
      `Number and worth of purchases go together (correlation ${correlation.toFixed(2)}): the model assumes that they do not.`,
    )
  output.say(said.join('\n'), {
    ...fitAsData('gammagamma', fit),
    ...{ customers, ignored, correlation, expectedSpend: average, lines },
  })
}
