/**
 * How a forecast did on what it had not seen, held against forecasts that anybody could make. Lower is
 * better in all measures here.
 *
 * - Log-loss: mean of -ln p(what happened) (I. J. Good, "Rational decisions", JRSS B 14, 1952).
 * - Ranking: area under the ROC curve by ranks, ties by half (Hanley and McNeil, Radiology 143, 1982).
 * - Whether a model beats a baseline: mean of the differences person by person, with its normal interval
 *   (a paired comparison; Diebold and Mariano 1995 for forecasts without dependence between people).
 */
import { twoSidedDeviate } from '../math/normal.ts'
import { usualConfidence, type Estimate } from '../math/interval.ts'
import { wilsonInterval } from '../math/binomial-interval.ts'
import type { BacktestView, CalibrationBin } from '../domain/prediction-view.ts'

type Numbers = ArrayLike<number>

/** Chances are kept so far from 0 and 1, so that one surprise does not cost without end. */
const leastChance = 1e-6

/** Loss of each forecast. */
export type Loss = (forecast: number, actual: number) => number
export const logLoss: Loss = (forecast, actual) => {
  const p = Math.min(1 - leastChance, Math.max(leastChance, forecast))
  return -(actual * Math.log(p) + (1 - actual) * Math.log(1 - p))
}
export const absoluteError: Loss = (forecast, actual) => Math.abs(forecast - actual)

/** NaN of nothing. */
export function meanLoss(loss: Loss, forecasts: Numbers, actuals: Numbers): number {
  let sum = 0
  for (let i = 0; i < actuals.length; i++) sum += loss(forecasts[i] ?? 0, actuals[i] ?? 0)
  return sum / actuals.length
}

/** How much less the loss is with `ours` than with `theirs`; above 0 is better. */
export function improvement(
  loss: Loss,
  ours: Numbers,
  theirs: Numbers,
  actuals: Numbers,
): Estimate {
  const size = actuals.length
  if (size < 2) return { value: 0, low: -Infinity, high: Infinity }
  let mean = 0
  let squares = 0
  for (let i = 0; i < size; i++) {
    const actual = actuals[i] ?? 0
    const difference = loss(theirs[i] ?? 0, actual) - loss(ours[i] ?? 0, actual)
    const step = difference - mean
    mean += step / (i + 1)
    squares += step * (difference - mean)
  }
  const half = twoSidedDeviate(usualConfidence) * Math.sqrt(squares / (size - 1) / size)
  return { value: mean, low: mean - half, high: mean + half }
}

/** Null where all are of one kind. */
export function ranking(forecasts: Numbers, actuals: Numbers): number | null {
  const order = Array.from({ length: actuals.length }, (_, i) => i).sort(
    (a, b) => (forecasts[a] ?? 0) - (forecasts[b] ?? 0),
  )
  let rankSum = 0
  let positives = 0
  for (let start = 0; start < order.length;) {
    const value = forecasts[order[start] ?? 0]
    let end = start
    while (end < order.length && forecasts[order[end] ?? 0] === value) end++
    const rank = (start + 1 + end) / 2
    for (let at = start; at < end; at++) {
      if ((actuals[order[at] ?? 0] ?? 0) < 1) continue
      positives += 1
      rankSum += rank
    }
    start = end
  }
  const negatives = order.length - positives
  if (positives === 0 || negatives === 0) return null
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** Groups of about equal size by forecast, at most `most`; equal forecasts stay together. */
export function calibrationBins(
  forecasts: Numbers,
  actuals: Numbers,
  { isChance, most = 10 }: { readonly isChance: boolean; readonly most?: number },
): CalibrationBin[] {
  const order = Array.from({ length: actuals.length }, (_, i) => i).sort(
    (a, b) => (forecasts[a] ?? 0) - (forecasts[b] ?? 0),
  )
  const bins: CalibrationBin[] = []
  const wanted = Math.max(1, Math.ceil(order.length / most))
  for (let start = 0; start < order.length;) {
    let end = Math.min(order.length, start + wanted)
    const last = forecasts[order[end - 1] ?? 0]
    while (end < order.length && forecasts[order[end] ?? 0] === last) end++
    bins.push(binOf(order.slice(start, end), forecasts, actuals, isChance))
    start = end
  }
  return bins
}

function binOf(
  members: readonly number[],
  forecasts: Numbers,
  actuals: Numbers,
  isChance: boolean,
): CalibrationBin {
  const people = members.length
  let predicted = 0
  let actual = 0
  let squares = 0
  for (const member of members) {
    predicted += forecasts[member] ?? 0
    actual += actuals[member] ?? 0
    squares += (actuals[member] ?? 0) ** 2
  }
  const mean = actual / people
  if (isChance)
    return {
      people,
      predicted: predicted / people,
      actual: mean,
      ...wilsonInterval(actual, people),
    }
  const variance = Math.max(0, squares / people - mean ** 2)
  const half = twoSidedDeviate(usualConfidence) * Math.sqrt(variance / Math.max(1, people - 1))
  return {
    ...{ people, predicted: predicted / people, actual: mean },
    ...{ low: Math.max(0, mean - half), high: mean + half },
  }
}

export interface Contest {
  readonly measure: BacktestView['measure']
  readonly unit: BacktestView['unit']
  readonly from: string
  readonly to: string
  readonly actuals: Numbers
  readonly ours: Numbers
  /** The first says the same of everybody. */
  readonly baselines: readonly { readonly name: string; readonly forecasts: Numbers }[]
  readonly candidates: BacktestView['candidates']
}

/**
 * A model is served only where its loss is less than that of every baseline, and than that of saying the
 * same of everybody for sure: there the interval of the difference lies above 0.
 */
export function holdAgainst(contest: Contest): BacktestView {
  const { measure, unit, from, to, actuals, ours, candidates } = contest
  const loss = measure === 'log_loss' ? logLoss : absoluteError
  const compared = contest.baselines.map(({ name, forecasts }) => ({
    ...{ name, value: meanLoss(loss, forecasts, actuals) },
    better: improvement(loss, ours, forecasts, actuals),
  }))
  const best = compared.toSorted((a, b) => a.value - b.value)[0]
  return {
    ...{ from, to, measure, unit, candidates: [...candidates] },
    people: actuals.length,
    model: meanLoss(loss, ours, actuals),
    better: best?.better ?? { value: 0, low: 0, high: 0 },
    baselines: compared.map(({ name, value, better }) => ({ name, value, beaten: better.low > 0 })),
    beatsAll:
      (compared[0]?.better.low ?? 0) > 0 && compared.every(({ better }) => better.value > 0),
    totalPredicted: sumOf(ours),
    totalActual: sumOf(actuals),
    ranking: measure === 'log_loss' ? ranking(ours, actuals) : null,
  }
}

export function sumOf(values: Numbers): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0
  return sum
}
