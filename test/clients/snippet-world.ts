/** The whole program, a website with our snippet, and a browser: for the tests of the snippet. */
import type { Browser, Page } from 'playwright-core'
import { buildSnippetIfStale } from '../../src/cli/build-web.ts'
import { startFaultyProxy, type FaultyProxy } from '../faulty-proxy.ts'
import { startWholeServer, type ReadParty, type WholeServer } from '../whole-server.ts'
import { newVisit, startBrowser, startWebsite, type Visit, type Website } from './visit.ts'

export const site = 'http://shop.example'

export interface SnippetWorld {
  readonly server: WholeServer
  /** Stands between the snippet and the server where a test says so. */
  readonly proxy: FaultyProxy
  readonly website: Website
  readonly browser: Browser
  /** The script element, with further attributes. */
  readonly element: (attributes?: string, host?: string) => string
  /** A new person, and what is run in each of their pages before its own scripts. */
  readonly visit: (script?: string) => Promise<Visit>
  /** The party that this browser is known as, once the server has all that the page had to say. */
  readonly partyOf: (page: Page) => Promise<ReadParty>
  readonly close: () => Promise<void>
}

export async function startSnippetWorld(): Promise<SnippetWorld> {
  await buildSnippetIfStale()
  const server = await startWholeServer()
  const proxy = await startFaultyProxy(server.url)
  const website = await startWebsite('shop.example')
  const browser = await startBrowser([website])
  return {
    ...{ server, proxy, website, browser },
    element: (attributes = '', host = server.url) =>
      `<script src="${host}/rapport.js" data-write-key="${server.writeKey}" ${attributes} defer></script>`,
    visit: (script = '') =>
      newVisit(browser, {
        script,
        allowed: [site, 'http://app.shop.example', server.url, proxy.url],
      }),
    partyOf: (page) => partyOf(server, page),
    async close() {
      await browser.close()
      await website.close()
      await proxy.close()
      await server.close()
    },
  }
}

export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.waitForFunction('window.rapport && !Array.isArray(rapport)')
}

export interface Memory {
  readonly anonymousId: string
  readonly consent?: boolean
}

export const memoryOf = (page: Page): Promise<Memory | null> =>
  page.evaluate<Memory | null>(`JSON.parse(localStorage.getItem('rapport'))`)

/** Everything in localStorage and the cookies that a page can see, by name. */
export const storedIn = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(
    `[...Object.keys(localStorage), ...document.cookie.split('; ')].filter(Boolean)`,
  )

async function partyOf(server: WholeServer, page: Page): Promise<ReadParty> {
  await page.evaluate('rapport.flush()')
  const { anonymousId } = (await memoryOf(page)) ?? { anonymousId: '' }
  const party = await server.readParty(`anonymous_id:${anonymousId}`)
  if (party === null) throw new Error('Nobody is known by the id in this browser.')
  return party
}

/** What happened, the oldest first. */
export const told = (party: ReadParty | null): string[] =>
  (party?.touchpoints ?? []).map(({ kind, event }) => `${kind} ${event}`.trim()).toReversed()
