import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { presets } from './presets.ts'
import { startWholeServer, type WholeServer } from '../../test/whole-server.ts'
import type { SegmentPreview, SegmentView, segmentChangePage, segmentFields, segmentMemberPage, segmentOverlap, segmentWhy } from '../domain/segment-view.ts' // prettier-ignore
import type { z } from 'zod'

let server: WholeServer
beforeAll(async () => {
  server = await startWholeServer()
  await send(
    ...['ada', 'bo', 'cy'].map((userId) => ({ type: 'identify', userId, traits: { plan: userId === 'cy' ? 'seed' : 'bloom' } })), // prettier-ignore
    { type: 'group', userId: 'ada', groupId: 'acme', traits: { industry: 'nursery' } },
  )
})
afterAll(async () => {
  expect(server.log()).toBe('')
  await server.close()
})

async function send(...events: object[]): Promise<void> {
  const batch = events.map((event) => ({ messageId: randomUUID(), ...event }))
  const answer = await fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${server.writeKey}:`)}` },
    body: JSON.stringify({ batch }),
  })
  expect(answer.status).toBe(200)
}

async function call<Answer>(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }> {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${server.apiKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as Answer }
} // prettier-ignore

const tree = (...rules: object[]) => ({ combinator: 'and', rules })
const reads = { field: 'touchpoint.count', of: { kinds: ['content_viewed'] }, within: '30d', operator: 'at_least', value: 2 } // prettier-ignore
const bloom = { field: 'trait.plan', operator: 'equals', value: 'bloom' }

async function make(name: string, given: object, kind = 'person'): Promise<SegmentView> {
  const { status, body } = await call<SegmentView>('POST', '/api/segments', { name, tree: given, kind }) // prettier-ignore
  expect([status, body]).toEqual([201, expect.anything()])
  return body
}
const idOf = async (user: string): Promise<string> =>
  (await server.readParty(`user_id:${user}`))?.id ?? ''
async function namesIn(id: string): Promise<string[]> {
  const { members } = await server.read<z.infer<typeof segmentMemberPage>>(`/api/segments/${id}/members`) // prettier-ignore
  return members.map(({ party }) => party.displayName).sort()
}
const read = (userId: string, timestamp?: string): object => ({ type: 'track', userId, event: 'Content Viewed', ...(timestamp ? { timestamp } : {}) }) // prettier-ignore
type Changes = z.infer<typeof segmentChangePage>
type Why = z.infer<typeof segmentWhy>

test('membership follows the touchpoint that is answered 200; changes and reasons are told', async () => {
  const segment = await make('Readers', tree(reads, bloom))
  expect(segment).toMatchObject({ state: 'serving', version: 1, servingVersion: 1, members: 0 })
  await send(read('ada'), read('cy'), read('cy'))
  expect(await namesIn(segment.id)).toEqual([])
  await send(read('ada'))
  expect(await namesIn(segment.id)).toEqual(['ada'])
  const ada = await idOf('ada')
  const { segments } = await server.read<{ segments: { name: string }[] }>(`/api/parties/${ada}/segments`) // prettier-ignore
  expect(segments).toMatchObject([{ name: 'Readers' }])
  await send({ type: 'identify', userId: 'ada', traits: { plan: 'seed' } })
  expect(await namesIn(segment.id)).toEqual([])
  const { changes } = await server.read<Changes>(`/api/segments/${segment.id}/changes`)
  expect(changes).toMatchObject([
    { what: 'left', party: { id: ada }, because: 'Identified: No longer: plan is bloom' },
    { what: 'entered', party: { id: ada }, because: expect.stringMatching(/^Content Viewed: /) },
  ])
  await send({ type: 'identify', userId: 'ada', traits: { plan: 'bloom' } })
  expect(await namesIn(segment.id)).toEqual(['ada'])
})

