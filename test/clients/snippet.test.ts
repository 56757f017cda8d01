/** Our own snippet in a real browser, against the whole program: what arrives, and how often. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { company, expectEverything, order, traits } from './expected.ts'
import {
  memoryOf,
  open,
  site,
  startSnippetWorld,
  told,
  type Memory,
  type SnippetWorld,
} from './snippet-world.ts'

const sdk = new URL('../../sdk/', import.meta.url)

let world: SnippetWorld
beforeAll(async () => {
  world = await startSnippetWorld()
})
beforeEach(() => {
  world.website.head = world.element()
})
afterAll(() => world.close())

test('the snippet has less than 3 KB', () => {
  const script = readFileSync(new URL('dist/rapport.js', sdk))
  expect(gzipSync(script, { level: 9 }).length).toBeLessThan(3 * 1024)
})

test('one script element is enough: page views arrive, with what brought the visitor', async () => {
  const { page, context, strayed, thrown } = await world.visit()
  const query = '?utm_source=Newsletter&utm_medium=email&utm_campaign=spring&gclid=abc'
  await page.goto(`${site}/pricing${query}#secret=1`, { referer: 'https://www.google.com/' })
  await page.waitForFunction('window.rapport && !Array.isArray(rapport)')
  const party = await world.partyOf(page)
  expect(told(party)).toEqual(['comparison'])
  const [pricing] = party.touchpoints
  expect(pricing).toMatchObject({
    channel: 'email',
    bot: false,
    properties: { path: '/pricing', search: query, url: `${site}/pricing${query}` },
    context: {
      library: { name: 'rapport-browser' },
      campaign: { source: 'Newsletter', medium: 'email', name: 'spring' },
      referrer: { url: 'https://www.google.com/', type: 'gclid', id: 'abc' },
      page: { title: 'Page /pricing' + query, referrer: 'https://www.google.com/' },
      firstTouch: {
        ...{ source: 'Newsletter', medium: 'email', campaign: 'spring' },
        ...{ landingPage: `${site}/pricing${query}`, referrer: 'https://www.google.com/' },
      },
      ...{ locale: 'en-GB', timezone: 'Europe/Vienna' },
    },
  })
  expect(Math.abs(Date.parse(pricing?.occurredAt ?? '') - Date.now())).toBeLessThan(5_000)
  expect([strayed, thrown]).toEqual([[], []])
  await context.close()
})

test('every call arrives, is measured, and can be read', async () => {
  const { page, context, strayed, thrown } = await world.visit()
  world.website.head = world.element('data-auto-page="false"')
  const from = Date.now()
  await open(page, site)
  await page.evaluate(`
    rapport.page('Home')
    rapport.identify('browser-1', ${JSON.stringify(traits('browser-1'))})
    rapport.track('Order Completed', ${JSON.stringify(order)})
    rapport.group('acme-browser', ${JSON.stringify(company)})
  `)
  await page.evaluate('rapport.flush()')
  const { anonymousId = '' } = (await memoryOf(page)) ?? {}
  const kinds = ['page_viewed', 'identified', 'purchase', 'grouped'] as const
  await expectEverything(world.server, 'browser-1', { kinds, from, anonymousId })
  expect([strayed, thrown]).toEqual([[], []])
  await context.close()
})

test('the loader of the README keeps calls until the snippet is there', async () => {
  const readme = readFileSync(new URL('README.md', sdk), 'utf8')
  const [, loader = ''] = /<!-- loader -->\n+```html\n([\s\S]*?)```/.exec(readme) ?? []
  world.website.head = loader
    .replaceAll('https://rapport.example.com', world.server.url)
    .replaceAll('YOUR_WRITE_KEY', world.server.writeKey)
    .replace('</script>', `kept = rapport; rapport.track('Signed Up')</script>`)
  const { page, context, thrown } = await world.visit()
  await page.goto(site)
  await page.waitForFunction('!Array.isArray(rapport)')
  await page.evaluate(`kept.track('Trial Started')`)
  const party = await world.partyOf(page)
  expect(told(party).toSorted()).toEqual([
    'page_viewed',
    'signed_up Signed Up',
    'trial_started Trial Started',
  ])
  expect(thrown).toEqual([])
  await context.close()
})

test('it can be imported as a module, from another server', async () => {
  const { page, context, thrown } = await world.visit()
  world.website.head = `<script type="module">
    import { rapport } from '${world.server.url}/rapport.mjs'
    rapport.track('Signed Up')
    rapport.load({ host: '${world.server.url}/', writeKey: '${world.server.writeKey}' })
    window.rapport = rapport
  </script>`
  await open(page, site)
  expect(told(await world.partyOf(page)).toSorted()).toEqual(['page_viewed', 'signed_up Signed Up'])
  expect(thrown).toEqual([])
  await context.close()
})

test('a browser whose clock is ten years ahead is corrected', async () => {
  const { page, context } = await world.visit(`{
    const skew = 10 * 365 * 86_400_000
    const Real = Date
    Date = class extends Real {
      constructor(...given) { super(...(given.length ? given : [Real.now() + skew])) }
      static now() { return Real.now() + skew }
    }
  }`)
  await open(page, site)
  const [view] = (await world.partyOf(page)).touchpoints
  expect(Math.abs(Date.parse(view?.occurredAt ?? '') - Date.now())).toBeLessThan(10_000)
  await context.close()
})

test('an app that changes its address without loading has page views too', async () => {
  const { page, context } = await world.visit()
  await open(page, `${site}/?utm_source=google&utm_medium=cpc`)
  await page.evaluate(`history.pushState({}, '', '/docs')`)
  await page.waitForTimeout(20)
  await page.evaluate(`history.replaceState({}, '', '/docs#part')`)
  await page.evaluate(`history.pushState({}, '', '/docs#/orders')`)
  await page.waitForTimeout(20)
  await page.goBack()
  await page.waitForTimeout(20)
  const party = await world.partyOf(page)
  const views = party.touchpoints.toReversed()
  expect(views.map(({ properties }) => properties['url'])).toEqual([
    `${site}/?utm_source=google&utm_medium=cpc`,
    `${site}/docs`,
    `${site}/docs#/orders`,
    `${site}/docs`,
  ])
  expect(views.map(({ channel }) => channel)).toEqual(['paid_search', 'web', 'web', 'web'])
  expect(views[1]?.properties['referrer']).toBe(`${site}/?utm_source=google&utm_medium=cpc`)
  await context.close()
})

test('the first touch stays, and one person with it, on later visits', async () => {
  const { page, context } = await world.visit()
  await open(page, `${site}/?utm_source=podcast&utm_medium=audio`)
  const first = await world.partyOf(page)
  await page.close()
  const later = await context.newPage()
  await later.goto(`${site}/later`, { referer: 'https://duckduckgo.com/' })
  await later.waitForFunction('window.rapport')
  const party = await world.partyOf(later)
  expect(party.id).toBe(first.id)
  const [newest, oldest] = party.touchpoints
  expect([oldest?.channel, newest?.channel]).toEqual(['audio', 'organic_search'])
  expect(newest?.context['firstTouch']).toEqual(oldest?.context['firstTouch'])
  expect(newest?.context['firstTouch']).toMatchObject({ source: 'podcast', medium: 'audio' })
  expect(newest?.context).not.toHaveProperty('campaign')
  await context.close()
})

test('who signs out, or signs in as somebody else, is not the one before', async () => {
  const { page, context } = await world.visit()
  await open(page, site)
  await page.evaluate(`rapport.identify('one')`)
  await page.evaluate(`rapport.identify('two')`)
  await page.evaluate(`rapport.reset(); rapport.track('Signed Up')`)
  const nobody = await world.partyOf(page)
  expect(told(nobody)).toEqual(['signed_up Signed Up'])
  const [one, two] = [
    await world.server.readParty('user_id:one'),
    await world.server.readParty('user_id:two'),
  ]
  expect([told(one), told(two)]).toEqual([['page_viewed', 'identified'], ['identified']])
  expect(new Set([one?.id, two?.id, nobody.id]).size).toBe(3)
  await context.close()
})

test('one cookie serves all hosts of a domain', async () => {
  world.website.head = world.element('data-cookie-domain=".shop.example"')
  const { page, context } = await world.visit()
  await open(page, `${site}/?utm_source=x`)
  const [cookie] = await context.cookies()
  expect(cookie).toMatchObject({ name: 'rapport', domain: '.shop.example', sameSite: 'Lax' })
  const stored = JSON.parse(decodeURIComponent(cookie?.value ?? '')) as Memory
  await open(page, 'http://app.shop.example/')
  await page.evaluate('rapport.flush()')
  // What the first page sent as it was left may still be on its way when the second has its answer.
  await expect
    .poll(async () => told(await world.server.readParty(`anonymous_id:${stored.anonymousId}`)), {
      timeout: 10_000,
    })
    .toEqual(['page_viewed', 'page_viewed'])
  expect(await memoryOf(page)).toBeNull()
  await context.close()
})
