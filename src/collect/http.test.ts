import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorCatalogue, type ErrorCode } from '../domain/error.ts'
import { batchBytesLimit } from './request/decode-body.ts'
import { collectUrls } from './http.ts'
import { listRejects } from './rejects.ts'
import { eventBytesLimit } from './scan-json.ts'
import { listSources } from './sources.ts'
import { testNow } from './testing.ts'
import { basic, startCollect, testEvent, type CollectServer } from './testing-http.ts'

let server: CollectServer
beforeAll(async () => {
  server = await startCollect()
})
afterAll(() => server.close())

test.each(collectUrls.map((route) => [route.url, route] as const))(
  '%s takes events',
  async (url, route) => {
    const ids = {
      userId: `of ${url}`,
      anonymousId: 'a',
      previousId: 'p',
      groupId: 'g',
      messageId: url,
    }
    const one = { ...testEvent(ids), type: route.type ?? 'track' }
    const answer = await server.post(url, route.shape === 'batch' ? { batch: [one] } : one)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ success: true })
    expect(await server.logged(url)).toMatchObject({ type: one.type })
    for (const method of ['GET', 'HEAD'] as const) {
      const harmless = await server.app.inject({
        method,
        url,
        headers: { authorization: basic('wk_web:') },
      })
      expect(harmless.statusCode).toBe(404)
    }
  },
)

describe('the key', () => {
  const body = { ...testEvent(), messageId: 'key' }
  test.each<[string, InjectOptions['headers'], object, string, number]>([
    ['Basic with colon', { authorization: basic('wk_web:') }, {}, '/v1/track', 200],
    ['Basic without colon', { authorization: basic('wk_web') }, {}, '/v1/track', 200],
    ['Basic with a password', { authorization: basic('wk_web:secret') }, {}, '/v1/track', 200],
    ['Bearer', { authorization: 'Bearer wk_web' }, {}, '/v1/track', 200],
    ['bare', { authorization: 'wk_web' }, {}, '/v1/track', 200],
    ['X-Write-Key', { 'x-write-key': 'wk_web' }, {}, '/v1/track', 200],
    ['X-Write-Key with secret', { 'x-write-key': 'wk_web:secret' }, {}, '/v1/track', 200],
    ['in the body', {}, { writeKey: 'wk_web' }, '/v1/track', 200],
    [
      'masked in the body, right in the header',
      { 'x-write-key': 'wk_web:s' },
      { writeKey: 'wk_web:***' },
      '/v1/track',
      200,
    ],
    ['in the address of a beacon', {}, { batch: [] }, '/beacon/v1/batch?writeKey=wk_web', 200],
    ['in the address of anything else', {}, {}, '/v1/track?writeKey=wk_web', 401],
    ['unknown', { authorization: basic('wk_other:') }, {}, '/v1/track', 401],
    ['empty', { authorization: basic(':') }, {}, '/v1/track', 401],
    ['none', {}, {}, '/v1/track', 401],
    ['with NUL', { authorization: basic('wk_web\u0000:') }, {}, '/v1/track', 401],
    ['very long', { authorization: basic('x'.repeat(9_000)) }, {}, '/v1/track', 401],
    ['a number', {}, { writeKey: 7 }, '/v1/track', 401],
  ])('%s', async (...[_name, headers, more, url, status]) => {
    const payload = JSON.stringify({ ...body, ...more })
    const answer = await server.app.inject({
      method: 'POST',
      url,
      payload,
      ...(headers && { headers }),
    })
    expect(answer.statusCode).toBe(status)
  })
})

