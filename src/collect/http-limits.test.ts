import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RapportError } from '../domain/error.ts'
import { basic, startCollect, testEvent, type CollectServer } from './testing-http.ts'

let server: CollectServer
beforeAll(async () => {
  server = await startCollect()
})
afterAll(() => server.close())

describe('what keeps us from committing', () => {
  test.each<[unknown, number, string, string]>([
    [new RapportError('disk_full'), 503, '5', 'The disk is nearly full'],
    [
      new RapportError('overloaded', undefined, { retryAfterSeconds: 3 }),
      503,
      '3',
      'The server is busy',
    ],
    [
      new RapportError('too_many_requests', undefined, { retryAfterSeconds: 60 }),
      429,
      '60',
      'Too many requests',
    ],
    [new RapportError('internal'), 503, '5', 'The store cannot be reached'],
    [new TypeError('a bug'), 503, '5', 'The store cannot be reached'],
    [
      Object.assign(new Error('down'), { code: 'ECONNREFUSED' }),
      503,
      '5',
      'The store cannot be reached',
    ],
  ])('%s: %i, come again after %s s', async (error, status, wait, message) => {
    server.accept = () => Promise.reject(error as Error)
    const answer = await server.post('/v1/track', testEvent())
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([status, wait])
    expect(answer.json().message).toContain(message)
  })

  test('the same where the key cannot be looked up', async () => {
    const other = await server.start({ sourceOfKey: () => Promise.reject(new TypeError('down')) })
    const answer = await other.inject({
      method: 'POST',
      url: '/v1/track',
      payload: '{}',
      headers: { authorization: basic('k:') },
    })
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5'])
    await other.close()
  })

  test('200 comes after the commit, never before', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const steps: string[] = []
    server.accept = async () => {
      await promise
      steps.push('committed')
      return { accepted: 1, duplicate: 0, rejected: 0, bot: 0 }
    }
    const answered = server.post('/v1/track', testEvent()).then(() => steps.push('answered'))
    await new Promise((later) => setTimeout(later, 30))
    expect(steps).toEqual([])
    resolve()
    await answered
    expect(steps).toEqual(['committed', 'answered'])
  })
})

describe('bounded memory', () => {
  test('beyond the limit of waiting events: 503, and fine again afterwards', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const outcome = { accepted: 1, duplicate: 0, rejected: 0, bot: 0 }
    const other = await server.start({
      backlog: { events: 10, bytes: 1_000_000 },
      accept: () => promise.then(() => outcome),
    })
    const send = (events: number) =>
      other.inject({
        ...{ method: 'POST', url: '/v1/batch', headers: { authorization: basic('wk_web:') } },
        payload: JSON.stringify({ batch: Array(events).fill({ ...testEvent(), type: 'track' }) }),
      })
    const first = send(9)
    await new Promise((later) => setTimeout(later, 50))
    const refused = await send(2)
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '2'])
    resolve()
    expect((await first).statusCode).toBe(200)
    // A batch larger than the limit is taken where nothing else waits.
    expect((await send(50)).statusCode).toBe(200)
    await other.close()
  })

  test('beyond the limit of bytes: 503, given back when done or hung up', async () => {
    const other = await server.start({ backlog: { events: 1_000, bytes: 2_000 } })
    const send = (size: number) =>
      other.inject({
        ...{ method: 'POST', url: '/v1/track', headers: { authorization: basic('wk_web:') } },
        payload: JSON.stringify(testEvent({ properties: { x: 'x'.repeat(size) } })),
      })
    expect((await send(3_000)).statusCode).toBe(503)
    for (let round = 0; round < 5; round++) expect((await send(1_500)).statusCode).toBe(200)
    const address = await other.listen({ port: 0, host: '127.0.0.1' })
    for (let round = 0; round < 3; round++) {
      const socket = connect(Number(new URL(address).port), '127.0.0.1')
      socket.write(
        `POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n${'x'.repeat(1_900)}`,
      )
      await new Promise((later) => setTimeout(later, 50))
      expect((await send(1_500)).statusCode).toBe(503)
      socket.destroy()
      await new Promise((later) => setTimeout(later, 50))
      expect((await send(1_500)).statusCode).toBe(200)
    }
    await other.close()
  })
})
