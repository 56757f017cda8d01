/** The pictures of everybody: ladder, health calendar, movers, qualified reach. */
import { z } from 'zod'
import { healthCountDay, ladderView, moverView, reachView } from '../../domain/ladder-view.ts'
import { healthCounts } from '../read/health-calendar.ts'
import { ladderOf } from '../read/ladder.ts'
import { moversOf } from '../read/movers.ts'
import { reachOf } from '../read/reach.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ReadingParts } from './party-routes.ts'

const days = (usual: number, most = 800) => z.coerce.number().int().min(1).max(most).default(usual)

export const ladderRoutes =
  ({ db, models, now }: ReadingParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/api/ladder', {
      schema: { summary: 'The ladder: counts, flows, history', tags: ['Ladder'], querystring: z.object({ days: days(7) }), response: { 200: ladderView } },
      handler: async ({ query }) => ladderOf(db, await models.serving(db), query.days, now()),
    }) // prettier-ignore

    app.get('/api/health-calendar', {
      schema: { summary: 'How many are green, yellow and red, by day', tags: ['Ladder'], querystring: z.object({ days: days(182) }), response: { 200: z.object({ days: z.array(healthCountDay) }) } },
      handler: async ({ query }) => ({ days: await healthCounts(db, await models.serving(db), query.days, now()) }),
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
        const { compiled } = await models.serving(db)
        return { movers: await moversOf(db, query, compiled.rungs.map(({ id }) => id), now()) }
      },
    }) // prettier-ignore

    app.get('/api/reach', {
      schema: { summary: 'Reach by channel: people, and the right people', tags: ['Ladder'], querystring: z.object({ days: days(30) }), response: { 200: reachView } },
      handler: async ({ query }) => reachOf(db, await models.serving(db), query.days, now()),
    }) // prettier-ignore
  }
