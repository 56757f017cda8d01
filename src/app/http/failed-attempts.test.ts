import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { createApiKey } from '../api-keys.ts'
import { allowances, clientOf, FailedAttempts, refuseFrequentFailures } from './failed-attempts.ts'
import { answerWithProblems } from './problem-answers.ts'
import { RapportError } from '../../domain/error.ts'
import fastify from 'fastify'
import { collectRoutes } from '../../collect/http.ts'
import { createSource } from '../../collect/sources.ts'
import { createSourceKeys } from '../../collect/source-keys.ts'
import { startTestServer, type TestServer } from '../testing.ts'

describe('counting', () => {
  test('a window ends, and with it the count', () => {
    let now = 1_000
    const attempts = new FailedAttempts(() => now)
    const { failures, window } = allowances['API key']
    for (let i = 0; i < failures; i++) {
      expect(attempts.record('API key', '10.0.0.1')).toMatchObject({
        exceeded: false,
        remaining: failures - 1 - i,
      })
    }
    now += window - 1_500
    expect(attempts.record('API key', '10.0.0.1')).toEqual({
      ...{ limit: failures, remaining: 0, resetSeconds: 2, exceeded: true },
    })
    expect(attempts.record('API key', '10.0.0.2').exceeded).toBe(false)
    expect(attempts.record('write key', '10.0.0.1').exceeded).toBe(false)
    now += 1_500
    expect(attempts.record('API key', '10.0.0.1').remaining).toBe(failures - 1)
  })

  test('memory stays bounded, whoever comes', () => {
    let now = 0
    const attempts = new FailedAttempts(() => now++ / 100)
    for (let i = 0; i < 30_000; i++) {
      attempts.record('write key', `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)
    }
    expect(attempts.size).toBe(10_000)
    now += allowances['write key'].window * 100
    attempts.record('write key', '10.9.9.9')
    expect(attempts.size).toBe(1)
  })

  test.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s is %s', (address, client) => expect(clientOf(address)).toBe(client))

  test('all addresses of one network are one client', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16))
    const half = fc.tuple(group, group, group, group).map((groups) => groups.join(':'))
    fc.assert(
      fc.property(half, half, half, (network, one, other) => {
        expect(clientOf(`${network}:${one}`)).toBe(clientOf(`${network}:${other}`))
      }),
    )
  })
})

describe('over HTTP', () => {
  let server: TestServer
  let now = 0
  let apiKey = ''

  beforeAll(async () => {
    server = await startTestServer({
      monotonicNow: () => now,
      rooms: [
        async (app) => {
          await collectRoutes(app, {
            accept: async ({ touchpoints }) => ({
              ...{ accepted: touchpoints.length, duplicate: 0, rejected: 0, bot: 0 },
            }),
            sourceOfKey: (key) => createSourceKeys(server.truth.db, Date.now)(key),
            now: Date.now,
            newMessageId: () => crypto.randomUUID(),
          })
        },
      ],
    })
    const { db } = server.truth
    await createSource(db, { id: 'web', name: 'Web', kind: 'web', writeKey: 'wk_good' })
    apiKey = (await createApiKey(db, 'test')).key
  })
  afterAll(() => server.close())

  const send = (key: string, remoteAddress: string) =>
    server.app.inject({
      ...{ method: 'POST', url: '/v1/track', remoteAddress },
      headers: { authorization: `Basic ${btoa(`${key}:`)}`, origin: 'https://shop.example' },
      payload: { userId: 'u', event: 'E' },
    })

  test('a wrong write key is told to wait; a good one from the same address is not', async () => {
    const { failures } = allowances['write key']
    const statuses = new Map<number, number>()
    for (let i = 0; i < failures + 5; i++) {
      const { statusCode } = await send('wk_wrong', '10.0.0.1')
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
    }
    expect(Object.fromEntries(statuses)).toEqual({ 401: failures, 429: 5 })
    const refused = await send('wk_wrong', '10.0.0.1')
    expect(refused.json()).toMatchObject({ code: 'too_many_requests', status: 429 })
    expect(refused.headers).toMatchObject({
      'retry-after': '60',
      'x-ratelimit-limit': String(failures),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '60',
      'access-control-allow-origin': 'https://shop.example',
    })
    expect(refused.headers['access-control-expose-headers']).toContain('retry-after')
    const good = await send('wk_good', '10.0.0.1')
    expect(good.statusCode).toBe(200)
    expect(good.headers).not.toHaveProperty('x-ratelimit-limit')
    expect((await send('wk_wrong', '10.0.0.2')).statusCode).toBe(401)
    now += 60_000
    expect((await send('wk_wrong', '10.0.0.1')).headers['x-ratelimit-remaining']).toBe(
      String(failures - 1),
    )
  })

  test('the same for API keys; a page without any key is not an attempt', async () => {
    const ask = (authorization?: string) =>
      server.app.inject({
        ...{ url: '/api/keys', remoteAddress: '10.0.1.1' },
        headers: authorization === undefined ? {} : { authorization },
      })
    for (let i = 0; i < 2 * allowances['API key'].failures; i++) {
      expect((await ask()).statusCode).toBe(401)
    }
    let last = await ask('Bearer rk_wrong')
    expect(last.statusCode).toBe(401)
    for (let i = 0; i < allowances['API key'].failures; i++) last = await ask('Bearer rk_wrong')
    expect(last.statusCode).toBe(429)
    expect(last.headers['retry-after']).toBe('60')
    expect((await ask(`Bearer ${apiKey}`)).statusCode).toBe(200)
  })
})

test('who failed to sign in too often is not let to a password for a while', async () => {
  let now = 0
  let tried = 0
  const attempts = new FailedAttempts(() => now)
  const app = fastify()
  answerWithProblems(app, attempts)
  refuseFrequentFailures(app, attempts)
  app.post('/api/auth/sign-in/email', { config: { access: 'visitor', signsIn: true } }, () => {
    tried++
    throw new RapportError('sign_in_failed')
  })
  const signIn = (remoteAddress = '10.0.0.1') =>
    app.inject({ method: 'POST', url: '/api/auth/sign-in/email', remoteAddress })
  const { failures, window } = allowances['sign-in']
  for (let i = 0; i < failures; i++) expect((await signIn()).statusCode).toBe(401)
  const refused = await signIn()
  expect(refused.statusCode).toBe(429)
  expect(Number(refused.headers['retry-after'])).toBe(window / 1000)
  expect(refused.headers['x-ratelimit-remaining']).toBe('0')
  expect(tried).toBe(failures)
  expect((await signIn('10.0.0.2')).statusCode).toBe(401)
  now += window
  expect((await signIn()).statusCode).toBe(401)
})

test('behind a proxy that is trusted, the client is who it names', async () => {
  const server = await startTestServer({ environment: { TRUST_PROXY: '10.0.0.0/8, loopback' } })
  const ask = (remoteAddress: string, forwarded: string) =>
    server.app.inject({
      ...{ url: '/api/keys', remoteAddress },
      headers: { authorization: 'Bearer rk_wrong', 'x-forwarded-for': forwarded },
    })
  const remaining = async (from: string, forwarded: string): Promise<number> =>
    Number((await ask(from, forwarded)).headers['x-ratelimit-remaining'])
  const first = await remaining('10.0.0.7', '203.0.113.1')
  expect(await remaining('10.0.0.7', '203.0.113.2')).toBe(first)
  expect(await remaining('10.0.0.8', '203.0.113.1')).toBe(first - 1)
  // Who is not a proxy cannot say that it is somebody else.
  expect(await remaining('198.51.100.1', '203.0.113.9')).toBe(first)
  expect(await remaining('198.51.100.1', '203.0.113.10')).toBe(first - 1)
  await server.close()
})
