/**
 * A propensity, fitted and served. The backtest is in time: learned as of two horizons ago from what came
 * in the horizon after, then asked as of one horizon ago and held against what came since. What serves is
 * learned from both, and scores everybody as of now.
 */
import { calibrationBins, holdAgainst } from './backtest.ts'
import { columnOf, type PartyColumns } from './lens-columns.ts'
import { dayOf, driftOf, spreadsOf } from './spreads.ts'
import { groupsOf, rowsAsked, rowsOf, stack, type LearningRows } from './learning-rows.ts'
import { RapportError } from '../domain/error.ts'
import { scorePropensities, scorePropensity } from './propensity/score-propensity.ts'
import { scoresOf } from './scores.ts'
import { strataRates } from './strata.ts'
import { trainPropensity } from './propensity/train-propensity.ts'
import type { BacktestView } from '../domain/prediction-view.ts'
import type { FeatureData, FitTask, Fitted, Job, JobResult, StoredCard, StoredParameters, OnProgress } from './fit-task.ts' // prettier-ignore
import type { Propensity } from './catalogue.ts'
import type { PropensityModel } from './propensity/propensity-model.ts'

/** Reasons cost a walk through the model each; beyond so many the least likely go without. */
const mostReasons = 50_000
const reasonsEach = 4

export function propensityJob(
  task: FitTask,
  { id, fitted }: Job,
  propensity: Propensity,
  onProgress: OnProgress,
): JobResult {
  const { features: data } = task
  if (data === null) throw new RapportError('internal', 'A propensity needs features.')
  const anew = fitted === null ? fit(task, data, propensity, onProgress) : null
  const parameters = fitted ?? anew?.parameters ?? null
  const isServed = anew === null || anew.served
  if (parameters === null || !isServed) return { id, fitted: anew, scores: [], drift: null }
  onProgress(0.9, 'Scoring everybody')
  const model = parameters.model as PropensityModel
  const rows = rowsAsked(data.now, id)
  const columns = data.features.map((feature) => pick(columnOf(data.now, feature.id), rows))
  const scored = scorePropensities(model, columns)
  const hasReason = reasonThreshold(scored.probability)
  const scores = scoresOf(propensity.gives[0]?.id ?? 'buy', data.now, rows, (_row, place) => ({
    value: scored.probability[place] ?? 0,
    low: scored.low[place] ?? 0,
    high: scored.high[place] ?? 1,
    reasons:
      (scored.probability[place] ?? 0) >= hasReason
        ? reasonsOf(model, columns.map((column) => column[place] ?? Number.NaN))
        : '[]',
  })) // prettier-ignore
  const named = Object.fromEntries(
    data.features.map((feature, i) => [feature.id, columns[i] ?? []]),
  )
  return { id, fitted: anew, scores: [scores], drift: driftOf(parameters.spreads, scores.value, named) } // prettier-ignore
}

const pick = (column: ArrayLike<number>, rows: Int32Array): Float64Array =>
  Float64Array.from(rows, (row) => column[row] ?? Number.NaN)

function reasonThreshold(probabilities: Float64Array): number {
  if (probabilities.length <= mostReasons) return 0
  return probabilities.slice().sort()[probabilities.length - mostReasons] ?? 0
}

