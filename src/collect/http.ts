/**
 * The routes that clients of the Segment protocol call, those of its descendants included. What they
 * answer is a promise (docs/decisions/0007): 200 only once everything is durable and measured; never
 * a redirect; 400 only for a request that cannot be read at all, since clients drop it then.
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AcceptBatch } from '../domain/collected-batch.ts'
import { RapportError } from '../domain/error.ts'
import type { EventType } from '../domain/touchpoint.ts'
import { collectBatch, collectUnreadable } from './collect-batch.ts'
import { decodeBody, type DecodedBody } from './request/decode-body.ts'
import { serveClientSettings } from './http-client-settings.ts'
import {
  createBacklog,
  readBody,
  usualBacklog,
  type Backlog,
  type BacklogLimits,
} from './request/request-body.ts'
import type { Source } from './sources.ts'
import { keysOf } from './request/write-key.ts'

export interface CollectOptions {
  /** Resolves once a batch is durable and measured. */
  readonly accept: AcceptBatch
  /** Null where no source has this key. */
  readonly sourceOfKey: (key: string) => Promise<Source | null>
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number
  /** Names events that have no messageId. */
  readonly newMessageId: () => string
  readonly backlog?: BacklogLimits
}

interface Route {
  readonly url: string
  readonly shape: 'event' | 'batch'
  readonly type?: EventType
  /** Beacons can send no header, so their key may stand in the address. */
  readonly isBeacon?: true
  readonly isAlias?: true
}

/** The short forms of Segment's browser library. */
const typeByLetter = {
  t: 'track',
  i: 'identify',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
} as const
const types = Object.values(typeByLetter)

export const collectUrls: readonly Route[] = [
  ...types.map((type): Route => ({ url: `/v1/${type}`, shape: 'event', type })),
  ...Object.entries(typeByLetter).map(([letter, type]): Route => ({
    url: `/v1/${letter}`,
    shape: 'event',
    type,
    isAlias: true,
  })),
  { url: '/v1/batch', shape: 'batch' },
  { url: '/v1/b', shape: 'batch', isAlias: true },
  { url: '/v1/import', shape: 'batch', isAlias: true },
  { url: '/beacon/v1/batch', shape: 'batch', isBeacon: true, isAlias: true },
  // Jitsu
  ...types.map((type): Route => ({ url: `/api/s/${type}`, shape: 'event', type, isAlias: true })),
  ...types.map((type): Route => ({
    url: `/api/s/s2s/${type}`,
    shape: 'event',
    type,
    isAlias: true,
  })),
  // Dittofeed
  { url: '/api/public/apps/batch', shape: 'batch', isAlias: true },
]

/** Registers the routes in a scope of their own: their body parser is not for the rest of the app. */
export async function collectRoutes(app: FastifyInstance, options: CollectOptions): Promise<void> {
  await app.register(async (scope) => {
    const backlog = createBacklog(options.backlog ?? usualBacklog)
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) =>
      readBody(backlog, request, payload),
    )
    scope.addHook('onRequest', async (request, reply) => {
      allowOrigin(request, reply)
      if (request.method !== 'POST') return
      // Fastify answers 415 to a malformed type before any parser; the type means nothing here.
      request.raw.headers['content-type'] = 'application/octet-stream'
      backlog.open(request, reply)
    })
    scope.setErrorHandler((error, _request, reply) => {
      const wait = error instanceof RapportError ? error.extra['retryAfterSeconds'] : undefined
      if (typeof wait === 'number') reply.header('retry-after', Math.ceil(wait))
      // The rest is the same for all routes: on to the handler of the whole app.
      throw error
    })
    for (const route of collectUrls) addRoute(scope, route, { ...options, backlog })
    // Counters of Segment's browser library about itself. Nobody reads them.
    scope.post('/v1/m', { config, schema: { hide: true } }, async () => ({ success: true }))
    scope.options('/v1/m', { config, schema: { hide: true } }, answerPreflight)
    serveClientSettings(scope)
  })
}

/** These routes check a write key of their own, from anywhere. */
const config = { access: 'open' } as const

interface Parts extends Omit<CollectOptions, 'backlog'> {
  readonly backlog: Backlog
}

