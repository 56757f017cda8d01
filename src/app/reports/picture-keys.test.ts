import { expect, test } from 'vitest'
import { createPictureKeys } from './picture-keys.ts'
import { startTestServer } from '../testing.ts'

const ada = { kind: 'user', id: '0190a1b2-0000-7000-8000-000000000001', name: 'Ada' } as const

test('opens for two minutes, and not after the picture is taken', () => {
  let now = 0
  const keys = createPictureKeys(() => now)
  const [one, other] = [keys.issue(ada), keys.issue(ada)]
  expect(one).toMatch(/^rp_[\w-]{43}$/)
  expect([keys.actorOf(one), keys.actorOf('rp_made_up')]).toEqual([ada, null])
  keys.end(one)
  expect([keys.actorOf(one), keys.actorOf(other)]).toEqual([null, ada])
  now = 120_000
  expect(keys.actorOf(other)).toBeNull()
})

test('reads as its person, and changes nothing', async () => {
  const pictureKeys = createPictureKeys(Date.now)
  const server = await startTestServer({ pictureKeys })
  const key = pictureKeys.issue(ada)
  const headers = { authorization: `Bearer ${key}` }
  const session = await server.app.inject({ url: '/api/session', headers })
  expect(session.json()).toMatchObject({ user: { id: ada.id, name: 'Ada' }, firstRun: false })
  expect((await server.app.inject({ url: '/api/keys', headers })).statusCode).toBe(200)
  const change = { method: 'POST', url: '/api/keys', headers, payload: { name: 'stolen' } } as const
  expect((await server.app.inject(change)).statusCode).toBe(401)
  pictureKeys.end(key)
  expect((await server.app.inject({ url: '/api/keys', headers })).statusCode).toBe(401)
  await server.close()
})
