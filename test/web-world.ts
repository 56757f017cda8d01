/** For tests of the web app: the whole program, filled, and somebody signed in to it in a browser. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { desktop, launchBrowser, makeFirstAccount, openPage, overflowOf, phone } from './browser.ts'
import { seriousFaults, settled, type WatchedPage } from './browser.ts'
import { startWholeServer, type WholeServer } from './whole-server.ts'
import { generateDemo } from '../demo/generate.ts'

export interface WebWorldOptions {
  /** What the server knows before the first account is made. */
  readonly fill: (server: WholeServer) => Promise<unknown>
  /** Waited for on each page before the test acts on it. */
  readonly ready?: (page: Page) => Promise<void>
  /** Words of messages on the console that are no fault, as of what is refused on purpose. */
  readonly forgiven?: readonly string[]
}

export interface VisitOptions extends BrowserContextOptions {
  /** Besides those of the world. */
  readonly forgiven?: readonly string[]
}

export interface WebWorld {
  readonly server: WholeServer
  readonly browser: Browser
  /** A page of whoever made the first account. */
  readonly openSignedIn: (look?: BrowserContextOptions) => Promise<WatchedPage>
  /** Acts on a signed-in page, and expects that nothing else than what is forgiven went wrong on it. */
  readonly onPage: (
    path: string,
    act: (page: Page) => Promise<void>,
    options?: VisitOptions,
  ) => Promise<void>
  readonly close: () => Promise<void>
}

/** While history is made ready the server says so with it, and the page asks again. */
export const notReadyYet = '503'

export async function openWebWorld(options: WebWorldOptions): Promise<WebWorld> {
  const { fill, ready, forgiven = [] } = options
  const server = await startWholeServer()
  const browser = await launchBrowser()
  await fill(server)
  const first = await openPage(browser, server.url)
  await makeFirstAccount(first.page, server.welcomeLink ?? '')
  expectClean(first.wrong, [...forgiven, notReadyYet])
  const storageState = await first.page.context().storageState()
  await first.close()
  const openSignedIn = (look: BrowserContextOptions = {}): Promise<WatchedPage> =>
    openPage(browser, server.url, { ...look, storageState })
  return {
    ...{ server, browser, openSignedIn },
    async onPage(path, act, { forgiven: here = [], ...look } = {}) {
      const { page, wrong, close } = await openSignedIn(look)
      await page.goto(path)
      await ready?.(page)
      await act(page)
      expectClean(wrong, [...forgiven, ...here])
      await close()
    },
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

function expectClean(wrong: readonly string[], forgiven: readonly string[]): void {
  expect(wrong.filter((text) => !forgiven.some((words) => text.includes(words)))).toEqual([])
}

/** The demo company until now, as its own clients would have sent it. */
export async function sendDemo(server: WholeServer, people: number, months = 12): Promise<void> {
  const events = [...generateDemo({ seed: 7, people, now: Date.now(), months })]
  for (let from = 0; from < events.length; from += 500)
    expect((await server.send(events.slice(from, from + 500))).status).toBe(200)
}

/** The picture of a report is drawn, and its figures stand below it. */
const drawnWithin = (timeout: number) => (page: Page) =>
  page.getByRole('heading', { name: 'Behind the picture' }).waitFor({ timeout })

/** A small demo company, whose reports are acted on once they are drawn. */
export const openReportWorld = (people: number, within = 90_000): Promise<WebWorld> =>
  openWebWorld({
    fill: (server) => sendDemo(server, people),
    ready: drawnWithin(within),
    forgiven: [notReadyYet],
  })

/** The query of a report over nearly a year, until today. */
export const year = `from=${new Date(Date.now() - 360 * 86_400_000).toISOString().slice(0, 10)}`

/** Both schemes and both widths, for `test.each`. */
export const looks = [
  ['light', desktop],
  ['dark', phone],
] as const

/** What axe finds serious on each of the pages, and which are wider than the screen. */
export async function faultsAt(page: Page, places: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const place of places) {
    await page.goto(place)
    await settled(page)
    for (const fault of await seriousFaults(page)) found.push(`${place}: ${fault}`)
    const overflow = await overflowOf(page)
    if (overflow > 0) found.push(`${place} is ${overflow} px wider than the screen`)
  }
  return found
}
