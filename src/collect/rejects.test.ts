import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { basic, startCollect, type CollectServer } from './testing-http.ts'
import { closeRejects, keepRejects, listRejects, type Reject } from './rejects.ts'
import { refused } from './testing.ts'

let server: CollectServer

beforeAll(async () => {
  server = await startCollect()
})
beforeEach(() => sql`truncate reject, source_count`.execute(server.truth.db))
afterAll(() => server.close())

const list = (): Promise<Reject[]> => listRejects(server.truth.db, { limit: 100 })
const send = (body: unknown, key = 'wk_web') =>
  server.post('/v1/batch', body, { authorization: basic(`${key}:`) })
const codes = async (): Promise<string[]> => (await list()).map(({ code }) => code)

const nameless = (messageId: string) => ({ type: 'track', userId: 'u', messageId })
const unnamed = { type: 'track', userId: 'u', properties: { a: 1 } }

test('what is sent again since the answer was lost is listed once, and counted each time', async () => {
  const batch = [nameless('m-1'), unnamed, 7, { type: 'page', messageId: 'm-2' }, 'text']
  for (const sentAt of ['2026-11-23T11:00:00Z', '2026-11-23T11:00:07Z', '2026-11-23T11:01:30Z']) {
    expect((await send({ batch, sentAt })).statusCode).toBe(200)
  }
  expect((await codes()).sort()).toEqual(
    ['invalid_event', 'invalid_event', 'missing_event_name', 'missing_event_name', 'missing_identity'], // prettier-ignore
  )
  const { rows } = await sql<object>`
    select received, accepted, duplicate, rejected from source_count`.execute(server.truth.db)
  expect(rows).toEqual([{ received: 15, accepted: 0, duplicate: 0, rejected: 15 }])
})

test('other messages, other faults and other sources are listed for themselves', async () => {
  await send({ batch: [nameless('m-1'), nameless('m-2')] })
  await send({ batch: [{ ...nameless('m-1'), userId: 'null', event: 'Now named' }] })
  await send({ batch: [nameless('m-1')] }, 'wk_shop')
  await send({ batch: [unnamed, { ...unnamed, properties: { a: 2 } }] })
  expect(await codes()).toHaveLength(6)
})

test('in one batch the same message is listed once, and messages without id are several', async () => {
  for (let i = 0; i < 2; i++) {
    await send({ batch: [nameless('m-1'), nameless('m-1'), unnamed, unnamed, unnamed] })
  }
  expect(await codes()).toHaveLength(4)
})

test('a body that cannot be read, and an event that is too large, are listed once too', async () => {
  const large = { ...nameless('m-9'), event: 'E', properties: { text: 'x'.repeat(40_000) } }
  for (let i = 0; i < 2; i++) {
    expect((await send('{"batch": [')).statusCode).toBe(400)
    expect((await send({ batch: [large] })).statusCode).toBe(200)
  }
  expect((await codes()).sort()).toEqual(['event_too_large', 'invalid_json'])
})

test('what was put away stays away; without a message id it comes back on another day', async () => {
  await send({ batch: [nameless('m-1'), unnamed] })
  const ids = (await list()).map(({ id }) => id)
  expect(await closeRejects(server.truth.db, ids, 'dismissed')).toBe(2)
  await send({ batch: [nameless('m-1'), unnamed] })
  expect(await list()).toHaveLength(2)
  // As if those were of yesterday: a row's identity holds the day on which it was made.
  await sql`update reject set identity = md5(identity::text)::uuid
    where event->>'messageId' <> 'm-1'`.execute(server.truth.db)
  await send({ batch: [nameless('m-1'), unnamed] })
  expect((await list()).map(({ state }) => state)).toEqual(['open', 'dismissed', 'dismissed'])
})

test('two that bring the same at once list it once, in either order', async () => {
  const some = Array.from({ length: 50 }, (_, i) => refused(nameless(`m-${i}`)))
  const keep = (rejected: typeof some) =>
    server.truth.db
      .transaction()
      .execute((transaction) => keepRejects(transaction, [{ sourceId: 'web', rejected }]))
  await Promise.all([keep(some), keep(some), keep(some)])
  expect(await list()).toHaveLength(50)
})
