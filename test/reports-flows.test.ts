/** Ladder flows and paths in a real browser, on a small demo company. */
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
  settled,
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
  await sendDemo(120)
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
  look: BrowserContextOptions = { viewport: desktop },
): Promise<void> {
  const { page, wrong, close } = await openPage(browser, server.url, {
    ...look,
    ...(signedIn === undefined ? {} : { storageState: signedIn }),
  })
  await page.goto(path)
  await page.getByRole('heading', { name: 'Behind the picture' }).waitFor()
  await act(page)
  // While history is made ready the server says so, and the page asks again.
  expect(wrong.filter((one) => !one.includes('503'))).toEqual([])
  await close()
}

const flows = '/reports/ladder-flows?from=2026-03-01'
const paths = '/reports/paths?outcome=trial_started&by=series&from=2025-12-01'

test('moves are read with the arrow keys, and a rung leads to its people', async () => {
  await onPage(flows, async (page) => {
    const picture = page.getByRole('img', { name: /stand higher at the end/ })
    await picture.focus()
    await page.keyboard.press('ArrowRight')
    await page.getByText(/\d+ (person|people) (came in|stayed|rose|slipped)/).waitFor()
    await page.getByRole('region', { name: 'Who stood where, and moved' }).getByRole('link').first().click() // prettier-ignore
    await page.waitForURL(/\/people\?rung=/)
  })
})

test('a rung opens its curve at an address that can be sent, and closes again', async () => {
  await onPage(flows, async (page) => {
    const stays = page.getByRole('region', { name: 'How long people stay' })
    await stays.getByRole('link', { name: 'Considering' }).click()
    await page.waitForURL(/rung=considering/)
    const curve = page.getByRole('img', { name: /Share still on Considering/ })
    await curve.focus()
    await page.keyboard.press('Home')
    await page.getByText('After 0 days').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByText('After 0 days').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Close' }).click()
    await curve.waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.has('rung')).toBe(false)
  })
})

test('paths say which content made the difference, and to what', async () => {
  await onPage(paths, async (page) => {
    const difference = page.getByRole('region', { name: 'Which steps made the difference' })
    await difference.getByText('The Living Stock').first().waitFor()
    await page.getByLabel('Outcome').selectOption('signed_up')
    await page.getByRole('heading', { name: 'The last steps before: Signed up' }).waitFor()
    expect(page.url()).toContain('outcome=signed_up')
    await page.getByLabel('Steps are').selectOption('channel')
    await page.waitForURL(/by=channel/)
  })
})

test('an outcome that nobody reached says what to do next', async () => {
  await onPage('/reports/paths?outcome=talk_given', async (page) => {
    await page.getByText('Choose a longer period, or an outcome that comes earlier.').waitFor()
  })
})

test.each([
  ['light', desktop],
  ['dark', phone],
] as const)('axe finds nothing serious, %s', async (colorScheme, viewport) => {
  for (const path of [`${flows}&rung=aware&compare=previous`, `${paths}&compare=previous`]) {
    await onPage(
      path,
      async (page) => {
        await settled(page)
        expect(await seriousFaults(page)).toEqual([])
        expect(await overflowOf(page)).toBeLessThanOrEqual(0)
      },
      { colorScheme, viewport },
    )
  }
})
