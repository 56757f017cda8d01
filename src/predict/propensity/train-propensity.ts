/**
 * Learns who will do it: checks first, then both methods out of fold, the better one calibrated and held
 * against always saying the base rate. What does not beat that by its interval is not served.
 */
import { seededRandom } from '../../math/random.ts'
import { clusteredMean } from '../../math/clustered-mean.ts'
import type { Estimate } from '../../math/interval.ts'
import { fitLinearScorer, prepareColumns, type LinearScorer } from '../../math/linear-scorer.ts'
import { boostTrees } from '../../math/trees/boost.ts'
import type { BoostedTrees } from '../../math/trees/boosted-trees.ts'
import { calibrationTable } from './calibration-table.ts'
import { calibratedChances } from './calibrator.ts'
import { checkInput, sampleRows } from './check-input.ts'
import { baseRates, calibrateOutOfFold, meanLoss, scoreOutOfFold, treeOptions, type Calibrated, type FoldedRows } from './cross-validate.ts' // prettier-ignore
import { dealFolds } from './folds.ts'
import { judgeForecasts, logLoss } from './forecast-scores.ts'
import type { PropensityCheck, PropensityComparison, PropensityInput, PropensityMethod, PropensityModel, TrainedPropensity } from './propensity-model.ts' // prettier-ignore
import { checkEnough } from './propensity-checks.ts'
import { neighboursOf } from './score-neighbours.ts'
import { summariseFeatures } from './summarise-features.ts'

/**
 * The same input gives the same model.
 *
 * @throws RapportError invalid_analysis for input that is broken. Too little to learn from is no fault,
 *   but a model that is not served and says why.
 */
export function trainPropensity(asked: PropensityInput): PropensityModel {
  checkInput(asked)
  const random = seededRandom(`propensity/${asked.seed}`)
  const input = sampleRows(asked, random.fork('sample'))
  const checks = checkEnough(input)
  const about = {
    ...{ format: 'propensity/1' as const, names: [...input.names], rows: input.outcomes.length },
    ...{ positives: input.outcomes.reduce((sum, one) => sum + one, 0), checks },
  }
  const failed = checks.filter(({ verdict }) => verdict === 'failed')
  if (failed.length > 0) return { ...about, served: false, reason: saysOf(failed), trained: null }
  const { folds = 5, groups = null, features, outcomes, onProgress } = input
  const parts = dealFolds(outcomes, groups, folds, random.fork('folds'))
  if (!hasBothOutside(parts, outcomes, folds))
    return { ...about, served: false, reason: lopsided, trained: null }
  const trained = train({ features, outcomes, parts, folds }, input, onProgress ?? ignore)
  return {
    ...about,
    served: isWorthServing(trained.comparison),
    reason: reasonOf(trained),
    trained,
  }
}

/** Share of the baseline's loss that must be saved for sure: less is of no use, or rounding. */
const leastSaved = 0.001

const isWorthServing = ({ improvement, baseline }: PropensityComparison): boolean =>
  improvement.low > leastSaved * baseline

const lopsided = 'The outcomes lie in too few groups to hold any of them back for judging.'
const ignore = (): void => undefined
const saysOf = (checks: readonly PropensityCheck[]): string =>
  checks.map(({ says }) => says).join(' ')

