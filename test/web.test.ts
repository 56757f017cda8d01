/** The web app against the whole program: what a member of the team does, in a real browser. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage } from './browser.ts'
import { faultsAt, looks, openWebWorld, type WebWorld } from './web-world.ts'

let web: WebWorld
let ada = ''

const hostileName = '<img src=x onerror="window.stolen=1"> “Bobby” 😀'
const day = 86_400_000

/** What Ada did in the last weeks, and two visitors who are one person. */
function history(now: number): Record<string, unknown>[] {
  const at = (days: number): string => new Date(now - days * day).toISOString()
  const track = (days: number, event: string, properties: object = {}) => ({
    ...{ type: 'track', userId: 'ada', event, properties, timestamp: at(days) },
  })
  return [
    {
      ...{ type: 'identify', userId: 'ada', timestamp: at(40) },
      traits: { name: 'Ada Lovelace', email: 'ada@example.com' },
    },
    ...[30, 21, 14, 9, 5, 2].map((days) => ({
      ...{ type: 'page', userId: 'ada', name: 'Pricing', timestamp: at(days) },
      properties: { path: '/pricing' },
    })),
    track(20, 'Order Completed', { order_id: '1', total: 49, currency: 'EUR' }),
    track(12, 'Review Submitted', { rating: 5, text: 'They keep their word.' }),
    track(4, 'Promise Kept', { text: 'Delivered on the day' }),
    {
      ...{ type: 'identify', userId: 'mallory', timestamp: at(3) },
      traits: { name: hostileName },
    },
    ...['visitor-one', 'visitor-two'].map((anonymousId) => ({
      ...{ type: 'page', anonymousId, name: 'Home', timestamp: at(1) },
    })),
  ]
}

beforeAll(async () => {
  web = await openWebWorld({ fill: (server) => server.send(history(Date.now())) })
  ada = (await web.server.readParty('user_id:ada'))?.id ?? ''
})
afterAll(() => web.close())

test('who is not signed in is asked to, and then comes to the page that was wanted', async () => {
  const { page, close } = await openPage(web.browser, web.server.url)
  await page.goto('/people?search=ada')
  await page.getByLabel('E-mail').fill('grace@example.com')
  await page.locator('input[name=password]').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('not right').waitFor()
  await page.locator('input[name=password]').fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/people\?search=ada/)
  await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
  await close()
})

test('the ladder on the home page leads to the people of a rung', async () => {
  const { rung } = (await web.server.readParty('user_id:ada')) ?? { rung: { name: '' } }
  await web.onPage('/', async (page) => {
    await page.getByRole('rowheader', { name: rung.name }).getByRole('link').click()
    await page.getByRole('link', { name: 'Ada Lovelace' }).click()
    await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor()
  })
})

test('a number opens to contributions that add up to it, at an address that can be sent', async () => {
  await web.onPage(`/people/${ada}`, async (page) => {
    await page
      .getByRole('link', { name: /evidence for the trust balance/ })
      .first()
      .click()
    await page.waitForURL(/evidence=trust/)
    const drawer = page.getByRole('dialog')
    const numbers = async (place: string): Promise<number[]> => {
      const texts = await drawer.locator(place).allTextContents()
      return texts.map((text) => Number(text.replace('\u2212', '-').replace('+', '')))
    }
    await drawer.getByText('Together').waitFor()
    const parts = await numbers('tbody td:last-child')
    const [total] = await numbers('tfoot tr:first-child td')
    expect(parts.length).toBeGreaterThan(1)
    // In hundredths, as printed: exactly, not nearly.
    const hundredths = parts.map((part) => Math.round(part * 100))
    expect(hundredths.reduce((sum, part) => sum + part, 0)).toBe(Math.round((total ?? 0) * 100))
    await page.reload()
    await drawer.getByText('Together').waitFor()
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
  })
})

test('the statement shows each entry with its words, points and balance', async () => {
  await web.onPage(`/people/${ada}?tab=trust`, async (page) => {
    await page.getByText('They keep their word.').waitFor()
    const entry = page.getByRole('row').filter({ hasText: 'They keep their word.' })
    const cells = await entry.getByRole('cell').allTextContents()
    expect(cells).toHaveLength(6)
    // Points, what is left of them now, and the balance after.
    for (const cell of cells.slice(3)) expect(cell).toMatch(/^[+\u2212]?\d+\.\d$/)
  })
})

test('a hostile name is text, wherever it is shown', async () => {
  await web.onPage('/people?search=mallory', async (page) => {
    await page.getByRole('link', { name: hostileName }).click()
    await page.getByRole('heading', { level: 1, name: hostileName }).waitFor()
    await page.goto('/sources?tab=live')
    await page.getByText('Identified').first().waitFor()
    expect(await page.evaluate('window.stolen')).toBeUndefined()
  })
})

