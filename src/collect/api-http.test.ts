import fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import type { AcceptBatch } from '../domain/collected-batch.ts'
import { RapportError, toProblem } from '../domain/error.ts'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { collectApi } from './api-http.ts'
import { createSource, ensureSource, sourceOfWriteKey } from './sources.ts'
import { createSourceKeys, makeWriteKey } from './source-keys.ts'
import { acceptInto, refused, testNow, testTouchpoint } from './testing.ts'

let truth: TestTruth
let app: FastifyInstance
let accept: AcceptBatch

beforeAll(async () => {
  truth = await freshDatabase()
  await createSource(truth.db, { id: 'web', name: 'Web', kind: 'web', writeKey: 'wk_web' })
  accept = acceptInto(truth.db)
  app = fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, _request, reply) => {
    const ours = error instanceof RapportError ? error : new RapportError('invalid_request')
    return reply.code(ours.status).serializer(JSON.stringify).send(toProblem(ours))
  })
  await collectApi(app, {
    ...{ db: truth.db, accept, now: () => testNow },
    ...{ newId: () => crypto.randomUUID(), newMessageId: () => crypto.randomUUID() },
  })
})
beforeEach(() => sql`truncate reject, touchpoint, received_message, source_count`.execute(truth.db))
afterAll(async () => {
  await app.close()
  await truth.close()
})

async function get(url: string) {
  const answer = await app.inject({ url })
  return { status: answer.statusCode, body: answer.json() }
}
async function post(url: string, payload?: object) {
  const answer = await app.inject({ method: 'POST', url, ...(payload && { payload }) })
  return { status: answer.statusCode, body: answer.json() }
}

const noEvent = { type: 'track', userId: 'u-1', messageId: 'm-1' }

async function reject(event: unknown): Promise<void> {
  await accept({ sourceId: 'web', touchpoints: [], rejected: [refused(event)] })
}

async function loggedEvents(): Promise<string[]> {
  const { rows } = await sql<{ event: string }>`select event from touchpoint`.execute(truth.db)
  return rows.map(({ event }) => event)
}

describe('sources', () => {
  test('are made with a key that works, and listed with their counts', async () => {
    const origins = ['https://shop.example']
    const made = await post('/api/sources', { name: ' Shop ', allowedOrigins: origins })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ name: 'Shop', kind: 'web', received: 0, lastSeenAt: null })
    expect(made.body.writeKey).toMatch(/^wk_[\w-]{24}$/)
    const found = await sourceOfWriteKey(truth.db, made.body.writeKey)
    expect(found).toMatchObject({ id: made.body.id, allowedOrigins: origins })
    const touchpoints = [testTouchpoint('a'), testTouchpoint('a'), testTouchpoint('b')]
    await accept({ sourceId: 'web', touchpoints, rejected: [refused({})] })
    const { body } = await get('/api/sources')
    expect(body.sources[0]).toMatchObject({
      ...{ id: 'web', received: 4, accepted: 2, duplicate: 1, rejected: 1, bot: 0 },
      lastSeenAt: new Date(testNow).toISOString(),
    })
    expect(body.sources).toHaveLength(2)
  })

  test.each([{}, { name: '' }, { name: 'x', kind: 'Not A Word' }, { name: 'x', admin: true }])(
    '%j is refused',
    async (body) => expect((await post('/api/sources', body)).status).toBe(400),
  )

  test('ids and keys are given once', async () => {
    const again = createSource(truth.db, { id: 'web', name: 'x', kind: 'web' })
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
    const sameKey = createSource(truth.db, { id: 'y', name: 'x', kind: 'web', writeKey: 'wk_web' })
    await expect(sameKey).rejects.toMatchObject({ code: 'conflict' })
  })

  test('the source of the configuration keeps its key where none is given', async () => {
    const source = { id: 'first', name: 'First', kind: 'web' }
    const made = await ensureSource(truth.db, { ...source, writeKey: makeWriteKey() })
    expect(await ensureSource(truth.db, source)).toEqual(made)
    expect(await ensureSource(truth.db, { ...source, writeKey: 'mine' })).toMatchObject({
      writeKey: 'mine',
    })
  })

  test('a key is looked up once a minute, an unknown one after five seconds again', async () => {
    let now = 0
    const sourceOf = createSourceKeys(truth.db, () => now)
    expect(await sourceOf('wk_late')).toBeNull()
    await createSource(truth.db, { id: 'late', name: 'Late', kind: 'web', writeKey: 'wk_late' })
    expect(await sourceOf('wk_late')).toBeNull()
    now = 5_001
    expect(await sourceOf('wk_late')).toMatchObject({ id: 'late' })
    await sql`delete from source where id = 'late'`.execute(truth.db)
    now += 59_000
    expect(await sourceOf('wk_late')).toMatchObject({ id: 'late' })
    now += 2_000
    expect(await sourceOf('wk_late')).toBeNull()
  })
})

