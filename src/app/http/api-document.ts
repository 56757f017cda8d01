import { randomBytes } from 'node:crypto'
import swagger from '@fastify/swagger'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { accessOf } from './access.ts'
import { appPolicy } from './security-headers.ts'

const about = `Send touchpoints as any Segment client does, read relationships with their evidence.

A **write key** (Basic user name) only adds touchpoints and may be public. An **API key** (Bearer) or
a signed-in session reads and changes. Errors are problem details (RFC 9457) with a stable \`code\`.`

/** Collects the schemas of all routes registered after it; served as OpenAPI 3.1. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rapport',
        version,
        description: about,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key of the Settings page.',
          },
          writeKey: { type: 'http', scheme: 'basic', description: 'A write key as user name.' },
        },
      },
    },
    transform: (document) => {
      const transformed = jsonSchemaTransform(document)
      const guarded = accessOf(document.url, document.route.config) === 'member'
      const security = guarded ? { security: [{ apiKey: [] }] } : {}
      return { ...transformed, schema: { ...security, ...transformed.schema } }
    },
    transformObject: jsonSchemaTransformObject,
  })
}

/** `/openapi.json` for machines, `/docs` for people, everything from this server. */
export async function serveApiDocument(app: FastifyInstance): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  await app.register(async (docs) => {
    // The page starts with one inline script. It shows our own document and no data of anybody, so
    // one nonce for the life of the process is as good as one for each answer.
    const nonce = randomBytes(16).toString('base64')
    const policy = { ...appPolicy, 'script-src': ["'self'", `'nonce-${nonce}'`] }
    docs.addHook('onRoute', (route) => {
      // As @fastify/helmet's own `onRoute` does, which ran before this one.
      const helmet = { contentSecurityPolicy: { useDefaults: false, directives: policy } }
      route.config = Object.assign(route.config ?? {}, { helmet })
    })
    await docs.register(scalar, {
      routePrefix: '/docs',
      logLevel: 'silent',
      configuration: {
        url: '/openapi.json',
        nonce,
        pageTitle: 'Rapport API',
        favicon: '/favicon.svg',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        // Tools of Scalar's own service, which need the internet.
        showDeveloperTools: 'never',
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    })
  })
}
