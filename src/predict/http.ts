/** /api/predictions: models and their cards, who is likely to, and what is said of one party. */
import { z } from 'zod'
import { likelyPage as readLikely, predictionSpread as readSpread } from './likely.ts'
import { likelyPage, partyPredictions, predictionCard, predictionModelIds, predictionModelList, predictionModelView, predictionSpread, quantityIds } from '../domain/prediction-view.ts' // prettier-ignore
import { modelCard, modelViews } from './model-views.ts'
import { predictionsOfParty } from './party-predictions.ts'
import { RapportError } from '../domain/error.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Kysely } from 'kysely'
import type { PredictionModelId, PredictionModelView } from '../domain/prediction-view.ts'

export interface PredictionRouteParts {
  readonly db: Kysely<unknown>
  readonly now: () => number
  readonly horizonDays: number
  /** The relationship model that serves. */
  readonly model: () => Promise<{ readonly version: number; readonly compiled: CompiledModel }>
  /** Begins in the background. */
  readonly fit: (ids: readonly PredictionModelId[]) => void
}

const tags = ['Predictions']
const byModel = z.object({ id: z.enum(predictionModelIds) })
const byParty = z.object({ id: z.uuid() })
const of = z.enum(quantityIds).describe('What is predicted.')
const likelyQuery = z.object({
  of,
  at_least: z.coerce.number().optional().describe('Chances are 0..1, money in minor units.'),
  at_most: z.coerce.number().optional(),
  rung: z.string().max(40).optional().describe('Only people who stand on this rung.'),
  segment: z.uuid().optional().describe('Only people who are in this segment.'),
  order: z.enum(['most', 'least']).default('most'),
  cursor: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const predictionRoutes =
  (parts: PredictionRouteParts): FastifyPluginAsyncZod =>
  async (app) => {
    const { db, model, fit, horizonDays } = parts
    const views = async (): Promise<PredictionModelView[]> =>
      modelViews(db, (await model()).compiled.declared.currency.base)

    app.get('/api/predictions/models', {
      schema: {
        ...{ summary: 'All models: which serve, and which do not and why', tags },
        response: { 200: predictionModelList },
      },
      handler: async () => ({ models: await views(), horizonDays }),
    })
    app.get('/api/predictions/models/:id', {
      schema: {
        summary: 'The card of a model',
        description: 'Data used, checks, what it did on people and days it had not seen against simple rules, calibration, effects, drift.',
        ...{ tags, params: byModel, response: { 200: predictionCard } },
      },
      handler: async ({ params }) => modelCard(db, params.id, (await model()).compiled.declared),
    }) // prettier-ignore
    app.post('/api/predictions/models/:id/fit', {
      schema: {
        summary: 'Fit a model anew, in the background',
        description: 'Ask for the model to see how far it is. It is done every week by itself.',
        ...{ tags, params: byModel, response: { 202: predictionModelView } },
      },
      handler: async ({ params }, reply) => {
        fit([params.id])
        return reply.code(202).send(viewNamed(await views(), params.id))
      },
    })
    app.post('/api/predictions/fit', {
      schema: {
        summary: 'Fit all models anew, in the background',
        ...{ tags, response: { 202: predictionModelList } },
      },
      handler: async (_request, reply) => {
        fit(predictionModelIds)
        return reply.code(202).send({ models: await views(), horizonDays })
      },
    })
    reading(app, parts)
  }

type App = Parameters<FastifyPluginAsyncZod>[0]

function reading(app: App, { db, model, now, horizonDays }: PredictionRouteParts): void {
  app.get('/api/predictions', {
    schema: {
      summary: 'Who is likely to, most likely first',
      description: 'As of the last scoring; what is said of one person is of now, where that can be told exactly.',
      ...{ tags, querystring: likelyQuery, response: { 200: likelyPage } },
    },
    handler: async ({ query }) => {
      const { version, compiled } = await model()
      if (query.rung !== undefined && compiled.rungs.every(({ id }) => id !== query.rung))
        throw new RapportError('invalid_request', `The rungs are: ${compiled.rungs.map(({ id }) => id).join(', ')}.`)
      return readLikely(db, { version, compiled }, query)
    },
  }) // prettier-ignore
  app.get('/api/predictions/spread', {
    schema: {
      ...{ summary: 'How a prediction is spread over people', tags },
      ...{ querystring: z.object({ of }), response: { 200: predictionSpread } },
    },
    handler: async ({ query }) =>
      readSpread(db, query.of, (await model()).compiled.declared.currency.base),
  })
  app.get('/api/parties/:id/predictions', {
    schema: {
      summary: 'What is likely next for a party, with intervals and reasons',
      description: 'Whether somebody is still a buyer, and how much they will buy, is computed as of now from all that is known; chances from features are of the last scoring.',
      ...{ tags, params: byParty, response: { 200: partyPredictions } },
    },
    handler: async ({ params }) =>
      predictionsOfParty(db, (await model()).compiled, params.id, { now: now(), horizonDays }),
  }) // prettier-ignore
}

function viewNamed(
  views: readonly PredictionModelView[],
  id: PredictionModelId,
): PredictionModelView {
  const found = views.find((view) => view.id === id)
  if (found === undefined) throw new RapportError('not_found', 'There is no such model.')
  return found
}
