/** Reach, loyalty and trust in a real browser, on a small demo company. */
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

beforeAll(async () => {
  server = await startWholeServer()
  browser = await launchBrowser()
  const events = [...generateDemo({ seed: 7, people: 200, now: Date.now(), months: 12 })]
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
  await page.getByRole('heading', { name: 'Behind the picture' }).waitFor({ timeout: 90_000 })
  await act(page)
  // While history is made ready the server says so, and the page asks again.
  expect(wrong.filter((one) => !one.includes('503'))).toEqual([])
  await close()
}

const year = `from=${new Date(Date.now() - 360 * 86_400_000).toISOString().slice(0, 10)}`

test('a row of reach opens it over time, and the address keeps it', async () => {
  await onPage(`/reports/reach?${year}`, async (page) => {
    await page.getByRole('link', { name: /monstera-giveaway/ }).click()
    await page.waitForURL(/show-group=campaign/)
    await page.getByRole('heading', { name: 'Over time: monstera-giveaway' }).waitFor()
    await page.getByLabel('Broken down by').selectOption('channel')
    await page.waitForURL(/by=channel/)
    await page.getByRole('heading', { name: 'Where we met them' }).waitFor()
  })
})

test('an incident leads to the days around it', async () => {
  await onPage(`/reports/trust?${year}`, async (page) => {
    const incident = page.getByRole('region', { name: /incident/i })
    await incident.getByText('We broke a promise').first().waitFor()
    await incident.getByRole('link').first().click()
    await page.waitForURL(/to=/)
    await page.getByRole('heading', { name: 'What filled it, what drained it' }).waitFor()
  })
})

test('whoever looks around is one click away', async () => {
  await onPage(`/reports/loyalty?${year}`, async (page) => {
    const people = page.getByRole('region', { name: 'Looking around now' }).first()
    const [first] = await people.getByRole('link').all()
    if (!first) return
    await first.click()
    await page.waitForURL(/\/people\/[\da-f-]{36}/)
  })
})

test.each(['reach', 'loyalty', 'trust'])('%s fits a phone and has no serious fault', async (id) => {
  const path = `/reports/${id}?${year}&compare=previous`
  await onPage(path, async (page) => expect(await seriousFaults(page)).toEqual([]))
  await onPage(path, async (page) => expect(await overflowOf(page)).toBeLessThanOrEqual(0), {
    viewport: phone,
  })
})
