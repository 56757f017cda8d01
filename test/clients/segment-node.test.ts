/** The Node client of Segment, unmodified, against the whole program. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Analytics } from '@segment/analytics-node'
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

function sendEverything(client: Analytics, userId: string): void {
  client.identify({ userId, anonymousId: `${userId}-device`, traits: traits(userId) })
  client.track({ userId, event: 'Order Completed', properties: order })
  client.page({ userId, name: 'Home', properties: { url: 'https://shop.example/' } })
  client.screen({ userId, name: 'Start' })
  client.group({ userId, groupId: `acme-${userId}`, traits: company })
  client.alias({ userId, previousId: `${userId}-visitor` })
}

test('every call arrives, is measured, and can be read', async () => {
  const from = Date.now()
  const client = new Analytics({ writeKey: server.writeKey, host: server.url, flushAt: 6 })
  sendEverything(client, 'node-1')
  await client.closeAndFlush()
  const party = await expectEverything(server, 'node-1', {
    ...{ kinds, from, anonymousId: 'node-1-device' },
  })
  expect(party.identifiers.map(({ value }) => value)).toContain('node-1-visitor')
  expect(party.value.ownMinor).toBe(4950)
})

test.each<[string, Fault[]]>([
  ['the server is busy', ['busy', 'slow-down']],
  ['the connection breaks before the server has it', ['cut-before']],
  ['the connection breaks after the server has it', ['cut-after']],
  ['one fault follows the other', ['cut-after', 'cut-before']],
])('nothing is lost and nothing doubled where %s', async (what, faults) => {
  const from = Date.now()
  const userId = `node-${what.replaceAll(' ', '-')}`
  proxy.plan.push(...faults)
  proxy.history.length = 0
  const client = new Analytics({ writeKey: server.writeKey, host: proxy.url, flushAt: 6 })
  sendEverything(client, userId)
  await client.closeAndFlush({ timeout: 20_000 })
  expect(proxy.history).toEqual([...faults, 200])
  await expectEverything(server, userId, { kinds, from })
})

test('a key that nobody knows is refused, and told', async () => {
  const client = new Analytics({ writeKey: 'wk_of_nobody', host: server.url, flushAt: 1 })
  const failed = new Promise<unknown>((resolve) =>
    client.on('error', ({ reason }) => resolve(reason)),
  )
  client.track({ userId: 'node-2', event: 'Order Completed' })
  await client.closeAndFlush()
  expect(String(await failed)).toContain('401')
  expect(await server.readParty('user_id:node-2')).toBeNull()
})

test.each([
  ['ten years behind', -10],
  ['ten years ahead', 10],
])('a clock that is %s is corrected', async (what, years) => {
  const userId = `node-${what.replaceAll(' ', '-')}`
  const script = `
    const skew = ${years} * 365 * 86_400_000
    const Real = Date
    globalThis.Date = class extends Real {
      constructor(...given) { super(...(given.length ? given : [Real.now() + skew])) }
      static now() { return Real.now() + skew }
    }
    const { Analytics } = await import('@segment/analytics-node')
    const client = new Analytics({ writeKey: '${server.writeKey}', host: '${server.url}', flushAt: 2 })
    const anHourAgo = new Date(Date.now() - 3_600_000)
    client.track({ userId: '${userId}', event: 'Signed Up', timestamp: anHourAgo })
    client.track({ userId: '${userId}', event: 'Order Completed' })
    await client.closeAndFlush()`
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
  })
  const { touchpoints = [] } = (await server.readParty(`user_id:${userId}`)) ?? {}
  const ages = touchpoints.map(({ kind, occurredAt }) => [
    kind,
    Math.round((Date.now() - Date.parse(occurredAt)) / 60_000),
  ])
  expect(ages).toEqual([
    ['purchase', 0],
    ['signed_up', 60],
  ])
})
