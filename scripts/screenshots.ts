/**
 * Pictures of every page for the documents, from a running server:
 *   node scripts/screenshots.ts --url http://localhost:3000 --link <the printed sign-in link>
 * Writes docs/screenshots/<page>-light.png, -dark.png and -phone.png. The link is used up by it.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { findChromium } from '../src/app/find-chromium.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:3000' },
    link: { type: 'string' },
    only: { type: 'string', multiple: true },
    out: { type: 'string', default: join(import.meta.dirname, '../docs/screenshots') },
  },
})
const url = values.url.replace(/\/$/, '')

/** Signs in by the link (of the demo, or as the first administrator) and returns what is kept. */
async function signIn(browser: Browser): Promise<BrowserContextOptions['storageState']> {
  const page = await browser.newPage()
  await page.goto(values.link ?? `${url}/sign-in`)
  const demo = page.getByRole('button', { name: 'Open the demo' })
  const first = page.getByRole('button', { name: 'Make my account' })
  await demo.or(first).waitFor()
  if (await demo.isVisible()) await demo.click()
  else {
    await page.getByLabel('Name').fill('Grace Hopper')
    await page.getByLabel('E-mail').fill('grace@example.com')
    await page.locator('input[name=password]').fill('correct horse battery')
    await first.click()
  }
  await page.waitForURL((to) => to.pathname === '/')
  const state = await page.context().storageState()
  await page.close()
  return state
}

interface Listed {
  readonly id: string
  readonly trust: { readonly withdrawals: number }
}

/** Somebody high on the ladder with something on both sides of the trust account. */
async function someone(page: Page, kind: 'person' | 'account'): Promise<string> {
  const answer = await page.request.get(`${url}/api/parties?kind=${kind}&sort=rung&limit=100`)
  const { parties } = (await answer.json()) as { parties: Listed[] }
  const telling = parties.find(({ trust }) => trust.withdrawals > 1) ?? parties[0]
  return `/${kind === 'person' ? 'people' : 'accounts'}/${telling?.id ?? 'nobody'}`
}

/** The segment with most people inside; of none, the page where one is made. */
async function segment(page: Page): Promise<string> {
  const answer = await page.request.get(`${url}/api/segments`)
  const { segments } = (await answer.json()) as { segments: { id: string; members: number }[] }
  const [largest] = segments.toSorted((one, other) => other.members - one.members)
  return largest === undefined ? '/segments/new' : `/segments/${largest.id}`
}

/** The first dashboard; where there is none, one with three reports. */
async function aDashboard(page: Page): Promise<string> {
  const path = `${url}/api/dashboards`
  const headers = { origin: url }
  const answer = await page.request.get(path)
  const { dashboards } = (await answer.json()) as { dashboards: { id: string }[] }
  if (dashboards[0]) return `/dashboards/${dashboards[0].id}`
  const made = await page.request.post(path, { headers, data: { name: 'Growth, every Monday' } })
  const { id } = (await made.json()) as { id: string }
  for (const [report, title, wide] of [
    ['ladder-flows', 'Who moved', true],
    ['retention', 'Who stays', false],
    ['trust', 'The trust account', false],
  ] as const) {
    const data = { report, title, wide, query: { days: '180' } }
    await page.request.post(`${path}/${id}/pins`, { headers, data })
  }
  return `/dashboards/${id}`
}

async function addresses(page: Page): Promise<Record<string, string>> {
  const person = await someone(page, 'person')
  const largest = await segment(page)
  return {
    home: '/',
    people: '/people',
    person,
    timeline: `${person}?tab=timeline`,
    trust: `${person}?tab=trust`,
    measures: `${person}?tab=measures`,
    identity: `${person}?tab=identity`,
    evidence: `${person}?evidence=dimension%3Atrust`,
    why: `${person}?tab=segments&segment=${largest.split('/').at(-1)}`,
    accounts: '/accounts',
    account: await someone(page, 'account'),
    segments: '/segments',
    segment: largest,
    'segment-overlap': `${largest}?tab=overlap`,
    'segment-edit': `${largest}?tab=edit`,
    'segment-new': '/segments/new?preset=recovering',
    duplicates: '/people/duplicates',
    predictions: '/predictions?of=refer',
    'prediction-card': '/predictions/buy',
    'person-predictions': `${person}?tab=predictions`,
    sources: '/sources',
    source: '/sources/web',
    live: '/sources?tab=live',
    rejects: '/sources?tab=rejects',
    import: '/import',
    model: '/model',
    'model-edit': '/model?tab=edit',
    'report-ladder-flows': '/reports/ladder-flows?rung=considering',
    'report-paths': '/reports/paths?outcome=trial_started&by=series',
    funnel:
      '/reports/funnel?steps=page_viewed,subscribed,trial_started,subscription_started&by=campaign&from=2025-06-01&window=180',
    retention:
      '/reports/retention?unit=month&start=subscription_started&back=feature_used&from=2025-09-01',
    attribution: '/reports/attribution?from=2025-06-01&lookback=365&intervals=yes',
    'report-reach': '/reports/reach?from=2025-06-01',
    'report-loyalty': '/reports/loyalty?from=2025-06-01',
    'report-trust': '/reports/trust?from=2025-06-01',
    'report-milestones': '/reports/milestones?from=2025-06-01',
    'report-network': '/reports/network?from=2026-05-01',
    explore:
      '/explore?show=line&sql=select%20toMonday(occurred_at)%20as%20week%2C%20count()%20as%20touchpoints%0Afrom%20history%0Agroup%20by%20week%0Aorder%20by%20week',
    dashboards: '/dashboards',
    dashboard: await aDashboard(page),
    settings: '/settings',
  }
}

const looks: Record<string, BrowserContextOptions> = {
  light: { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', deviceScaleFactor: 2 },
}

const browser = await chromium.launch({
  executablePath: (await findChromium()) ?? '',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
})
mkdirSync(values.out, { recursive: true })
const storageState = await signIn(browser)
for (const [look, options] of Object.entries(looks)) {
  const kept = storageState === undefined ? {} : { storageState }
  const context = await browser.newContext({ ...options, ...kept, reducedMotion: 'reduce' })
  const page = await context.newPage()
  for (const [name, path] of Object.entries(await addresses(page))) {
    if (values.only && !values.only.includes(name)) continue
    await page.goto(`${url}${path}`)
    await page.locator('h1').filter({ hasText: /\w/ }).waitFor()
    await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
    await page.screenshot({ path: join(values.out, `${name}-${look}.png`) })
    console.log(`${name}-${look}.png`)
  }
  await context.close()
}
await browser.close()
