/** Reach, loyalty and trust in a real browser, on a small demo company. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, phone, seriousFaults } from './browser.ts'
import { openReportWorld, year, type WebWorld } from './web-world.ts'

let web: WebWorld

beforeAll(async () => {
  web = await openReportWorld(200)
}, 180_000)
afterAll(() => web.close())

test('a row of reach opens it over time, and the address keeps it', async () => {
  await web.onPage(`/reports/reach?${year}`, async (page) => {
    await page.getByRole('link', { name: /monstera-giveaway/ }).click()
    await page.waitForURL(/show-group=campaign/)
    await page.getByRole('heading', { name: 'Over time: monstera-giveaway' }).waitFor()
    await page.getByLabel('Broken down by').selectOption('channel')
    await page.waitForURL(/by=channel/)
    await page.getByRole('heading', { name: 'Where we met them' }).waitFor()
  })
})

test('an incident leads to the days around it', async () => {
  await web.onPage(`/reports/trust?${year}`, async (page) => {
    const incident = page.getByRole('region', { name: /incident/i })
    await incident.getByText('We broke a promise').first().waitFor()
    await incident.getByRole('link').first().click()
    await page.waitForURL(/to=/)
    await page.getByRole('heading', { name: 'What filled it, what drained it' }).waitFor()
  })
})

test('whoever looks around is one click away', async () => {
  await web.onPage(`/reports/loyalty?${year}`, async (page) => {
    const people = page.getByRole('region', { name: 'Looking around now' }).first()
    const [first] = await people.getByRole('link').all()
    if (!first) return
    await first.click()
    await page.waitForURL(/\/people\/[\da-f-]{36}/)
  })
})

test.each(['reach', 'loyalty', 'trust'])('%s fits a phone and has no serious fault', async (id) => {
  const path = `/reports/${id}?${year}&compare=previous`
  await web.onPage(path, async (page) => expect(await seriousFaults(page)).toEqual([]))
  await web.onPage(path, async (page) => expect(await overflowOf(page)).toBeLessThanOrEqual(0), {
    viewport: phone,
  })
})
