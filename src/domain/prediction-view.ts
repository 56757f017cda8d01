/**
 * What is likely next: the models, what they rest on and how they did on what they had not seen, and
 * what they say of each person. Chances are 0..1, money is in minor units of the base currency.
 */
import { z } from 'zod'
import { partyReference, rungReference } from './view.ts'

const time = z.iso.datetime()

export const predictionModelIds = ['purchases', 'value', 'buy', 'review', 'refer', 'reference', 'next_rung', 'churn'] as const // prettier-ignore
export type PredictionModelId = (typeof predictionModelIds)[number]
export const quantityIds = ['alive', 'purchases', 'value', 'buy', 'review', 'refer', 'reference', 'next_rung', 'churn'] as const // prettier-ignore
export type QuantityId = (typeof quantityIds)[number]
export const quantityUnits = ['chance', 'count', 'money'] as const
export type QuantityUnit = (typeof quantityUnits)[number]

/** One thing that is predicted of a person. */
export const quantityView = z.object({
  id: z.enum(quantityIds),
  name: z.string(),
  /** What exactly, in a sentence. */
  about: z.string(),
  unit: z.enum(quantityUnits),
  /** Of `money`. */
  currency: z.string().nullable(),
  model: z.enum(predictionModelIds),
})
export type QuantityView = z.infer<typeof quantityView>

export const predictionStates = ['none', 'fitting', 'serving', 'refused', 'failed'] as const

export const predictionModelView = z.object({
  id: z.enum(predictionModelIds),
  name: z.string(),
  about: z.string(),
  gives: z.array(quantityView),
  /** `refused`: it was fitted and did not beat its baselines, or there is too little to learn from. */
  state: z.enum(predictionStates),
  /** Of the fit that serves, else of the newest; null where it was never fitted. */
  version: z.number().int().nullable(),
  reason: z.string().nullable(),
  /** Of a fit under way, 0..1 and in words. */
  fitting: z.object({ progress: z.number(), doing: z.string() }).nullable(),
  asOf: time.nullable(),
  fittedAt: time.nullable(),
  milliseconds: z.number().int().nullable(),
  scoredAt: time.nullable(),
  scored: z.number().int(),
})
export type PredictionModelView = z.infer<typeof predictionModelView>
export const predictionModelList = z.object({
  models: z.array(predictionModelView),
  horizonDays: z.number().int(),
})

const namedValue = z.object({ name: z.string(), value: z.string() })
const measured = z.object({
  name: z.string(),
  value: z.number(),
  /** For sure: the 95 % interval of the difference lies above 0. */
  beaten: z.boolean(),
})

/** How it did on people and times that it had not seen when it was fitted. */
export const backtestView = z.object({
  /** The held-out time, as days. */
  from: z.iso.date(),
  to: z.iso.date(),
  people: z.number().int(),
  /** Lower is better: log-loss of chances, mean absolute error of counts and money. */
  measure: z.enum(['log_loss', 'mean_absolute_error']),
  unit: z.enum(quantityUnits),
  model: z.number(),
  /** 95 % interval of how much better than the best baseline, in units of the measure. */
  better: z.object({ value: z.number(), low: z.number(), high: z.number() }),
  baselines: z.array(measured),
  beatsAll: z.boolean(),
  /** Other methods that were tried on the same. */
  candidates: z.array(z.object({ name: z.string(), value: z.number(), chosen: z.boolean() })),
  /** What was foretold for all together, and what came. */
  totalPredicted: z.number(),
  totalActual: z.number(),
  /** Chance that of two people, one with and one without, the one with was ranked higher. */
  ranking: z.number().nullable(),
})
export type BacktestView = z.infer<typeof backtestView>

/** People put into groups by what was foretold, held against what came. */
export const calibrationBin = z.object({
  people: z.number().int(),
  predicted: z.number(),
  actual: z.number(),
  /** 95 % interval of `actual`. */
  low: z.number(),
  high: z.number(),
})
export type CalibrationBin = z.infer<typeof calibrationBin>

export const featureEffect = z.object({
  feature: z.string(),
  name: z.string(),
  /** Average size of its part in a prediction, as a share of all. */
  share: z.number(),
  /** 1: more of it goes with more; -1: with less; 0: neither alone. */
  direction: z.number().int(),
})
export type FeatureEffect = z.infer<typeof featureEffect>

export const driftView = z.object({
  asOf: time,
  /** Population stability index: below 0.1 steady, above 0.25 changed. */
  scores: z.number(),
  features: z.array(z.object({ feature: z.string(), name: z.string(), value: z.number() })),
})
export type DriftView = z.infer<typeof driftView>

export const predictionCard = predictionModelView.extend({
  method: z.string(),
  data: z.array(namedValue),
  checks: z.array(z.object({ name: z.string(), passed: z.boolean(), says: z.string() })),
  backtest: backtestView.nullable(),
  calibration: z.array(calibrationBin),
  effects: z.array(featureEffect),
  parameters: z.array(
    z.object({
      name: z.string(),
      value: z.number(),
      /** 95 % interval; null where it cannot be told. */
      low: z.number().nullable(),
      high: z.number().nullable(),
      says: z.string(),
    }),
  ),
  drift: driftView.nullable(),
  versions: z.array(
    z.object({
      version: z.number().int(),
      state: z.enum(['fitting', 'serving', 'refused', 'failed', 'retired']),
      fittedAt: time.nullable(),
      reason: z.string().nullable(),
      measure: z.number().nullable(),
      baseline: z.number().nullable(),
    }),
  ),
  /** Methods and sources, one sentence each. */
  notes: z.array(z.string()),
})
export type PredictionCard = z.infer<typeof predictionCard>

export const predictionReason = z.object({
  says: z.string(),
  /** 1: raises it; -1: lowers it; 0: is just so. */
  direction: z.number().int(),
})
export type PredictionReason = z.infer<typeof predictionReason>

const predicted = {
  value: z.number(),
  /** 95 % interval. */
  low: z.number(),
  high: z.number(),
  asOf: time,
  reasons: z.array(predictionReason),
}

export const partyPrediction = z.object({
  quantity: quantityView,
  ...predicted,
  version: z.number().int(),
  /** Computed now from everything known, rather than stored at the last scoring. */
  exact: z.boolean(),
  /** Share of all people who have less; null where it is not stored yet. */
  rank: z.number().nullable(),
})
export type PartyPrediction = z.infer<typeof partyPrediction>
export const partyPredictions = z.object({
  party: partyReference,
  predictions: z.array(partyPrediction),
  /** Models that say nothing of this party, and why. */
  silent: z.array(z.object({ model: z.enum(predictionModelIds), name: z.string(), says: z.string() })), // prettier-ignore
})

export const likelyPage = z.object({
  quantity: quantityView,
  /** How many fulfil the filters. */
  total: z.number().int(),
  people: z.array(z.object({ party: partyReference, rung: rungReference, ...predicted })),
  next: z.string().nullable(),
})
export type LikelyPage = z.infer<typeof likelyPage>

export const predictionSpread = z.object({
  quantity: quantityView,
  people: z.number().int(),
  /** Of all values together: for a chance, how many are to be expected. */
  sum: z.number(),
  /** Values below which a tenth, two tenths, ... of people are. */
  deciles: z.array(z.number()),
  bins: z.array(z.object({ from: z.number(), to: z.number(), people: z.number().int() })),
})
export type PredictionSpread = z.infer<typeof predictionSpread>
