/** What `rapport predict` does. */
import { RapportError } from '../domain/error.ts'
import { expectedSpend } from '../predict/purchase/gamma-gamma.ts'
import { modelOfText, readModel, type NamedModel } from './read-model.ts'
import { purchaseKinds } from '../predict/purchase/purchase-model.ts'
import { purchasePredictor } from '../predict/purchase/predict-purchases.ts'
import { readContracts } from './predict-contracts.ts'
import { readHistories, type HistoryFile } from './read-histories.ts'
import { typicalCounts } from '../predict/purchase/typical-counts.ts'
import type { HistorySource } from './history-source.ts'
import type { Output } from './output.ts'

export interface PredictRequest {
  readonly output: Output
  readonly source: HistorySource
  /** A file, or parameters as a text. */
  readonly model: string | null
  readonly parameters: string | null
  readonly spendModel: string | null
  readonly horizon: number
  /** Of contracts, per period. */
  readonly discount: number
}

type Prediction = Readonly<Record<string, number>>
type Predict = (row: number) => Prediction

export async function runPredict(request: PredictRequest): Promise<void> {
  const model = await modelOf(request)
  if (model.kind === 'sbg') {
    const { rows, name, predict } = await readContracts({ ...request, model })
    sayAll(request.output, { rows, name, predict })
    return
  }
  await predictPurchases(request, model)
}

async function predictPurchases(request: PredictRequest, model: NamedModel): Promise<void> {
  const { output, source } = request
  const spendModel = request.spendModel === null ? null : await readModel(request.spendModel)
  const worthOnly = model.kind === 'gammagamma'
  const needed = worthOnly ? 'spend' : spendModel === null ? 'histories' : 'both'
  const file = await readHistories(source, needed)
  const predict = predictorOf({ model, spendModel, file, horizon: request.horizon })
  sayAll(output, {
    rows: file.histories.frequency.length,
    name: (row) => file.name(row),
    predict,
  })
}

interface Predicted {
  readonly rows: number
  readonly name: (row: number) => string
  readonly predict: Predict
}

function sayAll(output: Output, { rows, name, predict }: Predicted): void {
  for (let row = 0; row < rows; row++) {
    const one = predict(row)
    const id = name(row)
    if (row === 0 && !output.json) output.say(['id', ...Object.keys(one)].join(','), {})
    output.say([quoted(id), ...Object.values(one).map(short)].join(','), { id, ...one })
  }
}

async function modelOf({ model, parameters }: PredictRequest): Promise<NamedModel> {
  if (model !== null) return await readModel(model)
  if (parameters !== null) return modelOfText(parameters)
  throw new RapportError('invalid_analysis', 'Name a fitted model: --model or --parameters.')
}

interface Asked {
  readonly model: NamedModel
  readonly spendModel: NamedModel | null
  readonly file: HistoryFile
  readonly horizon: number
}

function predictorOf({ model, spendModel, file, horizon }: Asked): Predict {
  const { frequency, recency, age } = file.histories
  const worth = (parameters: NamedModel['parameters'], row: number) =>
    expectedSpend(parameters, { frequency: frequency[row] ?? 0, spend: file.spend?.[row] ?? 0 })
  if (model.kind === 'gammagamma')
    return (row) => {
      const { expected, interval } = worth(model.parameters, row)
      return { expected, low: interval.low, high: interval.high }
    }
  const kind = purchaseKinds.find((one) => one === model.kind)
  if (kind === undefined)
    throw new RapportError(
      'invalid_analysis',
      `Models to predict by are ${purchaseKinds.join(', ')}, gammagamma and sbg, not "${model.kind}".`,
    )
  const fit = { kind, parameters: model.parameters }
  const predict = purchasePredictor(fit, horizon)
  const typical = typicalCounts(fit, file.histories, horizon).counts
  return (row) => {
    const history = {
      frequency: frequency[row] ?? 0,
      recency: recency[row] ?? 0,
      age: age[row] ?? 0,
    }
    const { alive, expected, interval, any } = predict(history)
    const each = spendModel ? worth(spendModel.parameters, row).expected : null
    return {
      ...{ alive, expected, low: interval.low, high: interval.high, any },
      typical: typical[row] ?? 0,
      ...(each === null ? {} : { spend: each, value: expected * each }),
    }
  }
}

const short = (value: number): string => String(Number(value.toPrecision(8)))

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
