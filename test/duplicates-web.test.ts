/** Possible duplicates in a real browser: found, merged and kept apart with the keyboard, taken back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, seriousFaults, settled } from './browser.ts'
import { looks, openWebWorld, type WebWorld } from './web-world.ts'

let web: WebWorld

const first = ['Ada', 'Grace', 'Emmy', 'Sofja', 'Lise', 'Rosalind', 'Hedy', 'Jane']
const last = ['Lovelace', 'Hopper', 'Noether', 'Kowalewska', 'Meitner', 'Franklin']

function identify(who: object, i: number, j: number): object {
  const traits = {
    ...{ firstName: first[i], lastName: last[j], birthday: `19${60 + i}-0${j + 1}-1${i}` },
    address: { postalCode: `1${i}0${j}5`, city: 'Berlin' },
  }
  return { type: 'identify', ...who, traits }
}

beforeAll(async () => {
  const known = first.flatMap((_, i) => last.map((_, j) => identify({ userId: `u${i}${j}` }, i, j)))
  // Five of them came again, not signed in.
  const again = [0, 1, 2, 3, 4].map((k) => identify({ anonymousId: `anonymous-${k}` }, k, k))
  web = await openWebWorld({
    fill: async (server) => expect((await server.send([...known, ...again])).status).toBe(200),
  })
}, 60_000)
afterAll(() => web.close())

test('searched, merged, taken back and kept apart', async () => {
  const { page, wrong, close } = await web.openSignedIn()
  await page.goto('/people')
  await page.getByRole('link', { name: 'Possible duplicates' }).click()
  await page.getByText('Nobody has looked yet').waitFor()
  await page.getByRole('button', { name: 'Search now' }).click()
  const cards = page.locator('[data-duplicate]')
  await cards.nth(4).waitFor()
  expect(await cards.count()).toBe(5)
  expect(await cards.first().innerText()).toMatch(/likely one person[\s\S]*Name[\s\S]*\+\d/)

  await cards.first().focus()
  await page.keyboard.press('j')
  await page.keyboard.press('p')
  const merged = cards.nth(1).getByRole('region', { name: 'As one person' })
  await merged.getByText('anonymous_id').waitFor()
  await page.keyboard.press('m')
  await page.getByText('Merged. The figures of both are now one.').waitFor()
  await expect.poll(() => cards.count()).toBe(4)
  // The keyboard goes on with the neighbour of what was decided.
  expect(await page.locator('[data-duplicate]:focus').count()).toBe(1)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Both have their own figures again').waitFor()

  await cards.first().focus()
  await page.keyboard.press('d')
  await expect.poll(() => cards.count()).toBe(3)
  await page.getByText('They are not suggested again').waitFor()
  expect(wrong).toEqual([])
  // What was not undone is told to the server when the page is left.
  await page.goto('/people')
  await expect
    .poll(async () => (await web.server.read<{ open: number }>('/api/merge-suggestions')).open)
    .toBe(3)
  await close()
}, 60_000)

test.each(looks)(
  'axe finds nothing serious, %s',
  async (colorScheme, viewport) => {
    const { page, wrong, close } = await web.openSignedIn({ colorScheme, viewport })
    await page.goto('/people/duplicates')
    await page.locator('[data-duplicate]').first().waitFor()
    await page.getByRole('button', { name: 'Show as one' }).first().click()
    await page.getByRole('region', { name: 'As one person' }).getByText('anonymous_id').waitFor()
    await settled(page)
    expect(await seriousFaults(page)).toEqual([])
    expect(await overflowOf(page)).toBe(0)
    expect(wrong).toEqual([])
    await close()
  },
  60_000,
)
