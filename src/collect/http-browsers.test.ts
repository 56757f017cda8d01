import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testNow } from './testing.ts'
import { basic, startCollect, testEvent, type CollectServer } from './testing-http.ts'

let server: CollectServer
beforeAll(async () => {
  server = await startCollect()
})
afterAll(() => server.close())

describe('browsers', () => {
  test('may send from anywhere, with credentials and the headers of their libraries', async () => {
    const headers = {
      origin: 'https://any.example',
      'access-control-request-headers': 'rsa-recovered',
    }
    const preflight = await server.app.inject({ method: 'OPTIONS', url: '/v1/t', headers })
    expect(preflight.statusCode).toBe(204)
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://any.example',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST',
      vary: 'Origin',
    })
    for (const name of [
      'authorization',
      'anonymousid',
      'sentat',
      'x-write-key',
      'rsa-since-last-attempt',
    ]) {
      expect(preflight.headers['access-control-allow-headers']).toContain(name)
    }
    const answer = await server.post('/v1/t', testEvent(), { origin: 'https://any.example' })
    expect(answer.headers['access-control-allow-origin']).toBe('https://any.example')
    const refused = await server.post('/v1/t', 'x', { origin: 'https://any.example' })
    expect(refused.headers['access-control-allow-origin']).toBe('https://any.example')
  })

  test('may send from the origins of the source only, where it names some', async () => {
    const send = (origin: string) =>
      server.post('/v1/t', testEvent(), { authorization: basic('wk_shop:'), origin })
    expect((await send('https://shop.example')).statusCode).toBe(200)
    expect((await send('https://evil.example')).statusCode).toBe(403)
  })

  test('the global privacy control and the time of sending come in as headers', async () => {
    const sent = { ...testEvent(), messageId: 'gpc', originalTimestamp: '2026-11-23T10:00:00Z' }
    await server.post('/v1/track', sent, { 'sec-gpc': '1', sentat: '2026-11-23T11:00:00Z' })
    expect(await server.logged('gpc')).toMatchObject({
      at: new Date(testNow - 3_600_000),
      context: { globalPrivacyControl: true },
    })
  })

  test('metrics of the library about itself are taken and forgotten', async () => {
    expect((await server.post('/v1/m', { series: [] })).statusCode).toBe(200)
  })
})

describe('settings of client libraries', () => {
  test('of Segment: events come here, and nothing tells whether the key exists', async () => {
    const get = (key: string) =>
      server.app.inject({ url: `/v1/projects/${key}/settings`, headers: { host: 'r.example' } })
    const known = await get('wk_web')
    expect(known.json().integrations['Segment.io']).toMatchObject({
      apiKey: 'wk_web',
      apiHost: 'r.example/v1',
      protocol: 'http',
    })
    expect((await get('wk_none')).body).toBe(known.body.replaceAll('wk_web', 'wk_none'))
  })

  test('of RudderStack', async () => {
    const answer = await server.app.inject({ url: '/sourceConfig?writeKey=wk_web' })
    expect(answer.json().source).toMatchObject({ id: 'wk_web', enabled: true, destinations: [] })
  })

  test('the library itself, where it is installed', async () => {
    const script = await server.app.inject({ url: '/analytics.js/v1/wk_web/analytics.min.js' })
    expect([script.statusCode, script.headers['content-type']]).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ])
    expect(script.headers['cross-origin-resource-policy']).toBe('cross-origin')
    const strange = await server.app.inject({
      url: '/analytics-next/bundles/..%2f..%2fpackage.json',
    })
    expect(strange.statusCode).toBe(404)
  })
})
