/** What `rapport uplift` does. */
import type { Estimate } from '../math/interval.ts'
import { seededRandom } from '../math/random.ts'
import { crossFitUplift } from '../prove/uplift/cross-fit.ts'
import { evaluateUplift, type UpliftEvaluation } from '../prove/uplift/evaluate-uplift.ts'
import { readExperiment, type Experiment } from './read-experiment.ts'
import type { UpliftRequest } from './uplift-request.ts'

interface Judged {
  /** A method, or the column of the scores. */
  readonly name: string
  readonly evaluation: UpliftEvaluation
}

export async function runUplift(request: UpliftRequest): Promise<void> {
  const { output, methods, learner, folds, bootstrap, seed, score } = request
  const experiment = await readExperiment(request)
  const { data, scores } = experiment
  const judge = (name: string, found: Float64Array): Judged => {
    const options = { random: seededRandom(seed), replicates: bootstrap }
    return { name, evaluation: evaluateUplift(data, found, options) }
  }
  const judged =
    scores === null
      ? methods.map((method) =>
          judge(method, crossFitUplift(data, { method, learner, folds, seed })),
        )
      : [judge(score ?? 'score', scores)]
  const best = judged.reduce((one, other) => (qiniOf(other) > qiniOf(one) ? other : one))
  output.say(inWords(request, experiment, judged, best), asData(request, experiment, judged, best))
}

const qiniOf = ({ evaluation }: Judged): number => evaluation.areas.qini?.value ?? -Infinity

const conventions = {
  qini: 'area between the Qini curve and the line of a random order, as a share of that of a perfect order (scikit-uplift: qini_auc_score)',
  auuc: 'the same for the uplift curve (scikit-uplift: uplift_auc_score)',
  gain: 'outcomes gained a person by going by the score rather than at random, mean over all depths',
  atShare:
    'effect among the highest scores, of all rows or of each arm (scikit-uplift: uplift_at_k)',
  weightedUplift:
    'mean effect of the tenths, by their treated (scikit-uplift: weighted_average_uplift)',
} as const

function asData(
  { learner, folds, score, seed }: UpliftRequest,
  { names, leftOut }: Experiment,
  judged: readonly Judged[],
  best: Judged,
): Record<string, unknown> {
  const { rows, arms, effect } = best.evaluation
  const learned = score === null ? { learner, folds, seed, columns: names } : {}
  return {
    ...{ rows, leftOut, arms, effect, ...learned, best: best.name },
    rankings: judged.map(({ name, evaluation }) => ({
      name,
      qini: evaluation.areas.qini,
      auuc: evaluation.areas.uplift,
      gain: evaluation.areas.gain,
      atShares: evaluation.atShares,
      weightedUplift: evaluation.weightedUplift,
      tenths: evaluation.bins,
      curve: evaluation.curve,
    })),
    conventions,
  }
}

function inWords(
  { score, outcome }: UpliftRequest,
  { leftOut }: Experiment,
  judged: readonly Judged[],
  best: Judged,
): string {
  const { rows, arms, effect, bins, atShares } = best.evaluation
  const said = [
    `${rows} rows: ${arms.treated} treated, ${arms.control} controls${leftOut > 0 ? `; ${leftOut} of other arms left out` : ''}.`,
    `Effect on "${outcome}" of all: ${points(effect)}.`,
    '',
    ...judged.map(({ name, evaluation: { areas } }) => {
      const { qini, uplift } = areas
      if (qini === null || uplift === null) return `${name}: no order differs from another.`
      return `${name}: Qini ${spread(qini)}, p ${qini.p.toPrecision(2)}; AUUC ${spread(uplift)}`
    }),
    '0 is as good as a random order, 1 perfect; by the definitions of scikit-uplift.',
    ...(judged.length > 1
      ? [
          `Best of these by Qini: ${best.name}. Being the best of ${judged.length} flatters a little.`,
        ]
      : []),
    ...(score === null ? ['Every row was scored by what other rows taught.'] : []),
    '',
    ...atShares.map(
      ({ share, overall }) =>
        `Effect among the highest ${Math.round(100 * share)} %: ${points(overall)}`,
    ),
    '',
    'tenth  treated  controls  effect',
    ...bins.map(({ treated, control, uplift }, i) =>
      [`${i + 1}`.padStart(5), `${treated}`.padStart(7), `${control}`.padStart(8), points(uplift)]
        .join('  ')
        .trimEnd(),
    ),
  ]
  return said.join('\n')
}

const spread = ({ value, low, high }: Estimate): string =>
  `${value.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`

function points(estimate: Estimate | null): string {
  if (estimate === null) return 'an arm has nobody'
  const [value, low, high] = [estimate.value, estimate.low, estimate.high].map(
    (one) => `${one < 0 ? '' : '+'}${(100 * one).toFixed(2)}`,
  )
  return `${value} points (${low} to ${high})`
}