test('why, now and in the past', async () => {
  const segment = await make('Many reads', tree({ ...reads, value: 3 }, bloom))
  const old = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString()
  await send({ type: 'identify', userId: 'di', traits: { plan: 'bloom' }, timestamp: old(300) })
  await send(...[200, 190, 185].map((days) => read('di', old(days))))
  const di = await idOf('di')
  const ask = (at?: string) =>
    server.read<Why>(`/api/segments/${segment.id}/why?party=${di}${at ? `&at=${at}` : ''}`)
  const now = await ask()
  expect(now).toMatchObject({ inside: false, tree: { holds: false, parts: [{ holds: false, found: '0' }, { holds: true, found: '"bloom"' }] } }) // prettier-ignore
  const then = await ask(old(180))
  expect(then).toMatchObject({ inside: true, tree: { parts: [{ found: '3' }, { found: '"bloom"' }] } }) // prettier-ignore
  // The first of the three leaves the window of 30 days.
  expect(Date.parse(then.tree.flipsAt ?? '')).toBeCloseTo(Date.parse(old(170)), -4)
  expect(await ask(old(195))).toMatchObject({ inside: false, tree: { parts: [{ found: '1' }, {}] } }) // prettier-ignore
  expect(await ask(old(400))).toMatchObject({ inside: false })
})

test('accounts: people of an account, and accounts themselves', async () => {
  const rule = { field: 'account', operator: 'any', value: tree({ field: 'trait.industry', operator: 'equals', value: 'nursery' }) } // prettier-ignore
  const people = await make('At a nursery', tree(rule))
  expect(await namesIn(people.id)).toEqual(['ada'])
  await send({ type: 'group', userId: 'bo', groupId: 'acme' })
  expect(await namesIn(people.id)).toEqual(['ada', 'bo'])
  const accounts = await make('Reading accounts', tree({ ...reads, value: 4 }), 'account')
  expect(await namesIn(accounts.id)).toEqual([])
  await send(read('bo'), read('bo'))
  expect(await namesIn(accounts.id)).toHaveLength(1)
  await send({ type: 'group', userId: 'bo', groupId: 'acme', traits: { industry: 'florist' } })
  expect(await namesIn(people.id)).toEqual([])
})

test('nested: an edit of a part is followed; circles and missing parts are refused', async () => {
  const part = await make('Part', tree(bloom))
  const whole = await make('Whole', tree({ field: 'segment', operator: 'not_in', value: part.id }))
  expect(await namesIn(whole.id)).toEqual(['cy'])
  await send({ type: 'identify', userId: 'bo', traits: { plan: 'seed' } })
  expect(await namesIn(whole.id)).toEqual(['bo', 'cy'])
  const seed = { ...bloom, value: 'seed' }
  const edited = await call<SegmentView>('PUT', `/api/segments/${part.id}`, { name: 'Part', tree: tree(seed) }) // prettier-ignore
  expect(edited.body).toMatchObject({ version: 2, servingVersion: 2, state: 'serving' })
  expect(await namesIn(whole.id)).toEqual(['ada', 'di'])
  const circle = tree({ field: 'segment', operator: 'in', value: whole.id })
  expect(await call('PUT', `/api/segments/${part.id}`, { name: 'Part', tree: circle })).toMatchObject({ status: 422, body: { code: 'invalid_segment' } }) // prettier-ignore
  expect(await call('DELETE', `/api/segments/${part.id}`)).toMatchObject({ status: 409 })
  expect(await call('DELETE', `/api/segments/${whole.id}`)).toMatchObject({ status: 204 })
  expect(await call('DELETE', `/api/segments/${part.id}`)).toMatchObject({ status: 204 })
  expect(await call('GET', `/api/segments/${whole.id}`)).toMatchObject({ status: 404 })
})

test('fixed lists follow identity', async () => {
  const cy = await idOf('cy')
  const segment = await make('By hand', tree({ field: 'list', operator: 'in', value: [cy, 'email:eve@example.com'] })) // prettier-ignore
  expect(await namesIn(segment.id)).toEqual(['cy'])
  await send({ type: 'track', userId: 'eve', event: 'Order Completed' })
  expect(await namesIn(segment.id)).toEqual(['cy'])
  await send({ type: 'identify', userId: 'eve', traits: { email: 'eve@example.com' } })
  expect(await namesIn(segment.id)).toHaveLength(2)
  const eve = await idOf('eve')
  const merged = await call('POST', '/api/parties/merge', { parties: [cy, eve], reason: 'one' })
  if (merged.status === 200) expect(await namesIn(segment.id)).toHaveLength(1)
})

