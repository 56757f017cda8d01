/** Ladder flows and paths in a real browser, on a small demo company. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, seriousFaults, settled } from './browser.ts'
import { looks, openReportWorld, type WebWorld } from './web-world.ts'

let web: WebWorld

beforeAll(async () => {
  web = await openReportWorld(120, 30_000)
}, 180_000)
afterAll(() => web.close())

const flows = '/reports/ladder-flows?from=2026-03-01'
const paths = '/reports/paths?outcome=trial_started&by=series&from=2025-12-01'

test('moves are read with the arrow keys, and a rung leads to its people', async () => {
  await web.onPage(flows, async (page) => {
    const picture = page.getByRole('img', { name: /stand higher at the end/ })
    await picture.focus()
    await page.keyboard.press('ArrowRight')
    await page.getByText(/\d+ (person|people) (came in|stayed|rose|slipped)/).waitFor()
    await page.getByRole('region', { name: 'Who stood where, and moved' }).getByRole('link').first().click() // prettier-ignore
    await page.waitForURL(/\/people\?rung=/)
  })
})

test('a rung opens its curve at an address that can be sent, and closes again', async () => {
  await web.onPage(flows, async (page) => {
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
  await web.onPage(paths, async (page) => {
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
  await web.onPage('/reports/paths?outcome=talk_given', async (page) => {
    await page.getByText('Choose a longer period, or an outcome that comes earlier.').waitFor()
  })
})

test.each(looks)('axe finds nothing serious, %s', async (colorScheme, viewport) => {
  for (const path of [`${flows}&rung=aware&compare=previous`, `${paths}&compare=previous`]) {
    await web.onPage(
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
