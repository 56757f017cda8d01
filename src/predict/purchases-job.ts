/**
 * Purchases, fitted and served. The backtest: fitted as of one horizon ago, asked how many purchases each
 * buyer would make since, held against what they made. Of the models the one with the least error there
 * serves, fitted anew on everything up to now.
 */
import { absoluteError, calibrationBins, holdAgainst, meanLoss, sumOf } from './backtest.ts'
import {
  columnFor,
  historyAt,
  rowsBefore,
  rowsNow,
  weekDays,
  type PurchaseRows,
} from './purchase-rows.ts'
import { dayOf, driftOf, spreadsOf } from './spreads.ts'
import { enoughBuyers } from './enough-buyers.ts'
import { fitPurchaseModel, type PurchaseFit } from './purchase/fit-purchase-model.ts'
import { purchasePredictor } from './purchase/predict-purchases.ts'
import { purchaseScorer } from './purchase-scores.ts'
import { RapportError } from '../domain/error.ts'
import { sayOfBacktest } from './say-backtest.ts'
import { scoresOf } from './scores.ts'
import { servedKinds, kindNames } from './purchase-families.ts'
import type { FitTask, Fitted, Job, JobResult, StoredCard, OnProgress } from './fit-task.ts'
import type { PartyColumns } from './lens-columns.ts'
import type { StoredPurchaseFit } from './alive-interval.ts'

export function purchasesJob(task: FitTask, { id, fitted }: Job, onProgress: OnProgress): JobResult {
  const { purchases: data, today, horizonDays } = task
  if (data === null) throw new RapportError('internal', 'This model needs purchases.')
  const anew = fitted === null ? fit(task, data, onProgress) : null
  const parameters = fitted ?? anew?.parameters ?? null
  if (parameters === null || anew?.served === false) return { id, fitted: anew, scores: [], drift: null }
  onProgress(0.9, 'Scoring everybody')
  const now = rowsNow(data, today)
  const score = purchaseScorer(parameters.model as StoredPurchaseFit, horizonDays)
  const scored = Array.from(now.rows, (_row, place) => score(historyAt(now, place)))
  const scores = (['alive', 'purchases'] as const).map((quantity) =>
    scoresOf(quantity, data, now.rows, (_row, place) => {
      const one = scored[place]
      if (one === undefined) throw new RapportError('internal', 'A score is missing.')
      return { ...one[quantity], reasons: JSON.stringify(one.reasons) }
    }),
  )
  const drift = driftOf(parameters.spreads, scores[0]?.value ?? [], spreadColumns(now))
  return { id, fitted: anew, scores, drift }
} // prettier-ignore

/** What drift is looked for in. */
const spreadColumns = ({ frequency, recency, age }: PurchaseRows) => ({
  frequency,
  recency,
  age,
})

function fit(task: FitTask, data: PartyColumns, onProgress: OnProgress): Fitted {
  const { today, horizonDays } = task
  const cut = today - horizonDays
  const before = rowsBefore(data, cut)
  const now = rowsNow(data, today)
  const checks = enoughBuyers(before, dayOf(cut))
  const card = { checks, data: dataUsed(before, now, { cut, today }) }
  if (checks.some(({ passed }) => !passed)) {
    const says = checks.filter(({ passed }) => !passed).map((one) => one.says).join(' ')
    return { served: false, reason: `There is too little to learn from: ${says}`, parameters: null, card: { ...emptyCard, ...card } }
  }
  const { backtest, best, forecasts, actuals } = tryAll({ task, data, before }, onProgress)
  onProgress(0.6, 'Fitting on everything up to now')
  const final = fitPurchaseModel(best, now)
  return {
    served: backtest.beatsAll,
    reason: sayOfBacktest(backtest, 'buyers', (loss) => `${loss.toFixed(3)} purchases`),
    parameters: backtest.beatsAll ? { model: storedOf(final), spreads: spreadsOf(aliveOf(final, now), spreadColumns(now)) } : null,
    card: {
      ...{ ...card, backtest, method: kindNames[best], effects: [], notes: notesOf(horizonDays) },
      calibration: calibrationBins(forecasts, actuals, { isChance: false }),
      parameters: parametersOf(final),
    },
  }
} // prettier-ignore

const emptyCard = { method: 'None', backtest: null, calibration: [], effects: [], parameters: [], notes: [] } // prettier-ignore

