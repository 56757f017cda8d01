/** The snippet where the network is bad, the server busy, or the page gone: each event exactly once. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { memoryOf, open, site, startSnippetWorld, storedIn, told } from './snippet-world.ts'
import type { Fault } from '../faulty-proxy.ts'
import type { SnippetWorld } from './snippet-world.ts'

let world: SnippetWorld
beforeAll(async () => {
  world = await startSnippetWorld()
})
beforeEach(() => {
  world.proxy.history.length = 0
  world.website.head = world.element('data-auto-page="false"', world.proxy.url)
})
afterAll(() => world.close())

const queued = async (page: Parameters<typeof storedIn>[0]): Promise<number> =>
  (await storedIn(page)).filter((name) => name.startsWith('rapport.queue.')).length

test.each<[string, Fault[]]>([
  ['the server is busy', ['busy']],
  ['the server asks to wait', ['slow-down']],
  ['the connection breaks before the server has it', ['cut-before']],
  ['the connection breaks after the server has it', ['cut-after']],
])('nothing is lost and nothing doubled where %s', async (_what, faults) => {
  const { page, context } = await world.visit()
  await open(page, site)
  world.proxy.plan.push(...faults)
  await page.evaluate(`rapport.track('Signed Up'); rapport.track('Trial Started')`)
  const began = Date.now()
  await expect.poll(() => world.proxy.history.at(-1), { timeout: 10_000 }).toBe(200)
  if (faults.includes('slow-down')) expect(Date.now() - began).toBeGreaterThan(1_000)
  const party = await world.partyOf(page)
  expect(told(party)).toEqual(['signed_up Signed Up', 'trial_started Trial Started'])
  expect(world.proxy.history.filter((outcome) => outcome === 200)).toHaveLength(1)
  expect(await queued(page)).toBe(0)
  await context.close()
})

test('what was said offline is sent when the network is back', async () => {
  const { page, context } = await world.visit()
  await open(page, site)
  await context.setOffline(true)
  await page.evaluate(`rapport.track('Signed Up')`)
  await page.evaluate('rapport.flush()')
  expect([await queued(page), world.proxy.history]).toEqual([1, []])
  await context.setOffline(false)
  await expect.poll(() => queued(page)).toBe(0)
  expect(told(await world.partyOf(page))).toEqual(['signed_up Signed Up'])
  await context.close()
})

test('what could not be sent is sent by the next page, with its own time', async () => {
  const { page, context } = await world.visit()
  await open(page, site)
  world.proxy.plan.push('busy', 'busy', 'busy')
  await page.evaluate(`rapport.track('Signed Up')`)
  await page.evaluate('rapport.flush()')
  const saidAt = Date.now()
  await page.waitForTimeout(1_500)
  world.proxy.plan.push(...Array<Fault>(5).fill('busy'))
  await page.goto('about:blank')
  await expect.poll(() => world.proxy.history.length).toBeGreaterThan(1)
  world.proxy.plan.length = 0
  await open(page, `${site}/next`)
  await expect.poll(() => queued(page)).toBe(0)
  const { touchpoints } = await world.partyOf(page)
  expect(touchpoints.map(({ event }) => event)).toEqual(['Signed Up'])
  expect(Math.abs(Date.parse(touchpoints[0]?.occurredAt ?? '') - saidAt)).toBeLessThan(1_000)
  await context.close()
})

test('what is said at the last moment is sent although the page is gone', async () => {
  const { page, context } = await world.visit()
  await open(page, site)
  const { anonymousId } = (await memoryOf(page)) ?? {}
  // Leaves before the events that come together would have been sent together.
  await page.evaluate(`rapport.track('Signed Up'); location.href = 'about:blank'`)
  const party = (): Promise<string[]> =>
    world.server.readParty(`anonymous_id:${anonymousId}`).then(told)
  await expect.poll(party, { timeout: 5_000 }).toEqual(['signed_up Signed Up'])
  await context.close()
})

test('two pages with the same queue send everything once', async () => {
  const { page, context } = await world.visit()
  await open(page, site)
  world.proxy.plan.push('busy')
  await page.evaluate(`rapport.track('Signed Up')`)
  await page.evaluate('rapport.flush()')
  const second = await context.newPage()
  await open(second, site)
  await second.evaluate(`rapport.track('Trial Started')`)
  await second.evaluate('rapport.flush()')
  await page.evaluate('rapport.flush()')
  await expect.poll(() => queued(page)).toBe(0)
  expect(told(await world.partyOf(page))).toEqual([
    'signed_up Signed Up',
    'trial_started Trial Started',
  ])
  await context.close()
})

test('the queue is bounded, and large ones go out in several requests', async () => {
  const { page, context } = await world.visit()
  await open(page, site)
  await context.setOffline(true)
  await page.evaluate(`
    for (let step = 0; step < 520; step++) rapport.track('Onboarding Step Completed', { step })`)
  await context.setOffline(false)
  await expect.poll(() => queued(page), { timeout: 20_000 }).toBe(0)
  const party = await world.partyOf(page)
  expect(party.touchpointCount).toBe(500)
  const steps = party.touchpoints.map(({ properties }) => Number(properties['step']))
  expect([Math.max(...steps), new Set(steps).size]).toEqual([519, 200])
  expect(world.proxy.history.length).toBeGreaterThan(5)
  await context.close()
})

test('an event that is refused does not hold up the others', async () => {
  const { page, context } = await world.visit()
  await open(page, site)
  await page.evaluate(`
    rapport.track('')
    rapport.track('Too Large', { text: 'x'.repeat(600_000) })
    rapport.track('Signed Up')`)
  await expect.poll(() => queued(page)).toBe(0)
  expect(told(await world.partyOf(page))).toEqual(['signed_up Signed Up'])
  expect(world.proxy.history).toEqual([200, 413, 200])
  await context.close()
})

test('storage that is shut or full costs nothing but the memory', async () => {
  const shut = `Object.defineProperty(window, 'localStorage', { get() { throw new Error('shut') } })`
  const { page, context, thrown } = await world.visit(shut)
  await open(page, site)
  await page.evaluate(`rapport.identify('shut-storage')`)
  await page.evaluate('rapport.flush()')
  expect(told(await world.server.readParty('user_id:shut-storage'))).toEqual(['identified'])
  expect(thrown).toEqual([])
  await context.close()
})
