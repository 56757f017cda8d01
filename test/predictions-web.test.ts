/** Predictions in a real browser, on a small demo company: fitted, listed, made a segment, explained. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, phone, seriousFaults, settled } from './browser.ts'
import { openWebWorld, sendDemo, type WebWorld } from './web-world.ts'
import type { LikelyPage, predictionModelList } from '../src/domain/prediction-view.ts'
import type { z } from 'zod'

let web: WebWorld

beforeAll(async () => {
  web = await openWebWorld({ fill: (server) => sendDemo(server, 700, 18), ready: settled })
}, 240_000)
afterAll(() => web.close())

const modelsNow = () =>
  web.server.read<z.infer<typeof predictionModelList>>('/api/predictions/models')

test('before anything is fitted it says what to do, and does it', async () => {
  await web.onPage('/predictions', async (page) => {
    await page.getByText('Nothing was foretold yet').waitFor()
    expect(await seriousFaults(page)).toEqual([])
  })
  await web.onPage('/predictions/buy', async (page) => {
    await page.getByText('Nothing was learned yet').waitFor()
    await page.getByRole('button', { name: 'Fit it now' }).click()
    await page.getByRole('heading', { name: 'Held against what came' }).waitFor({ timeout: 120_000 })
    await page.getByText('Serves', { exact: true }).first().waitFor()
    // It serves as soon as it is learned; that everybody is scored comes after.
    for (const heading of ['Did it come true?', 'What it goes by', 'Checked before it was fitted', 'Have people moved since?'])
      await page.getByRole('heading', { name: heading }).waitFor()
    await page.getByText('The figures').click()
    expect(await page.getByRole('row').count()).toBeGreaterThan(3)
    expect(await seriousFaults(page)).toEqual([])
  })
}, 180_000) // prettier-ignore

test('who is likely to, narrowed, becomes a segment with one click', async () => {
  await web.onPage('/predictions', async (page) => {
    await page.getByRole('heading', { name: /^Who: [\d,]+ people$/ }).waitFor()
    await page.getByLabel('At least %').fill('50')
    await page.waitForURL(/min=50/)
    const { total } = await web.server.read<LikelyPage>('/api/predictions?of=buy&at_least=0.5')
    await page.getByRole('heading', { name: `Who: ${total} people` }).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Make a segment of them' }).click()
    await page.waitForURL(/\/segments\/[0-9a-f-]{36}/)
    const id = page.url().split('/').at(-1)
    const made = await web.server.read<{ members: number; state: string }>(`/api/segments/${id}`)
    expect(made).toMatchObject({ members: total, state: 'serving' })
    await settled(page)
    await page
      .getByText(/Prediction: Will buy at least 50 %|Will buy/)
      .first()
      .waitFor()
  })
}, 60_000)

test('a person has each prediction with its interval and its reasons', async () => {
  const { people } = await web.server.read<LikelyPage>('/api/predictions?of=buy&limit=1')
  const [first] = people
  await web.onPage(`/people/${first?.party.id}?tab=predictions`, async (page) => {
    const list = page.getByRole('list', { name: 'Predictions' })
    await list.getByRole('link', { name: 'Will buy' }).waitFor()
    expect(await list.getByRole('list', { name: 'Reasons' }).first().getByRole('listitem').count()).toBeGreaterThan(1) // prettier-ignore
    await page.getByRole('heading', { name: 'What is not foretold, and why' }).waitFor()
    expect(await seriousFaults(page)).toEqual([])
  })
})

test.each(['/predictions', '/predictions/buy'])('%s fits a phone, and the dark', async (path) => {
  await web.onPage(
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
    const headers = { authorization: `Bearer ${web.server.apiKey}` }
    return (await fetch(`${web.server.url}${path}`, { method, headers })).status
  }
  expect(await ask('/api/predictions?of=nonsense')).toBe(400)
  expect(await ask('/api/predictions?of=buy&rung=nowhere')).toBe(400)
  expect(await ask('/api/predictions?of=buy&cursor=x')).toBe(400)
  expect(await ask('/api/predictions/models/nonsense')).toBe(400)
  expect(await ask('/api/parties/00000000-0000-4000-8000-000000000000/predictions')).toBe(404)
  expect(await ask('/api/predictions/models/buy/fit')).toBe(404)
  const { models } = await modelsNow()
  expect(models.find(({ id }) => id === 'buy')?.scored).toBeGreaterThan(300)
  expect(web.server.log()).toBe('')
})