describe('rejects', () => {
  test('are listed newest first, page by page', async () => {
    for (let index = 0; index < 5; index++) await reject({ ...noEvent, messageId: `m-${index}` })
    const first = await get('/api/rejects?limit=2&source=web')
    expect(first.body.rejects.map((found: { event: object }) => found.event)).toMatchObject([
      { messageId: 'm-4' },
      { messageId: 'm-3' },
    ])
    const second = await get(`/api/rejects?limit=3&cursor=${first.body.next}`)
    expect(second.body.rejects.at(-1)).toMatchObject({
      ...{ code: 'missing_event_name', state: 'open', source: { id: 'web', name: 'Web' } },
      event: { messageId: 'm-0' },
    })
    expect((await get(`/api/rejects?cursor=${second.body.next}`)).body).toEqual({
      rejects: [],
      next: null,
    })
    expect((await get('/api/rejects?source=other')).body.rejects).toEqual([])
    expect((await get('/api/rejects?cursor=x;drop')).body.code).toBe('invalid_cursor')
  })

  test('what cannot be stored as JSON is kept as text', async () => {
    const raw = new Uint8Array([0x7b, 0x00, 0xff, 0x7d])
    const broken = { code: 'invalid_json' as const, reason: 'x', event: null, raw }
    await accept({ sourceId: 'web', touchpoints: [], rejected: [broken] })
    const { body } = await get('/api/rejects')
    expect(body.rejects[0].event).toBe('{\u0000\ufffd}')
    const replayed = await post(`/api/rejects/${body.rejects[0].id}/replay`)
    expect(replayed.status).toBe(400)
  })

  test('mended, one is taken once, by its own message id and time', async () => {
    await reject({ ...noEvent, timestamp: '2026-11-20T08:00:00Z' })
    const [{ id }] = (await get('/api/rejects')).body.rejects
    expect((await post(`/api/rejects/${id}/replay`)).body.code).toBe('missing_event_name')
    const event = { ...noEvent, event: 'Mended', timestamp: '2026-11-20T08:00:00Z' }
    const answer = await post(`/api/rejects/${id}/replay`, { event })
    expect(answer).toMatchObject({ status: 200, body: { id, state: 'replayed' } })
    expect(await loggedEvents()).toEqual(['Mended'])
    expect((await post(`/api/rejects/${id}/replay`, { event })).status).toBe(409)
    expect((await get('/api/rejects')).body.rejects).toEqual([])
    expect((await get('/api/rejects?state=replayed')).body.rejects).toHaveLength(1)
  })

  test('two who replay at once count it once', async () => {
    await reject(noEvent)
    const [{ id }] = (await get('/api/rejects')).body.rejects
    const event = { ...noEvent, event: 'Mended' }
    await Promise.all([1, 2, 3].map(() => post(`/api/rejects/${id}/replay`, { event })))
    expect(await loggedEvents()).toEqual(['Mended'])
  })

  test('all are tried again; those that still fail stay', async () => {
    await reject(noEvent)
    await reject({ type: 'track', userId: 'null', event: 'x' })
    // As if the rule that refused it had been changed since.
    await sql`update reject set event = '{"type":"track","userId":"u","event":"Now fine","messageId":"1"}'
      where code = 'missing_identity'`.execute(truth.db)
    const { body } = await post('/api/rejects/replay', { source: 'web' })
    expect(body).toEqual({ replayed: 1, refused: 1, next: null })
    expect(await loggedEvents()).toEqual(['Now fine'])
    expect((await post('/api/rejects/replay')).body).toEqual({
      replayed: 0,
      refused: 1,
      next: null,
    })
  })

  test('dismissed, one is gone from the list', async () => {
    await reject(noEvent)
    const [{ id }] = (await get('/api/rejects')).body.rejects
    expect(await post(`/api/rejects/${id}/dismiss`)).toMatchObject({
      status: 200,
      body: { state: 'dismissed' },
    })
    expect((await post(`/api/rejects/${id}/dismiss`)).status).toBe(409)
    expect((await post(`/api/rejects/${id}/replay`)).status).toBe(409)
    expect((await post('/api/rejects/999999999/dismiss')).status).toBe(404)
    expect((await post('/api/rejects/x/dismiss')).status).toBe(400)
    expect((await get('/api/rejects')).body.rejects).toEqual([])
  })

  test('an event beyond every size is kept as its beginning', async () => {
    const huge = {
      code: 'invalid_event' as const,
      reason: 'x',
      event: 'x'.repeat(300_000),
      raw: null,
    }
    await accept({ sourceId: 'web', touchpoints: [], rejected: [huge] })
    expect((await get('/api/rejects')).body.rejects[0].event).toHaveLength(32 * 1024)
  })
})

test('what came in last is shown with its source, for the live debugger', async () => {
  const touchpoints = [
    testTouchpoint('older', { receivedAt: testNow - 1000 }),
    testTouchpoint('newer'),
  ]
  await accept({ sourceId: 'web', touchpoints, rejected: [] })
  const { body } = await get('/api/touchpoints/recent?limit=1&source=web')
  expect(body.touchpoints).toMatchObject([
    { properties: { order_id: 'newer' }, source: { id: 'web', name: 'Web' }, amountMinor: 1250 },
  ])
})
