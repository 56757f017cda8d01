/** What client libraries fetch before they send: their settings, and one library itself. */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RapportError } from '../domain/error.ts'

const options = { config: { access: 'open' }, schema: { hide: true } } as const

/**
 * Settings are made of the question alone: they are the same for a key that exists and one that does
 * not, so nobody learns which keys there are.
 */
export function serveClientSettings(scope: FastifyInstance): void {
  scope.get<{ Params: { key: string } }>(
    '/v1/projects/:key/settings',
    options,
    async (request, reply) => {
      reply.header('cache-control', 'private, max-age=300')
      return segmentSettings(request.params.key, request)
    },
  )
  scope.get<{ Querystring: { writeKey?: unknown } }>(
    '/sourceConfig',
    options,
    async (request, reply) => {
      reply.header('cache-control', 'private, max-age=300')
      return rudderSettings(keyOf(request))
    },
  )
  scope.options('/sourceConfig', options, async (_request, reply) => {
    await reply
      .header('access-control-allow-methods', 'GET')
      .header('access-control-allow-headers', 'authorization, content-type')
      .code(204)
      .send()
  })
  serveLibrary(scope)
}

/** What @segment/analytics-next reads; without `apiHost` it would send to Segment. */
function segmentSettings(key: string, request: FastifyRequest): Record<string, unknown> {
  const everything = { __default: { enabled: true, integrations: {} } }
  return {
    integrations: {
      'Segment.io': {
        apiKey: key,
        apiHost: `${request.host}/v1`,
        protocol: request.protocol,
        unbundledIntegrations: [],
        addBundledMetadata: true,
      },
    },
    plan: { track: everything, identify: everything, group: everything },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  }
}

/** What @rudderstack/analytics-js asks for: no destinations, so everything comes to us alone. */
function rudderSettings(key: string): Record<string, unknown> {
  const quiet = { errors: { enabled: false }, metrics: { enabled: false } }
  return {
    source: {
      id: key,
      name: 'Rapport',
      writeKey: key,
      workspaceId: 'rapport',
      enabled: true,
      config: { statsCollection: quiet },
      connections: [],
      destinations: [],
      dataplanes: {},
    },
  }
}

function keyOf(request: FastifyRequest<{ Querystring: { writeKey?: unknown } }>): string {
  const { writeKey } = request.query
  return typeof writeKey === 'string' ? writeKey.slice(0, 200) : ''
}

/** The folder of Segment's browser library where it is installed (it is no dependency of ours). */
function libraryFolder(): string | null {
  try {
    const entry = createRequire(import.meta.url).resolve('@segment/analytics-next')
    return join(dirname(entry), '..', 'umd')
  } catch {
    return null
  }
}

function serveLibrary(scope: FastifyInstance): void {
  const folder = libraryFolder()
  // Only these names are ever opened, whatever a request asks for.
  const names = new Set(folder === null ? [] : filesOf(folder))
  const read = new Map<string, Buffer>()
  const serve = (name: string): Buffer => {
    if (folder === null || !names.has(name)) throw new RapportError('not_found')
    const known = read.get(name) ?? readFileSync(join(folder, name))
    read.set(name, known)
    return known
  }
  scope.get('/analytics.js/v1/:key/analytics.min.js', options, async (_request, reply) => {
    const script = serve('standalone.js')
    return reply.type('text/javascript; charset=utf-8').send(script)
  })
  scope.get<{ Params: { file: string } }>(
    '/analytics-next/bundles/:file',
    options,
    async (request, reply) => {
      const script = serve(request.params.file)
      return reply.type('text/javascript; charset=utf-8').send(script)
    },
  )
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.js'))
  } catch {
    return []
  }
}