describe('content', () => {
  const body = JSON.stringify({ batch: [{ ...testEvent(), type: 'track' }] })
  test.each<[string, string | Buffer, Record<string, string>]>([
    ['JSON', body, { 'content-type': 'application/json' }],
    ['JSON with a charset', body, { 'content-type': 'application/json; charset=utf-8' }],
    ['text', body, { 'content-type': 'text/plain' }],
    ['form', body, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no type', body, {}],
    ['a malformed type', body, { 'content-type': 'json, of course' }],
    [
      'gzip as form (RudderStack)',
      gzipSync(body),
      { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' },
    ],
    [
      'gzip as JSON',
      gzipSync(body),
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    ],
    ['a bare list', JSON.stringify([{ ...testEvent(), type: 'track' }]), {}],
    ['a poisoned key', body.replace('"event"', '"__proto__":{"x":1},"event"'), {}],
    ['an empty batch', '{"batch":[]}', {}],
  ])('%s', async (_name, payload, headers) => {
    const answer = await server.post('/v1/batch', payload, headers)
    expect([answer.statusCode, answer.body]).toEqual([200, '{"success":true}'])
  })

  test.each<[string, string, string | Buffer, number, ErrorCode]>([
    ['no JSON', '/v1/batch', 'x', 400, 'invalid_json'],
    ['empty', '/v1/batch', '', 400, 'invalid_json'],
    ['Latin-1', '/v1/track', Buffer.from('{"a":"\xe9"}', 'latin1'), 400, 'invalid_encoding'],
    ['too deep', '/v1/track', '['.repeat(100), 400, 'nested_too_deep'],
    ['no batch', '/v1/batch', '{"events":[]}', 400, 'invalid_request'],
    [
      'an event too large',
      '/v1/track',
      JSON.stringify(testEvent({ x: 'x'.repeat(eventBytesLimit) })),
      413,
      'event_too_large',
    ],
    [
      'a batch too large',
      '/v1/batch',
      `{"batch":[]}${' '.repeat(batchBytesLimit)}`,
      413,
      'batch_too_large',
    ],
    [
      '2,501 events',
      '/v1/batch',
      `{"batch":[${Array(2_501).fill('{}').join()}]}`,
      413,
      'batch_too_large',
    ],
    ['a huge body', '/v1/batch', Buffer.alloc(12_000_000, 0x20), 413, 'batch_too_large'],
  ])('%s: %s', async (...[_name, url, payload, status, code]) => {
    const answer = await server.post(url, payload)
    expect(answer.statusCode).toBe(status)
    expect(answer.json().message).toContain(errorCatalogue[code][1])
  })

  test('2,500 events are taken, and counted', async () => {
    const events = Array.from({ length: 2_500 }, (_, n) => ({
      type: 'track',
      userId: 'u',
      event: 'x',
      messageId: `n-${n}`,
    }))
    expect((await server.post('/v1/batch', { batch: events })).statusCode).toBe(200)
  })
})

test('one bad event does not fail its batch, and is kept', async () => {
  const good = { ...testEvent(), type: 'track', messageId: 'good one' }
  const answer = await server.post('/v1/batch', {
    batch: [good, { type: 'track' }],
    sentAt: '2026-11-23T11:59:00Z',
  })
  expect(answer.statusCode).toBe(200)
  const [reject] = await listRejects(server.truth.db, { limit: 1 })
  expect(reject).toMatchObject({ code: 'missing_event_name', sourceName: 'Web', state: 'open' })
  expect(reject?.event).toMatchObject({ type: 'track', sentAt: '2026-11-23T11:59:00Z' })
})

test('a body that cannot be read is kept too, since the client drops it', async () => {
  expect((await server.post('/v1/batch', '{"batch": [}')).statusCode).toBe(400)
  const [reject] = await listRejects(server.truth.db, { limit: 1 })
  expect(reject).toMatchObject({ code: 'invalid_json', event: null, raw: '{"batch": [}' })
})

test('received = accepted + duplicate + rejected', async () => {
  const [before] = (await listSources(server.truth.db)).filter(({ id }) => id === 'web')
  const twice = { ...testEvent(), type: 'track', messageId: 'twice' }
  await server.post('/v1/batch', { batch: [twice, twice, { type: 'x' }] })
  await server.post('/v1/batch', { batch: [twice] })
  const [after] = (await listSources(server.truth.db)).filter(({ id }) => id === 'web')
  const gained = (what: 'received' | 'accepted' | 'duplicate' | 'rejected'): number =>
    (after?.[what] ?? 0) - (before?.[what] ?? 0)
  expect(
    ['received', 'accepted', 'duplicate', 'rejected'].map((what) => gained(what as 'received')),
  ).toEqual([4, 1, 2, 1])
  expect(after?.lastSeenAt).toBe(new Date(testNow).toISOString())
})
