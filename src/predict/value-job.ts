/**
 * Expected value, fitted and served: expected purchases times what a buyer pays for one. What one costs is
 * the Gamma-Gamma model's mean of what this buyer paid and what all others do. The backtest is in money:
 * what everybody was to spend within the last horizon against what they spent.
 */
import { absoluteError, calibrationBins, holdAgainst, meanLoss, sumOf } from './backtest.ts'
import { columnFor, historyAt, rowsBefore, rowsNow, weekDays, type PurchaseRows } from './purchase-rows.ts' // prettier-ignore
import { dayOf, driftOf, spreadsOf } from './spreads.ts'
import { enoughBuyers } from './enough-buyers.ts'
import { expectedSpend, fitGammaGamma, type SpendFit } from './purchase/gamma-gamma.ts'
import { fitPurchaseModel } from './purchase/fit-purchase-model.ts'
import { kindNames, servedKinds } from './purchase-families.ts'
import { purchasePredictor } from './purchase/predict-purchases.ts'
import { RapportError } from '../domain/error.ts'
import { sayOfBacktest } from './say-backtest.ts'
import { scoresOf } from './scores.ts'
import type { Estimate } from '../math/interval.ts'
import type { FitTask, Fitted, Job, JobResult, OnProgress, StoredCard } from './fit-task.ts'
import type { Parameters, PurchaseKind } from './purchase/purchase-model.ts'
import type { PartyColumns } from './lens-columns.ts'

interface StoredValueFit {
  readonly purchases: { readonly kind: PurchaseKind; readonly parameters: Parameters }
  readonly spend: Parameters
}

/** Buyers with what they paid on average for a purchase. */
interface Spenders {
  readonly rows: PurchaseRows
  readonly days: Float64Array
  readonly spend: Float64Array
}

export function valueJob(task: FitTask, { id, fitted }: Job, onProgress: OnProgress): JobResult {
  const { purchases: data, today, minorUnits } = task
  if (data === null) throw new RapportError('internal', 'This model needs purchases.')
  const anew = fitted === null ? fit(task, data, onProgress) : null
  const parameters = fitted ?? anew?.parameters ?? null
  if (parameters === null || anew?.served === false)
    return { id, fitted: anew, scores: [], drift: null }
  onProgress(0.9, 'Scoring everybody')
  const now = spendersOf(data, rowsNow(data, today), { days: 'days', spent: 'spent' })
  const value = valuer(parameters.model as StoredValueFit, task)
  const scores = scoresOf('value', data, now.rows.rows, (_row, place) => {
    const { worth, purchases, spend } = value(now, place)
    const mean = now.spend[place] ?? 0
    return {
      ...{ value: worth.value * minorUnits, low: worth.low * minorUnits, high: worth.high * minorUnits }, // prettier-ignore
      reasons: JSON.stringify([
        ['purchases', Number(purchases.toPrecision(4)), 0],
        ['spend', Number(spend.toPrecision(5)), Math.sign(spend - mean)],
        ['mean_spend', Number(mean.toPrecision(5)), 0],
      ]),
    }
  })
  const drift = driftOf(parameters.spreads, scores.value, { spend: now.spend })
  return { id, fitted: anew, scores: [scores], drift }
}

function spendersOf(
  data: PartyColumns,
  rows: PurchaseRows,
  names: { readonly days: string; readonly spent: string },
): Spenders {
  const days = columnFor(data, rows, names.days)
  const spent = columnFor(data, rows, names.spent)
  return { rows, days, spend: spent.map((sum, i) => Math.max(0, sum) / Math.max(1, days[i] ?? 1)) }
}

interface Valued {
  /** In major units. The interval holds the count that will be seen and this buyer's own mean. */
  readonly worth: Estimate
  readonly purchases: number
  readonly spend: number
}

function valuer({ purchases, spend }: StoredValueFit, { horizonDays }: Pick<FitTask, 'horizonDays'>) {
  const predict = purchasePredictor(purchases, horizonDays / weekDays)
  return ({ rows, days, spend: means }: Spenders, place: number): Valued => {
    const { expected, interval } = predict(historyAt(rows, place))
    const one = expectedSpend(spend, { frequency: days[place] ?? 0, spend: means[place] ?? 0 })
    const worth = {
      value: expected * one.expected,
      low: interval.low * one.interval.low,
      high: interval.high * one.interval.high,
    }
    return { worth, purchases: expected, spend: one.expected }
  }
} // prettier-ignore

