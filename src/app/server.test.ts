import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { RapportError } from '../domain/error.ts'
import { setConfiguredKey } from './api-keys.ts'
import { startTestServer, type TestServer } from './testing.ts'

const key = 'a-known-key-of-the-test-environment'
const bearer = { authorization: `Bearer ${key}` }
const secretWords = 'my-own-words-4711'
let server: TestServer
let webFolder: string

beforeAll(async () => {
  webFolder = mkdtempSync(join(tmpdir(), 'rapport-web-'))
  mkdirSync(join(webFolder, 'assets'))
  writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>the app</title>')
  writeFileSync(join(webFolder, 'assets/index-4f3a.js'), 'export {}')
  server = await startTestServer({
    webFolder,
    rooms: [async (app) => testRoom(app.withTypeProvider())],
  })
  await setConfiguredKey(server.truth.db, key)
})
afterAll(async () => {
  await server.close()
  rmSync(webFolder, { recursive: true })
})

function testRoom(app: FastifyInstance): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'POST',
    url: '/api/test/parties',
    schema: {
      tags: ['Test'],
      body: z.object({ name: z.string(), age: z.number() }),
      querystring: z.object({ limit: z.coerce.number().max(10).optional() }),
      response: { 200: z.object({ name: z.string(), by: z.string() }) },
    },
    handler: async (request) => ({ name: request.body.name, by: request.actor?.name ?? '' }),
  })
  app.get('/v1/test/open', async () => ({ open: true }))
  app.get('/api/test/throws', { config: { access: 'open' } }, async () => {
    throw new TypeError(`select ${secretWords}`)
  })
  app.get('/api/test/busy', { config: { access: 'open' } }, async () => {
    throw new RapportError('overloaded', 'Come back.', { retryAfterSeconds: 2.2 })
  })
  app.get('/api/test/database', { config: { access: 'open' } }, async () => {
    await server.truth.pool.query(`select '${secretWords}'::uuid`)
  })
}

describe('errors are problem details', () => {
  test('a schema names the paths that do not fit', async () => {
    const payload = { name: 1, age: 'old' }
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/test/parties',
      payload,
      headers: bearer,
    })
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(answer.json()).toMatchObject({
      type: 'https://rapport.dev/errors/invalid_request',
      status: 400,
      code: 'invalid_request',
      errors: [{ path: '/name' }, { path: '/age' }],
    })
  })

  test.each([
    [
      'broken JSON',
      { payload: '{"name":', headers: { 'content-type': 'application/json' } },
      400,
      'invalid_json',
    ],
    ['no body', { headers: { 'content-type': 'application/json' } }, 400, 'invalid_json'],
    [
      'a foreign media type',
      { payload: 'x', headers: { 'content-type': 'text/csv' } },
      400,
      'invalid_request',
    ],
    ['too much', { payload: { name: 'x'.repeat(2_000_000), age: 1 } }, 413, 'batch_too_large'],
    [
      'a wrong query',
      { query: { limit: '11' }, payload: { name: 'x', age: 1 } },
      400,
      'invalid_request',
    ],
  ])('%s', async (_name, request, status, code) => {
    const headers = { ...bearer, ...('headers' in request ? request.headers : {}) }
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/test/parties',
      ...request,
      headers,
    })
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  })

  test('an unknown address', async () => {
    const answer = await server.app.inject({ url: '/api/nothing/here' })
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'not_found'])
    expect(answer.headers['content-security-policy']).toContain("default-src 'self'")
  })

  test.each(['/api/test/throws', '/api/test/database'])(
    '%s tells nothing of its cause',
    async (url) => {
      const answer = await server.app.inject({ url })
      expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal'])
      expect(answer.body).not.toMatch(
        new RegExp(`${secretWords}|select|stack|postgres|node_modules`, 'i'),
      )
    },
  )

  test('a failed query is logged without the values it quotes', () => {
    expect(server.log()).toContain('"code":"22P02"')
    expect(server.log()).not.toContain(`syntax for type uuid: \\"${secretWords}`)
  })

  test('Retry-After is in whole seconds', async () => {
    const answer = await server.app.inject({ url: '/api/test/busy' })
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '3'])
  })
})

