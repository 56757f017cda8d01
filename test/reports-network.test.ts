/** Who brought whom, and questions in SQL, in a real browser on a small demo company. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  desktop,
  launchBrowser,
  makeFirstAccount,
  openPage,
  overflowOf,
  phone,
  seriousFaults,
} from './browser.ts'
import { startWholeServer, type WholeServer } from './whole-server.ts'
import { generateDemo } from '../demo/generate.ts'

let server: WholeServer
let browser: Browser
let signedIn: BrowserContextOptions['storageState']

async function sendDemo(people: number): Promise<void> {
  const events = [...generateDemo({ seed: 7, people, now: Date.now(), months: 12 })]
  for (let from = 0; from < events.length; from += 500) {
    const answer = await fetch(`${server.url}/v1/batch`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${server.writeKey}:`)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ batch: events.slice(from, from + 500) }),
    })
    expect(answer.status).toBe(200)
  }
}

beforeAll(async () => {
  server = await startWholeServer()
  browser = await launchBrowser()
  await sendDemo(200)
  const { page, close } = await openPage(browser, server.url)
  await makeFirstAccount(page, server.welcomeLink ?? '')
  signedIn = await page.context().storageState()
  await close()
}, 180_000)
afterAll(async () => {
  await browser.close()
  await server.close()
})

async function onPage(
  path: string,
  act: (page: Page) => Promise<void>,
  options: { look?: BrowserContextOptions; refused?: boolean } = {},
): Promise<void> {
  const { page, wrong, close } = await openPage(browser, server.url, {
    ...(options.look ?? { viewport: desktop }),
    ...(signedIn === undefined ? {} : { storageState: signedIn }),
  })
  await page.goto(path)
  await act(page)
  // While history is made ready the server says so, and the page asks again.
  const unexpected = wrong.filter(
    (text) => !text.includes('503') && !(options.refused === true && text.includes('422')),
  )
  expect(unexpected).toEqual([])
  await close()
}

test('the network is walked by the keys, and leads to the person', async () => {
  await onPage('/reports/network', async (page) => {
    const map = page.getByRole('application')
    await map.waitFor()
    await map.focus()
    const before = await map.getAttribute('aria-label')
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => map.getAttribute('aria-label')).not.toBe(before)
    await page.keyboard.press('ArrowUp')
    await expect.poll(() => map.getAttribute('aria-label')).toBe(before)
    expect(await seriousFaults(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/people\/[0-9a-f-]{36}/)
  })
})

test('the network fits on a phone', async () => {
  await onPage(
    '/reports/network',
    async (page) => {
      await page.getByRole('application').waitFor()
      expect(await overflowOf(page)).toBe(0)
      expect(await seriousFaults(page)).toEqual([])
    },
    { look: { viewport: phone } },
  )
})

test('a question is asked, drawn, kept, and found again by its address', async () => {
  await onPage('/explore', async (page) => {
    await page.getByRole('button', { name: 'Touchpoints by week' }).click()
    await page.getByRole('region', { name: 'Answer' }).first().waitFor()
    await page.getByText('Line', { exact: true }).click()
    await page.getByRole('heading', { name: 'Answer' }).waitFor()
    await page.getByLabel('Name to keep the question under').fill('Weeks')
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await page.getByRole('button', { name: 'Weeks', exact: true }).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    const address = page.url()
    expect(address).toContain('toMonday')
    await page.goto(address)
    await page.getByRole('heading', { name: 'Answer' }).waitFor()
    expect(await page.getByLabel('Question in SQL').inputValue()).toContain('toMonday')
  })
})

test('a long question travels compressed in the address', async () => {
  await onPage('/explore', async (page) => {
    const sql = `select count() as found from history where kind not in (${Array.from({ length: 200 }, (_, i) => `'k${i}'`).join(', ')})`
    await page.getByLabel('Question in SQL').fill(sql)
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.waitForURL(/[?&]z=/)
    await page.goto(page.url())
    await page.getByRole('heading', { name: 'Answer' }).waitFor()
    expect(await page.getByLabel('Question in SQL').inputValue()).toBe(sql)
  })
})

test('what is wrong with a question is said, on a phone too', async () => {
  await onPage(
    `/explore?sql=${encodeURIComponent("select file('/etc/passwd')")}`,
    async (page) => {
      await page.getByRole('alert').getByText('not allowed').waitFor()
      expect(await overflowOf(page)).toBe(0)
      expect(await seriousFaults(page)).toEqual([])
    },
    { look: { viewport: phone }, refused: true },
  )
})
