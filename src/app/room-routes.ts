/** The routes of all rooms, each given just what it needs. */
import { createSourceKeys, makeWriteKey } from '../collect/source-keys.ts'
import { ensureSource } from '../collect/sources.ts'
import { identityRoutes } from '../identify/http.ts'
import { ladderRoutes } from '../measure/http/ladder-routes.ts'
import { modelRoutes } from '../measure/http/model-routes.ts'
import { partyRoutes } from '../measure/http/party-routes.ts'
import type { Engine } from './compose.ts'
import type { FastifyPluginAsync } from 'fastify'
import type { Parts } from './start-rapport.ts'

export async function roomRoutes(
  { config, truth }: Parts,
  engine: Engine,
): Promise<FastifyPluginAsync[]> {
  const { db } = truth
  const { models, now } = engine
  await ensureSource(db, {
    id: 'web',
    name: 'Website and apps',
    kind: 'web',
    // Kept where there is one already (see ensureSource).
    writeKey: config.writeKey,
  })
  void createSourceKeys
  void makeWriteKey
  const reading = { db, models, now }
  return [
    partyRoutes(reading) as FastifyPluginAsync,
    ladderRoutes(reading) as FastifyPluginAsync,
    modelRoutes({
      ...reading,
      playbooks: engine.playbooks,
      apply: engine.applyModel,
    }) as FastifyPluginAsync,
    identityRoutes(db, engine.identityActions) as FastifyPluginAsync,
  ]
}