function reasonsOf(model: PropensityModel, row: number[]): string {
  const { effects } = scorePropensity(model, row)
  const most = effects
    .filter(({ effect }) => Math.abs(effect) > 0.02)
    .toSorted((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, reasonsEach)
  return JSON.stringify(most.map(({ name, value, effect }) => [name, Number(value.toPrecision(6)), Number(effect.toPrecision(4))])) // prettier-ignore
}

function fit(task: FitTask, data: FeatureData, propensity: Propensity, onProgress: OnProgress): Fitted {
  const { horizonDays, today } = task
  const { id } = propensity
  const ids = data.features.map((feature) => feature.id)
  const early = rowsOf(data.early, id, ids)
  const late = rowsOf(data.late, id, ids)
  const seed = `${id} ${today}`
  const learn = (rows: LearningRows, groups: Int32Array | null, from: number, doing: string): PropensityModel =>
    trainPropensity({
      ...{ features: rows.columns, names: ids, outcomes: rows.outcomes, seed },
      ...(groups === null ? {} : { groups }),
      history: { daysBefore: data.daysBefore, horizonDays },
      onProgress: (share, says) => onProgress(from + share * 0.45, `${doing}: ${says}`),
    })
  const past = learn(early, null, 0, 'As of the past')
  const backtest = past.trained === null ? null : backtestOf(task, { past, early, late }, propensity)
  const groups = groupsOf([data.early, data.late], [early, late])
  const final = learn(stack(early, late), groups, 0.45, 'As of today')
  const reason = past.trained === null ? past.reason : final.trained === null ? final.reason : sayOf(backtest) // prettier-ignore
  const served = final.served && backtest?.beatsAll === true
  return {
    served,
    reason: final.trained !== null && backtest?.beatsAll === true && !final.served ? final.reason : reason,
    parameters: served ? parametersOf(final, stack(early, late), ids) : null,
    card: cardOf({ task, data, early, late, past, final, backtest }, propensity),
  }
} // prettier-ignore

function parametersOf(
  model: PropensityModel,
  rows: LearningRows,
  ids: readonly string[],
): StoredParameters {
  // prettier-ignore
  const { probability } = scorePropensities(model, rows.columns)
  const named = Object.fromEntries(ids.map((id, i) => [id, rows.columns[i] ?? []]))
  return { model, spreads: spreadsOf(probability, named) }
}

interface Backtesting {
  readonly past: PropensityModel
  readonly early: LearningRows
  readonly late: LearningRows
}

function backtestOf(
  { today, horizonDays }: FitTask,
  { past, early, late }: Backtesting,
  propensity: Propensity,
): BacktestView {
  const base = early.positives / Math.max(1, early.outcomes.length)
  const chosen = past.trained?.method
  const comparison = past.trained?.comparison
  return holdAgainst({
    ...{ measure: 'log_loss', unit: 'chance', actuals: late.outcomes },
    from: dayOf(today - horizonDays),
    to: dayOf(today - 1),
    ours: scorePropensities(past, late.columns).probability,
    baselines: [
      { name: 'The same chance for everybody', forecasts: new Float64Array(late.outcomes.length).fill(base) },
      { name: strataRates(propensity.id).name, forecasts: strataRates(propensity.id).forecasts(early, late, base) },
    ],
    candidates: comparison === undefined ? [] : [
      { name: 'Logistic regression', value: comparison.logistic, chosen: chosen === 'logistic' },
      { name: 'Gradient-boosted trees', value: comparison.trees, chosen: chosen === 'trees' },
    ],
  })
} // prettier-ignore

function sayOf(backtest: BacktestView | null): string {
  if (backtest === null) return 'There is too little history to hold it against what came.'
  const best = backtest.baselines.toSorted((a, b) => a.value - b.value)[0]
  const sure = backtest.baselines.every(({ beaten }) => beaten) ? '' : ', if not for sure'
  if (backtest.beatsAll) return `On ${backtest.people} people it had not seen it did better than every simple rule${sure}.` // prettier-ignore
  const figures = `log-loss ${backtest.model.toFixed(4)} against ${best?.value.toFixed(4)}`
  return `It does not beat a simple rule ("${best?.name}": ${figures}), so it is not served. More people and more time may change that; it is tried again by itself.` // prettier-ignore
}

interface CardParts extends Backtesting {
  readonly task: FitTask
  readonly data: FeatureData
  readonly final: PropensityModel
  readonly backtest: BacktestView | null
}

function cardOf({ task, data, early, late, past, final, backtest }: CardParts, { id }: Propensity): StoredCard {
  const { today, horizonDays } = task
  const trained = final.trained ?? past.trained
  const sizes = trained?.features.reduce((sum, { importance }) => sum + importance, 0) ?? 0
  const named = new Map(data.features.map((feature) => [feature.id, feature.name]))
  const said = (rows: LearningRows): string => `${rows.outcomes.length} people, of whom ${rows.positives} did`
  return {
    method: trained === null ? 'None' : trained.method === 'trees' ? 'Gradient-boosted trees, calibrated' : 'Logistic regression, calibrated',
    data: [
      { name: `Learned as of ${dayOf(today - 2 * horizonDays)}`, value: said(early) },
      { name: `Held against ${dayOf(today - horizonDays)} and after`, value: said(late) },
      { name: 'Features', value: `${data.features.length}, of what happened before the cut-off` },
      { name: 'Asked of', value: `${countAsked(data.now, id)} people` },
    ],
    checks: (past.trained === null ? past : final).checks.map(({ name, verdict, says }) => ({ name: checkNames[name], passed: verdict !== 'failed', says: withNames(says, named) })),
    backtest,
    calibration: past.trained === null ? [] : calibrationBins(scorePropensities(past, late.columns).probability, late.outcomes, { isChance: true }),
    effects: (trained?.features ?? [])
      .map(({ name, importance, direction }) => ({ feature: name, name: named.get(name) ?? name, share: sizes > 0 ? importance / sizes : 0, direction: direction > 0.1 ? 1 : direction < -0.1 ? -1 : 0 }))
      .filter(({ share }) => share > 0.005)
      .toSorted((a, b) => b.share - a.share)
      .slice(0, 20),
    parameters: [],
    notes: notesOf(horizonDays),
  }
} // prettier-ignore

const countAsked = (data: PartyColumns, id: string): number => rowsAsked(data, id).length

/** Sentences name features by their ids. */
const withNames = (says: string, named: ReadonlyMap<string, string>): string =>
  says.replaceAll(/\b[a-z_]+_(?:30|90|all|ago|days|for)\b/g, (id) => named.get(id) ?? id)

const checkNames: Record<PropensityModel['checks'][number]['name'], string> = {
  positives: 'Enough who did',
  negatives: 'Enough who did not',
  rows_per_feature: 'Enough people for the features',
  history: 'Enough history',
  constant_features: 'Features that vary',
  missing_values: 'Values that are known',
  telling_features: 'No feature that tells too much',
}

const notesOf = (horizonDays: number): string[] => [
  `Features are of what happened before a cut-off, the outcome of the ${horizonDays} days after it. The backtest learns as of two horizons ago and is asked as of one horizon ago, about people and days it has not seen.`,
  'Ridge logistic regression (le Cessie and van Houwelingen 1992) and gradient-boosted trees (Friedman 2001): the one with the lower cross-validated log-loss is served, calibrated on folds that it did not see.',
  'The interval of a person is that of the share who did among those with the most similar scores (Wilson). Reasons add up exactly to the log-odds (SHAP: Lundberg and others 2020 for trees).',
]
