/** Predictions in words and figures. */
import type {
  BacktestView,
  PredictionModelView,
  QuantityView,
} from '../../src/domain/prediction-view.ts'
import { formatMoney, formatNumber } from '../ui/number.ts'

type Unit = Pick<QuantityView, 'unit' | 'currency'>

export function sayValue(value: number, { unit, currency }: Unit): string {
  if (unit === 'chance') return sayChance(value)
  if (unit === 'money') return formatMoney(Math.round(value), currency ?? '')
  return formatNumber(value, value < 10 ? 1 : 0)
}

/** Never 0 % nor 100 %: nothing is that sure. */
export function sayChance(value: number): string {
  const percent = value * 100
  if (percent > 0 && percent < 1) return 'under 1 %'
  if (percent < 100 && percent > 99) return 'over 99 %'
  return `${formatNumber(percent, 0)} %`
}

export function sayRange(low: number, high: number, unit: Unit): string {
  const digits = unit.unit === 'count' ? formatNumber : null
  const ends = digits
    ? [digits(low, 0), digits(high, 0)]
    : unit.unit === 'chance'
      ? [formatNumber(low * 100, 0), sayChance(high)]
      : [sayValue(low, unit), sayValue(high, unit)]
  return `${ends[0]} to ${ends[1]}`
}

export const stateWords: Readonly<Record<PredictionModelView['state'], string>> = {
  none: 'Never fitted',
  fitting: 'Being fitted',
  serving: 'Serves',
  refused: 'Not served',
  failed: 'Fit failed',
}

export const measureWords: Readonly<Record<BacktestView['measure'], string>> = {
  log_loss: 'log-loss',
  mean_absolute_error: 'mean absolute error',
}

/** How far people are from those a model was fitted on. */
export function sayDrift(index: number): string {
  if (index < 0.1) return 'steady'
  return index <= 0.25 ? 'moved a little' : 'changed'
}
