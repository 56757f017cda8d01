/**
 * What an answer of the collect API promises. Clients act on nothing but the status: they believe 2xx
 * and 3xx, drop everything on 4xx, and come again on 429 and 5xx. So each status has one meaning.
 */
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWholeServer, type WholeServer } from '../whole-server.ts'

let server: WholeServer
beforeAll(async () => {
  server = await startWholeServer()
})
afterAll(() => server.close())

const types = ['track', 'identify', 'page', 'screen', 'group', 'alias']
const addresses = [
  ...types.map((type) => `/v1/${type}`),
  ...types.map((type) => `/v1/${type.charAt(0)}`),
  ...types.map((type) => `/api/s/${type}`),
  ...types.map((type) => `/api/s/s2s/${type}`),
  ...['/v1/batch', '/v1/b', '/v1/import', '/beacon/v1/batch', '/api/public/apps/batch'],
]
const isBatch = (address: string): boolean => /batch|import|\/b$/.test(address)

interface Sent {
  readonly path?: string
  readonly key?: string | null
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

async function send({ path = '/v1/batch', key = server.writeKey, body, headers }: Sent) {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...(key === null ? {} : { authorization: `Basic ${btoa(`${key}:`)}` }), ...headers },
    body: (isRaw ? body : JSON.stringify(body)) as string,
  })
}

let events = 0
const event = (more: object = {}): object => ({
  ...{ type: 'track', userId: 'u-1', event: 'Signed Up', messageId: `m-${events++}` },
  ...more,
})
const nested = (depth: number): string =>
  `{"userId":"u","event":"e","properties":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}}`

test.each<[what: string, status: number, sent: () => Sent]>([
  ['an event', 200, () => ({ path: '/v1/track', body: event() })],
  ['a batch', 200, () => ({ body: { batch: [event(), event()] } })],
  ['a batch with nothing in it', 200, () => ({ body: { batch: [] } })],
  ['the same event again', 200, () => ({ body: { batch: [event({ messageId: 'm-0' })] } })],
  ['one broken event among good ones', 200, () => ({ body: { batch: [event(), 7, event()] } })],
  ['nothing but broken events', 200, () => ({ body: { batch: [{ type: 'track' }, null] } })],
  ['an event that names nobody', 200, () => ({ path: '/v1/track', body: { event: 'x' } })],
  [
    'an event too large among good ones',
    200,
    () => ({ body: { batch: [event(), event({ properties: { text: 'x'.repeat(40_000) } })] } }),
  ],
  [
    'gzip that says it is a form',
    200,
    () => ({
      body: gzipSync(JSON.stringify({ batch: [event()] })),
      headers: {
        'content-encoding': 'gzip',
        'content-type': 'application/x-www-form-urlencoded',
      },
    }),
  ],
  [
    'the key in the body, as beacons have it',
    200,
    () => ({ key: null, body: { writeKey: server.writeKey, batch: [event()] } }),
  ],
  ['no JSON', 400, () => ({ body: '{"batch":[' })],
  ['an empty body', 400, () => ({ body: '' })],
  ['broken UTF-8', 400, () => ({ body: new Uint8Array([0x7b, 0xff, 0x7d]) })],
  ['broken gzip', 400, () => ({ body: '{}', headers: { 'content-encoding': 'gzip' } })],
  ['JSON too deep to read', 400, () => ({ path: '/v1/track', body: nested(8_000) })],
  ['no batch in it', 400, () => ({ body: { events: [] } })],
  ['no key', 401, () => ({ key: null, body: { batch: [event()] } })],
  ['an unknown key', 401, () => ({ key: 'wk_of_nobody', body: { batch: [event()] } })],
  ['the reading key', 401, () => ({ key: server.apiKey, body: { batch: [event()] } })],
  [
    'an event of more than 32 KB',
    413,
    () => ({ path: '/v1/track', body: event({ properties: { text: 'x'.repeat(33_000) } }) }),
  ],
  ['more than 500 KB', 413, () => ({ body: `{"batch":[]${' '.repeat(513_000)}}` })],
  [
    'more than 2,500 events',
    413,
    () => ({
      body: { batch: Array.from({ length: 2_501 }, () => ({ userId: 'u', type: 'page' })) },
    }),
  ],
  [
    'a small body that unpacks to 50 MB',
    413,
    () => ({
      body: gzipSync(Buffer.alloc(50_000_000, ' ')),
      headers: { 'content-encoding': 'gzip' },
    }),
  ],
])('%s: %i', async (_what, status, sent) => {
  const answer = await send(sent())
  expect([answer.status, await answer.json()]).toEqual([
    status,
    status === 200 ? { success: true } : expect.objectContaining({ status }),
  ])
})

