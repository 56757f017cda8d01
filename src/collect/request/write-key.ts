import { Buffer } from 'node:buffer'
import type { FastifyRequest } from 'fastify'

/** Longer is no key of anybody, and must not fill a cache. */
const keyLimit = 200

/**
 * The keys that a request may mean, in the order in which they count: user name of Basic, any other
 * Authorization (one client sends the key bare), X-Write-Key, `writeKey` of the body, and for beacons,
 * which can set no header, of the query. Jitsu writes `id:secret`: the part before the colon counts.
 */
export function keysOf(request: FastifyRequest, body: unknown, allowQuery: boolean): string[] {
  const { authorization } = request.headers
  const query = request.query as Record<string, unknown>
  const found = [
    ...(authorization === undefined ? [] : keysOfAuthorization(authorization)),
    request.headers['x-write-key'],
    (body as { writeKey?: unknown } | null)?.writeKey,
    allowQuery ? query['writeKey'] : undefined,
  ]
  const keys = found.flatMap((key) => (typeof key === 'string' ? variantsOf(key.trim()) : []))
  return [...new Set(keys)]
}

function keysOfAuthorization(header: string): string[] {
  const [, scheme = '', rest = ''] = /^(Basic|Bearer)\s+(\S+)\s*$/i.exec(header) ?? []
  if (scheme === '') return [header]
  if (scheme.toLowerCase() === 'bearer') return [rest]
  return [Buffer.from(rest, 'base64').toString('utf8'), rest]
}

function variantsOf(key: string): string[] {
  if (key.length > keyLimit || key.includes('\u0000')) return []
  const beforeColon = key.split(':', 1)[0] ?? ''
  return [key, beforeColon].filter((variant) => variant !== '')
}
