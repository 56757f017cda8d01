/** What one customer will do next, by a fitted model. */
import { RapportError } from '../../domain/error.ts'
import { usualConfidence, type Interval } from '../../math/interval.ts'
import { checkHistory, type PurchaseHistory } from './histories.ts'
import { honeymoonForecast } from './honeymoon.ts'
import { purchaseModel } from './models.ts'
import type { Parameters, PurchaseForecast, PurchaseKind } from './purchase-model.ts'

export interface PurchasePrediction {
  /** Probability that the customer is still one. */
  readonly alive: number
  /** Expected purchases within the horizon. */
  readonly expected: number
  /** The range of whole counts that holds the true one with the confidence, at least. */
  readonly interval: Interval
  /** Probability of at least one purchase within the horizon. */
  readonly any: number
}

/** Parameters as `fitPurchaseModel` gives them; the rest of a fit is not needed. */
export interface FittedPurchases {
  readonly kind: PurchaseKind
  readonly parameters: Parameters
}

/** Counts beyond are put together: nobody plans for the difference. */
const mostCounted = 10_000

/**
 * @param horizon time after the age, in the unit of the times; from 0
 * @throws RapportError invalid_analysis for an impossible history or horizon.
 */
export function predictPurchases(
  fit: FittedPurchases,
  history: PurchaseHistory,
  horizon: number,
  confidence = usualConfidence,
): PurchasePrediction {
  return purchasePredictor(fit, horizon, confidence)(history)
}

/** The same for many customers: what depends on the fit alone is done once. */
export function purchasePredictor(
  { kind, parameters }: FittedPurchases,
  horizon: number,
  confidence = usualConfidence,
): (history: PurchaseHistory) => PurchasePrediction {
  checkHorizon(horizon)
  const forecast = forecastOf(kind, parameters)
  return (history) => {
    checkHistory(history)
    const expected = forecast.expected(history, horizon)
    return {
      alive: forecast.alive(history),
      expected,
      interval: countInterval(forecast, history, { horizon, expected, confidence }),
      any: forecast.nextWithin(history, horizon),
    }
  }
}

/**
 * @throws RapportError invalid_analysis where a parameter is missing or not above 0.
 */
export function forecastOf(kind: PurchaseKind, parameters: Parameters): PurchaseForecast {
  const model = purchaseModel(kind)
  for (const name of model.names) {
    const value = parameters[name]
    if (value === undefined || !(value > 0 && value < Infinity))
      throw new RapportError(
        'invalid_analysis',
        `The model ${kind} needs the parameters ${model.names.join(', ')}, each above 0.`,
      )
  }
  const { boost, fade } = parameters
  const forecast = model.forecast(parameters)
  if (boost === undefined && fade === undefined) return forecast
  return honeymoonForecast(kind, forecast, { boost: boost ?? 0, fade: fade ?? 0 })
}

export function checkHorizon(horizon: number): void {
  if (!(horizon >= 0 && horizon < Infinity))
    throw new RapportError('invalid_analysis', 'The horizon must be a number from 0.')
}

interface Asked {
  readonly horizon: number
  readonly expected: number
  readonly confidence: number
}

/** Equal tails, but all of the rest above where nothing at all is likely enough. */
function countInterval(
  forecast: PurchaseForecast,
  history: PurchaseHistory,
  { horizon, expected, confidence }: Asked,
): Interval {
  const tail = (1 - confidence) / 2
  for (let most = Math.ceil(8 + 4 * expected); ; most *= 4) {
    const room = Math.min(most, mostCounted)
    const counts = forecast.counts(history, horizon, room)
    let [sum, low, high] = [0, -1, -1]
    for (let n = 0; n <= room && high < 0; n++) {
      sum += counts[n] ?? 0
      if (low < 0 && sum > tail) low = n
      if (sum >= 1 - tail) high = n
    }
    if (high >= 0) return { low: Math.max(0, low), high }
    if (room === mostCounted) return { low: Math.max(0, low), high: mostCounted }
  }
}