const storedOf = ({ kind, parameters, logCovariance }: PurchaseFit): StoredPurchaseFit => ({
  ...{ kind, parameters },
  logCovariance: logCovariance === null ? null : [...logCovariance],
})

function aliveOf(fitted: PurchaseFit, rows: PurchaseRows): Float64Array {
  const predict = purchasePredictor(fitted, 0)
  return Float64Array.from(rows.rows, (_row, place) => predict(historyAt(rows, place)).alive)
}

interface Trying {
  readonly task: FitTask
  readonly data: PartyColumns
  readonly before: PurchaseRows
}

function tryAll({ task, data, before }: Trying, onProgress: OnProgress) {
  const { today, horizonDays } = task
  const actuals = columnFor(data, before, 'days_after')
  const tried = servedKinds.map((kind, i) => {
    onProgress((0.6 * i) / servedKinds.length, `Fitting ${kindNames[kind]} as of ${dayOf(today - horizonDays)}`)
    const predict = purchasePredictor(fitPurchaseModel(kind, before), horizonDays / weekDays)
    const forecasts = Float64Array.from(before.rows, (_row, place) => predict(historyAt(before, place)).expected)
    return { kind, forecasts, error: meanLoss(absoluteError, forecasts, actuals) }
  })
  const best = tried.toSorted((one, other) => one.error - other.error)[0]
  if (best === undefined) throw new RapportError('internal', 'No model was tried.')
  const backtest = holdAgainst({
    ...{ measure: 'mean_absolute_error', unit: 'count', actuals, ours: best.forecasts },
    ...{ from: dayOf(today - horizonDays), to: dayOf(today - 1) },
    baselines: baselinesOf({ data, before }, horizonDays),
    candidates: tried.map(({ kind, error }) => ({ name: kindNames[kind], value: error, chosen: kind === best.kind })),
  })
  return { backtest, best: best.kind, forecasts: best.forecasts, actuals }
} // prettier-ignore

function baselinesOf({ data, before }: Pick<Trying, 'data' | 'before'>, horizonDays: number) {
  const weeks = horizonDays / weekDays
  const rate = sumOf(before.frequency) / Math.max(1, sumOf(before.age))
  return [
    { name: 'The average for everybody', forecasts: new Float64Array(before.rows.length).fill(rate * weeks) },
    { name: 'The same as in the 90 days before', forecasts: columnFor(data, before, 'days_just_before') },
    { name: 'The same rate as since their first purchase', forecasts: before.frequency.map((x, i) => (x / Math.max(1, before.age[i] ?? 1)) * weeks) },
  ]
} // prettier-ignore

function dataUsed(before: PurchaseRows, now: PurchaseRows, { cut, today }: { cut: number; today: number }): StoredCard['data'] {
  return [
    { name: 'Buyers up to the cut-off', value: `${before.rows.length}, by ${dayOf(cut)}` },
    { name: 'Buyers by now', value: `${now.rows.length}, by ${dayOf(today - 1)}` },
    { name: 'Purchases on later days', value: String(sumOf(now.frequency)) },
    { name: 'A purchase is', value: 'a day (UTC) with a purchase, a subscription started or renewed' },
  ]
} // prettier-ignore

function parametersOf({ parameters, intervals }: PurchaseFit): StoredCard['parameters'] {
  return Object.entries(parameters).map(([name, value]) => ({
    ...{ name, value },
    low: intervals?.[name]?.low ?? null,
    high: intervals?.[name]?.high ?? null,
    says: parameterWords[name] ?? '',
  }))
}

const parameterWords: Readonly<Record<string, string>> = {
  r: 'How alike buyers are in how often they buy (more: more alike)',
  alpha: 'Scale of the time between purchases, in weeks',
  a: 'With b: the chance of leaving after a purchase is a / (a + b) on average',
  b: 'With a: the chance of leaving after a purchase',
  s: 'How alike buyers are in how long they stay',
  beta: 'Scale of how long they stay, in weeks',
}

const notesOf = (horizonDays: number): string[] => [
  `Buyers who stay buy at random times at a rate of their own, and leave without saying so: BG/NBD (Fader, Hardie and Lee 2005), MBG/NBD (Batislam and others 2007), Pareto/NBD (Schmittlein and others 1987). The one with the least error over the last ${horizonDays} days is served.`,
  'The interval of expected purchases holds the count that will be seen, with 95 %. The interval of being still a buyer says how sure the parameters are.',
  'What is shown of a person is computed as of now from all their purchases, without a new fit.',
]
