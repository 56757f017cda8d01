/** Funnel, retention and attribution in a real browser, on a small demo company. */
import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { desktop, overflowOf, phone, seriousFaults } from './browser.ts'
import { openReportWorld, year, type WebWorld } from './web-world.ts'

let web: WebWorld

beforeAll(async () => {
  web = await openReportWorld(150)
}, 180_000)
afterAll(() => web.close())

const funnel = `/reports/funnel?${year}&window=180&steps=page_viewed,subscribed,trial_started`
const retention = `/reports/retention?${year}&unit=month&by=persona&compare=previous`
const attribution = `/reports/attribution?${year}&outcome=subscribed&lookback=365`

test('a funnel is changed step by step, and leads to the people who came no farther', async () => {
  await web.onPage(funnel, async (page) => {
    await page.getByText(/of them (within|at once)/).first().waitFor()
    await page.getByText('Choose the steps').click()
    await page.getByRole('button', { name: 'Add a step' }).click()
    await page.waitForURL(/steps=[^&]*purchase/)
    await page.getByLabel('Step 4', { exact: true }).selectOption('subscription_started')
    await page.waitForURL(/subscription_started/)
    await page.getByRole('button', { name: 'Narrow step 1' }).click()
    await page.getByLabel('Campaign', { exact: true }).fill('monstera-giveaway')
    await page.getByLabel('Campaign', { exact: true }).press('Enter')
    await page.waitForURL(/campaign(=|%3D)monstera/)
    await page.getByText('Page viewed, campaign monstera-giveaway').first().waitFor()
    await page.getByRole('button', { name: 'Take out step 4' }).click()
    await page.waitForURL((url) => !url.href.includes('subscription_started'))
    await page.getByRole('button', { name: /came no farther than Subscribed/ }).click()
    const people = page.getByRole('region', { name: /and no farther/ })
    await people.getByRole('link').first().click()
    await page.waitForURL(/\/people\/[\da-f-]{36}/)
  }) // prettier-ignore
})

test('retention is read from its curve and its triangle, and says what to do where it is empty', async () => {
  await web.onPage(retention, async (page) => {
    await page.getByRole('img', { name: /Share that came back/ }).focus()
    await page.keyboard.press('ArrowLeft')
    await page.getByText(/months? later/).first().waitFor()
    await page.getByRole('region', { name: /Share of each cohort/ }).getByText('All').waitFor()
    await page.getByLabel('Begin with', { exact: true }).selectOption('testimonial')
    await page.getByText(/Nobody began in a whole month/).waitFor()
  }) // prettier-ignore
})

test('one outcome is opened and its credit adds up; another method is chosen', async () => {
  await web.onPage(attribution, async (page) => {
    await page.getByRole('heading', { name: 'Credit by Markov 2' }).waitFor()
    await page.getByLabel('Method', { exact: true }).selectOption('first')
    await page.getByRole('heading', { name: 'Credit by First touch' }).waitFor()
    const outcomes = page.getByRole('region', { name: 'Outcome by outcome' })
    await outcomes.getByRole('listitem').getByRole('button').first().click()
    await page.waitForURL(/party=/)
    await outcomes
      .getByText('Together')
      .or(outcomes.getByText('No touch before it'))
      .first()
      .waitFor()
    await page.getByRole('region', { name: 'All methods side by side' }).getByText('Paid social · monstera-giveaway').first().waitFor() // prettier-ignore
    await outcomes.getByRole('button', { name: 'Close' }).click()
    await page.waitForURL((url) => !url.searchParams.has('party'))
  })
})

test('what cannot be asked is said in words', async () => {
  const { page, close } = await web.openSignedIn()
  await page.goto('/reports/funnel?steps=page_viewed,bought')
  await page.getByText(/“bought” is no kind of touchpoint/).waitFor()
  await close()
})

const widths: readonly [string, BrowserContextOptions][] = [
  ['a desk, light', { viewport: desktop, colorScheme: 'light' }],
  ['a desk, dark', { viewport: desktop, colorScheme: 'dark' }],
  ['a phone', { viewport: phone, colorScheme: 'light' }],
]
test.each(widths)('axe finds nothing serious, and nothing is wider than the screen: %s', async (_, look) => {
  for (const path of [`${funnel}&by=campaign&dropped=1&compare=previous`, retention, `${attribution}&intervals=yes&compare=previous`]) {
    await web.onPage(path, async (page) => {
      expect(await seriousFaults(page)).toEqual([])
      expect(await overflowOf(page)).toBeLessThanOrEqual(0)
    }, look)
  }
}, 120_000) // prettier-ignore
