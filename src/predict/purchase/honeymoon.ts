/**
 * BG/NBD and MBG/NBD with a honeymoon, an extension of our own: purchases come more often right after
 * the first one, at 1 + boost times the later rate, and the excess fades exponentially,
 *
 *   rate(t) = lambda (1 + boost e^(-fade t)),  clock g(t) = t + boost (1 - e^(-fade t)) / fade.
 *
 * In the time of that clock customers buy as the models say, so the likelihood is theirs at g(t_x)
 * and g(T), times the product of g'(t) over all repeat purchases (a change of variables of the
 * Poisson process; Cox and Lewis, The Statistical Analysis of Series of Events, 1966, section 3.2).
 * What the plain models must take for customers who leave early is then seen as what it is, and less
 * dropout is foretold. boost = 0 is the plain model, so the log-likelihoods can be compared.
 */
import { RapportError } from '../../domain/error.ts'
import { collapseHistories, type CollapsedHistories } from './collapse.ts'
import { geometricDropoutLoss } from './geometric-dropout.ts'
import { maximiseLikelihood } from './maximum-likelihood.ts'
import type { PurchaseFit } from './fit-purchase-model.ts'
import type { PurchaseForecast, PurchaseKind } from './purchase-model.ts'
import type { PurchaseHistories, PurchaseHistory } from './histories.ts'
import type { SmoothFunction } from '../../math/minimise.ts'

export type HoneymoonKind = 'bgnbd' | 'mbgnbd'

export interface Clock {
  readonly boost: number
  /** In one over the unit of the times. */
  readonly fade: number
}

/** g(t) */
export const clockTime = ({ boost, fade }: Clock, t: number): number =>
  t - (boost * Math.expm1(-fade * t)) / fade

/**
 * @param repeatTimes when each repeat purchase of these histories was, since the first of its
 *   customer, in any order: as many as the frequencies add up to. Rows have no weights here.
 * @throws RapportError invalid_analysis: faulty histories, times that do not go with them, or nobody
 *   who bought again.
 */
export function fitHoneymoon(
  kind: HoneymoonKind,
  histories: PurchaseHistories,
  repeatTimes: Float64Array,
): PurchaseFit {
  const data = collapseHistories(histories)
  const purchases = histories.frequency.reduce((sum, x) => sum + x, 0)
  if (histories.weight || repeatTimes.length !== purchases || purchases === 0)
    throw new RapportError(
      'invalid_analysis',
      `A honeymoon needs the time of each of ${purchases} repeat purchases, and rows without weight.`,
    )
  const watched = data.times.reduce((most, time) => Math.max(most, time), 0)
  const time = histories.age.reduce((sum, age) => sum + age, 0)
  const fit = maximiseLikelihood({
    names: ['r', 'alpha', 'a', 'b', 'boost', 'fade'],
    loss: honeymoonLoss(kind, data, repeatTimes),
    cases: data.customers,
    start: [0.5, (0.5 * time) / purchases, 0.8, 2, 0.5, 8 / watched],
  })
  return { kind, customers: data.customers, rows: data.size, ...fit }
}

/** Minus the mean log-likelihood, in the logarithms of r, alpha, a, b, boost, fade. */
export function honeymoonLoss(
  kind: HoneymoonKind,
  data: CollapsedHistories,
  repeatTimes: Float64Array,
): SmoothFunction {
  const warped = new Float64Array(data.times.length)
  const byTime = new Float64Array(data.times.length)
  const plain = geometricDropoutLoss({ ...data, times: warped }, kind === 'bgnbd' ? 0 : 1, byTime)
  const events = new Map<number, number>()
  for (const t of repeatTimes) events.set(t, (events.get(t) ?? 0) + 1)
  const inner = new Float64Array(4)
  return (point, gradient) => {
    const boost = Math.exp(point[4] ?? 0)
    const fade = Math.exp(point[5] ?? 0)
    for (let i = 0; i < warped.length; i++)
      warped[i] = clockTime({ boost, fade }, data.times[i] ?? 0)
    let value = -data.customers * plain(point.subarray(0, 4), inner)
    let [byBoost, byFade] = [0, 0]
    for (let i = 0; i < warped.length; i++) {
      const t = data.times[i] ?? 0
      const gone = -Math.expm1(-fade * t) / fade
      byBoost += (byTime[i] ?? 0) * gone
      byFade += ((byTime[i] ?? 0) * boost * (t * Math.exp(-fade * t) - gone)) / fade
    }
    for (const [t, count] of events) {
      const left = Math.exp(-fade * t)
      const rate = 1 + boost * left
      value += count * Math.log(rate)
      byBoost += (count * left) / rate
      byFade -= (count * boost * t * left) / rate
    }
    gradient.set(inner)
    gradient[4] = (-boost * byBoost) / data.customers
    gradient[5] = (-fade * byFade) / data.customers
    return -value / data.customers
  }
}

/** Forecasts of the plain model, asked by the clock. */
export function honeymoonForecast(
  kind: PurchaseKind,
  plain: PurchaseForecast,
  clock: Clock,
): PurchaseForecast {
  if (kind === 'paretonbd' || !(clock.boost >= 0 && clock.fade > 0 && clock.fade < Infinity))
    throw new RapportError(
      'invalid_analysis',
      'A honeymoon goes with bgnbd and mbgnbd, and has a boost from 0 and a fade above 0.',
    )
  const at = ({ frequency, recency, age }: PurchaseHistory): PurchaseHistory => ({
    ...{ frequency, recency: clockTime(clock, recency), age: clockTime(clock, age) },
  })
  const ahead = ({ age }: PurchaseHistory, t: number): number =>
    t === Infinity ? t : clockTime(clock, age + t) - clockTime(clock, age)
  return {
    alive: (history) => plain.alive(at(history)),
    expected: (history, t) => plain.expected(at(history), ahead(history, t)),
    counts: (history, t, most) => plain.counts(at(history), ahead(history, t), most),
    nextWithin: (history, t) => plain.nextWithin(at(history), ahead(history, t)),
    expectedNew: (t) => plain.expectedNew(clockTime(clock, t)),
    countsNew: (t, most) => plain.countsNew(clockTime(clock, t), most),
  }
}
