/** What a trained model says of one person, with reasons, and of many. */
import { RapportError } from '../../domain/error.ts'
import { checkColumns, type Column } from '../../math/columns.ts'
import { calibrate, chanceOf } from './calibrator.ts'
import type { PropensityModel, PropensityScore, TrainedPropensity } from './propensity-model.ts'
import { rawEffects, rawScores } from './raw-effects.ts'
import { intervalAround } from './score-neighbours.ts'

/**
 * @param row one value a feature, in the order of the model's names; NaN where not known
 * @throws RapportError invalid_analysis for an untrained model, another number of values, infinite ones.
 */
export function scorePropensity(model: PropensityModel, row: ArrayLike<number>): PropensityScore {
  const trained = trainedOf(model, row.length)
  const strange = Array.from(row).findIndex((value) => Math.abs(value) > 1e100)
  if (strange >= 0) refuse(`${model.names[strange]} is ${row[strange]}, which is no such number.`)
  const raw = rawEffects(trained, row)
  const score = raw.effects.reduce((sum, effect) => sum + effect, raw.base)
  const calibrated = calibrate(trained.calibrator, score)
  // Platt's line stretches every effect alike; a stair of isotonic steps is a part of its own.
  const { calibrator } = trained
  const stretch = calibrator.method === 'platt' ? calibrator.slope : 1
  const base =
    calibrator.method === 'platt' ? calibrator.slope * raw.base + calibrator.offset : raw.base
  const effects = model.names.map((name, f) => ({
    ...{ name, value: row[f] ?? Number.NaN, effect: stretch * (raw.effects[f] ?? 0) },
  }))
  const sum = effects.reduce((all, { effect }) => all + effect, base)
  const calibration = calibrator.method === 'platt' ? 0 : calibrated - sum
  const logOdds = sum + calibration
  const probability = chanceOf(logOdds)
  return {
    ...{ probability, interval: intervalAround(trained.neighbours, score, probability) },
    ...{ logOdds, base, effects, calibration },
  }
}

export interface PropensityColumns {
  readonly probability: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
}

/**
 * @param columns one a feature, in the order of the model's names
 * @throws RapportError invalid_analysis as `scorePropensity` does.
 */
export function scorePropensities(
  model: PropensityModel,
  columns: readonly Column[],
): PropensityColumns {
  const trained = trainedOf(model, columns.length)
  const rows = columns[0]?.length ?? 0
  try {
    checkColumns(columns, rows, true)
  } catch (error) {
    throw new RapportError('invalid_analysis', (error as RangeError).message, {}, error)
  }
  const scores = rawScores(trained, columns)
  const probability = new Float64Array(rows)
  const low = new Float64Array(rows)
  const high = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const score = scores[i] ?? 0
    const chance = chanceOf(calibrate(trained.calibrator, score))
    const interval = intervalAround(trained.neighbours, score, chance)
    probability[i] = chance
    low[i] = interval.low
    high[i] = interval.high
  }
  return { probability, low, high }
}

function trainedOf({ trained, names, reason }: PropensityModel, size: number): TrainedPropensity {
  if (trained === null) return refuse(`The model was not trained. ${reason}`)
  if (size !== names.length) return refuse(`The model knows ${names.length} features, not ${size}.`)
  return trained
}

function refuse(detail: string): never {
  throw new RapportError('invalid_analysis', detail)
}
