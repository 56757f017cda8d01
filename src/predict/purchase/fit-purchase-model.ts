/** A model of repeat purchases, fitted to the histories of customers. */
import { collapseHistories } from './collapse.ts'
import {
  maximiseLikelihood,
  type LikelihoodFit,
  type LikelihoodProblem,
  type LogPrior,
} from './maximum-likelihood.ts'
import { purchaseModel } from './models.ts'
import type { PurchaseHistories } from './histories.ts'
import type { PurchaseKind } from './purchase-model.ts'

export interface PurchaseFit extends LikelihoodFit {
  readonly kind: PurchaseKind
  readonly customers: number
  /** Different histories among them. */
  readonly rows: number
}

export interface PurchaseFitOptions {
  /** Normal priors on the logarithms of the parameters, in the order of their names. */
  readonly prior?: LogPrior
}

/**
 * @throws RapportError invalid_analysis: a faulty history (with its row), none, or no weight.
 */
export function fitPurchaseModel(
  kind: PurchaseKind,
  histories: PurchaseHistories,
  { prior }: PurchaseFitOptions = {},
): PurchaseFit {
  const data = collapseHistories(histories)
  const model = purchaseModel(kind)
  const fit = maximiseLikelihood({
    names: model.names,
    loss: model.loss(data),
    cases: data.customers,
    start: model.start(meanRate(histories)),
    ...sampleOf(kind, histories),
    ...(prior ? { prior } : {}),
  })
  return { kind, customers: data.customers, rows: data.size, ...fit }
}

/** Repeat purchases in a unit of time; half a purchase is added, so that it is above 0. */
function meanRate({ frequency, age, weight }: PurchaseHistories): number {
  let [purchases, time] = [0.5, 0]
  for (let i = 0; i < frequency.length; i++) {
    const one = weight?.[i] ?? 1
    purchases += one * (frequency[i] ?? 0)
    time += one * (age[i] ?? 0)
  }
  return time > 0 ? purchases / time : 1
}

const manyRows = 200_000
const sampledRows = 40_000

function sampleOf(kind: PurchaseKind, histories: PurchaseHistories): Partial<LikelihoodProblem> {
  const { frequency, recency, age, weight } = histories
  if (frequency.length < manyRows) return {}
  const step = Math.floor(frequency.length / sampledRows)
  const thin = (column: Float64Array): Float64Array =>
    Float64Array.from({ length: sampledRows }, (_, i) => column[i * step] ?? 0)
  const thinned = { frequency: thin(frequency), recency: thin(recency), age: thin(age) }
  const weights = weight && thin(weight)
  if (weights && !weights.some((one) => one > 0)) return {}
  const data = collapseHistories({ ...thinned, ...(weights ? { weight: weights } : {}) })
  return { sample: { loss: purchaseModel(kind).loss(data), cases: data.customers } }
}
