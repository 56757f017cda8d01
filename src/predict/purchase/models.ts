/** The models of repeat purchases, by their kind. */
import { geometricDropoutLoss, type Shift } from './geometric-dropout.ts'
import { geometricForecast } from './geometric-forecast.ts'
import { paretoForecast } from './pareto-forecast.ts'
import { paretoLoss } from './pareto-nbd.ts'
import type { PurchaseKind, PurchaseModel } from './purchase-model.ts'

function geometric(shift: Shift): PurchaseModel {
  return {
    names: ['r', 'alpha', 'a', 'b'],
    loss: (data) => geometricDropoutLoss(data, shift),
    start: (rate) => [0.5, 0.5 / rate, 0.8, 2],
    forecast: (parameters) => geometricForecast(parameters, shift),
  }
}

const pareto: PurchaseModel = {
  names: ['r', 'alpha', 's', 'beta'],
  loss: paretoLoss,
  start: (rate) => [0.5, 0.5 / rate, 0.5, 0.5 / rate],
  forecast: paretoForecast,
}

const models: Readonly<Record<PurchaseKind, PurchaseModel>> = {
  bgnbd: geometric(0),
  mbgnbd: geometric(1),
  paretonbd: pareto,
}

export const purchaseModel = (kind: PurchaseKind): PurchaseModel => models[kind]
