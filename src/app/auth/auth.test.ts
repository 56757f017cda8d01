import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownOrigin, startTestServer, type TestServer } from '../testing.ts'

const admin = { name: 'Ada', email: 'Ada@Example.com', password: 'correct horse battery' }
let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

type Answer = Awaited<ReturnType<typeof post>>

function post(
  url: string,
  payload: object,
  headers: Record<string, string> = ownOrigin,
  to = server,
) {
  return to.app.inject({ method: 'POST', url, payload, headers })
}
async function freshToken(of = server): Promise<string> {
  const link = await of.auth.welcomeLink()
  expect(link).toMatch(/^http:\/\/localhost:3000\/welcome\?token=[\w-]{43}$/)
  return new URL(link ?? '').searchParams.get('token') ?? ''
}
function cookieOf(answer: Answer): string {
  return [answer.headers['set-cookie']]
    .flat()
    .map((line) => line?.split(';', 1)[0])
    .join('; ')
}
async function countRows(table: string): Promise<number> {
  const { rows } = await server.truth.pool.query<{ n: number }>(
    `select count(*)::int as n from ${table}`,
  )
  return rows[0]?.n ?? -1
}

describe('the printed link', () => {
  test('is stored as a hash, and a new one ends the one before', async () => {
    const before = await freshToken()
    const token = await freshToken()
    const { rows } = await server.truth.pool.query<{ value: string }>(
      'select value from auth.verification',
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.value).not.toContain(token)
    const check = (value: string) =>
      server.app.inject({ url: '/api/auth/welcome', query: { token: value } })
    expect((await check(before)).json()).toEqual({ valid: false, asks: 'account' })
    // Looking, as a scanner does, uses nothing up.
    for (let i = 0; i < 3; i++)
      expect((await check(token)).json()).toEqual({ valid: true, asks: 'account' })
    expect((await check("x' or true --")).json()).toEqual({ valid: false, asks: 'account' })
  })

  test('is not used up by a request that does not fit', async () => {
    const token = await freshToken()
    const answer = await post('/api/auth/welcome', { ...admin, token, password: 'short' })
    expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, '/password'])
    const foreign = { ...ownOrigin, origin: 'https://evil.example' }
    expect((await post('/api/auth/welcome', { ...admin, token }, foreign)).statusCode).toBe(403)
    expect((await server.app.inject({ url: '/api/session' })).json()).toEqual({
      user: null,
      firstRun: true,
    })
    expect(await countRows('auth.verification')).toBe(1)
  })

  test('expires after a day', async () => {
    const token = await freshToken()
    await server.truth.pool.query(
      `update auth.verification set "expiresAt" = now() - interval '1 second'`,
    )
    const answer = await post('/api/auth/welcome', { ...admin, token })
    expect([answer.statusCode, answer.json().code]).toEqual([410, 'link_expired'])
  })

  test('makes one account under 20 redemptions at once', async () => {
    const token = await freshToken()
    const tries = Array.from({ length: 20 }, (_, i) => ({
      ...admin,
      token,
      email: `ada${i}@example.com`,
    }))
    const { app } = server
    // From 20 addresses, so that it is not the limit of tries that stops them.
    const answers = await Promise.all(
      tries.map((payload, i) =>
        app.inject({
          method: 'POST',
          url: '/api/auth/welcome',
          payload,
          headers: ownOrigin,
          remoteAddress: `10.0.0.${i + 1}`,
        }),
      ),
    )
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([
      200,
      ...Array(19).fill(410),
    ])
    expect([await countRows('auth."user"'), await countRows('auth.account')]).toEqual([1, 1])
    expect(await countRows('auth.session')).toBe(1)
    expect(await server.auth.welcomeLink()).toBeNull()
    await server.truth.pool.query(`update auth."user" set email = 'ada@example.com'`)
  })
})

