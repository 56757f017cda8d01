/** The clients that people have installed, unchanged, against a real port: everything arrives once. */
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { Analytics } from '@segment/analytics-node'
import fastify, { type FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { RapportError } from '../domain/error.ts'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { collectRoutes } from './http.ts'
import { createSourceKeys } from './source-keys.ts'
import { createSource } from './sources.ts'
import { acceptInto } from './testing.ts'

let truth: TestTruth
let app: FastifyInstance
let host = ''
/** Requests to refuse before the next one is taken: their statuses in turn. */
let refusals: RapportError[] = []

beforeAll(async () => {
  truth = await freshDatabase()
  await createSource(truth.db, { id: 'web', name: 'Web', kind: 'web', writeKey: 'wk_web' })
  app = fastify()
  const accept = acceptInto(truth.db)
  await collectRoutes(app, {
    accept: async (batch) => {
      const refusal = refusals.shift()
      if (refusal) throw refusal
      return accept(batch)
    },
    sourceOfKey: createSourceKeys(truth.db, Date.now),
    now: Date.now,
    newMessageId: () => crypto.randomUUID(),
  })
  host = await app.listen({ port: 0, host: '127.0.0.1' })
})
beforeEach(async () => {
  refusals = []
  await sql`truncate touchpoint, received_message, reject`.execute(truth.db)
})
afterAll(async () => {
  await app.close()
  await truth.close()
})

interface Row {
  readonly type: string
  readonly kind: string
  readonly event: string
  readonly channel: string
  readonly n: number
}

async function arrived(): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select type, kind, event, channel, count(*) as n from touchpoint
    group by 1, 2, 3, 4 order by 1`.execute(truth.db)
  return rows
}

const everything: Row[] = [
  { type: 'alias', kind: 'aliased', event: '', channel: 'server', n: 1 },
  { type: 'group', kind: 'grouped', event: '', channel: 'server', n: 1 },
  { type: 'identify', kind: 'identified', event: '', channel: 'server', n: 1 },
  { type: 'page', kind: 'page_viewed', event: 'Home', channel: 'direct', n: 1 },
  { type: 'screen', kind: 'screen_viewed', event: 'Start', channel: 'app', n: 1 },
  { type: 'track', kind: 'purchase', event: 'Order Completed', channel: 'server', n: 1 },
]

const who = { userId: 'u-1' }
const order = { ...who, event: 'Order Completed', properties: { total: 5, currency: 'EUR' } }

function sendAll(client: Analytics): void {
  client.track(order)
  client.identify({ ...who, traits: { email: 'jane@example.com' } })
  client.page({ ...who, name: 'Home', properties: { url: 'https://a.example/' } })
  client.screen({ ...who, name: 'Start' })
  client.group({ ...who, groupId: 'acme', traits: { name: 'Acme' } })
  client.alias({ ...who, previousId: 'a-1' })
}

test('@segment/analytics-node', async () => {
  const client = new Analytics({ writeKey: 'wk_web', host, flushAt: 6 })
  sendAll(client)
  await client.closeAndFlush()
  expect(await arrived()).toEqual(everything)
})

test('@segment/analytics-node comes again after 503 and 429, and nothing is counted twice', async () => {
  const wait = { retryAfterSeconds: 1 }
  refusals = [
    new RapportError('overloaded', undefined, wait),
    new RapportError('too_many_requests', undefined, wait),
  ]
  const client = new Analytics({ writeKey: 'wk_web', host, flushAt: 6 })
  sendAll(client)
  await client.closeAndFlush({ timeout: 20_000 })
  expect(refusals).toEqual([])
  expect(await arrived()).toEqual(everything)
})

test('@rudderstack/rudder-sdk-node, gzip and form content type', async () => {
  const client = new RudderAnalytics('wk_web', { dataPlaneUrl: host, flushAt: 6 })
  client.track(order)
  client.identify({ ...who, traits: { email: 'jane@example.com' } })
  client.page({ ...who, name: 'Home', properties: { url: 'https://a.example/' } })
  client.screen({ ...who, name: 'Start' })
  client.group({ ...who, groupId: 'acme', traits: { name: 'Acme' } })
  client.alias({ ...who, previousId: 'a-1' })
  await client.flush()
  expect(await arrived()).toEqual(everything)
})
