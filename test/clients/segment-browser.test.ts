/** Segment's browser library, unmodified, in a real browser; settings and script come from us. */
import manifest from '@segment/analytics-next/package.json' with { type: 'json' }
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startFaultyProxy, type Fault, type FaultyProxy } from '../faulty-proxy.ts'
import { startWholeServer, type WholeServer } from '../whole-server.ts'
import { company, expectEverything, order, traits } from './expected.ts'
import { newVisit, startBrowser, startWebsite, type Visit, type Website } from './visit.ts'

const site = 'http://shop.example'

let server: WholeServer
let proxy: FaultyProxy
let website: Website
let browser: Browser
beforeAll(async () => {
  server = await startWholeServer()
  proxy = await startFaultyProxy(server.url)
  website = await startWebsite('shop.example')
  browser = await startBrowser([website])
})
beforeEach(() => {
  proxy.history.length = 0
})
afterAll(async () => {
  await browser.close()
  await website.close()
  await proxy.close()
  await server.close()
})

const visit = (script = ''): Promise<Visit> =>
  newVisit(browser, { script, allowed: [site, server.url, proxy.url] })

/** As its documentation loads it from npm; `index.js` is what a bundler would make of the package. */
function loaded(host: string): string {
  const [protocol = '', name = ''] = host.split('://')
  const settings = { writeKey: server.writeKey, cdnURL: host }
  const options = { integrations: { 'Segment.io': { apiHost: `${name}/v1`, protocol } } }
  return `
    <script src="${server.url}/analytics-next/bundles/index.js"></script>
    <script>
      analytics = AnalyticsNext.AnalyticsBrowser.load(${JSON.stringify(settings)}, ${JSON.stringify(options)})
    </script>`
}

const say = (page: Page, userId: string): Promise<void> =>
  page.evaluate<void>(`(async () => {
    await analytics.page('Home')
    await analytics.identify('${userId}', ${JSON.stringify(traits(userId))})
    await analytics.track('Order Completed', ${JSON.stringify(order)})
    await analytics.group('acme-${userId}', ${JSON.stringify(company)})
    await analytics.alias('${userId}')
  })()`)

const kinds = ['page_viewed', 'identified', 'purchase', 'grouped', 'aliased'] as const

test.each<[string, Fault[]]>([
  ['all is well', []],
  ['the server is busy', ['busy', 'slow-down']],
  ['the connection breaks before the server has it', ['cut-before']],
  ['the connection breaks after the server has it', ['cut-after']],
])('every call arrives once where %s', async (what, faults) => {
  const userId = `next-${what.replaceAll(' ', '-')}`
  website.head = loaded(proxy.url)
  const { page, context, strayed, thrown } = await visit()
  const from = Date.now()
  await page.goto(`${site}/?utm_source=google&utm_medium=cpc`)
  await page.waitForFunction('analytics.instance')
  proxy.plan.push(...faults)
  await say(page, userId)
  const arrived = (): number => proxy.history.filter((outcome) => outcome === 200).length
  await expect.poll(arrived, { timeout: 20_000 }).toBeGreaterThanOrEqual(kinds.length)
  expect(proxy.history.filter((outcome) => outcome !== 200)).toEqual(faults)
  const anonymousId = await page.evaluate<string>(`analytics.instance.user().anonymousId()`)
  const party = await expectEverything(server, userId, { kinds, from, anonymousId })
  const view = party.touchpoints.find(({ kind }) => kind === 'page_viewed')
  expect([view?.channel, view?.properties['url']]).toEqual([
    'paid_search',
    `${site}/?utm_source=google&utm_medium=cpc`,
  ])
  const library = { name: 'analytics.js', version: `next-${manifest.version}` }
  expect(view?.context['library']).toEqual(library)
  expect([strayed, thrown]).toEqual([[], []])
  await context.close()
})

test('the script tag of Segment works with our address in place of theirs', async () => {
  website.head = `<script>
    analytics = window.analytics = []
    analytics.methods = ['track', 'page', 'identify']
    for (const name of analytics.methods) {
      analytics[name] = (...given) => void analytics.push([name, ...given])
    }
    analytics._writeKey = '${server.writeKey}'
    analytics._cdn = '${server.url}'
    analytics.SNIPPET_VERSION = '5.2.0'
    analytics.page()
    analytics.identify('next-tag')
  </script>
  <script src="${server.url}/analytics.js/v1/${server.writeKey}/analytics.min.js" async></script>`
  const { page, context, strayed, thrown } = await visit()
  await page.goto(`${site}/pricing`)
  const told = async (): Promise<string[]> =>
    ((await server.readParty('user_id:next-tag'))?.touchpoints ?? []).map(({ kind }) => kind)
  await expect.poll(async () => (await told()).toSorted()).toEqual(['comparison', 'identified'])
  expect([strayed, thrown]).toEqual([[], []])
  await context.close()
})

test('a browser whose clock is three years behind is corrected', async () => {
  website.head = loaded(server.url)
  const { page, context } = await visit(`{
    const skew = -3 * 365 * 86_400_000
    const Real = Date
    Date = class extends Real {
      constructor(...given) { super(...(given.length ? given : [Real.now() + skew])) }
      static now() { return Real.now() + skew }
    }
  }`)
  await page.goto(site)
  await page.evaluate(`analytics.identify('next-skewed')`)
  await expect.poll(() => server.readParty('user_id:next-skewed')).not.toBeNull()
  const [identified] = (await server.readParty('user_id:next-skewed'))?.touchpoints ?? []
  expect(Math.abs(Date.parse(identified?.occurredAt ?? '') - Date.now())).toBeLessThan(10_000)
  await context.close()
})

test('in batches: what waits when the page goes is sent', async () => {
  const strategy = { strategy: 'batching', config: { size: 50, timeout: 60_000 } }
  website.head = loaded(server.url).replace(
    '"protocol":',
    `"deliveryStrategy":${JSON.stringify(strategy)},"protocol":`,
  )
  const { page, context } = await visit()
  await page.goto(site)
  await page.waitForFunction('analytics.instance')
  await page.evaluate(`(async () => {
    for (let step = 0; step < 20; step++) await analytics.track('Onboarding Step Completed', { step })
    await analytics.identify('next-batch')
  })()`)
  expect(await server.readParty('user_id:next-batch')).toBeNull()
  await page.goto('about:blank')
  await expect
    .poll(async () => (await server.readParty('user_id:next-batch'))?.touchpointCount)
    .toBe(21)
  await context.close()
})
