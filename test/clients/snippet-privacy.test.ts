/** What the snippet keeps to itself: consent and the Global Privacy Control. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { memoryOf, open, site, startSnippetWorld, storedIn, told } from './snippet-world.ts'
import type { SnippetWorld } from './snippet-world.ts'

let world: SnippetWorld
beforeAll(async () => {
  world = await startSnippetWorld()
})
beforeEach(() => {
  world.proxy.history.length = 0
  world.website.head = world.element('data-consent="required"', world.proxy.url)
})
afterAll(() => world.close())

/** More than the snippet waits to gather events. */
const aWhile = 600

const privacyControl = `Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true })`

test('before consent nothing is stored and nothing sent; after it, what was said comes too', async () => {
  const { page, context } = await world.visit()
  await open(page, `${site}/?utm_source=podcast&utm_medium=audio`)
  await page.evaluate(`rapport.track('Signed Up')`)
  await page.waitForTimeout(aWhile)
  expect([await storedIn(page), await context.cookies(), world.proxy.history]).toEqual([[], [], []])
  await page.evaluate(`rapport.setConsent(true)`)
  await page.evaluate('rapport.flush()')
  const party = await world.partyOf(page)
  expect(told(party)).toEqual(['page_viewed', 'signed_up Signed Up'])
  expect(party.touchpoints[1]?.channel).toBe('audio')
  // The answer holds for the next visit, without asking again.
  await open(page, `${site}/next`)
  const later = await world.partyOf(page)
  expect(told(later)).toHaveLength(3)
  expect(later.touchpoints[0]?.context['consent']).toEqual({ granted: true })
  await context.close()
})

test('after a refusal what was said is dropped, and only the refusal is remembered', async () => {
  const { page, context } = await world.visit()
  await open(page, site)
  await page.evaluate(`rapport.identify('refused'); rapport.setConsent(false)`)
  await page.evaluate(`rapport.track('Signed Up')`)
  await page.waitForTimeout(aWhile)
  await open(page, `${site}/next`)
  await page.waitForTimeout(aWhile)
  expect(world.proxy.history).toEqual([])
  expect(await storedIn(page)).toEqual(['rapport'])
  expect(await memoryOf(page)).toEqual({ consent: false })
  expect(await world.server.readParty('user_id:refused')).toBeNull()
  // Minds may change.
  await page.evaluate(`rapport.setConsent(true); rapport.track('Signed Up')`)
  expect(told(await world.partyOf(page))).toEqual(['signed_up Signed Up'])
  await context.close()
})

test('consent that is taken back wipes the browser clean and stops everything', async () => {
  world.website.head = world.element('', world.proxy.url)
  const { page, context } = await world.visit()
  await open(page, site)
  const before = await world.partyOf(page)
  world.proxy.plan.push('busy')
  await page.evaluate(`rapport.track('Signed Up')`)
  await page.evaluate('rapport.flush()')
  await page.evaluate(`rapport.setConsent(false)`)
  expect(await memoryOf(page)).toEqual({ consent: false })
  expect(await storedIn(page)).toEqual(['rapport'])
  await page.waitForTimeout(1_500)
  expect(world.proxy.history).toEqual([200, 'busy'])
  const [{ namespace, value } = { namespace: '', value: '' }] = before.identifiers
  const after = await world.server.readParty(`${namespace}:${value}`)
  expect(told(after)).toEqual(['page_viewed'])
  await context.close()
})

test('with the Global Privacy Control nothing is stored, and the events say so', async () => {
  world.website.head = world.element('', world.proxy.url)
  const { page, context } = await world.visit(privacyControl)
  await open(page, site)
  await page.evaluate(`rapport.identify('private')`)
  await page.evaluate('rapport.flush()')
  expect([await storedIn(page), await context.cookies()]).toEqual([[], []])
  const party = await world.server.readParty('user_id:private')
  expect(told(party)).toEqual(['page_viewed', 'identified'])
  expect(party?.touchpoints[0]?.context).toMatchObject({ globalPrivacyControl: true })
  // Two page views of one browser cannot be told to be one person's.
  await open(page, `${site}/next`)
  await page.evaluate('rapport.flush()')
  expect((await world.server.readParty('user_id:private'))?.touchpointCount).toBe(2)
  // An answer to a question is stronger than a setting.
  await page.evaluate(`rapport.setConsent(true)`)
  expect(await storedIn(page)).toEqual(['rapport'])
  await context.close()
})

test('who turns the Global Privacy Control on is forgotten by the browser', async () => {
  world.website.head = world.element('', world.proxy.url)
  const { page, context } = await world.visit()
  await open(page, site)
  expect(await storedIn(page)).toContain('rapport')
  await context.addInitScript(privacyControl)
  await open(page, site)
  await page.evaluate('rapport.flush()')
  expect(await storedIn(page)).toEqual([])
  await context.close()
})
