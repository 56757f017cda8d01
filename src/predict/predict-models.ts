/** Models fitted anew or only scored again: data from the lens, work in a worker, what comes of it stored. */
import { definitionOf, models, propensities } from './catalogue.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { beginFit, readServing, recordFailure, recordFit, recordProgress, recordScoring } from './model-queries.ts' // prettier-ignore
import { currencyFactors } from '../relationship/field.ts'
import { dayMilliseconds } from '../relationship/duration.ts'
import { dropScores, writeScores } from './prediction-queries.ts'
import { featuresOf } from './features.ts'
import { holdLeases } from './fit-lease.ts'
import { minorDigits } from '../domain/currency.ts'
import { RapportError } from '../domain/error.ts'
import { readFeatures, type FeatureQuestion } from './feature-columns.ts'
import { readPurchases } from './purchase-columns.ts'
import { runFits } from './run-fits.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { FeatureData, FitTask, Job, JobResult } from './fit-task.ts'
import type { Kysely } from 'kysely'
import type { LensReader } from '../store/lens-reader.ts'
import type { PredictionModelId } from '../domain/prediction-view.ts'

export interface PredictParts {
  readonly db: Kysely<unknown>
  readonly reader: LensReader
  readonly model: () => Promise<CompiledModel>
  readonly now: () => number
  readonly horizonDays: number
  /** Something about a model changed: how far its fit is, or what serves. */
  readonly onChange: (id: PredictionModelId) => void
  /** Scores were written (or dropped, where nothing serves any more). */
  readonly onScored: (id: PredictionModelId) => void
  readonly onError: (error: unknown) => void
  readonly signal: AbortSignal
}

/** To learn from so many people is enough; all are scored. */
const mostLearnedFrom = 60_000
/** Progress is written and told at most so often, in milliseconds. */
const progressEvery = 500
/** A lens that is filled anew takes minutes. */
const mostTries = 1_000
const betweenTries = 2_000

interface UnderWay {
  readonly job: Job
  readonly version: number
}

/**
 * @param wanted  which to fit anew, and which only to score again with what serves
 * @returns ids of the models that were fitted; those that somebody else is fitting are left to them
 */
export async function predictModels(
  parts: PredictParts,
  wanted: {
    readonly fit: readonly PredictionModelId[]
    readonly score: readonly PredictionModelId[]
  },
): Promise<PredictionModelId[]> {
  const { db } = parts
  const now = parts.now()
  const underWay = new Map<PredictionModelId, UnderWay>()
  for (const id of wanted.fit) {
    const version = await beginFit(db, id, now)
    if (version === null) continue
    underWay.set(id, { job: { id, fitted: null }, version })
    parts.onChange(id)
  }
  for (const { id, version, parameters } of await readServing(db)) {
    if (!wanted.score.includes(id) || underWay.has(id)) continue
    underWay.set(id, { job: { id, fitted: parameters }, version })
  }
  if (underWay.size === 0) return []
  const keys = [...underWay.values()]
    .filter(({ job }) => job.fitted === null)
    .map(({ job, version }) => ({ id: job.id, version }))
  const letGo = holdLeases(db, keys, parts)
  try {
    const task = await taskOf(parts, now, inOrder([...underWay.values()]))
    await runFits(task, { ...listenerOf(parts, underWay, task), signal: parts.signal })
  } catch (error) {
    // Whatever is not done by now is not going to be.
    const interrupted = parts.signal.aborted
    const says = interrupted ? 'It was interrupted. Fit it again.' : error instanceof RapportError ? error.message : 'Something went wrong. The log names it.' // prettier-ignore
    for (const key of keys) {
      await recordFailure(db, key, says)
      parts.onChange(key.id)
    }
    if (!interrupted) throw error
  } finally {
    letGo()
  }
  return keys.map(({ id }) => id)
}

const places = new Map(models.map(({ id }, place) => [id, place]))
const inOrder = (underWay: readonly UnderWay[]): Job[] =>
  underWay
    .map(({ job }) => job)
    .toSorted((one, other) => (places.get(one.id) ?? 0) - (places.get(other.id) ?? 0))

/** Today is left out: it is not over, so whoever is active later today would seem not to be. */
async function taskOf(parts: PredictParts, now: number, jobs: readonly Job[]): Promise<FitTask> {
  const { reader, horizonDays } = parts
  const { declared, rungs } = await parts.model()
  const factors = currencyFactors(declared.currency)
  const today = Math.floor(now / dayMilliseconds)
  const history = await caughtUp(parts)
  const isPropensity = ({ id }: Job): boolean => propensities.some((one) => one.id === id)
  const customer = rungs.findIndex(({ id }) => id === 'customer')
  const question: FeatureQuestion = {
    ...{ history, horizonDays, factors, cutOff: today * dayMilliseconds, atMost: null },
    rungs: rungs.map(({ id }) => id),
    customerRung: customer >= 0 ? customer : Math.floor(rungs.length / 2),
  }
  return {
    ...{ jobs, today, horizonDays, currency: declared.currency.base },
    minorUnits: 10 ** minorDigits(declared.currency.base),
    purchases: jobs.every(isPropensity) ? null : await readPurchases(reader, { history, today, horizonDays, factors }),
    features: jobs.some(isPropensity) ? await featureData(reader, question, declared.rungs, jobs) : null,
  }
} // prettier-ignore

