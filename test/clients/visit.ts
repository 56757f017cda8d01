/** A real browser that reaches nothing but this machine, and made-up websites for it to visit. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { findChromium } from '../../src/app/find-chromium.ts'

export interface Website {
  /** For example `http://shop.example`. */
  readonly url: string
  /** Where this machine really serves it. */
  readonly port: number
  /** What stands in the head of every page of it. */
  head: string
  readonly close: () => Promise<void>
}

export interface Visit {
  readonly context: BrowserContext
  readonly page: Page
  /** Addresses that were asked for and are neither the website nor one of those allowed. */
  readonly strayed: readonly string[]
  /** What the pages threw. */
  readonly thrown: readonly string[]
}

export interface VisitOptions {
  /** Runs in every page before its own scripts. */
  readonly script?: string
  readonly allowed: readonly string[]
}

/** As people have it: a headless browser says so in its own, and would be taken for the robot it is. */
const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'

/** Serves the same page at every address, under its own name. */
export async function startWebsite(name: string): Promise<Website> {
  const server = createServer((request, answer) => {
    const title = request.url === '/' ? 'Home' : `Page ${request.url}`
    answer.setHeader('content-type', 'text/html; charset=utf-8')
    answer.end(
      `<!doctype html><html lang="en"><head><title>${title}</title>${site.head}</head><body><h1>${title}</h1></body></html>`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const site: Website = {
    ...{ url: `http://${name}`, port, head: '' },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return site
}

/** No name is known to it but those of the websites, and of what is below them. */
export async function startBrowser(sites: readonly Website[]): Promise<Browser> {
  const rules = sites.flatMap(({ url, port }) =>
    ['', '*.'].map((part) => `MAP ${part}${new URL(url).host} 127.0.0.1:${port}`),
  )
  return chromium.launch({
    executablePath: (await findChromium()) ?? '',
    args: [
      // As root (in CI) Chromium cannot build its sandbox.
      '--no-sandbox',
      '--disable-gpu',
      // For all requests: what goes out after its page is closed heeds no setting of a page.
      `--user-agent=${userAgent}`,
      '--disable-background-networking',
      '--disable-sync',
      `--host-resolver-rules=${[...rules, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'].join(', ')}`,
    ],
  })
}

/** A person who has never been anywhere. */
export async function newVisit(browser: Browser, options: VisitOptions): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Vienna' })
  const strayed: string[] = []
  const thrown: string[] = []
  context.on('request', (request) => {
    const url = request.url()
    if (!/^(data|blob):/.test(url) && !options.allowed.some((own) => url.startsWith(`${own}/`)))
      strayed.push(url)
  })
  context.on('weberror', (error) => thrown.push(String(error.error())))
  if (options.script) await context.addInitScript(options.script)
  return { context, page: await context.newPage(), strayed, thrown }
}
