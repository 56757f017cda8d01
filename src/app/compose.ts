/** Puts the rooms together over the open stores: what one hands to the other is said here and nowhere else. */
import { randomUUID } from 'node:crypto'
import { createClockwork } from './clockwork.ts'
import { createDiskGuard } from '../store/disk-space.ts'
import { createIdentityActions, type IdentityActionParts } from './identity-actions.ts'
import { createIntake } from './intake.ts'
import { createLensParts } from './lens-parts.ts'
import { createMergeSuggestions } from './merge-suggestions.ts'
import { createSegments } from './segments.ts'
import { createTidyMemory } from './tidy-memory.ts'
import { KnownParties } from '../identify/known-parties.ts'
import { ensureFirstModel, ModelCache } from '../measure/serving-model.ts'
import { applyModel } from '../measure/apply-model.ts'
import { createPredictions } from './predictions.ts'
import { createReportSending } from './reports/report-sending.ts'
import { readModelFile, readPlaybooks } from './playbooks.ts'
import { roomRoutes } from './room-routes.ts'
import type { Engine, EngineOptions } from './engine.ts'
import type { Composed, Parts, ServingParts } from './start-rapport.ts'
import { sweepModelTables, tablesStay } from '../measure/model-tables.ts'
import type { ServingModel } from '../measure/serving-model.ts'
import type { Measured } from '../measure/step.ts'

export async function createEngine(
  { config, truth, lens, live }: Parts,
  { now = Date.now, onError = () => {}, longestSleep }: EngineOptions = {},
): Promise<Engine> {
  const { db } = truth
  const models = new ModelCache()
  await ensureFirstModel(db, readModelFile(config.model), 'Rapport')
  await sweepModelTables(truth)
  const segments = createSegments({ truth, models, live, now, onError })
  const parts = { db, models, now, newId: randomUUID, segments }
  const disk = createDiskGuard({ folder: config.dataFolder, now: () => performance.now() })
  const memory = createTidyMemory({ onError, also: () => lens.giveBackMemory() })
  const onMeasured = (measured: Measured, accepted: number): void => {
    memory.touched()
    history.exporter.follow()
    if (accepted > 0) live.publish({ kind: 'touchpoints', count: accepted })
    if (measured.transitions.length > 0 || measured.late) live.publish({ kind: 'ladder' })
    for (const id of measured.parties.slice(0, 100)) live.publish({ kind: 'party', id })
    if (measured.wakeAt !== null) clockwork.wakeBy(measured.wakeAt)
    if (measured.late) clockwork.historyIsDue()
  }
  const history = createLensParts({ config, truth, lens }, { models, now, onError })
  const clockwork = createClockwork({
    ...{ ...parts, onMeasured, onError },
    ...(longestSleep === undefined ? {} : { longestSleep }),
  })
  const predictions = createPredictions({
    ...{ truth, lens, models, live, now, onError, segments, exporter: history.exporter },
    // Everybody's features and scores were in memory.
    onRest: () => memory.touched(),
  })
  const knownParties = new KnownParties()
  let sweeping: NodeJS.Timeout | undefined
  const intake = createIntake({ ...parts, knownParties, onMeasured, mayWrite: () => disk.check() })
  const identity = identityParts({ ...parts, onMeasured }, onError)
  return {
    models,
    segments,
    history,
    intake,
    predictions,
    clockwork,
    now,
    mayWrite: () => disk.check(),
    ...identity,
    playbooks: readPlaybooks(),
    applyModel: async (yaml, by, onProgress = () => {}) => {
      const serving = (): Promise<ServingModel> => models.serving(db)
      const applied = await applyModel({ truth, lens, serving, now, onProgress }, yaml, by)
      clearTimeout(sweeping)
      sweeping = setTimeout(() => void sweepModelTables(truth).catch(onError), tablesStay + 1_000)
      sweeping.unref()
      onMeasured({ parties: [], transitions: [], wakeAt: now(), late: true }, 0)
      void segments.build()
      return applied
    },
    stop: async () => {
      clearTimeout(sweeping)
      memory.stop()
      await intake.drained()
      await predictions.stop()
      await identity.mergeSuggestions.stop()
      await clockwork.stop()
      await segments.stop()
      await history.exporter.stop()
    },
  }
}

function identityParts(
  parts: IdentityActionParts,
  onError: (error: unknown) => void,
): Pick<Engine, 'identityActions' | 'mergeSuggestions'> {
  const { db, now, newId } = parts
  const identityActions = createIdentityActions(parts)
  const asked = { db, now, newId, onError, actions: identityActions }
  return { identityActions, mergeSuggestions: createMergeSuggestions(asked) }
}

/** For `startRapport`: the engine, running, and its routes. */
export async function compose(
  parts: ServingParts,
  options: EngineOptions = {},
): Promise<Composed & { engine: Engine }> {
  const engine = await createEngine(parts, options)
  const sending = createReportSending(parts, engine, options)
  const rooms = [...(await roomRoutes(parts, engine)), ...sending.routes]
  await engine.clockwork.start()
  await engine.segments.start()
  engine.predictions.start()
  engine.mergeSuggestions.start()
  const close = async (): Promise<void> => {
    await sending.stop()
    await engine.stop()
  }
  const store = { name: 'clockwork', check: async () => {}, close }
  return { engine, rooms, stores: [store] }
}
