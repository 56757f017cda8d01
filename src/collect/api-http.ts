/** What the team sees of collecting: sources with their counts, rejects, and what comes in just now. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { RapportError } from '../domain/error.ts'
import { problem, recentPage } from '../domain/view.ts'
import { rejectPage, rejectView, sourceView } from '../domain/source-view.ts'
import { recentTouchpoints } from './log.ts'
import { closeRejects, findReject, listRejects, type Reject } from './rejects.ts'
import { replayReject, replayRejects, type ReplayParts } from './replay.ts'
import { makeWriteKey } from './source-keys.ts'
import { createSource, listSources } from './sources.ts'
import { viewWithParties } from './touchpoint-view.ts'

export interface CollectApiOptions extends ReplayParts {
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number
  readonly newId: () => string
}

const tags = ['Sources']
/** Ids of rejects are 64-bit numbers. */
const rejectId = z.string().regex(/^\d{1,18}$/)
const page = z.coerce.number().int().min(1).max(200).default(50)
const sourceId = z.string().min(1).max(200).optional()

const newSource = z.strictObject({
  name: z.string().trim().min(1).max(100),
  kind: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,39}$/)
    .default('web'),
  /** Origins such as `https://shop.example` that browsers may send from; any where it is empty. */
  allowedOrigins: z
    .array(z.string().regex(/^https?:\/\/[^/\s]+$/))
    .max(50)
    .default([]),
})

export async function collectApi(app: FastifyInstance, options: CollectApiOptions): Promise<void> {
  sourceRoutes(app, options)
  rejectRoutes(app, options)
  replayRoutes(app, options)
  app.withTypeProvider<ZodTypeProvider>().get(
    '/api/touchpoints/recent',
    {
      schema: {
        tags: ['Touchpoints'],
        summary: 'What came in last, newest first: the live debugger',
        querystring: z.object({ source: sourceId, limit: page }),
        response: { 200: recentPage },
      },
    },
    async ({ query: { source, limit } }) => {
      const question = { limit, now: options.now(), ...(source ? { sourceId: source } : {}) }
      const touchpoints = await recentTouchpoints(options.db, question)
      return { touchpoints: await viewWithParties(options.db, touchpoints), next: null }
    },
  )
}

function sourceRoutes(app: FastifyInstance, { db, newId }: CollectApiOptions): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get(
    '/api/sources',
    {
      schema: {
        tags,
        summary: 'All sources with their write keys and counts',
        response: { 200: z.object({ sources: z.array(sourceView) }) },
      },
    },
    async () => ({ sources: await listSources(db) }),
  )
  routes.post(
    '/api/sources',
    {
      schema: {
        tags,
        summary: 'Make a source; the answer has its write key',
        body: newSource,
        response: { 201: sourceView, 400: problem },
      },
    },
    async ({ body }, reply) => {
      const { id } = await createSource(db, { ...body, id: newId(), writeKey: makeWriteKey() })
      const created = (await listSources(db)).find((source) => source.id === id)
      if (!created) throw new RapportError('not_found')
      return reply.code(201).send(created)
    },
  )
}

function rejectRoutes(app: FastifyInstance, { db }: CollectApiOptions): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const states = z.enum(['open', 'replayed', 'dismissed'])
  routes.get(
    '/api/rejects',
    {
      schema: {
        tags,
        summary: 'Events that could not be taken, newest first',
        querystring: z.object({
          source: sourceId,
          state: states.default('open'),
          cursor: z.string().max(100).optional(),
          limit: page,
        }),
        response: { 200: rejectPage, 400: problem },
      },
    },
    async ({ query: { source, state, cursor, limit } }) => {
      if (cursor !== undefined && !rejectId.safeParse(cursor).success) {
        throw new RapportError('invalid_cursor')
      }
      const rejects = await listRejects(db, {
        ...{ state, limit },
        ...(source ? { sourceId: source } : {}),
        ...(cursor ? { before: cursor } : {}),
      })
      const last = rejects.length === limit ? rejects.at(-1) : undefined
      return { rejects: rejects.map(viewReject), next: last?.id ?? null }
    },
  )
  routes.post(
    '/api/rejects/:id/dismiss',
    {
      schema: {
        tags,
        summary: 'Put a rejected event away',
        params: z.object({ id: rejectId }),
        response: { 200: rejectView, 404: problem, 409: problem },
      },
    },
    async ({ params: { id } }) => {
      const closed = await closeRejects(db, [id], 'dismissed')
      const reject = await findReject(db, id)
      if (!reject) throw new RapportError('not_found')
      if (closed === 0) throw new RapportError('conflict', `It is ${reject.state} already.`)
      return viewReject(reject)
    },
  )
}

function replayRoutes(app: FastifyInstance, options: CollectApiOptions): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const outcome = z.object({
    replayed: z.number().int(),
    refused: z.number().int(),
    /** Send it as `before` to go on; null where all were tried. */
    next: z.string().nullable(),
  })
  routes.post(
    '/api/rejects/:id/replay',
    {
      schema: {
        tags,
        summary: 'Take a rejected event after all, as it came or mended',
        params: z.object({ id: rejectId }),
        body: z.strictObject({ event: z.record(z.string(), z.unknown()).optional() }).nullish(),
        response: { 200: rejectView, 400: problem, 404: problem, 409: problem },
      },
    },
    async ({ params: { id }, body }) => {
      await replayReject(options, id, body?.event)
      const reject = await findReject(options.db, id)
      if (!reject) throw new RapportError('not_found')
      return viewReject(reject)
    },
  )
  routes.post(
    '/api/rejects/replay',
    {
      schema: {
        tags,
        summary: 'Try all open rejects again, up to 1,000 a call',
        body: z.strictObject({ source: sourceId, before: rejectId.optional() }).nullish(),
        response: { 200: outcome, 400: problem },
      },
    },
    async ({ body }) =>
      replayRejects(options, {
        ...(body?.source ? { sourceId: body.source } : {}),
        ...(body?.before ? { before: body.before } : {}),
      }),
  )
}

function viewReject(reject: Reject): z.infer<typeof rejectView> {
  const { id, at, sourceId, sourceName, code, reason, event, raw, state } = reject
  return {
    ...{ id, code, reason, state, at: at.toISOString() },
    source: { id: sourceId, name: sourceName },
    event: event ?? raw ?? '',
  }
}