function train(
  rows: FoldedRows,
  { names, seed, groups }: PropensityInput,
  onProgress: (share: number, doing: string) => void,
): TrainedPropensity {
  const { features, outcomes, folds } = rows
  const random = seededRandom(`propensity/${seed}`)
  const out = scoreOutOfFold(rows, random.fork('trees'), (fold) =>
    onProgress((0.8 * fold) / folds, `learning and judging, part ${fold + 1} of ${folds}`),
  )
  onProgress(0.8, 'holding chances against what happened')
  const linear = calibrateOutOfFold(out.linear.scores, rows)
  const boosted = calibrateOutOfFold(out.trees.scores, rows)
  const method: PropensityMethod = boosted.logLoss < linear.logLoss ? 'trees' : 'logistic'
  const chosen = method === 'trees' ? boosted : linear
  const scores = method === 'trees' ? out.trees.scores : out.linear.scores
  const baselines = baseRates(rows)
  onProgress(0.85, 'learning from everybody')
  const scorer = {
    linear: method === 'logistic' ? fitAll(rows, out.linear.penalty) : null,
    trees: method === 'trees' ? growAll(rows, out.trees.rounds, `${seed}`) : null,
  }
  return {
    ...{ method, ...scorer, calibrator: chosen.calibrator },
    neighbours: neighboursOf(scores, outcomes, calibratedChances(chosen.calibrator, scores)),
    comparison: {
      ...{ logistic: linear.logLoss, trees: boosted.logLoss },
      baseline: meanLoss(baselines, outcomes),
      improvement: improvementOf(chosen, baselines, outcomes, groups ?? null),
    },
    scores: judgeForecasts(chosen.chances, outcomes),
    baselineScores: judgeForecasts(baselines, outcomes),
    calibration: calibrationTable(chosen.chances, outcomes),
    features: summariseFeatures(features, names, scorer, random.fork('summary')),
  }
}

function fitAll({ features, outcomes }: FoldedRows, penalty: number): LinearScorer {
  return fitLinearScorer(prepareColumns(features), outcomes, { penalty })
}

function growAll({ features, outcomes }: FoldedRows, rounds: number, seed: string): BoostedTrees {
  return boostTrees(features, outcomes, {
    ...treeOptions(outcomes.length),
    ...{ loss: 'log', rounds, heldOut: 0, random: seededRandom(`propensity/${seed}/all`) },
  })
}

/** Mean log-loss saved a row; rows of one group vary together. */
function improvementOf(
  { chances }: Calibrated,
  baselines: Float64Array,
  outcomes: Uint8Array,
  groups: Int32Array | null,
): Estimate {
  const sums = new Map<number, { n: number; y: number }>()
  for (let i = 0; i < chances.length; i++) {
    const outcome = outcomes[i] ?? 0
    const saved = logLoss(baselines[i] ?? 0, outcome) - logLoss(chances[i] ?? 0, outcome)
    const key = groups ? (groups[i] ?? 0) : i
    const sum = sums.get(key)
    if (!sum) sums.set(key, { n: 1, y: saved })
    else {
      sum.n++
      sum.y += saved
    }
  }
  const total = { people: sums.size, n: 0, y: 0, nn: 0, yy: 0, ny: 0 }
  for (const { n, y } of sums.values()) {
    total.n += n
    total.y += y
    total.nn += n * n
    total.yy += y * y
    total.ny += n * y
  }
  return clusteredMean(total) ?? { value: 0, low: 0, high: 0 }
}

function hasBothOutside(parts: Uint8Array, outcomes: Uint8Array, folds: number): boolean {
  const counts = Array.from({ length: folds }, () => [0, 0] as [number, number])
  const all: [number, number] = [0, 0]
  for (let i = 0; i < parts.length; i++) {
    const kind = outcomes[i] === 1 ? 1 : 0
    const part = counts[parts[i] ?? 0]
    if (part) part[kind]++
    all[kind]++
  }
  return counts.every(([no, yes]) => all[0] - no > 0 && all[1] - yes > 0)
}

function reasonOf({ method, comparison }: TrainedPropensity): string {
  const { baseline, improvement } = comparison
  const percent = (value: number): string =>
    ((100 * value) / baseline).toFixed(1).replace(/^-(0\.0)$/, '$1')
  const found = `${percent(improvement.value)} % of its loss (${percent(improvement.low)} to ${percent(improvement.high)} %) on rows not learned from`
  const by = method === 'trees' ? 'with boosted trees' : 'with logistic regression'
  return isWorthServing(comparison)
    ? `Better than the base rate: ${by} it saves ${found}.`
    : `Not better than the base rate for sure: ${by} it saves ${found}.`
}