test('an edit leaves the version before to be read, newest first, a page at a time', async () => {
  const { id } = await make('Versions', tree(bloom))
  await call('PUT', `/api/segments/${id}`, { name: 'Versions', tree: tree(reads) })
  const path = `/api/segments/${id}/versions`
  type Page = { versions: { version: number; tree: { rules: object[] } }[]; next: string | null }
  const { versions, next } = await server.read<Page>(path)
  expect(next).toBeNull()
  expect(versions.map(({ version }) => version)).toEqual([2, 1])
  expect(versions.map((version) => version.tree.rules[0])).toMatchObject([reads, bloom])
  const first = await server.read<Page>(`${path}?limit=1`)
  expect(first).toMatchObject({ versions: [{ version: 2 }], next: '2' })
  const second = await server.read<Page>(`${path}?limit=1&cursor=${first.next}`)
  expect(second).toMatchObject({ versions: [{ version: 1 }], next: null })
  expect((await call('GET', `${path}?cursor=x`)).status).toBe(400)
})

test('consent is what was last said, whenever it arrives; who never said anything is unknown', async () => {
  const says = (userId: string, Marketing: boolean, day: number): object => ({ type: 'track', userId, event: 'Consent Changed', timestamp: new Date(Date.now() - day * 86_400_000).toISOString(), context: { consent: { categoryPreferences: { Marketing } } } }) // prettier-ignore
  await send(says('yes', false, 3), says('no', true, 3), { type: 'track', userId: 'mute', event: 'Song Played' }) // prettier-ignore
  const consent = (operator: string, value: string): object => tree({ field: 'consent.Marketing', operator, value }) // prettier-ignore
  const granted = await make('May be written to', consent('equals', 'granted'))
  const denied = await make('Said no', consent('equals', 'denied'))
  const unknown = await make('Never said', consent('equals', 'unknown'))
  const not = await make('Said no or nothing', consent('not_equals', 'granted'))
  // The older word comes last and changes nothing.
  await send(says('yes', true, 1), says('no', false, 1), says('yes', false, 2))
  expect(await namesIn(granted.id)).toEqual(['yes'])
  expect(await namesIn(denied.id)).toEqual(['no'])
  expect(await namesIn(unknown.id)).toContain('mute')
  expect(await namesIn(unknown.id)).not.toContain('no')
  expect(await namesIn(not.id)).toEqual(expect.arrayContaining(['mute', 'no']))
  const why = await server.read<Why>(`/api/segments/${granted.id}/why?party=${await idOf('no')}`)
  expect(why).toMatchObject({
    inside: false,
    tree: { parts: [{ says: 'Consent to Marketing is granted' }] },
  })
  const { fields } = await server.read<z.infer<typeof segmentFields>>('/api/segments/fields')
  expect(fields.map(({ field }) => field)).toContain('consent.Marketing')
})

test('preview, overlap, fields and presets', async () => {
  const { body } = await call<SegmentPreview>('POST', '/api/segments/preview', { tree: tree(bloom) }) // prettier-ignore
  expect(body).toMatchObject({ count: 2, exact: true, final: true, low: 2, high: 2 })
  expect(body.sample).toHaveLength(2)
  const one = await make('One', tree(bloom))
  const two = await make('Two', tree({ field: 'trait.plan', operator: 'exists' }))
  const overlap = await server.read<z.infer<typeof segmentOverlap>>(`/api/segments/overlap?ids=${one.id},${two.id}`) // prettier-ignore
  expect(overlap).toMatchObject({ pairs: [{ both: 2, jaccard: 0.5 }], all: 2 })
  const fields = await server.read<z.infer<typeof segmentFields>>('/api/segments/fields')
  expect(fields.fields.map(({ field }) => field)).toEqual(expect.arrayContaining(['rung', 'trait.plan', 'touchpoint.count', 'trust.balance'])) // prettier-ignore
  for (const preset of presets) await make(preset.name, preset.tree)
})

