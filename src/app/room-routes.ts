/** The routes of all rooms, each given just what it needs. */
import { randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { collectApi } from '../collect/api-http.ts'
import { collectRoutes } from '../collect/http.ts'
import { builtSnippet, snippetRoutes } from '../collect/http-snippet.ts'
import { createSourceKeys, makeWriteKey } from '../collect/source-keys.ts'
import { ensureSource, listSources } from '../collect/sources.ts'
import { importRoutes } from '../collect/import/http.ts'
import { createAskedLens } from '../store/asked-lens.ts'
import { createExplorer } from '../prove/explore/explorer.ts'
import { exploreRoutes } from '../prove/explore/http.ts'
import { exportQuery } from '../store/lens-export.ts'
import { lensRoutes } from '../prove/lens-http.ts'
import { lensStatus } from '../store/lens-status.ts'
import { identityRoutes } from '../identify/http.ts'
import { ladderRoutes } from '../measure/http/ladder-routes.ts'
import { modelRoutes } from '../measure/http/model-routes.ts'
import { dashboardRoutes } from '../prove/dashboards/http.ts'
import { historyOf } from '../measure/history.ts'
import { partyRoutes } from '../measure/http/party-routes.ts'
import { predictionRoutes } from '../predict/http.ts'
import { reportPartsOf } from './reports/report-parts.ts'
import { usualHorizonDays } from '../predict/catalogue.ts'
import { reportRoutes } from '../prove/http.ts'
import { suggestionRoutes } from '../identify/suggest/http.ts'
import { brokenBy } from '../segment/save.ts'
import { segmentRoutes } from '../segment/http.ts'
import type { Engine } from './engine.ts'
import type { FastifyPluginAsync } from 'fastify'
import type { Kysely } from 'kysely'
import type { Parts } from './start-rapport.ts'

export async function roomRoutes(
  { config, truth, lens }: Parts,
  engine: Engine,
): Promise<FastifyPluginAsync[]> {
  const { db } = truth
  const { models, now } = engine
  const { accept } = engine.intake
  await ensureFirstSource(db, config.writeKey)
  const reading = { db, models, now }
  const collecting = { db, accept, now, newId: randomUUID, newMessageId: randomUUID }
  const sourceOfKey = createSourceKeys(db, now)
  return [
    async (app) => collectRoutes(app, { ...collecting, sourceOfKey }),
    async (app) => collectApi(app, collecting),
    async (app) => snippetRoutes(app, { folder: builtSnippet }),
    async (app) =>
      importRoutes(app, {
        ...collecting,
        dataFolder: resolve(config.dataFolder),
        mayWrite: engine.mayWrite,
      }),
    partyRoutes(reading) as FastifyPluginAsync,
    ladderRoutes(reading) as FastifyPluginAsync,
    modelRoutes({
      ...reading,
      playbooks: engine.playbooks,
      apply: engine.applyModel,
      segmentsBrokenBy: (model) => brokenBy(db, model),
    }) as FastifyPluginAsync,
    lensRoutes({
      reader: engine.history.reader,
      status: () => lensStatus(truth, lens, engine.history.exporter),
      exportQuery: (query, parameters, format) =>
        exportQuery(
          { lens, reader: engine.history.reader, folder: join(config.dataFolder, 'exports') },
          query,
          parameters,
          format,
        ),
      now,
    }) as FastifyPluginAsync,
    reportRoutes(reportPartsOf({ truth, lens }, engine)) as FastifyPluginAsync,
    dashboardRoutes({ db, now, newId: randomUUID }) as FastifyPluginAsync,
    exploreRoutes(
      createExplorer(
        createAskedLens({ lens, reader: engine.history.reader }),
        engine.history.reader,
      ),
    ) as FastifyPluginAsync,
    predictionRoutes({
      ...{ db, now, horizonDays: usualHorizonDays },
      model: () => models.serving(db),
      fit: (ids) => void engine.predictions.fit(ids),
    }) as FastifyPluginAsync,
    identityRoutes(db, engine.identityActions) as FastifyPluginAsync,
    suggestionRoutes({
      ...{ db, now },
      search: engine.mergeSuggestions.beginSearch,
      accept: engine.mergeSuggestions.accept,
    }) as FastifyPluginAsync,
    segmentRoutes({
      ...{ db, now, newId: randomUUID, previews: engine.segments.previews },
      model: (from) => models.serving(from),
      // A small segment serves when it is answered; a large one soon after.
      build: () => Promise.race([engine.segments.build(), sleep(waitForBuild, undefined, unref)]),
      lifeUntil: (model, party, log, at) => historyOf(model, party, log, at).row,
    }) as FastifyPluginAsync,
  ]
}

const unref = { ref: false }
const waitForBuild = 3_000

export const firstSourceId = 'web'

/** The source that a first client sends to; its key is the configured one, else made once. */
async function ensureFirstSource(db: Kysely<unknown>, configured: string | null): Promise<void> {
  const known = (await listSources(db)).find(({ id }) => id === firstSourceId)
  const writeKey = configured ?? known?.writeKey ?? makeWriteKey()
  await ensureSource(db, { id: firstSourceId, name: 'Website and apps', kind: 'web', writeKey })
}