test('503 with Retry-After while the store is gone; nothing of it was kept, and then it works', async () => {
  const late = event({ userId: 'came-late', messageId: 'late' })
  await sql`alter table touchpoint rename to touchpoint_gone`.execute(server.truth.db)
  const refused = await send({ body: { batch: [late] } })
  expect(refused.status).toBe(503)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  await sql`alter table touchpoint_gone rename to touchpoint`.execute(server.truth.db)
  expect((await send({ body: { batch: [late] } })).status).toBe(200)
  expect((await server.readParty('user_id:came-late'))?.touchpointCount).toBe(1)
})

test('no address ever redirects, whatever is asked in whatever way', async () => {
  const answers = new Set<number>()
  for (const address of addresses) {
    for (const path of [address, `${address}/`, `/${address}`, address.toUpperCase()]) {
      for (const method of ['POST', 'GET', 'PUT', 'OPTIONS']) {
        const { status } = await fetch(`${server.url}${path}`, {
          method,
          redirect: 'manual',
          headers: { authorization: `Basic ${btoa(`${server.writeKey}:`)}` },
          ...(method === 'POST' ? { body: isBatch(address) ? '{"batch":[]}' : '[]' } : {}),
        })
        answers.add(status)
        expect(status < 300 || status >= 400, `${method} ${path}: ${status}`).toBe(true)
        // A client that followed some redirect asks with GET: it must not take that for success.
        if (method === 'GET') expect(status, path).toBeGreaterThanOrEqual(400)
      }
    }
  }
  expect([...answers].toSorted()).not.toContain(500)
})

test('every way in takes events, and the counts add up', async () => {
  const before = await server.readSource()
  const who = { userId: 'everywhere', previousId: 'before', groupId: 'g', event: 'Signed Up' }
  for (const path of addresses) {
    const one = { ...who, type: 'track', messageId: path }
    const answer = await send({ path, body: isBatch(path) ? { batch: [one] } : one })
    expect(answer.status, path).toBe(200)
  }
  const party = await server.readParty('user_id:everywhere')
  expect(party?.touchpointCount).toBe(addresses.length)
  const after = await server.readSource()
  expect((after?.received ?? 0) - (before?.received ?? 0)).toBe(addresses.length)
  expect(after?.received).toBe(
    (after?.accepted ?? 0) + (after?.duplicate ?? 0) + (after?.rejected ?? 0),
  )
})

test('the write key, which is public, reads nothing', async () => {
  const { paths } = await server.read<{ paths: Record<string, object> }>('/openapi.json')
  // Signing in, and asking whether one is signed in, are for everybody.
  const forAll = /^\/api\/(auth\/|session$)/
  const readable = Object.entries(paths).filter(
    ([path, methods]) => path.startsWith('/api/') && !forAll.test(path) && 'get' in methods,
  )
  expect(readable.length).toBeGreaterThan(10)
  for (const [path] of readable) {
    const url = `${server.url}${path.replaceAll(/\{\w+\}/g, crypto.randomUUID())}`
    for (const authorization of [
      `Bearer ${server.writeKey}`,
      `Basic ${btoa(`${server.writeKey}:`)}`,
    ]) {
      const { status } = await fetch(url, { headers: { authorization } })
      // 429 after many of them: no more is told with it.
      expect([401, 429], path).toContain(status)
    }
  }
})
