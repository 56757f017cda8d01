import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../../domain/actor.ts'
import { RapportError } from '../../domain/error.ts'
import { accessOf } from '../http/access.ts'

export interface GuardParts {
  /** Origin of RAPPORT_PUBLIC_URL, or null where a request's own Host says where we are. */
  readonly publicOrigin: string | null
  readonly actorOfKey: (key: string) => Promise<Actor | null>
  /** By a key that opens what is read, and nothing that changes anything. */
  readonly readerOfKey: (key: string) => Actor | null
  readonly actorOfSession: (request: FastifyRequest, reply: FastifyReply) => Promise<Actor | null>
}

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Runs before every route, and before its body is read. A change that a cookie would authorise must
 * come from our own pages; a Bearer key is never sent by a browser on its own, so it needs no such
 * proof. A route that is nowhere declared open is shut.
 */
export function guardRoutes(app: FastifyInstance, parts: GuardParts): void {
  app.decorateRequest('actor', null)
  app.addHook('onRequest', async (request, reply) => {
    const { url, config } = request.routeOptions
    const access = accessOf(url, config)
    if (access === 'open') return
    const key = bearerOf(request.headers.authorization)
    if (key === null && !readingMethods.has(request.method)) {
      if (!isFromOurPages(request, parts.publicOrigin)) throw new RapportError('foreign_origin')
    }
    if (access === 'visitor') return
    const reader =
      key !== null && readingMethods.has(request.method) ? parts.readerOfKey(key) : null
    request.actor =
      key === null
        ? await parts.actorOfSession(request, reply)
        : (reader ?? (await parts.actorOfKey(key)))
    if (request.actor !== null) return
    reply.header('www-authenticate', 'Bearer')
    throw new RapportError('unauthorized')
  })
}

export function bearerOf(header: string | undefined): string | null {
  return /^bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null
}

/**
 * Browsers send Origin with every request that is not a GET, and pages cannot forge it. Where a
 * browser leaves it out, Sec-Fetch-Site says the same; with neither, the request is refused.
 */
function isFromOurPages({ headers }: FastifyRequest, publicOrigin: string | null): boolean {
  const { origin, host } = headers
  if (origin === undefined) return headers['sec-fetch-site'] === 'same-origin'
  if (origin === publicOrigin) return true
  const parsed = URL.parse(origin)
  return parsed !== null && parsed.host !== '' && parsed.host === host?.toLowerCase()
}
