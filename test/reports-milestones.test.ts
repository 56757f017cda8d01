/** Milestones in a real browser, on a small demo company. */
import type { Browser } from 'playwright-core'
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
}, 180_000)
afterAll(async () => {
  await browser.close()
  await server.close()
})

const year = `from=${new Date(Date.now() - 360 * 86_400_000).toISOString().slice(0, 10)}`

test('milestones on the way to a rung, for everybody to read, on a phone too', async () => {
  const { page, wrong, close } = await openPage(browser, server.url, { viewport: desktop })
  await makeFirstAccount(page, server.welcomeLink ?? '')
  await page.goto(`/reports/milestones?${year}&rung=customer`)
  await page
    .getByRole('heading', { name: 'How much sooner people come to Customer' })
    .waitFor({ timeout: 90_000 })
  const plot = page.getByRole('list', { name: /come to Customer after each milestone/ })
  expect(await plot.getByRole('listitem').count()).toBeGreaterThan(1)
  expect(await seriousFaults(page)).toEqual([])
  await page.setViewportSize(phone)
  expect(await overflowOf(page)).toBeLessThanOrEqual(0)
  await page.setViewportSize(desktop)
  await page.getByLabel('On the way to', { exact: true }).selectOption('loyal')
  await page.waitForURL(/rung=loyal/)
  await page.getByRole('heading', { name: /to Loyal/ }).waitFor()
  expect(wrong.filter((one) => !one.includes('503'))).toEqual([])
  await close()
})
