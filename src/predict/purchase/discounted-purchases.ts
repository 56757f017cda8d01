/**
 * Purchases to come, worth less the later they come (discounted expected residual transactions:
 * Fader, Hardie and Lee, "RFM and CLV", Journal of Marketing Research 42, 2005, section 3). By parts,
 *
 *   integral of e^(-d t) Y'(t) dt from 0 to h = e^(-d h) Y(h) + d * integral of e^(-d t) Y(t) dt,
 *
 * where Y(t) are the expected purchases up to t and d the discount in a unit of time. Times the
 * expected worth of a purchase (Gamma-Gamma) and a margin it is the customer's lifetime value.
 */
import { RapportError } from '../../domain/error.ts'
import { gaussLegendre } from '../../math/gauss-legendre.ts'
import type { PurchaseForecast } from './purchase-model.ts'
import type { PurchaseHistory } from './histories.ts'

export interface Discount {
  /** Continuous, in a unit of time: ln(1 + yearly rate) / units in a year. Above 0, or 0 with an end. */
  readonly rate: number
  /** Until when; Infinity for ever. */
  readonly horizon: number
}

const rule = gaussLegendre(24)
const panels = 6
/** What comes when e^-45 is left of its worth is worth nothing. */
const deepest = 45

/** Of a customer, or of a new one where `history` is null (repeat purchases only). */
export function discountedPurchases(
  forecast: PurchaseForecast,
  history: PurchaseHistory | null,
  { rate, horizon }: Discount,
): number {
  if (!(rate >= 0 && rate < Infinity && horizon >= 0 && (rate > 0 || horizon < Infinity)))
    throw new RapportError(
      'invalid_analysis',
      'The discount rate must be above 0, or 0 with a finite horizon.',
    )
  const upTo = (t: number): number =>
    history === null ? forecast.expectedNew(t) : forecast.expected(history, t)
  if (rate === 0) return upTo(horizon)
  const end = Math.min(horizon, deepest / rate)
  // In v = ln(1 + t / unit): Y bends most at the beginning.
  const unit = Math.min(end, 1 / rate) / 64
  const half = Math.log1p(end / unit) / panels / 2
  let sum = 0
  for (let panel = 0; panel < panels; panel++) {
    for (let i = 0; i < 2 * rule.nodes.length; i++) {
      const node = (i & 1 ? -1 : 1) * (rule.nodes[i >> 1] ?? 0)
      const v = (2 * panel + 1 + node) * half
      const t = unit * Math.expm1(v)
      sum += (rule.weights[i >> 1] ?? 0) * half * (t + unit) * Math.exp(-rate * t) * upTo(t)
    }
  }
  return Math.exp(-rate * end) * upTo(end) + rate * sum
}