/** The view to read history from, once all of it is there: here nobody sits and waits. */
async function caughtUp({ reader, signal }: PredictParts): Promise<string> {
  for (let tries = 0; ; tries++) {
    try {
      return (await reader.history()).view
    } catch (error) {
      const isFilling = error instanceof RapportError && error.code === 'lens_filling'
      if (!isFilling || tries >= mostTries) throw error
      await sleep(betweenTries, undefined, { signal, ref: false })
    }
  }
}

async function featureData(
  reader: LensReader,
  question: FeatureQuestion,
  rungs: CompiledModel['declared']['rungs'],
  jobs: readonly Job[],
): Promise<FeatureData> {
  const features = featuresOf(rungs)
  const { cutOff, horizonDays } = question
  const back = (horizons: number): FeatureQuestion => ({
    ...question,
    cutOff: cutOff - horizons * horizonDays * dayMilliseconds,
    atMost: mostLearnedFrom,
  })
  const names = features.map(({ id }) => id)
  const [first] = await reader.rows<{ at: number }>(
    `select toUnixTimestamp64Milli(min(occurred_at)) as at from ${question.history}`,
  )
  const isLearning = jobs.some(({ fitted }) => fitted === null)
  const none = { parties: new Uint8Array(0), size: 0, columns: {} }
  return {
    features: features.map(({ id, name }) => ({ id, name })),
    daysBefore: Math.max(0, Math.floor((back(2).cutOff - (first?.at ?? cutOff)) / dayMilliseconds)),
    early: isLearning ? await readFeatures(reader, names, back(2)) : none,
    late: isLearning ? await readFeatures(reader, names, back(1)) : none,
    now: await readFeatures(reader, names, question),
  }
}

type Listener = Omit<Parameters<typeof runFits>[1], 'signal'>

function listenerOf(
  parts: PredictParts,
  underWay: ReadonlyMap<PredictionModelId, UnderWay>,
  { today }: Pick<FitTask, 'today'>,
): Listener {
  const { db, onChange, onError } = parts
  let toldAt = -Infinity
  const keyOf = (id: PredictionModelId) => ({ id, version: underWay.get(id)?.version ?? 0 })
  return {
    onProgress: (id, share, doing) => {
      if (performance.now() - toldAt < progressEvery || underWay.get(id)?.job.fitted !== null) return
      toldAt = performance.now()
      recordProgress(db, keyOf(id), share, doing).then(() => onChange(id), onError)
    },
    onDone: (result, milliseconds) => take(parts, keyOf(result.id), result, { today, milliseconds }),
    onFailed: async (id, says, isOurs) => {
      if (underWay.get(id)?.job.fitted === null) await recordFailure(db, keyOf(id), isOurs ? 'Something went wrong. The log names it.' : says)
      if (isOurs) onError(new RapportError('internal', `${id}: ${says}`))
      onChange(id)
    },
  }
} // prettier-ignore

async function take(
  parts: PredictParts,
  key: { readonly id: PredictionModelId; readonly version: number },
  { id, fitted, scores, drift }: JobResult,
  { today, milliseconds }: { readonly today: number; readonly milliseconds: number },
): Promise<void> {
  const { db } = parts
  const now = parts.now()
  const asOf = today * dayMilliseconds
  if (fitted !== null) {
    const isStored = await recordFit(db, key, fitted, { asOf, now, milliseconds }) // prettier-ignore
    if (!isStored) return
  }
  if (fitted?.served === false) await dropScores(db, definitionOf(id).gives.map((quantity) => quantity.id)) // prettier-ignore
  let people = 0
  for (const one of scores) people = await writeScores(db, one, { version: key.version, asOf })
  if (scores.length > 0) {
    await recordScoring(db, key, {
      ...{ at: now, people },
      drift: drift && {
        asOf: new Date(asOf).toISOString(),
        scores: drift.scores,
        features: Object.entries(drift.features)
          .map(([feature, value]) => ({ feature, name: feature, value }))
          .toSorted((one, other) => other.value - one.value)
          .slice(0, 12),
      },
    })
  }
  parts.onScored(id)
  parts.onChange(id)
}