test('the People list by segment; a model that breaks one says so, and it is marked', async () => {
  const segment = await make('Rich', tree({ field: 'measure.revenue', operator: 'at_least', value: 1 })) // prettier-ignore
  await send({ type: 'track', userId: 'fay', event: 'Order Completed', properties: { total: 9, currency: 'EUR' } }) // prettier-ignore
  const { parties } = await server.read<{ parties: { displayName: string }[] }>(`/api/parties?segment=${segment.id}`) // prettier-ignore
  expect(parties).toMatchObject([{ displayName: 'fay' }])
  const { yaml } = await server.read<{ yaml: string }>('/api/model')
  const other = yaml.replaceAll(/\brevenue\b/g, 'income')
  const check = await call<{ ok: boolean; brokenSegments: object[] }>('POST', '/api/model/check', { yaml: other }) // prettier-ignore
  expect(check.body).toMatchObject({ ok: true, brokenSegments: [{ name: 'Rich', reason: expect.stringContaining('revenue') }] }) // prettier-ignore
  expect(await call('PUT', '/api/model', { yaml: other })).toMatchObject({ status: 200 })
  const { body: broken } = await call<SegmentView>('PUT', `/api/segments/${segment.id}`, { name: 'Rich', tree: tree({ field: 'measure.income', operator: 'at_least', value: 1 }) }) // prettier-ignore
  expect(broken).toMatchObject({ state: 'serving', version: 2 })
  expect(await call('PUT', '/api/model', { yaml })).toMatchObject({ status: 200 })
  // The next build looks at all of them.
  await make('After', tree(bloom))
  expect(await server.read(`/api/segments/${segment.id}`)).toMatchObject({ state: 'broken', members: 1, reason: expect.stringContaining('income') }) // prettier-ignore
})

describe('bad input is refused with its place and what to do', () => {
  const deep = (levels: number): object => (levels === 0 ? bloom : tree(deep(levels - 1)))
  test.each([
    ['nothing', null, 'tree'],
    ['a rule alone', bloom, 'tree'],
    ['an empty group', tree(), 'tree.rules'],
    ['an unknown field', tree({ field: 'shoe', operator: 'equals', value: 1 }), 'tree.rules.0.field'],
    ['an unknown measure', tree({ field: 'measure.no', operator: 'at_least', value: 1 }), 'tree.rules.0.field'],
    ['a prediction of nothing', tree({ field: 'prediction.nothing', operator: 'at_least', value: 1 }), 'tree.rules.0.field'],
    ['a consent to what', tree({ field: 'consent.', operator: 'equals', value: 'granted' }), 'tree.rules.0.field'],
    ['half a consent', tree({ field: 'consent.email', operator: 'equals', value: true }), 'tree.rules.0.value'],
    ['a text for a number', tree({ field: 'trust.balance', operator: 'at_least', value: '1' }), 'tree.rules.0.value'],
    ['an unknown operator', tree({ field: 'rung', operator: 'matches', value: '(a+)+' }), 'tree.rules.0.operator'],
    ['an operator that does not fit', tree({ field: 'rung', operator: 'contains', value: 'a' }), 'tree.rules.0.operator'],
    ['an unknown rung', tree({ field: 'rung', operator: 'equals', value: 'king' }), 'tree.rules.0.value'],
    ['a segment that is not there', tree({ field: 'segment', operator: 'in', value: randomUUID() }), 'tree.rules.0.value'],
    ['an unknown party', tree({ field: 'list', operator: 'in', value: [randomUUID()] }), 'tree'],
    ['no touchpoints said', tree({ field: 'touchpoint.count', operator: 'at_least', value: 1 }), 'tree.rules.0.of'],
    ['a strange property', tree({ ...reads, of: { where: [{ property: 'x', operator: 'equals', value: 1 }] } }), 'tree.rules.0.of.where.0.property'],
    ['a NUL', tree({ ...bloom, value: 'a\u0000' }), 'tree.rules.0.value'],
    ['too deep', deep(11), 'tree.rules.0.rules.0.rules.0.rules.0.rules.0.rules.0.rules.0.rules.0.rules.0.rules.0'],
    ['too many', tree(...Array.from({ length: 101 }, () => bloom)), 'tree.rules.100'],
    ['within an account', tree({ field: 'account', operator: 'any', value: tree({ field: 'account', operator: 'any', value: tree(bloom) }) }), 'tree.rules.0.value.rules.0.field'],
  ])('%s', async (_, given, path) => {
    const { status, body } = await call<{ code: string; errors: { path: string; message: string }[] }>('POST', '/api/segments', { name: randomUUID(), tree: given })
    expect([status, body.code]).toEqual([422, 'invalid_segment'])
    expect(body.errors.map((error) => error.path)).toContain(path)
    for (const { message } of body.errors) expect(message.length).toBeGreaterThan(5)
  }) // prettier-ignore

  test('endlessly deep', async () => {
    const text = `{"name":"x","tree":${'{"combinator":"and","rules":['.repeat(5_000)}${']}'.repeat(5_000)}}`
    const answer = await fetch(`${server.url}/api/segments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' },
      body: text,
    })
    expect(answer.status).toBe(422)
  })
})
