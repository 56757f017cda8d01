/**
 * How sure a chance of being still a buyer is, given how sure the parameters are: delta method on the
 * log-odds, over the logarithms of the parameters (G. W. Oehlert, "A note on the delta method", The
 * American Statistician 46, 1992), with derivatives by central differences.
 */
import { forecastOf } from './purchase/predict-purchases.ts'
import { twoSidedDeviate } from '../math/normal.ts'
import { usualConfidence, type Interval } from '../math/interval.ts'
import type { Parameters, PurchaseForecast, PurchaseKind } from './purchase/purchase-model.ts'
import type { PurchaseHistory } from './purchase/histories.ts'

export interface StoredPurchaseFit {
  readonly kind: PurchaseKind
  readonly parameters: Parameters
  /** Of the logarithms of the parameters, row by row; null where it is not known. */
  readonly logCovariance: readonly number[] | null
}

const step = 1e-4
const logit = (p: number): number => Math.log(p / (1 - p))

export function aliveIntervalOf({ kind, parameters, logCovariance }: StoredPurchaseFit): (history: PurchaseHistory, alive: number) => Interval {
  const names = Object.keys(parameters)
  const moved = (name: string, by: number): PurchaseForecast =>
    forecastOf(kind, { ...parameters, [name]: (parameters[name] ?? 1) * Math.exp(by) })
  const sides = names.map((name) => ({ up: moved(name, step), down: moved(name, -step) }))
  const z = twoSidedDeviate(usualConfidence)
  return (history, alive) => {
    if (logCovariance === null || !(alive > 0 && alive < 1)) return { low: alive, high: alive }
    const slopes = sides.map(({ up, down }) => (logit(up.alive(history)) - logit(down.alive(history))) / (2 * step))
    let variance = 0
    slopes.forEach((one, i) =>
      slopes.forEach((other, j) => { variance += one * other * (logCovariance[i * names.length + j] ?? 0) }),
    )
    if (!(variance >= 0 && Number.isFinite(variance))) return { low: alive, high: alive }
    const half = z * Math.sqrt(variance)
    const at = (log: number): number => 1 / (1 + Math.exp(-log))
    return { low: at(logit(alive) - half), high: at(logit(alive) + half) }
  }
} // prettier-ignore
