/** The pages in a real browser, under the real policy: nothing is refused, nothing comes from elsewhere. */
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listen } from '../src/app/shutdown.ts'
import { startTestServer, type TestServer } from '../src/app/testing.ts'
import { findChromium } from '../src/app/find-chromium.ts'

let server: TestServer
let browser: Browser
let address: string

beforeAll(async () => {
  server = await startTestServer({ webFolder: join(import.meta.dirname, '../dist/web') })
  address = `http://127.0.0.1:${await listen(server.app, { port: 0, host: '127.0.0.1' })}`
  browser = await chromium.launch({
    executablePath: (await findChromium()) ?? '',
    // As root (in CI) Chromium cannot build its sandbox; the rest keeps it from calling home.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  })
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

/** A page, and what went wrong on it: refused by the policy, thrown, or asked of another server. */
async function openPage(): Promise<{ page: Page; wrong: string[] }> {
  const page = await browser.newPage()
  const wrong: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(message.text())
  })
  page.on('pageerror', (error) => wrong.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url()))
      wrong.push(request.url())
  })
  return { page, wrong }
}

test('the API document is shown with what this server offers', async () => {
  const { page, wrong } = await openPage()
  await page.goto(`${address}/docs/`)
  await page.getByText('Send touchpoints as any Segment client does').waitFor()
  await page.getByText('API keys').first().waitFor()
  expect(wrong).toEqual([])
  await page.close()
})

test('the printed link leads through the form into the app, once', async () => {
  const { page, wrong } = await openPage()
  const link = (await server.auth.welcomeLink(address)) ?? ''
  await page.goto(link)
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.locator('input[name=password]').fill('correct horse battery')
  await page.getByRole('button', { name: 'Make my account' }).click()
  await page.getByText('ada@example.com').waitFor()
  // The rooms are not part of this test: what they would have answered is missing, not refused.
  expect(wrong.filter((text) => !text.includes('404'))).toEqual([])
  await page.goto(link)
  await page.getByText('This link has been used').waitFor()
  await page.close()
})

test('an injected script does not run', async () => {
  const { page, wrong } = await openPage()
  await page.goto(`${address}/sign-in`)
  await page.evaluate(`
    const script = document.createElement('script')
    script.textContent = 'window.stolen = true'
    document.body.append(script)
    document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.stolen = true">')
  `)
  await page.waitForTimeout(300)
  expect(await page.evaluate('window.stolen')).toBeUndefined()
  expect(wrong.join('\n')).toContain('Content Security Policy')
  await page.close()
})
