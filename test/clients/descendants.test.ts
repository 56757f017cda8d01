/** Clients of the protocol's descendants, unmodified: other routes, other places for the key. */
import { DittofeedSdk } from '@dittofeed/sdk-node'
import { jitsuAnalytics } from '@jitsu/js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWholeServer, type WholeServer } from '../whole-server.ts'
import { company, expectEverything, order, traits } from './expected.ts'

let server: WholeServer
beforeAll(async () => {
  server = await startWholeServer()
})
afterAll(() => server.close())

test('Jitsu: /api/s/s2s, the key in a header of its own', async () => {
  const from = Date.now()
  const client = jitsuAnalytics({
    host: server.url,
    writeKey: `${server.writeKey}:secret`,
    s2s: true,
  })
  await client.identify('jitsu-1', traits('jitsu-1'))
  await client.track('Order Completed', order)
  await client.page({ name: 'Home', url: 'https://shop.example/' })
  await client.group('acme-jitsu', company)
  const kinds = ['identified', 'purchase', 'page_viewed', 'grouped'] as const
  await expectEverything(server, 'jitsu-1', { kinds, from })
})

test('Dittofeed: /api/public/apps/batch, the bare Authorization, no sentAt', async () => {
  const who = { userId: 'dittofeed-1' }
  await DittofeedSdk.init({
    writeKey: `Basic ${btoa(`${server.writeKey}:`)}`,
    host: server.url,
  })
  const timestamp = new Date(Date.now() - 3_600_000).toISOString()
  DittofeedSdk.identify({ ...who, traits: traits('dittofeed-1') })
  DittofeedSdk.track({ ...who, event: 'Order Completed', properties: order, timestamp })
  DittofeedSdk.page({ ...who, name: 'Home' })
  DittofeedSdk.screen({ ...who, name: 'Start' })
  await DittofeedSdk.flush()
  const party = await server.readParty('user_id:dittofeed-1')
  expect(party).toMatchObject({ displayName: 'Ada Byron', traits: traits('dittofeed-1') })
  const told = party?.touchpoints.map(({ kind }) => kind) ?? []
  expect(told.toSorted()).toEqual(['identified', 'page_viewed', 'purchase', 'screen_viewed'])
  const purchase = party?.touchpoints.find(({ kind }) => kind === 'purchase')
  expect(purchase).toMatchObject({ occurredAt: timestamp, amountMinor: 4950 })
})
