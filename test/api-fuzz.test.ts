/**
 * Whatever is asked of the API, with or without a key: an answer comes soon, none is a 5xx, and
 * every refusal is problem details with a code of the catalogue.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorCatalogue, type ErrorCode } from '../src/domain/error.ts'
import { seededRandom } from '../src/math/random.ts'
import {
  randomRequest,
  routesOf,
  type ApiDocument,
  type RandomRequest,
} from './fuzz/random-request.ts'
import { printedSeed } from './seed.ts'
import { startWholeServer, type WholeServer } from './whole-server.ts'

const seed = printedSeed('api-fuzz')
const requestsARoute = 40
/** Signing in costs a password hash each, and is limited by address; it is asked a few times. */
const costly = new Set(['/api/auth/sign-in/email', '/api/auth/welcome'])

let server: WholeServer
let ids: string[]

beforeAll(async () => {
  server = await startWholeServer()
  const people = Array.from({ length: 12 }, (_, index) => ({
    ...{ userId: `u${index}`, anonymousId: `a${index}`, groupId: `g${index % 3}` },
    traits: { name: `Person ${index}`, email: `u${index}@example.com` },
  }))
  const events = [
    ...people.flatMap((person) => [
      { ...person, type: 'identify' },
      { ...person, type: 'group' },
      { ...person, type: 'track', event: 'Order Completed', properties: { total: 12 } },
      { ...person, type: 'track', event: 'Product Reviewed', properties: { rating: 5 } },
    ]),
    ...Array.from({ length: 20 }, () => ({ type: 'track', userId: 'u1' })),
  ]
  await fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${server.writeKey}:`)}` },
    body: JSON.stringify({ batch: events }),
  })
  const { parties } = await server.read<{ parties: { id: string }[] }>('/api/parties')
  const accounts = await server.read<{ parties: { id: string }[] }>('/api/parties?kind=account')
  ids = [...parties, ...accounts.parties].map(({ id }) => id)
})
afterAll(() => server.close())

/** Null where the answer is as it should be, else what is wrong with it. */
async function faultOf(request: RandomRequest, key: string | null): Promise<string | null> {
  const { method, path, headers, body } = request
  const said = `${method} ${path.slice(0, 200)} ${headers['content-type'] ?? ''} ${body?.slice(0, 400) ?? ''}`
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...headers, ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
  }).catch((error: unknown) => error as Error)
  if (answer instanceof Error) return `no answer (${answer.message}): ${said}`
  const text = await answer.text()
  if (answer.status >= 500) return `${answer.status}: ${said}`
  if (answer.status < 400) return null
  const type = answer.headers.get('content-type') ?? ''
  if (!type.startsWith('application/problem+json'))
    return `${answer.status} ${type} ${text}: ${said}`
  const problem = JSON.parse(text) as { code: ErrorCode; status: number }
  const known = errorCatalogue[problem.code]
  const isRight = known[0] === answer.status && problem.status === answer.status
  return isRight ? null : `${answer.status} for ${problem.code}: ${said}`
}

test('random requests to every route of the document', { timeout: 90_000 }, async () => {
  expect(ids).toHaveLength(15)
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as ApiDocument
  const routes = routesOf(document)
  expect(routes.length).toBeGreaterThan(40)
  const random = seededRandom(seed)
  const faults: string[] = []
  for (const route of routes) {
    const chance = { random: random.fork(`${route.method} ${route.path}`), ids, hostility: 0.5 }
    const count = costly.has(route.path) ? 6 : requestsARoute
    const requests = Array.from({ length: count }, () => randomRequest(route, chance))
    // A valid model would be replayed: that is for other tests.
    const sent = route.method === 'PUT' ? requests.slice(0, 20) : requests
    for (let from = 0; from < sent.length; from += 8) {
      const some = sent.slice(from, from + 8)
      const found = await Promise.all(
        some.map((request, i) => faultOf(request, (from + i) % 10 === 9 ? null : server.apiKey)),
      )
      faults.push(...found.filter((fault) => fault !== null))
    }
  }
  expect([...new Set(faults)].slice(0, 20)).toEqual([])
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
})

test('without a key, or with a write key, nothing of a member is told', async () => {
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as ApiDocument
  const open = new Set([
    '/api/session',
    '/api/auth/sign-in/email',
    '/api/auth/sign-out',
    '/api/auth/welcome',
  ])
  const random = seededRandom(seed)
  for (const route of routesOf(document)) {
    if (!route.path.startsWith('/api/') || open.has(route.path)) continue
    const request = randomRequest(route, { random, ids, hostility: 0 })
    for (const key of [
      '',
      `Bearer ${server.writeKey}`,
      `Basic ${btoa(`${server.apiKey}:`)}`,
      'Bearer null',
    ]) {
      const answer = await fetch(`${server.url}${request.path}`, {
        method: request.method,
        headers: { ...request.headers, ...(key === '' ? {} : { authorization: key }) },
        body: request.body,
      })
      // 429 once so many were wrong: no more is told with it.
      expect([401, 403, 429], `${route.method} ${route.path} with "${key}"`).toContain(
        answer.status,
      )
    }
  }
})