function fit(task: FitTask, data: PartyColumns, onProgress: OnProgress): Fitted {
  const { today, horizonDays } = task
  const cut = today - horizonDays
  const before = spendersOf(data, rowsBefore(data, cut), { days: 'days_before', spent: 'spent_before' })
  const now = spendersOf(data, rowsNow(data, today), { days: 'days', spent: 'spent' })
  const checks = enoughBuyers(before.rows, dayOf(cut))
  const used = [
    { name: 'Buyers up to the cut-off', value: `${before.rows.rows.length}, by ${dayOf(cut)}` },
    { name: 'Buyers by now', value: `${now.rows.rows.length}, by ${dayOf(today - 1)}` },
    { name: 'Amounts', value: `in ${task.currency}, other currencies at the rates of the model` },
  ]
  const failed = checks.filter(({ passed }) => !passed)
  if (failed.length > 0) {
    const reason = `There is too little to learn from: ${failed.map(({ says }) => says).join(' ')}`
    const empty = { method: 'None', backtest: null, calibration: [], effects: [], parameters: [], notes: [] }
    return { served: false, reason, parameters: null, card: { ...empty, checks, data: used } }
  }
  const { backtest, kind, forecasts, actuals } = tryKinds({ task, data, before }, onProgress)
  onProgress(0.6, 'Fitting on everything up to now')
  const spend = fitGammaGamma({ frequency: now.days, spend: now.spend })
  const { parameters } = fitPurchaseModel(kind, now.rows)
  const model: StoredValueFit = { purchases: { kind, parameters }, spend: spend.parameters }
  const value = valuer(model, task)
  const worth = Float64Array.from(now.rows.rows, (_row, place) => value(now, place).worth.value * task.minorUnits)
  return {
    served: backtest.beatsAll,
    reason: sayOfBacktest(backtest, 'buyers', (loss) => `${(loss / task.minorUnits).toFixed(2)} ${task.currency}`),
    parameters: backtest.beatsAll ? { model, spreads: spreadsOf(worth, { spend: now.spend }) } : null,
    card: {
      ...{ backtest, data: used, effects: [], method: `${kindNames[kind]} and Gamma-Gamma`, notes },
      checks: [...checks, correlationCheck(spend)],
      calibration: calibrationBins(forecasts, actuals, { isChance: false }),
      parameters: parametersOf(spend),
    },
  }
} // prettier-ignore

interface Trying {
  readonly task: FitTask
  readonly data: PartyColumns
  readonly before: Spenders
}

function tryKinds({ task, data, before }: Trying, onProgress: OnProgress) {
  const { today, horizonDays, minorUnits } = task
  const inMinor = (column: Float64Array): Float64Array => column.map((one) => one * minorUnits)
  const actuals = inMinor(columnFor(data, before.rows, 'spent_after'))
  const spend = fitGammaGamma({ frequency: before.days, spend: before.spend }).parameters
  const tried = servedKinds.map((kind, i) => {
    onProgress((0.6 * i) / servedKinds.length, `Fitting ${kindNames[kind]} as of ${dayOf(today - horizonDays)}`)
    const value = valuer({ purchases: fitPurchaseModel(kind, before.rows), spend }, task)
    const forecasts = inMinor(Float64Array.from(before.rows.rows, (_row, place) => value(before, place).worth.value))
    return { kind, forecasts, error: meanLoss(absoluteError, forecasts, actuals) }
  })
  const best = tried.toSorted((one, other) => one.error - other.error)[0]
  if (best === undefined) throw new RapportError('internal', 'No model was tried.')
  const spent = sumOf(columnFor(data, before.rows, 'spent_before'))
  const average = (spent / Math.max(1, sumOf(before.rows.age))) * (horizonDays / weekDays)
  const backtest = holdAgainst({
    ...{ measure: 'mean_absolute_error', unit: 'money', actuals, ours: best.forecasts },
    ...{ from: dayOf(today - horizonDays), to: dayOf(today - 1) },
    baselines: [
      { name: 'The average for everybody', forecasts: new Float64Array(actuals.length).fill(average * minorUnits) },
      { name: 'The same as in the 90 days before', forecasts: inMinor(columnFor(data, before.rows, 'spent_just_before')) },
    ],
    candidates: tried.map(({ kind, error }) => ({ name: `${kindNames[kind]} and Gamma-Gamma`, value: error, chosen: kind === best.kind })),
  })
  return { backtest, kind: best.kind, forecasts: best.forecasts, actuals }
} // prettier-ignore

/** The model takes it for granted that who buys often pays no more or less for it. */
function correlationCheck({ correlation }: SpendFit): StoredCard['checks'][number] {
  const passed = correlation === null || Math.abs(correlation) < 0.3
  const says = correlation === null ? 'It cannot be told.' : `Correlation of how often and how much: ${correlation.toFixed(2)}; the model takes it for none.`
  return { name: 'How often says nothing of how much', passed, says }
} // prettier-ignore

function parametersOf({ parameters, intervals }: SpendFit): StoredCard['parameters'] {
  const words: Readonly<Record<string, string>> = {
    p: 'How alike the purchases of one buyer are',
    q: 'How alike buyers are in what they pay',
    gamma: 'Scale of what they pay',
  }
  return Object.entries(parameters).map(([name, value]) => ({
    ...{ name, value, says: words[name] ?? '' },
    low: intervals[name]?.low ?? null,
    high: intervals[name]?.high ?? null,
  }))
}

const notes = [
  'Expected purchases (see the model of purchases) times the expected worth of one: Gamma-Gamma (Fader, Hardie and Lee 2005; note 025 of Fader and Hardie), here over all days with a purchase.',
  'The interval of a person goes from the fewest purchases at the lowest mean that fit to the most at the highest: it holds what will be spent with at least about 95 %.',
]
