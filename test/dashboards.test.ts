/** Pinning and sending reports, in a real browser on a whole server; pictures by a real Chromium. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, makeFirstAccount, openPage, overflowOf, phone, seriousFaults, settled } from './browser.ts' // prettier-ignore
import { startMailServer, type MailServer } from '../src/app/reports/testing.ts'
import { startWholeServer, type WholeServer } from './whole-server.ts'

let server: WholeServer
let browser: Browser
let mail: MailServer
let signedIn: BrowserContextOptions['storageState']

beforeAll(async () => {
  mail = await startMailServer()
  server = await startWholeServer({
    environment: { SMTP_URL: mail.url, MAIL_FROM: 'Rapport <r@example.com>' },
  })
  browser = await launchBrowser()
  await fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${server.writeKey}:`)}` },
    body: JSON.stringify({ batch: history() }),
  })
  const { page, close } = await openPage(browser, server.url)
  await makeFirstAccount(page, server.welcomeLink ?? '')
  signedIn = await page.context().storageState()
  await close()
})
afterAll(async () => {
  await browser.close()
  await server.close()
  mail.close()
})

/** Some visitors in the last weeks. */
function history(): object[] {
  const at = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString()
  return ['ada', 'bo', 'cy', 'di'].flatMap((userId, index) =>
    [21, 14, 7, 2].map((days) => ({
      ...{ type: 'page', userId, name: 'Pricing', timestamp: at(days + index) },
      ...{ messageId: `${userId} ${days}`, properties: { path: '/pricing' } },
    })),
  )
}

async function onPage(
  path: string,
  act: (page: Page) => Promise<void>,
  look: BrowserContextOptions = {},
): Promise<void> {
  const kept = signedIn === undefined ? {} : { storageState: signedIn }
  const { page, wrong, close } = await openPage(browser, server.url, { ...kept, ...look })
  await page.goto(path)
  await settled(page)
  await act(page)
  expect(wrong).toEqual([])
  await close()
}

