import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey, setConfiguredKey } from './api-keys.ts'
import { startTestServer, type TestServer } from './testing.ts'

let server: TestServer
let authorization: string
beforeAll(async () => {
  server = await startTestServer()
  authorization = `Bearer ${(await createApiKey(server.truth.db, 'first')).key}`
})
afterAll(() => server.close())

const call = (
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  payload?: object,
  headers = { authorization },
) => server.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })

test('a key is shown once, stored as a hash, listed by its end, and opens nothing once revoked', async () => {
  const made = await call('POST', '/api/keys', { name: ' Reporting ' })
  expect(made.statusCode).toBe(201)
  const { key, ...view } = made.json()
  expect(key).toMatch(/^rk_[\w-]{43}$/)
  expect(view).toMatchObject({ name: 'Reporting', lastFour: key.slice(-4), revokedAt: null })

  const listed = await call('GET', '/api/keys')
  expect(listed.json().keys).toContainEqual(view)
  expect(listed.body).not.toContain(key)
  const { rows } = await server.truth.pool.query('select * from api_key')
  expect(JSON.stringify(rows)).not.toContain(key)

  const own = { authorization: `Bearer ${key}` }
  expect((await call('GET', '/api/keys', undefined, own)).statusCode).toBe(200)
  expect((await call('DELETE', `/api/keys/${view.id}`)).statusCode).toBe(204)
  expect((await call('GET', '/api/keys', undefined, own)).statusCode).toBe(401)
  // Revoking again changes nothing; revoking what never was is told.
  expect((await call('DELETE', `/api/keys/${view.id}`)).statusCode).toBe(204)
  expect((await call('DELETE', `/api/keys/${crypto.randomUUID()}`)).statusCode).toBe(404)
})

test.each([
  'Bearer',
  'Bearer ',
  'Bearer nope',
  'Basic cmtfeA==',
  'bearer\trk_x',
  `Bearer ${'x'.repeat(9000)}`,
])('the header %s opens nothing', async (header) => {
  expect((await call('GET', '/api/keys', undefined, { authorization: header })).statusCode).toBe(
    401,
  )
})

test('names are checked, and further fields refused', async () => {
  for (const body of [
    {},
    { name: '' },
    { name: 'x'.repeat(101) },
    { name: 'x', id: crypto.randomUUID() },
  ]) {
    expect((await call('POST', '/api/keys', body)).statusCode).toBe(400)
  }
  expect((await call('POST', '/api/keys', { name: 'RAPPORT_API_KEY' })).statusCode).toBe(409)
})

test('the configured key is known, and no longer once another is configured', async () => {
  const { db } = server.truth
  const works = async (key: string) =>
    (await call('GET', '/api/keys', undefined, { authorization: `Bearer ${key}` })).statusCode ===
    200
  await setConfiguredKey(db, 'configured-key-one')
  await setConfiguredKey(db, 'configured-key-one')
  expect(await works('configured-key-one')).toBe(true)
  await setConfiguredKey(db, 'configured-key-two')
  expect([await works('configured-key-one'), await works('configured-key-two')]).toEqual([
    false,
    true,
  ])
  await setConfiguredKey(db, null)
  expect(await works('configured-key-two')).toBe(false)
})