describe('who may call', () => {
  test.each([
    ['GET', '/api/keys'],
    ['POST', '/api/test/parties'],
    ['GET', '/api/events'],
    ['HEAD', '/api/keys'],
  ] as const)('%s %s is shut', async (method, url) => {
    const answer = await server.app.inject({
      method,
      url,
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Bearer')
  })

  test('a Bearer key opens, and the room learns who asks', async () => {
    const payload = { name: 'Ada', age: 36 }
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/test/parties',
      payload,
      headers: bearer,
    })
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { name: 'Ada', by: 'RAPPORT_API_KEY' },
    ])
  })

  test('routes outside /api are left to the rooms', async () => {
    expect((await server.app.inject({ url: '/v1/test/open' })).statusCode).toBe(200)
  })
})

describe('health', () => {
  test('lives and is ready', async () => {
    expect((await server.app.inject({ url: '/healthz' })).json()).toEqual({ status: 'ok' })
    expect((await server.app.inject({ url: '/readyz' })).json()).toEqual({ status: 'ok' })
  })

  test('is not ready without its database, and still lives', async () => {
    const other = await startTestServer()
    await other.truth.pool.end()
    const answer = await other.app.inject({ url: '/readyz' })
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'store_unavailable'])
    expect(answer.headers['retry-after']).toBeDefined()
    expect((await other.app.inject({ url: '/healthz' })).statusCode).toBe(200)
    await other.close().catch(() => {})
  })
})

describe('the web app', () => {
  const page = { accept: 'text/html,application/xhtml+xml' }

  test('every address of a page gives the same document, never kept', async () => {
    for (const url of ['/', '/parties/7f', '/welcome?token=x']) {
      const answer = await server.app.inject({ url, headers: page })
      expect([answer.statusCode, answer.body.includes('the app')]).toEqual([200, true])
      expect(answer.headers['cache-control']).toBe('no-cache')
    }
  })

  test('hashed files are kept for ever; missing ones are missing', async () => {
    const answer = await server.app.inject({ url: '/assets/index-4f3a.js' })
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect((await server.app.inject({ url: '/assets/gone.js', headers: page })).statusCode).toBe(
      404,
    )
  })

  test.each(['/..%2f..%2fpackage.json', '/%2e%2e/%2e%2e/package.json', '/.env'])(
    '%s stays inside',
    async (url) => {
      const answer = await server.app.inject({ url })
      expect(answer.statusCode).toBeGreaterThanOrEqual(400)
      expect(answer.body).not.toContain('dependencies')
    },
  )

  test('says clearly that it was not built', async () => {
    const other = await startTestServer()
    const answer = await other.app.inject({ url: '/', headers: page })
    expect([answer.statusCode, answer.body.includes('npm run build')]).toEqual([503, true])
    await other.close()
  })
})

describe('the API document', () => {
  test('is OpenAPI 3.1 with the schemas of the rooms and who may call', async () => {
    const document = (await server.app.inject({ url: '/openapi.json' })).json()
    expect(document.openapi).toBe('3.1.0')
    const operation = document.paths['/api/test/parties'].post
    expect(operation.security).toEqual([{ apiKey: [] }])
    expect(operation.requestBody.content['application/json'].schema.properties.age.type).toBe(
      'number',
    )
    expect(document.paths['/healthz'].get.security).toBeUndefined()
    expect(Object.keys(document.paths)).not.toContain('/')
  })

  test('has a page that loads nothing from elsewhere', async () => {
    const answer = await server.app.inject({ url: '/docs/' })
    expect(answer.statusCode).toBe(200)
    const nonce = /'nonce-([^']+)'/.exec(String(answer.headers['content-security-policy']))?.[1]
    expect(answer.body).toContain(`nonce="${nonce}"`)
    expect(answer.body).not.toMatch(/(src|href)="?(https?:)?\/\//)
    expect((await server.app.inject({ url: '/docs/js/scalar.js' })).statusCode).toBe(200)
  })
})

test('security headers are on every answer', async () => {
  for (const url of ['/', '/healthz', '/api/session', '/nowhere', '/assets/index-4f3a.js']) {
    const { headers } = await server.app.inject({ url })
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(headers['content-security-policy']).toMatch(/script-src 'self';/)
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers['x-powered-by']).toBeUndefined()
  }
})

test('nothing personal and no secret is logged', async () => {
  const url = '/api/session?email=ada@example.com&token=tok-secret'
  const headers = { cookie: 'rapport-session=cookie-secret', 'user-agent': 'agent-words' }
  await server.app.inject({ url, headers })
  expect(server.log()).toContain('"route":"/api/session"')
  expect(server.log()).not.toMatch(/ada@example|tok-secret|cookie-secret|agent-words|127\.0\.0\.1/)
  expect(server.log()).not.toContain(key)
})
