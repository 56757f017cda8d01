/** Milestones in a real browser, on a small demo company. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { desktop, overflowOf, phone, seriousFaults } from './browser.ts'
import { notReadyYet, openWebWorld, sendDemo, year, type WebWorld } from './web-world.ts'

let web: WebWorld

beforeAll(async () => {
  web = await openWebWorld({ fill: (server) => sendDemo(server, 200), forgiven: [notReadyYet] })
}, 180_000)
afterAll(() => web.close())

test('milestones on the way to a rung, for everybody to read, on a phone too', async () => {
  await web.onPage(`/reports/milestones?${year}&rung=customer`, async (page) => {
    await page
      .getByRole('heading', { name: 'How much sooner people come to Customer' })
      .waitFor({ timeout: 90_000 })
    const plot = page.getByRole('list', { name: /come to Customer after each milestone/ })
    expect(await plot.getByRole('listitem').count()).toBeGreaterThan(1)
    expect(await seriousFaults(page)).toEqual([])
    await page.setViewportSize(phone)
    // The picture is drawn anew once it knows its width.
    await expect.poll(() => overflowOf(page), { timeout: 10_000 }).toBeLessThanOrEqual(0)
    await page.setViewportSize(desktop)
    await page.getByLabel('On the way to', { exact: true }).selectOption('loyal')
    await page.waitForURL(/rung=loyal/)
    await page.getByRole('heading', { name: /to Loyal/ }).waitFor()
  })
})