async function pin(page: Page, title: string, dashboard?: string): Promise<void> {
  await page.getByRole('button', { name: 'Pin', exact: true }).click()
  const dialog = page.getByRole('dialog')
  if (dashboard !== undefined) await dialog.getByLabel('Name of the dashboard').fill(dashboard)
  await dialog.getByLabel('Title of the pin').fill(title)
  await dialog.getByRole('button', { name: 'Pin', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}
const titles = (page: Page): Promise<string[]> =>
  page.locator('li section[aria-label] h2 a').allInnerTexts()

test('the period that is chosen stays relative, and pins with it', async () => {
  await onPage('/reports/ladder-flows', async (page) => {
    await page.getByLabel('Period').selectOption('30')
    await page.waitForURL(/days=/)
    expect(page.url()).not.toContain('from=')
    await pin(page, 'Last month', 'Growth')
    await pin(page, 'Last month again')
  })
  await onPage('/reports/retention', (page) => pin(page, 'Who stays'))
  const { dashboards } = await server.read<{ dashboards: { id: string; titles: string[] }[] }>(
    '/api/dashboards',
  )
  expect(dashboards.map((one) => one.titles)).toEqual([
    ['Last month', 'Last month again', 'Who stays'],
  ])
  const one = await server.read<{ pins: { query: object }[] }>(
    `/api/dashboards/${dashboards[0]?.id ?? ''}`,
  )
  expect(one.pins[0]?.query).toEqual({ days: '30' })
})

test('a dashboard: its pictures, order by keys, taking out and back', async () => {
  await onPage('/dashboards', async (page) => {
    await page.getByRole('link', { name: /^Growth/ }).click()
    await page.getByRole('heading', { name: 'Growth' }).waitFor()
    await page.getByText('Who stood where, and moved').first().waitFor()
    // Only the picture: no toolbar, no tables, no other panels.
    expect(await page.getByLabel('Period').count()).toBe(0)
    expect(await page.getByText('Behind the picture').count()).toBe(0)
    expect(await page.getByText('Where people enter').filter({ visible: true }).count()).toBe(0)

    await page.getByRole('button', { name: /^Move Who stays/ }).focus()
    await page.keyboard.press('Home')
    await page.getByText('Who stays is now 1 of 3.').waitFor({ state: 'attached' })
    await expect.poll(() => titles(page)).toEqual(['Who stays', 'Last month', 'Last month again'])
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => titles(page)).toEqual(['Last month', 'Who stays', 'Last month again'])

    await page.getByRole('button', { name: 'What to do with Who stays' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await expect.poll(() => titles(page)).toEqual(['Last month', 'Last month again'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => titles(page)).toEqual(['Last month', 'Who stays', 'Last month again'])
    await page.reload()
    await settled(page)
    expect(await titles(page)).toEqual(['Last month', 'Who stays', 'Last month again'])

    await page.getByRole('button', { name: /^Move Last month:/ }).hover()
    await page.mouse.down()
    // The first move begins the drag, the second says over what it is.
    for (let move = 0; move < 3; move++) await page.locator('li > section').nth(1).hover()
    await page.mouse.up()
    await expect.poll(() => titles(page)).toEqual(['Who stays', 'Last month', 'Last month again'])
    expect(await seriousFaults(page)).toEqual([])
    await page.getByRole('link', { name: 'Last month', exact: true }).click()
    await page.waitForURL(/\/reports\/ladder-flows\?days=/)
  })
})

test('on a phone, in the dark', async () => {
  const look = { viewport: phone, colorScheme: 'dark' } as const
  await onPage(
    '/dashboards',
    async (page) => {
      expect(await seriousFaults(page)).toEqual([])
      await page.getByRole('link', { name: /^Growth/ }).click()
      await page.getByText('Who came back').first().waitFor()
      expect(await overflowOf(page)).toBeLessThanOrEqual(0)
      expect(await seriousFaults(page)).toEqual([])
    },
    look,
  )
})

test('a schedule is set in the report, sent now, and arrives with page and tables', async () => {
  await onPage('/reports/ladder-flows?days=30', async (page) => {
    await page.getByRole('button', { name: 'Schedule', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('To').fill('ada@example.com, bo@example.com')
    await dialog.getByLabel('By the clock of').selectOption('Europe/Berlin')
    await dialog.getByLabel('Picture (PNG)').check()
    expect(await seriousFaults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Set the schedule' }).click()
    await dialog.getByText('Every Monday at 08:00 (Europe/Berlin)').waitFor()
    await dialog.getByRole('button', { name: 'Send now' }).click()
    await dialog.getByText(/Last sent/).waitFor({ timeout: 90_000 })
    expect(await seriousFaults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Pause' }).click()
    await dialog.getByText('Not sent until it goes on.').waitFor()
  })
  const [got] = mail.got
  expect(got?.to).toEqual(['ada@example.com', 'bo@example.com'])
  for (const type of ['application/pdf', 'image/png', 'text/csv']) {
    expect(got?.text).toContain(`Content-Type: ${type}`)
  }
  const [pdf = ''] = /^JVBERi0[\s\S]*?\r\n--/m.exec(got?.text ?? '') ?? []
  expect(Buffer.from(pdf, 'base64').subarray(0, 5).toString()).toBe('%PDF-')
}, 120_000)

test('a picture is the report alone, and its key opens nothing afterwards', async () => {
  const ask = (query: string, key = server.apiKey): Promise<Response> =>
    fetch(`${server.url}/api/reports/ladder-flows/picture?${query}`, {
      headers: { authorization: `Bearer ${key}` },
    })
  const answers = await Promise.all([ask('format=png'), ask('format=png'), ask('format=pdf')])
  // One at a time: who comes meanwhile is told when to come again.
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 503, 503])
  const busy = answers.find(({ status }) => status === 503)
  expect(Number(busy?.headers.get('retry-after'))).toBeGreaterThan(0)
  const png = Buffer.from((await answers.find(({ ok }) => ok)?.arrayBuffer()) ?? new ArrayBuffer(0))
  const isPng = png.subarray(1, 4).toString() === 'PNG'
  expect(isPng || png.subarray(0, 5).toString() === '%PDF-').toBe(true)
  expect((await ask('days=0')).status).toBe(400)
  expect((await ask('format=gif')).status).toBe(400)
  expect((await ask('format=png', 'rp_made_up')).status).toBe(401)
  await onPage('/reports/ladder-flows?print=1', async (page) => {
    await page.locator('[data-report-drawn]').waitFor()
    expect(await page.getByRole('navigation').count()).toBe(0)
    expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0)
  })
}, 120_000)
