/** Predictions in a real browser, on a small demo company: fitted, listed, made a segment, explained. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  desktop,
  launchBrowser,
  makeFirstAccount,
  openPage,
  overflowOf,
  phone,
  seriousFaults,
  settled,
} from './browser.ts'
import { startWholeServer, type WholeServer } from './whole-server.ts'
import { generateDemo } from '../demo/generate.ts'
import type { LikelyPage, predictionModelList } from '../src/domain/prediction-view.ts'
import type { z } from 'zod'

let server: WholeServer
let browser: Browser
let signedIn: BrowserContextOptions['storageState']

beforeAll(async () => {
  server = await startWholeServer()
  browser = await launchBrowser()
  const events = [...generateDemo({ seed: 7, people: 700, now: Date.now(), months: 18 })]
  for (let from = 0; from < events.length; from += 500) {
    const answer = await fetch(`${server.url}/v1/batch`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${server.writeKey}:`)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ batch: events.slice(from, from + 500) }),
    })
    expect(answer.status).toBe(200)
  }
  const { page, close } = await openPage(browser, server.url)
  await makeFirstAccount(page, server.welcomeLink ?? '')
  signedIn = await page.context().storageState()
  await close()
}, 240_000)
afterAll(async () => {
  await browser.close()
  await server.close()
})

async function onPage(
  path: string,
  act: (page: Page) => Promise<void>,
  look: BrowserContextOptions = { viewport: desktop },
): Promise<void> {
  const { page, wrong, close } = await openPage(browser, server.url, {
    ...look,
    ...(signedIn === undefined ? {} : { storageState: signedIn }),
  })
  await page.goto(path)
  await settled(page)
  await act(page)
  expect(wrong).toEqual([])
  await close()
}

const modelsNow = () => server.read<z.infer<typeof predictionModelList>>('/api/predictions/models')

test('before anything is fitted it says what to do, and does it', async () => {
  await onPage('/predictions', async (page) => {
    await page.getByText('Nothing was foretold yet').waitFor()
    expect(await seriousFaults(page)).toEqual([])
  })
  await onPage('/predictions/buy', async (page) => {
    await page.getByText('Nothing was learned yet').waitFor()
    await page.getByRole('button', { name: 'Fit it now' }).click()
    await page.getByRole('heading', { name: 'Held against what came' }).waitFor({ timeout: 120_000 })
    await page.getByText('Serves', { exact: true }).first().waitFor()
    for (const heading of ['Did it come true?', 'What it goes by', 'Checked before it was fitted', 'Have people moved since?'])
      expect(await page.getByRole('heading', { name: heading }).count()).toBe(1)
    await page.getByText('The figures').click()
    expect(await page.getByRole('row').count()).toBeGreaterThan(3)
    expect(await seriousFaults(page)).toEqual([])
  })
}, 180_000) // prettier-ignore

test('who is likely to, narrowed, becomes a segment with one click', async () => {
  await onPage('/predictions', async (page) => {
    await page.getByRole('heading', { name: /^Who: [\d,]+ people$/ }).waitFor()
    await page.getByLabel('At least %').fill('50')
    await page.waitForURL(/min=50/)
    const { total } = await server.read<LikelyPage>('/api/predictions?of=buy&at_least=0.5')
    await page.getByRole('heading', { name: `Who: ${total} people` }).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Make a segment of them' }).click()
    await page.waitForURL(/\/segments\/[0-9a-f-]{36}/)
    const id = page.url().split('/').at(-1)
    const made = await server.read<{ members: number; state: string }>(`/api/segments/${id}`)
    expect(made).toMatchObject({ members: total, state: 'serving' })
    await settled(page)
    await page
      .getByText(/Prediction: Will buy at least 50 %|Will buy/)
      .first()
      .waitFor()
  })
}, 60_000)

test('a person has each prediction with its interval and its reasons', async () => {
  const { people } = await server.read<LikelyPage>('/api/predictions?of=buy&limit=1')
  const [first] = people
  await onPage(`/people/${first?.party.id}?tab=predictions`, async (page) => {
    const list = page.getByRole('list', { name: 'Predictions' })
    await list.getByRole('link', { name: 'Will buy' }).waitFor()
    expect(await list.getByRole('list', { name: 'Reasons' }).first().getByRole('listitem').count()).toBeGreaterThan(1) // prettier-ignore
    await page.getByRole('heading', { name: 'What is not foretold, and why' }).waitFor()
    expect(await seriousFaults(page)).toEqual([])
  })
})

test.each(['/predictions', '/predictions/buy'])('%s fits a phone, and the dark', async (path) => {
  await onPage(
    path,
    async (page) => {
      expect(await overflowOf(page)).toBe(0)
      expect(await seriousFaults(page)).toEqual([])
    },
    { viewport: phone, colorScheme: 'dark' },
  )
})

test('the API says what is wrong with a question', async () => {
  const ask = async (path: string, method = 'GET'): Promise<number> => {
    const headers = { authorization: `Bearer ${server.apiKey}` }
    return (await fetch(`${server.url}${path}`, { method, headers })).status
  }
  expect(await ask('/api/predictions?of=nonsense')).toBe(400)
  expect(await ask('/api/predictions?of=buy&rung=nowhere')).toBe(400)
  expect(await ask('/api/predictions?of=buy&cursor=x')).toBe(400)
  expect(await ask('/api/predictions/models/nonsense')).toBe(400)
  expect(await ask('/api/parties/00000000-0000-4000-8000-000000000000/predictions')).toBe(404)
  expect(await ask('/api/predictions/models/buy/fit')).toBe(404)
  const { models } = await modelsNow()
  expect(models.find(({ id }) => id === 'buy')?.scored).toBeGreaterThan(300)
  expect(server.log()).toBe('')
})
