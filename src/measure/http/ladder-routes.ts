/** The pictures of everybody: ladder, health calendar, movers, qualified reach. */
import { z } from 'zod'
import { healthCountDay, ladderView, moverView, reachView } from '../../domain/ladder-view.ts'
import { healthCounts } from '../read/health-calendar.ts'
import { ladderOf } from '../read/ladder.ts'
import { moversOf } from '../read/movers.ts'
import { reachOf } from '../read/reach.ts'
import { RememberedAnswers } from '../read/remember.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ReadingParts } from './party-routes.ts'
import type { ServingModel } from '../serving-model.ts'

const days = (usual: number, most = 800) => z.coerce.number().int().min(1).max(most).default(usual)

export const ladderRoutes =
  ({ db, models, now }: ReadingParts): FastifyPluginAsyncZod =>
  async (app) => {
    const answers = new RememberedAnswers({ now })
    /** Remembered by what was asked and of which model. */
    const answer = async <T>(
      what: readonly (string | number)[],
      make: (model: ServingModel) => Promise<T>,
    ): Promise<T> => {
      const model = await models.serving(db)
      return answers.get([model.version, ...what].join(' '), () => make(model))
    }

    app.get('/api/ladder', {
      schema: { summary: 'The ladder: counts, flows, history', tags: ['Ladder'], querystring: z.object({ days: days(7) }), response: { 200: ladderView } },
      handler: ({ query: { days } }) => answer(['ladder', days], (model) => ladderOf(db, model, days, now())),
    }) // prettier-ignore

    app.get('/api/health-calendar', {
      schema: { summary: 'How many are green, yellow and red, by day', tags: ['Ladder'], querystring: z.object({ days: days(182) }), response: { 200: z.object({ days: z.array(healthCountDay) }) } },
      handler: async ({ query: { days } }) => ({ days: await answer(['health', days], (model) => healthCounts(db, model, days, now())) }),
    }) // prettier-ignore

    app.get('/api/movers', {
      schema: {
        summary: 'Who rose or slipped, and why',
        tags: ['Ladder'],
        querystring: z.object({
          direction: z.enum(['rose', 'slipped']),
          days: days(7),
          limit: z.coerce.number().int().min(1).max(200).default(10),
        }),
        response: { 200: z.object({ movers: z.array(moverView) }) },
      },
      handler: async ({ query }) => {
        const { direction, days, limit } = query
        const movers = await answer(['movers', direction, days, limit], ({ compiled }) =>
          moversOf(db, query, compiled.rungs.map(({ id }) => id), now()))
        return { movers }
      },
    }) // prettier-ignore

    app.get('/api/reach', {
      schema: { summary: 'Reach by channel: people, and the right people', tags: ['Ladder'], querystring: z.object({ days: days(30) }), response: { 200: reachView } },
      handler: ({ query: { days } }) => answer(['reach', days], (model) => reachOf(db, model, days, now())),
    }) // prettier-ignore
  }
