/** Who brought whom, and questions in SQL, in a real browser on a small demo company. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, phone, seriousFaults } from './browser.ts'
import { notReadyYet, openWebWorld, sendDemo, type WebWorld } from './web-world.ts'

let web: WebWorld

beforeAll(async () => {
  web = await openWebWorld({ fill: (server) => sendDemo(server, 200), forgiven: [notReadyYet] })
}, 180_000)
afterAll(() => web.close())

test('the network is walked by the keys, and leads to the person', async () => {
  await web.onPage('/reports/network', async (page) => {
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
  await web.onPage(
    '/reports/network',
    async (page) => {
      await page.getByRole('application').waitFor()
      expect(await overflowOf(page)).toBe(0)
      expect(await seriousFaults(page)).toEqual([])
    },
    { viewport: phone },
  )
})

test('a question is asked, drawn, kept, and found again by its address', async () => {
  await web.onPage('/explore', async (page) => {
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
  await web.onPage('/explore', async (page) => {
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
  await web.onPage(
    `/explore?sql=${encodeURIComponent("select file('/etc/passwd')")}`,
    async (page) => {
      await page.getByRole('alert').getByText('not allowed').waitFor()
      expect(await overflowOf(page)).toBe(0)
      expect(await seriousFaults(page)).toEqual([])
    },
    { viewport: phone, forgiven: ['422'] },
  )
})