test('two visitors are merged, and the merge is undone from its toast', async () => {
  const one = await web.server.readParty('anonymous_id:visitor-one')
  const two = await web.server.readParty('anonymous_id:visitor-two')
  await web.onPage(`/people/${one?.id}?tab=identity`, async (page) => {
    await page.getByRole('button', { name: 'Merge with…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Search who it is').fill(two?.displayName ?? '')
    await dialog.getByRole('button', { name: two?.displayName ?? '' }).click()
    await dialog.getByRole('button', { name: 'Merge', exact: true }).click()
    const toast = page.getByRole('alert').filter({ hasText: 'Merged' })
    await toast.getByRole('button', { name: 'Undo' }).waitFor()
    const merged = await web.server.readParty('anonymous_id:visitor-two')
    expect(merged?.identifiers).toHaveLength(2)
    await toast.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Undone. Both sides have their own figures again.').waitFor()
    expect((await web.server.readParty('anonymous_id:visitor-two'))?.identifiers).toHaveLength(1)
  })
})

test('an event shows up by itself, and a rejected one is mended and replayed', async () => {
  await web.onPage('/sources?tab=live', async (page) => {
    await page.getByText('Page viewed').first().waitFor()
    await web.server.send([{ type: 'track', userId: 'ada', event: 'Wine Tasted' }])
    await page.getByText('Wine Tasted').first().waitFor()
    await web.server.send([{ type: 'track', userId: 'ada', properties: { mended: 'later' } }])
    await page.getByRole('link', { name: 'Rejects' }).click()
    await page.getByRole('button', { name: 'Mend and replay' }).click()
    const event = page.getByLabel('The event as JSON')
    const text = await event.inputValue()
    await event.fill(JSON.stringify({ ...(JSON.parse(text) as object), event: 'Bell Rung' }))
    await page.getByRole('button', { name: 'Replay', exact: true }).click()
    await page.getByText('Replayed and accepted.').waitFor()
    const { touchpoints = [] } = (await web.server.readParty('user_id:ada')) ?? {}
    expect(touchpoints.map((touchpoint) => touchpoint.event)).toContain('Bell Rung')
  })
})

test('a file is imported with the suggested mapping', async () => {
  const rows = ['email,ordered_at,total,currency', 'ada@example.com,2026-01-02,20.00,EUR', '']
  await web.onPage('/import', async (page) => {
    const buffer = Buffer.from(rows.join('\n'))
    await page
      .getByLabel('File to import')
      .setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer })
    await page.getByRole('cell', { name: 'ada@example.com' }).waitFor()
    await page.getByRole('button', { name: 'Start the import' }).click()
    await page.getByText(/^1 rows: 1 accepted/).waitFor()
  })
})

test('a model with a fault names the line, and a sound one says who would move', async () => {
  await web.onPage('/model?tab=edit', async (page) => {
    const yaml = page.getByRole('textbox', { name: 'Model as YAML' })
    const sound = await yaml.inputValue()
    await yaml.fill(sound.replace(/half_life: \d+d/, 'half_life: soon'))
    await page.getByRole('button', { name: 'Check: who would move?' }).click()
    await page
      .getByRole('button', { name: /^Line \d+/ })
      .first()
      .click()
    await yaml.fill(sound.replace(/half_life: \d+d/, 'half_life: 1d'))
    await page.getByRole('button', { name: 'Check: who would move?' }).click()
    await page.getByText('Nothing has been changed yet.').waitFor()
  })
})

test('the palette finds a person by keyboard alone', async () => {
  await web.onPage('/', async (page) => {
    await page.getByRole('heading', { level: 1, name: /people/ }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement?.id')).toBe('main')
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('A page, a name').pressSequentially('lovel')
    await page.getByRole('button', { name: /Ada Lovelace/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(`${web.server.url}/people/${ada}`)
  })
})

const places = [
  '/',
  '/people',
  '/accounts',
  '/people/ADA',
  '/people/ADA?tab=timeline',
  '/people/ADA?tab=trust',
  '/people/ADA?tab=measures',
  '/people/ADA?tab=identity',
  '/people/ADA?evidence=dimension:trust',
  '/sources',
  '/sources/web',
  '/sources?tab=live',
  '/sources?tab=rejects',
  '/import',
  '/model',
  '/model?tab=edit',
  '/settings',
  '/no/such/page',
] as const

test.each(looks)(
  'axe finds nothing serious on any page, %s',
  async (colorScheme, viewport) => {
    const { page, wrong, close } = await web.openSignedIn({ colorScheme, viewport })
    const addresses = places.map((place) => place.replace('ADA', ada))
    expect(await faultsAt(page, addresses)).toEqual([])
    expect(wrong).toEqual([])
    await close()
  },
  120_000,
)
