/**
 * A report's page as PNG or PDF: drawn by the Chromium of this machine from our own server, in the light
 * look, as the person who asked may see it. One at a time: a browser takes a core and 200 MB.
 */
import { chromium, type Browser, type Page } from 'playwright-core'
import { findChromium } from '../find-chromium.ts'
import { RapportError } from '../../domain/error.ts'
import type { Actor } from '../../domain/actor.ts'
import type { PictureKeys } from './picture-keys.ts'
import type { StoredQuery } from '../../domain/dashboard-view.ts'

export interface AskedPicture {
  readonly report: string
  readonly query: StoredQuery
  readonly format: 'png' | 'pdf'
  readonly as: Actor
}

export interface Pictures {
  /** Whether there is a Chromium. */
  canTake(): Promise<boolean>
  /** Waits its turn. `impatient`: throws `overloaded` where others wait already. */
  take(asked: AskedPicture, options?: { readonly impatient: boolean }): Promise<Buffer>
}

export interface PictureParts {
  readonly keys: PictureKeys
  /** Where this server listens, for this machine; null before it does. */
  readonly address: () => string | null
  readonly chromiumPath?: () => Promise<string | null>
}

/** Milliseconds from the start of the browser. */
const patience = 60_000
/** A sheet of A4 across, less 12 mm at each side, at 96 pixels an inch. */
const width = 1032

export function createPictures({
  keys,
  address,
  chromiumPath = findChromium,
}: PictureParts): Pictures {
  let path: Promise<string | null> | null = null
  const pathOnce = (): Promise<string | null> => (path ??= chromiumPath())
  let waiting = 0
  let turn: Promise<unknown> = Promise.resolve()
  const takeNow = async (asked: AskedPicture): Promise<Buffer> => {
    const executablePath = await pathOnce()
    const url = address()
    if (executablePath === null || url === null) throw new RapportError('pictures_unavailable')
    const key = keys.issue(asked.as)
    const browser = await launch(executablePath)
    // Whatever hangs in the page ends with the browser.
    const timer = setTimeout(() => void browser.close(), patience)
    try {
      const page = await open(browser, { url, key, asked })
      return await (asked.format === 'pdf' ? asPdf(page) : asPng(page))
    } finally {
      clearTimeout(timer)
      keys.end(key)
      await browser.close()
    }
  }
  return {
    canTake: async () => (await pathOnce()) !== null,
    take(asked, { impatient } = { impatient: false }) {
      if (impatient && waiting > 0) {
        const detail = 'Another picture is being taken.'
        throw new RapportError('overloaded', detail, { retryAfterSeconds: 5 })
      }
      waiting += 1
      const taken = turn
        .then(() => takeNow(asked))
        .finally(() => {
          waiting -= 1
        })
      turn = taken.catch(() => {})
      return taken
    },
  }
}

function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    timeout: patience / 2,
    args: [
      // As root (in a container) Chromium cannot build its sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--disable-gpu', '--disable-dev-shm-usage', '--disable-sync'],
      '--disable-background-networking',
    ],
  })
}

async function open(
  browser: Browser,
  { url, key, asked }: { readonly url: string; readonly key: string; readonly asked: AskedPicture },
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    deviceScaleFactor: 2,
    colorScheme: 'light',
    reducedMotion: 'reduce',
    // The page asks nobody but this server: the policy of the app sees to it.
    extraHTTPHeaders: { authorization: `Bearer ${key}` },
  })
  const page = await context.newPage()
  page.setDefaultTimeout(patience)
  if (asked.format === 'pdf') await page.emulateMedia({ media: 'print', colorScheme: 'light' })
  const query = new URLSearchParams({ ...asked.query, print: '1' })
  await page.goto(`${url}/reports/${encodeURIComponent(asked.report)}?${query.toString()}`)
  const drawn = page.locator('[data-report-drawn]')
  await drawn.or(page.getByRole('alert')).first().waitFor()
  if ((await drawn.count()) === 0) {
    const says = (await page.getByRole('alert').first().innerText()).slice(0, 300)
    throw new RapportError('invalid_request', `The report says: ${says}`)
  }
  await page.evaluate('document.fonts.ready')
  return page
}

const asPng = (page: Page): Promise<Buffer> => page.locator('[data-report-drawn]').screenshot()

const asPdf = (page: Page): Promise<Buffer> =>
  page.pdf({
    ...{ format: 'A4', landscape: true, printBackground: true, tagged: true },
    margin: { top: '12mm', right: '12mm', bottom: '14mm', left: '12mm' },
  })
