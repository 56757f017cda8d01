/**
 * Predictions kept up: every night everybody is scored again, and what is a week old, or whose people
 * have changed since, is fitted anew; on demand at once. At rest it is one sleeping timer.
 */
import { createTurns } from './turns.ts'
import { endInterruptedFits, leaseLength } from '../predict/fit-lease.ts'
import { lastFits, readServing } from '../predict/model-queries.ts'
import { createLensReader } from '../store/lens-reader.ts'
import { models as definitions, usualHorizonDays } from '../predict/catalogue.ts'
import { areEnoughPeople } from '../predict/enough-parties.ts'
import { predictModels } from '../predict/predict-models.ts'
import { whatIsDue } from '../predict/what-is-due.ts'
import type { Exporter } from '../store/exporter/exporter.ts'
import type { Lens } from '../store/lens.ts'
import type { Live } from './live.ts'
import type { ModelCache } from '../measure/serving-model.ts'
import type { PredictionModelId } from '../domain/prediction-view.ts'
import type { Segments } from './segments.ts'
import type { Truth } from '../store/truth.ts'

export interface Predictions {
  /** Fits these in the background, all where none is named. Resolves when it is done. */
  fit(ids?: readonly PredictionModelId[]): Promise<void>
  /** Looks now for what is due; resolves when that is done. */
  ring(): Promise<void>
  start(): void
  stop(): Promise<void>
}

export interface PredictionsOptions {
  readonly truth: Truth
  readonly models: ModelCache
  readonly lens: Lens
  readonly exporter: Exporter
  readonly live: Live
  readonly now: () => number
  readonly onError: (error: unknown) => void
  /** Told when there is nothing more to do for now. */
  readonly onRest: () => void
  /** Told when scores were written. */
  readonly segments: Pick<Segments, 'scored'>
}

/** For what another process did, for nights, and for a first history that is there by now. Milliseconds. */
const longestSleep = 10 * 60_000
/** What a start brings with it, and what is imported right after it, comes first. */
const firstLook = 5 * 60_000

export function createPredictions(options: PredictionsOptions): Predictions {
  const { truth, lens, exporter, models, live, now, onError, onRest, segments } = options
  // Its own connection: what is read at night takes long, and pages do not wait for it.
  const reader = createLensReader({ lens, exporter, patience: 30_000, secondsAQuery: 600 })
  const { db } = truth
  const turns = createTurns(onError)
  const ending = new AbortController()
  let timer: NodeJS.Timeout | null = null
  let leftBehind: NodeJS.Timeout | undefined
  const parts = {
    ...{ db, reader, now, onError, horizonDays: usualHorizonDays, signal: ending.signal },
    model: async () => (await models.serving(db)).compiled,
    onScored: () => void segments.scored(),
    onChange: (id: PredictionModelId) => live.publish({ kind: 'prediction', id }),
  }
  const endInterrupted = async (): Promise<void> => {
    for (const id of await endInterruptedFits(db, now())) parts.onChange(id)
  }
  const taken = (work: () => Promise<unknown>): Promise<void> =>
    new Promise<void>((resolve) => turns.take(() => work().then(() => resolve()), resolve)).finally(
      onRest,
    )
  const lookAfter = async (): Promise<void> => {
    await endInterrupted()
    if (!(await areEnoughPeople(db))) return
    const due = whatIsDue(await lastFits(db), await readServing(db), now())
    if (due.fit.length + due.score.length > 0) await predictModels(parts, due)
  }
  const sleep = (milliseconds: number): void => {
    if (turns.stopped()) return
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => void ring(), milliseconds)
    timer.unref()
  }
  const ring = async (): Promise<void> => {
    await taken(lookAfter)
    sleep(longestSleep)
  }
  return {
    ring,
    fit: (ids = definitions.map(({ id }) => id)) =>
      taken(() => predictModels(parts, { fit: ids, score: [] })),
    start() {
      // What a crash left behind is told as soon as it is known that nobody is at it.
      leftBehind = setTimeout(() => void taken(endInterrupted), leaseLength).unref()
      sleep(firstLook)
    },
    async stop() {
      if (timer) clearTimeout(timer)
      clearTimeout(leftBehind)
      const stopping = turns.stop()
      ending.abort()
      await stopping
    },
  }
}
