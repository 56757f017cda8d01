/** A real browser for tests: what goes wrong on a page is kept, and axe-core judges what is on it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { findChromium } from '../src/app/find-chromium.ts'

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: (await findChromium()) ?? '',
    // As root (in CI) Chromium cannot build its sandbox; the rest keeps it from calling home.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-sync',
    ],
  })
}

export const desktop = { width: 1440, height: 900 } as const
export const phone = { width: 390, height: 844 } as const

export interface WatchedPage {
  readonly page: Page
  /** Errors on the console (the security policy's refusals among them), exceptions, foreign addresses. */
  readonly wrong: string[]
  readonly close: () => Promise<void>
}

/** A page in a context of its own; give it the `storageState` of one that signed in. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: desktop,
    reducedMotion: 'reduce',
    baseURL: address,
    ...options,
  })
  const page = await context.newPage()
  const wrong: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(message.text())
  })
  page.on('pageerror', (error) => wrong.push(String(error)))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(address) && !/^(data|blob):/.test(url)) wrong.push(`asked for ${url}`)
  })
  return { page, wrong, close: () => context.close() }
}

/** When the page has its heading and none of the grey lines that stand for what is being fetched. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').filter({ hasText: /\w/ }).waitFor()
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
}

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string | null
    readonly nodes: readonly { readonly html: string }[]
  }[]
}

/** What axe-core finds serious or critical, each with the first place. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html.slice(0, 200) ?? ''}`)
}

/** By how many pixels the page is wider than the screen. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
}

/** Through the printed link, as the first person does; resolves on the home page. */
export async function makeFirstAccount(page: Page, welcomeLink: string): Promise<void> {
  await page.goto(welcomeLink)
  await page.getByLabel('Name').fill('Grace Hopper')
  await page.getByLabel('E-mail').fill('grace@example.com')
  await page.locator('input[name=password]').fill('correct horse battery')
  await page.getByRole('button', { name: 'Make my account' }).click()
  await page.waitForURL((url) => url.pathname === '/')
}
