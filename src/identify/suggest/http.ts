/** Possible duplicates: the list, what one would look like merged, and deciding. */
import { z } from 'zod'
import { decideSuggestion, readSearch } from './queries.ts'
import {
  mergePreview,
  mergeSearchView,
  mergeSuggestionPage,
} from '../../domain/merge-suggestion-view.ts'
import { previewOf, suggestionPage } from './read-suggestions.ts'
import type { Decider } from '../http.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Kysely } from 'kysely'

export interface SuggestionRouteParts {
  readonly db: Kysely<unknown>
  readonly now: () => number
  /** Begins a search; resolves when it is done, or after a while. */
  readonly search: (options: { mergeAbove: number | null; by: string }) => Promise<void>
  /** Merges the two of an open suggestion. Gives the ids of the parties that there are now. */
  readonly accept: (id: string, by: Decider) => Promise<string[]>
}

const byId = z.object({ id: z.uuid() })
const tags = ['Identity']
const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(100).optional(),
  least: z.coerce.number().min(0).max(1).default(0.5).describe('Leave out what is less likely.'),
})
const searchBody = z.object({
  mergeAbove: z
    .number()
    .min(0.5)
    .max(1)
    .nullable()
    .default(null)
    .describe('Also merge what is at least so likely, unless both have a user id. Usually: never.'),
})

export const suggestionRoutes =
  ({ db, now, search, accept }: SuggestionRouteParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/api/merge-suggestions', {
      schema: { summary: 'People who are probably one, most likely first', tags, querystring: listQuery, response: { 200: mergeSuggestionPage } },
      handler: ({ query: { limit, cursor, least } }) =>
        suggestionPage(db, { limit, cursor, leastProbability: least }, now()),
    }) // prettier-ignore

    app.post('/api/merge-suggestions/search', {
      schema: { summary: 'Look for duplicates now', tags, body: searchBody.nullish(), response: { 200: mergeSearchView } },
      handler: async ({ body, actor }) => {
        await search({ mergeAbove: body?.mergeAbove ?? null, by: actor?.name ?? '' })
        return readSearch(db, now())
      },
    }) // prettier-ignore

    app.get('/api/merge-suggestions/:id/preview', {
      schema: { summary: 'What the two would look like as one; changes nothing', tags, params: byId, response: { 200: mergePreview } },
      handler: ({ params }) => previewOf(db, params.id),
    }) // prettier-ignore

    app.post('/api/merge-suggestions/:id/accept', {
      schema: { summary: 'Merge the two (can be undone)', tags, params: byId, response: { 200: z.object({ parties: z.array(z.uuid()) }) } },
      handler: async ({ params, actor }) => ({
        parties: await accept(params.id, { name: actor?.name ?? '', reason: '' }),
      }),
    }) // prettier-ignore

    app.post('/api/merge-suggestions/:id/dismiss', {
      schema: { summary: 'They are two people: not suggested again', tags, params: byId, response: { 204: z.null() } },
      handler: async ({ params, actor }, reply) => {
        await decideSuggestion(db, params.id, { state: 'dismissed', by: actor?.name ?? '', now: now() })
        return reply.code(204).send(null)
      },
    }) // prettier-ignore
  }
