/** The Node client of RudderStack, unmodified: gzip under the content type of a form. */
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFaultyProxy, type Fault, type FaultyProxy } from '../faulty-proxy.ts'
import { startWholeServer, type WholeServer } from '../whole-server.ts'
import { company, expectEverything, order, traits } from './expected.ts'

let server: WholeServer
let proxy: FaultyProxy
beforeAll(async () => {
  server = await startWholeServer()
  proxy = await startFaultyProxy(server.url)
})
afterAll(async () => {
  await proxy.close()
  await server.close()
})

const kinds = [
  'identified',
  'purchase',
  'page_viewed',
  'screen_viewed',
  'grouped',
  'aliased',
] as const

test.each<[string, Fault[]]>([
  ['all is well', []],
  ['the server is busy', ['busy', 'slow-down', 'busy']],
  ['the connection breaks before the server has it', ['cut-before']],
  ['the connection breaks after the server has it', ['cut-after', 'cut-after']],
])('every call arrives once where %s', async (what, faults) => {
  const from = Date.now()
  const userId = `rudder-${what.replaceAll(' ', '-')}`
  proxy.plan.push(...faults)
  proxy.history.length = 0
  const client = new RudderAnalytics(server.writeKey, { dataPlaneUrl: proxy.url, flushAt: 20 })
  client.identify({ userId, anonymousId: `${userId}-device`, traits: traits(userId) })
  client.track({ userId, event: 'Order Completed', properties: order })
  client.page({ userId, name: 'Home', properties: { url: 'https://shop.example/' } })
  client.screen({ userId, name: 'Start' })
  client.group({ userId, groupId: `acme-${userId}`, traits: company })
  client.alias({ userId, previousId: `${userId}-visitor` })
  await client.flush()
  // The client sends its first event alone, so there are two requests at least.
  expect(proxy.history.filter((outcome) => outcome !== 200)).toEqual(faults)
  expect(proxy.history.length - faults.length).toBeGreaterThanOrEqual(1)
  await expectEverything(server, userId, { kinds, from, anonymousId: `${userId}-device` })
})

test('times of the past keep their distance', async () => {
  const client = new RudderAnalytics(server.writeKey, { dataPlaneUrl: server.url })
  const timestamp = new Date(Date.now() - 86_400_000)
  client.track({ userId: 'rudder-past', event: 'Signed Up', timestamp })
  await client.flush()
  const party = await server.readParty('user_id:rudder-past')
  const [signedUp] = party?.touchpoints ?? []
  const off = Date.parse(signedUp?.occurredAt ?? '') - timestamp.getTime()
  // The client writes when it sent, the server when it received: the way lies between.
  expect(Math.abs(off)).toBeLessThan(1_000)
})
