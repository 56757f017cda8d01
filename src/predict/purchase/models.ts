/** The models of repeat purchases, by their kind. */
import { geometricDropoutLoss, type Shift } from './geometric-dropout.ts'
import { geometricForecast } from './geometric-forecast.ts'
import type { PurchaseKind, PurchaseModel } from './purchase-model.ts'

function geometric(shift: Shift): PurchaseModel {
  return {
    names: ['r', 'alpha', 'a', 'b'],
    loss: (data) => geometricDropoutLoss(data, shift),
    start: (rate) => [0.5, 0.5 / rate, 0.8, 2],
    forecast: (parameters) => geometricForecast(parameters, shift),
  }
}

const models: Readonly<Record<string, PurchaseModel>> = {
  bgnbd: geometric(0),
  mbgnbd: geometric(1),
}

export function purchaseModel(kind: PurchaseKind): PurchaseModel {
  const model = models[kind]
  if (!model) throw new RangeError(`There is no model ${kind}.`)
  return model
}