function addRoute(scope: FastifyInstance, route: Route, parts: Parts): void {
  const { url, type, isAlias } = route
  const schema = isAlias
    ? { hide: true }
    : {
        tags: ['Collect'],
        summary: type ? `Take one ${type} event` : 'Take up to 2,500 events of any type',
        security: [{ writeKey: [] }],
      }
  scope.post(url, { config, schema }, async (request) => {
    await collect(route, parts, request)
    return { success: true }
  })
  scope.options(url, { config, schema: { hide: true } }, answerPreflight)
  // Also what a client does that follows a redirect of some proxy: it must not look like success.
  scope.get(url, { config, schema: { hide: true } }, async () => {
    throw new RapportError('not_found', 'Events are sent with POST.')
  })
}

async function collect(route: Route, parts: Parts, request: FastifyRequest): Promise<void> {
  const receivedAt = parts.now()
  const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array()
  const decoded = decode(bytes, request, route.shape)
  const json = decoded instanceof RapportError ? null : decoded.json
  const keys = keysOf(request, json, route.isBeacon === true)
  // The key may be in the very body that cannot be read.
  if (keys.length === 0 && decoded instanceof RapportError) throw decoded
  const source = await findSource(parts, keys)
  checkOrigin(source, request)
  if (decoded instanceof RapportError) {
    await accept(parts, collectUnreadable(source.id, bytes, decoded))
    throw decoded
  }
  const batch = collectBatch(decoded, {
    ...(route.type ? { type: route.type } : {}),
    shape: route.shape,
    sourceId: source.id,
    receivedAt,
    makeMessageId: parts.newMessageId,
    sentAt: request.headers['sentat'],
    userAgent: request.headers['user-agent'] ?? '',
    globalPrivacyControl: request.headers['sec-gpc'] === '1',
  })
  const events = batch.touchpoints.length + batch.rejected.length
  if (events > 0) await parts.backlog.whileWaiting(events, () => accept(parts, batch))
}

function decode(
  bytes: Uint8Array,
  request: FastifyRequest,
  shape: Route['shape'],
): DecodedBody | RapportError {
  try {
    return decodeBody(bytes, request.headers['content-encoding'], shape)
  } catch (error) {
    if (error instanceof RapportError) return error
    throw error
  }
}

async function findSource(parts: Parts, keys: readonly string[]): Promise<Source> {
  for (const key of keys) {
    const source = await parts.sourceOfKey(key).catch(unavailable)
    if (source) return source
  }
  throw new RapportError('unauthorized')
}

function checkOrigin({ allowedOrigins }: Source, request: FastifyRequest): void {
  const { origin } = request.headers
  if (origin === undefined || allowedOrigins.length === 0) return
  if (!allowedOrigins.includes(origin)) {
    throw new RapportError('forbidden', 'The source does not take events from this origin.')
  }
}

async function accept(
  { accept }: Parts,
  batch: Parameters<AcceptBatch>[0],
): ReturnType<AcceptBatch> {
  return accept(batch).catch(unavailable)
}

/** Whatever keeps us from committing: the client shall come again, and it does so on 503. */
function unavailable(error: unknown): never {
  if (error instanceof RapportError && error.code !== 'internal') {
    const wait = { retryAfterSeconds: 5, ...error.extra }
    throw new RapportError(error.code, error.detail, wait, error.cause ?? error)
  }
  throw new RapportError('store_unavailable', undefined, { retryAfterSeconds: 5 }, error)
}

/** What browsers may send along: our own protocol's headers and RudderStack's. */
const allowedHeaders = [
  ...['authorization', 'content-type', 'content-encoding', 'anonymousid', 'sentat'],
  ...['x-retry-count', 'x-write-key', 'rsa-recovered', 'rsa-retry-attempt', 'rsa-retry-reason'],
  ...['rsa-since-last-attempt', 'rsa-since-first-attempt'],
].join(', ')

const exposedHeaders = 'retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset'

/** Any page may send; answers hold nothing that a page could learn from (a key can only add). */
function allowOrigin(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('vary', 'Origin')
  reply.header('cross-origin-resource-policy', 'cross-origin')
  const { origin } = request.headers
  if (origin === undefined) return
  reply.header('access-control-allow-origin', origin)
  reply.header('access-control-allow-credentials', 'true')
  // Browsers hide it from their pages otherwise, which then come again too soon.
  reply.header('access-control-expose-headers', exposedHeaders)
}

async function answerPreflight(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await reply
    .header('access-control-allow-methods', 'POST')
    .header('access-control-allow-headers', allowedHeaders)
    .header('access-control-max-age', '86400')
    .code(204)
    .send()
}
