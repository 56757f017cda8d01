/** Whom a treatment changes, and who will do it: judging a million scores, learning, explaining. */
import { rankRows } from '../../src/prove/uplift/rank-rows.ts'
import { areasOfRows } from '../../src/prove/uplift/uplift-areas.ts'
import { crossFitUplift } from '../../src/prove/uplift/cross-fit.ts'
import { evaluateUplift } from '../../src/prove/uplift/evaluate-uplift.ts'
import { makeExperiment } from '../../src/prove/uplift/testing.ts'
import { fitLogistic } from '../../src/math/logistic-regression.ts'
import { seededRandom } from '../../src/math/random.ts'
import { trainPropensity } from '../../src/predict/propensity/train-propensity.ts'
import {
  scorePropensity,
  scorePropensities,
} from '../../src/predict/propensity/score-propensity.ts'
import { timed, type PredictRow } from './row.ts'

const learnedFrom = 50_000
const featureCount = 10

export async function* rows(size: number): AsyncGenerator<PredictRow> {
  yield* judging(size)
  yield* learning(size)
}

async function* judging(size: number): AsyncGenerator<PredictRow> {
  const made = makeExperiment('bench', size)
  const random = seededRandom('bench')
  const scores = made.effects.map((effect) => effect + 0.1 * random.normal())
  const peer = { name: 'scikit-uplift .44 to .61 for Qini alone', seconds: 0.44 }
  const areas = await timed(() => areasOfRows(rankRows(made, scores)), 7)
  const whole = size === 1_000_000
  yield {
    what: `Qini and AUUC, ${size.toLocaleString('en')} rows`,
    ours: areas.seconds,
    ...(whole ? { peer, aim: 0.15 } : {}),
    result: `Qini ${areas.result.qini?.toFixed(6)}`,
  }
  const all = await timed(() => evaluateUplift(made, scores, { random: seededRandom(1) }))
  const { value = 0, low = 0, high = 0 } = all.result.areas.qini ?? {}
  yield {
    what: '  with intervals (400 draws), tenths and curves',
    ours: all.seconds,
    result: `${value.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`,
  }
}

async function* learning(size: number): AsyncGenerator<PredictRow> {
  const made = makeExperiment('bench learning', learnedFrom)
  for (const learner of ['logistic', 'trees'] as const) {
    const options = { method: 'x-learner', learner, seed: 1 } as const
    const fitted = await timed(() => crossFitUplift(made, options), 1)
    const { qini } = areasOfRows(rankRows(made, fitted.result))
    yield {
      what: `X-learner of ${learner}, 5 folds, ${learnedFrom.toLocaleString('en')} x 3`,
      ours: fitted.seconds,
      result: `Qini out of fold ${qini?.toFixed(4)}`,
    }
  }
  const random = seededRandom('bench propensity')
  const column = (): Float64Array => Float64Array.from({ length: size }, () => random.normal())
  const features = Array.from({ length: featureCount }, column)
  const outcomes = Uint8Array.from({ length: size }, (_, i) => {
    const [a = 0, b = 0, c = 0] = features.map((one) => one[i] ?? 0)
    return random.chance(1 / (1 + Math.exp(2 - 0.5 * a - (b * c > 0 ? 1 : 0)))) ? 1 : 0
  })
  const fit = await timed(() => fitLogistic(features, outcomes), 1)
  yield {
    what: `logistic regression, ${size.toLocaleString('en')} x ${featureCount}`,
    ours: fit.seconds,
    result: `${fit.result.steps} steps`,
  }
  const names = features.map((_, f) => `feature ${f}`)
  const input = { features, names, outcomes, seed: 1, mostRows: learnedFrom }
  const train = await timed(() => trainPropensity(input), 1)
  const model = train.result
  yield {
    what: `propensity, both methods, ${learnedFrom.toLocaleString('en')} x ${featureCount}`,
    ours: train.seconds,
    result: `${model.trained?.method}, AUC ${model.trained?.scores.auc?.toFixed(3)}`,
  }
  const many = await timed(() => scorePropensities(model, features), 1)
  yield { what: `  ${size.toLocaleString('en')} people scored`, ours: many.seconds }
  const explained = await timed(() => {
    for (let i = 0; i < 1_000; i++)
      scorePropensity(
        model,
        features.map((one) => one[i] ?? 0),
      )
  }, 1)
  yield { what: '  1,000 people with exact effects', ours: explained.seconds }
}
