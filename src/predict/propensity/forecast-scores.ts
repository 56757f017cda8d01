/**
 * How good chances were, once what happened is known. Log-loss and Brier score are proper: only the true
 * chances make them least (T. Gneiting and A. Raftery, JASA 102, 2007). AUC is the chance that of two
 * rows, one with and one without the outcome, the one with was ranked higher (J. Hanley and B. McNeil,
 * Radiology 143, 1982).
 */
import { RapportError } from '../../domain/error.ts'
import { calibrationError, calibrationTable } from './calibration-table.ts'

export interface ForecastScores {
  readonly rows: number
  readonly positives: number
  /** Mean, in nats. A forecast of 0 or 1 counts as 1e-15 from it. */
  readonly logLoss: number
  /** Mean squared distance. */
  readonly brier: number
  /** Null where there is one outcome only. */
  readonly auc: number | null
  readonly meanForecast: number
  readonly baseRate: number
  readonly calibrationError: number
}

/** @throws RapportError invalid_analysis for no rows, other lengths, chances beyond 0 and 1. */
export function judgeForecasts(forecasts: Float64Array, outcomes: Uint8Array): ForecastScores {
  const rows = outcomes.length
  if (rows === 0 || forecasts.length !== rows)
    throw new RapportError('invalid_analysis', 'There must be as many forecasts as outcomes.')
  let [loss, squares, sum, positives] = [0, 0, 0, 0]
  for (let i = 0; i < rows; i++) {
    const forecast = forecasts[i] ?? Number.NaN
    const outcome = outcomes[i] ?? 0
    if (!(forecast >= 0 && forecast <= 1))
      throw new RapportError('invalid_analysis', `Forecast ${i} is ${forecast}, not a chance.`)
    loss += logLoss(forecast, outcome)
    squares += (forecast - outcome) ** 2
    sum += forecast
    positives += outcome
  }
  return {
    ...{ rows, positives, logLoss: loss / rows, brier: squares / rows },
    auc: areaUnderCurve(forecasts, outcomes),
    ...{ meanForecast: sum / rows, baseRate: positives / rows },
    calibrationError: calibrationError(calibrationTable(forecasts, outcomes)),
  }
}

export function logLoss(forecast: number, outcome: number): number {
  const kept = Math.min(1 - 1e-15, Math.max(1e-15, forecast))
  return outcome === 1 ? -Math.log(kept) : -Math.log1p(-kept)
}

/** Ties count half. Null where one outcome does not occur. */
export function areaUnderCurve(scores: Float64Array, outcomes: ArrayLike<number>): number | null {
  const order = Uint32Array.from(scores, (_, i) => i).sort(
    (a, b) => (scores[a] ?? 0) - (scores[b] ?? 0),
  )
  let [negatives, positives, won] = [0, 0, 0]
  for (let at = 0; at < order.length;) {
    const score = scores[order[at] ?? 0]
    let [good, bad] = [0, 0]
    for (; at < order.length && scores[order[at] ?? 0] === score; at++) {
      if (outcomes[order[at] ?? 0] === 1) good++
      else bad++
    }
    won += good * (negatives + bad / 2)
    positives += good
    negatives += bad
  }
  return positives === 0 || negatives === 0 ? null : won / positives / negatives
}
