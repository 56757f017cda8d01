/** Dashboards over the whole server. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWholeServer, type WholeServer } from '../../../test/whole-server.ts'
import type { DashboardList, DashboardView, PinView } from '../../domain/dashboard-view.ts'

let server: WholeServer
beforeAll(async () => {
  server = await startWholeServer()
})
afterAll(async () => {
  expect(server.log()).toBe('')
  await server.close()
})

async function call<Answer>(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${server.url}/api/dashboards${path}`, {
    method,
    headers: {
      authorization: `Bearer ${server.apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as Answer }
}
const make = async (name: string): Promise<string> =>
  (await call<DashboardView>('POST', '', { name })).body.id
const flows = { report: 'ladder-flows', title: 'Moves', query: { days: '30' } }
const pin = async (id: string, title: string): Promise<string> =>
  (await call<PinView>('POST', `/${id}/pins`, { ...flows, title })).body.id
const titlesOf = async (id: string): Promise<string[]> =>
  (await call<DashboardView>('GET', `/${id}`)).body.pins.map(({ title }) => title)

test('is made, named anew, removed and brought back', async () => {
  const id = await make('Growth')
  expect((await call('PUT', `/${id}`, { name: ' Growth, weekly ' })).body).toMatchObject({
    ...{ id, name: 'Growth, weekly', pins: [] },
  })
  await pin(id, 'Moves')
  const { dashboards } = (await call<DashboardList>('GET', '')).body
  expect(dashboards).toMatchObject([{ id, name: 'Growth, weekly', titles: ['Moves'] }])
  expect((await call('DELETE', `/${id}`)).status).toBe(204)
  expect((await call('GET', `/${id}`)).status).toBe(404)
  expect((await call('POST', `/${id}/restore`)).body).toMatchObject({ id, pins: [{ ...flows }] })
})

test('pins stand in the order that is asked for, and come back where they were', async () => {
  const id = await make('Order')
  const [a, b, c] = [await pin(id, 'a'), await pin(id, 'b'), await pin(id, 'c')]
  await call('PUT', `/${id}/pins/order`, { ids: [c, a, b] })
  expect(await titlesOf(id)).toEqual(['c', 'a', 'b'])
  expect((await call('DELETE', `/${id}/pins/${a}`)).status).toBe(204)
  await call('POST', `/${id}/pins`, { ...flows, title: 'a again', position: 1 })
  expect(await titlesOf(id)).toEqual(['c', 'a again', 'b'])
  const change = { title: 'B', wide: true }
  const { body } = await call<DashboardView>('PUT', `/${id}/pins/${b}`, change)
  expect(body.pins[2]).toMatchObject({ id: b, title: 'B', wide: true })
  // An order that does not know of a pin is an old one.
  expect((await call('PUT', `/${id}/pins/order`, { ids: [c, b] })).status).toBe(409)
})

test('20 pins at once all stand there, each in a place of its own', async () => {
  const id = await make('At once')
  await Promise.all(Array.from({ length: 20 }, (_, i) => pin(id, `pin ${i}`)))
  expect(new Set(await titlesOf(id))).toHaveLength(20)
  const rows = await server.truth.pool.query<{ n: number }>(
    'select count(distinct position) as n from dashboard_pin where dashboard_id = $1',
    [id],
  )
  expect(rows.rows[0]?.n).toBe(20)
})

test.each([
  ['no such report', { ...flows, report: 'gone' }, 404],
  ['a query that the report refuses', { ...flows, query: { days: '0' } }, 400],
  ['no title', { ...flows, title: ' ' }, 400],
  ['something else besides', { ...flows, owner: 'me' }, 400],
  ['too long a parameter', { ...flows, query: { persona: 'x'.repeat(2001) } }, 400],
])('%s is refused', async (_name, body, status) => {
  const id = await make('Refusals')
  expect((await call('POST', `/${id}/pins`, body)).status).toBe(status)
  expect(await titlesOf(id)).toEqual([])
})

test('nothing is where nothing is', async () => {
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['PUT', '', { name: 'x' }],
    ['DELETE', '', undefined],
    ['POST', '/restore', undefined],
    ['POST', '/pins', flows],
    ['PUT', '/pins/order', { ids: [] }],
    ['DELETE', `/pins/${randomUUID()}`, undefined],
  ] as const) {
    expect((await call(method, `/${randomUUID()}${path}`, body)).status, path).toBe(404)
  }
})