describe('signing in', () => {
  const credentials = { email: 'ADA@example.com', password: admin.password }

  test('sets a cookie that scripts cannot read, and signing out ends the session', async () => {
    const answer = await post('/api/auth/sign-in/email', credentials)
    expect([answer.statusCode, answer.json().user]).toMatchObject([
      200,
      { name: 'Ada', email: 'ada@example.com' },
    ])
    const lines = [answer.headers['set-cookie']].flat()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(
      /^rapport-session=[^;]{40,}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.body).not.toContain(cookieOf(answer).split('=')[1]?.split('.')[0] ?? '?')

    const headers = { ...ownOrigin, cookie: cookieOf(answer) }
    const session = await server.app.inject({ url: '/api/session', headers })
    expect(session.json()).toMatchObject({ user: { email: 'ada@example.com' }, firstRun: false })
    expect((await server.app.inject({ url: '/api/keys', headers })).statusCode).toBe(200)
    const out = await post('/api/auth/sign-out', {}, headers)
    expect(String(out.headers['set-cookie'])).toContain('Max-Age=0')
    expect((await server.app.inject({ url: '/api/keys', headers })).statusCode).toBe(401)
  })

  test('each sign-in has a new session, and a forged cookie is none', async () => {
    const first = cookieOf(await post('/api/auth/sign-in/email', credentials))
    const second = cookieOf(await post('/api/auth/sign-in/email', credentials))
    expect(first).not.toBe(second)
    const forged = first.slice(0, -6) + 'AAAAAA'
    for (const cookie of [
      forged,
      'rapport-session=x',
      'rapport-session=',
      first.split('.')[0] ?? '',
    ]) {
      expect((await server.app.inject({ url: '/api/keys', headers: { cookie } })).statusCode).toBe(
        401,
      )
    }
  })

  test('known and unknown addresses get the same answer', async () => {
    const from = (remoteAddress: string, payload: object) =>
      server.app.inject({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        payload,
        headers: ownOrigin,
        remoteAddress,
      })
    const known = await from('10.1.0.1', { email: 'ada@example.com', password: 'wrong password' })
    const unknown = await from('10.1.0.2', { email: 'bob@example.com', password: 'wrong password' })
    const malformed = await from('10.1.0.3', { email: 'bob', password: 'wrong password' })
    const long = await from('10.1.0.4', { email: 'ada@example.com', password: 'x'.repeat(500) })
    for (const answer of [unknown, malformed, long]) {
      expect([answer.statusCode, answer.body]).toEqual([401, known.body])
      const { date, 'x-request-id': id, ...headers } = answer.headers
      const { date: _date, 'x-request-id': _id, ...expected } = known.headers
      expect([typeof date, typeof id, headers]).toEqual(['string', 'string', expected])
    }
    expect(known.json().code).toBe('sign_in_failed')
  })

  test('tries are limited by account, whatever address they claim to come from', async () => {
    const statuses = new Set<number>()
    let last: Answer | undefined
    for (let i = 0; i < 22; i++) {
      last = await server.app.inject({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        payload: { email: 'victim@example.com', password: 'guess' },
        headers: { ...ownOrigin, 'x-forwarded-for': `1.2.3.${i}` },
        remoteAddress: `10.2.0.${i}`,
      })
      statuses.add(last.statusCode)
    }
    expect([...statuses]).toEqual([401, 429])
    expect(last?.json().code).toBe('too_many_requests')
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('tries are limited by address, and X-Forwarded-For does not help', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 22; i++) {
      const { statusCode } = await server.app.inject({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        payload: { email: `nobody${i}@example.com`, password: 'guess' },
        headers: { ...ownOrigin, 'x-forwarded-for': `1.2.3.${i}` },
        remoteAddress: '10.3.0.1',
      })
      statuses.push(statusCode)
    }
    expect(statuses).toEqual([...Array(20).fill(401), 429, 429])
  })
})

describe('changes come from our own pages', () => {
  test.each([
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['another port', { origin: 'http://127.0.0.1:4712' }],
    ['a prefix of our name', { origin: 'http://127.0.0.1:4711.evil.example' }],
    ['no origin', {}],
    ['another site, by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of the same site', { 'sec-fetch-site': 'same-site' }],
  ])('%s is refused, and nothing changes', async (_name, given) => {
    const cookie = cookieOf(
      await server.app.inject({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        payload: { email: 'ada@example.com', password: admin.password },
        headers: ownOrigin,
        remoteAddress: `10.4.0.${Math.abs(_name.length)}`,
      }),
    )
    const before = await countRows('api_key')
    const headers = { host: ownOrigin.host, cookie, ...given }
    const answer = await post('/api/keys', { name: 'stolen' }, headers as Record<string, string>)
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'foreign_origin'])
    expect(await countRows('api_key')).toBe(before)
    const own = { host: ownOrigin.host, cookie, 'sec-fetch-site': 'same-origin' }
    expect((await post('/api/keys', { name: 'own' }, own)).statusCode).toBe(201)
  })
})

describe('the demo', () => {
  test('signs in after one confirmation', async () => {
    const demo = await startTestServer({ demo: true })
    const token = await freshToken(demo)
    const check = await demo.app.inject({ url: '/api/auth/welcome', query: { token } })
    expect(check.json()).toEqual({ valid: true, asks: 'confirmation' })
    const answer = await post('/api/auth/welcome', { token }, ownOrigin, demo)
    expect(answer.json()).toMatchObject({ user: { name: 'Demo admin' } })
    const headers = { cookie: cookieOf(answer) }
    expect((await demo.app.inject({ url: '/api/keys', headers })).statusCode).toBe(200)
    expect((await post('/api/auth/welcome', { token }, ownOrigin, demo)).statusCode).toBe(410)
    // The next start prints a new one for the same person.
    const again = await post(
      '/api/auth/welcome',
      { token: await freshToken(demo) },
      ownOrigin,
      demo,
    )
    expect(again.json().user.id).toBe(answer.json().user.id)
    await demo.close()
  })
})

test('behind HTTPS the cookie is tied to the host', async () => {
  const secure = await startTestServer({
    demo: true,
    environment: { RAPPORT_PUBLIC_URL: 'https://rapport.example' },
  })
  const token = new URL((await secure.auth.welcomeLink()) ?? '').searchParams.get('token') ?? ''
  const headers = { origin: 'https://rapport.example', host: '127.0.0.1:3000' }
  const answer = await post('/api/auth/welcome', { token }, headers, secure)
  expect(String(answer.headers['set-cookie'])).toMatch(
    /^__Host-rapport-session=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  expect(answer.headers['strict-transport-security']).toContain('max-age=')
  const cookie = cookieOf(answer)
  expect(
    (await secure.app.inject({ url: '/api/session', headers: { cookie } })).json().user,
  ).not.toBeNull()
  await secure.close()
})

test('the secret is kept for our eyes only', () => {
  const file = join(server.config.dataFolder, 'session-secret')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toHaveLength(43)
})

test('no secret was logged', () => {
  expect(server.log()).toContain('/api/auth/sign-in/email')
  expect(server.log()).not.toMatch(/correct horse|wrong password|example\.com|rapport-session/i)
})
