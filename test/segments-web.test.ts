/** Segments in a real browser: built by hand, watched while people enter, asked why, removed and back. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsAt, looks, openWebWorld, type WebWorld } from './web-world.ts'
import type { SegmentView } from '../src/domain/segment-view.ts'

let web: WebWorld
let ada = ''

const day = 86_400_000

const order = (userId: string, days: number) => ({
  ...{ type: 'track', userId, event: 'Order Completed' },
  properties: { order_id: `${userId} ${days}`, total: 49, currency: 'EUR' },
  timestamp: new Date(Date.now() - days * day).toISOString(),
})
const called = (userId: string, name: string) => ({
  ...{ type: 'identify', userId, traits: { name, email: `${userId}@example.com` } },
  timestamp: new Date(Date.now() - 50 * day).toISOString(),
})

beforeAll(async () => {
  web = await openWebWorld({
    fill: (server) =>
      server.send([
        called('ada', 'Ada Lovelace'),
        called('grace', 'Grace Hopper'),
        called('alan', 'Alan Turing'),
        ...[40, 20, 5].map((days) => order('ada', days)),
        order('grace', 12),
      ]),
    forgiven: ['422 (Unprocessable Entity)'],
  })
  ada = (await web.server.readParty('user_id:ada'))?.id ?? ''
})
afterAll(() => web.close())

async function segmentNamed(name: string): Promise<SegmentView | undefined> {
  const { segments } = await web.server.read<{ segments: SegmentView[] }>('/api/segments')
  return segments.find((segment) => segment.name === name)
}

async function make(name: string, tree: SegmentView['tree']): Promise<SegmentView> {
  const answer = await fetch(`${web.server.url}/api/segments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${web.server.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, tree }),
  })
  expect(answer.status).toBe(201)
  return (await answer.json()) as SegmentView
}

const atLeast = (value: number): SegmentView['tree'] => ({
  combinator: 'and',
  rules: [{ field: 'touchpoint.count', operator: 'at_least', value, of: { kinds: ['purchase'] } }],
})

const sidePanel = (page: Page) => page.getByRole('region', { name: 'Right now' })

test('a segment is built by hand, counted while one edits, saved, and holds whom it should', async () => {
  await web.onPage('/segments', async (page) => {
    await page.getByText('A segment is a question that stays answered').waitFor()
    await page.getByRole('link', { name: 'New segment' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Came back')
    await page.getByRole('button', { name: 'Condition', exact: true }).click()
    const field = page.getByLabel('What the condition looks at')
    // What was added has the focus: one can go on typing.
    const focused = () => page.evaluate('document.activeElement?.getAttribute("aria-label")')
    await expect.poll(focused).toBe('What the condition looks at')
    await field.selectOption({ label: 'Number of touchpoints' })
    await page.getByLabel('Value, times').or(page.getByLabel('Value, time')).fill('2')
    await sidePanel(page).getByText('of 3 people').waitFor()
    await sidePanel(page).getByRole('link', { name: 'Ada Lovelace' }).waitFor()
    await sidePanel(page).getByText('Purchase at least twice in the last 90 days.').waitFor()
    expect(await sidePanel(page).getByRole('link').count()).toBe(1)
    await page.getByRole('button', { name: 'Save segment' }).click()
    await page.getByRole('heading', { level: 1, name: 'Came back' }).waitFor()
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
    await page.getByText('Up to date').waitFor()
  })
  expect((await segmentNamed('Came back'))?.members).toBe(1)
})

test('a fault is shown at its condition, and goes when it is mended', async () => {
  await web.onPage('/segments/new', async (page) => {
    await page.getByRole('button', { name: 'Condition', exact: true }).click()
    await page.getByLabel('What the condition looks at').selectOption({ label: 'Fixed list' })
    const rule = page.getByRole('group', { name: 'Condition 1: Fixed list' })
    await rule.getByText('Give a list of 1 to 1,000 parties').waitFor()
    await page.getByText('1 condition to mend first').waitFor()
    await rule.getByLabel('Identifiers on the list').fill('ada@example.com\ngrace@example.com')
    await rule.getByText('2 identifiers').waitFor()
    await sidePanel(page).getByRole('link', { name: 'Grace Hopper' }).waitFor()
    expect(await rule.getByText('Give a list').count()).toBe(0)
  })
})

test('groups, turned groups, accounts and kinds are made by keyboard and screen reader names', async () => {
  await web.onPage('/segments/new', async (page) => {
    await page.getByRole('button', { name: 'Group', exact: true }).click()
    const group = page.getByRole('group', { name: 'Group 1', exact: true })
    await group.getByLabel('Group 1: which must hold').selectOption('None of these')
    await group.getByLabel('What the condition looks at').selectOption('touchpoint.count')
    await group.getByRole('button', { name: /^Touchpoints: kinds/ }).press('Enter')
    const kinds = page.getByRole('dialog', { name: 'Touchpoints: kinds' })
    await kinds.getByRole('searchbox').fill('compl')
    await kinds.getByLabel('Complaint').press('Space')
    await page.keyboard.press('Escape')
    await group.getByRole('button', { name: 'Touchpoints: kinds: Purchase, Complaint' }).waitFor()
    await sidePanel(page).getByText('purchase or complaint at least once').waitFor()
    await group.getByRole('button', { name: 'Name: Touchpoints, events by name' }).click()
    await group.getByLabel('Touchpoints: names of events').fill('Order Completed, Odd')
    await sidePanel(page).getByText('complaint named “Order Completed” or “Odd”').waitFor()
    await page.getByRole('button', { name: 'Condition', exact: true }).last().click()
    await page.getByLabel('What the condition looks at').last().selectOption({ label: 'Account' })
    await sidePanel(page).getByText('belongs to an account where health is').waitFor()
    await sidePanel(page)
      .getByText(/^\s*0\s*of 3 people/)
      .waitFor()
  })
})

test('whoever enters is told live, with the condition that decided', async () => {
  const { id } = await make('Bought once', atLeast(1))
  await web.onPage(`/segments/${id}?tab=changes`, async (page) => {
    // Only who listens is told.
    await Promise.all([page.waitForResponse(/\/api\/events$/), page.reload()])
    await page.getByText('Nobody has entered or left yet').waitFor()
    await web.server.send([order('alan', 0)])
    const row = page.getByRole('listitem').filter({ hasText: 'Alan Turing' })
    await row.getByText('Entered').waitFor()
    await row.getByText(/purchase/).waitFor()
  })
})

test('what was not saved is there again, and can be dropped; looking alone keeps nothing', async () => {
  const { id } = await make('Looked at', atLeast(2))
  await web.onPage(`/segments/${id}?tab=edit`, async (page) => {
    const away = async (): Promise<void> => {
      await page.getByRole('link', { name: 'Members' }).click()
      await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
      await page.getByRole('link', { name: 'Conditions' }).click()
      await page.getByLabel('Name', { exact: true }).waitFor()
    }
    const back = page.getByText('What you had not saved is back.')
    await page.getByLabel('Value, times').waitFor()
    await away()
    expect(await back.count()).toBe(0)
    await page.getByLabel('Value, times').fill('7')
    await away()
    await back.waitFor()
    expect(await page.getByLabel('Value, times').inputValue()).toBe('7')
    await page.getByRole('button', { name: 'Start over' }).click()
    expect(await page.getByLabel('Value, times').inputValue()).toBe('2')
  })
})

test('an edit is a new version, and its undo one more', async () => {
  const { id } = await make('Often', atLeast(3))
  await web.onPage(`/segments/${id}?tab=edit`, async (page) => {
    await page.getByLabel('Value, times').fill('1')
    await page.getByRole('button', { name: 'Save as a new version' }).click()
    await page.getByRole('link', { name: 'Grace Hopper' }).waitFor()
    await page.getByText('Version 2').first().waitFor()
    const toast = page.getByRole('alert').filter({ hasText: 'Saved as version 2' })
    await toast.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('The conditions before are back').waitFor()
    await page.getByText('Version 3').waitFor()
  })
  const tree = (await segmentNamed('Often'))?.tree
  expect(tree?.rules[0]).toMatchObject({ value: 3 })
})

test('a person is told why and why not, now and at a day in the past', async () => {
  const { id } = await make('Three orders', atLeast(3))
  await web.onPage(`/people/${ada}?tab=segments`, async (page) => {
    await page.getByRole('link', { name: /^Three orders/ }).click()
    await page.getByText('Ada Lovelace is inside').waitFor()
    const tree = page.getByRole('list', { name: 'Condition by condition' })
    await tree.getByText('Purchase at least 3 times').waitFor()
    await tree.getByText('Yes').first().waitFor()
    const past = new Date(Date.now() - 10 * day).toISOString().slice(0, 10)
    await page.locator('input[type=date]').fill(past)
    await page.getByText('Ada Lovelace was not inside').waitFor()
    await tree.getByText('No').first().waitFor()
    expect(new URL(page.url()).searchParams.get('at')).toContain(past)
    expect(page.url()).toContain(id)
  })
})

test('people are listed by segment, and the palette leads to one', async () => {
  const { id } = await make('Two orders', atLeast(2))
  await web.onPage('/people', async (page) => {
    await page.getByLabel('Segment').selectOption('Two orders')
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
    await page.getByRole('link', { name: 'Grace Hopper' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('A page, a name').pressSequentially('two ord')
    await page.getByRole('button', { name: 'Two orders' }).click()
    await page.waitForURL(`${web.server.url}/segments/${id}`)
  })
})

test('what is removed is out of sight at once, and back when it is undone', async () => {
  const { id } = await make('To be removed', atLeast(9))
  await web.onPage(`/segments/${id}`, async (page) => {
    await page.getByRole('button', { name: 'Remove' }).click()
    const toast = page.getByRole('alert').filter({ hasText: 'Removed To be removed' })
    await page.getByRole('link', { name: 'Came back' }).waitFor()
    expect(await page.getByRole('link', { name: 'To be removed' }).count()).toBe(0)
    await toast.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: 'To be removed' }).waitFor()
  })
  expect(await segmentNamed('To be removed')).toBeDefined()
})

test.each(looks)(
  'axe finds nothing serious on the pages of segments, %s',
  async (colorScheme, viewport) => {
    const { id = '' } = (await segmentNamed('Bought once')) ?? {}
    const places = [
      '/segments',
      '/segments/new',
      '/segments/new?preset=recovering',
      '/segments/new?preset=about_to_re_evaluate',
      `/segments/${id}`,
      `/segments/${id}?tab=changes`,
      `/segments/${id}?tab=overlap`,
      `/segments/${id}?tab=edit`,
      `/people/${ada}?tab=segments&segment=${id}`,
      `/people?segment=${id}`,
    ]
    await web.onPage('/', async (page) => expect(await faultsAt(page, places)).toEqual([]), {
      colorScheme,
      viewport,
    })
  },
  120_000,
)
