/** Schedules over the whole server, with a mail server and a receiver that really listen. */
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startMailServer, startReceiver, type MailServer, type Receiver } from '../../app/reports/testing.ts' // prettier-ignore
import { startWholeServer, type WholeServer } from '../../../test/whole-server.ts'
import type { DeliveryView, ScheduleList, ScheduleView } from '../../domain/schedule-view.ts'

let server: WholeServer
let mail: MailServer
let receiver: Receiver
beforeAll(async () => {
  mail = await startMailServer()
  receiver = await startReceiver()
  server = await startWholeServer({
    environment: {
      ...{ SMTP_URL: mail.url, MAIL_FROM: 'Rapport <r@example.com>' },
      WEBHOOK_ALLOW_PRIVATE: 'true',
    },
  })
})
afterAll(async () => {
  expect(server.log()).toBe('')
  await server.close()
  mail.close()
  receiver.close()
})

async function call<Answer>(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${server.url}/api/report-schedules${path}`, {
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
const draft = {
  ...{ report: 'ladder-flows', title: 'Moves', query: { days: '30' } },
  ...{ every: 'week', weekday: 1, hour: 8, minute: 30, zone: 'Europe/Berlin' },
  ...{ channel: 'email', targets: ['ada@example.com'], formats: ['csv'] },
}
const make = async (change: object = {}): Promise<ScheduleView> =>
  (await call<ScheduleView>('POST', '', { ...draft, ...change })).body
const lastOf = async (id: string): Promise<DeliveryView | null> =>
  (await call<ScheduleView>('GET', `/${id}`)).body.last

test('is made, changed, paused, removed and brought back', async () => {
  const made = await make()
  expect(made).toMatchObject({ ...draft, paused: false, secret: null, last: null })
  const next = new Date(made.nextAt)
  expect([next.getUTCDay(), next > new Date()]).toEqual([1, true])
  const { body: changed } = await call<ScheduleView>('PUT', `/${made.id}`, {
    ...{ ...draft, every: 'month', weekday: null, monthDay: 31, paused: true },
  })
  expect(changed).toMatchObject({ every: 'month', monthDay: 31, paused: true })
  expect((await call('DELETE', `/${made.id}`)).status).toBe(204)
  expect((await call('GET', `/${made.id}`)).status).toBe(404)
  expect((await call<ScheduleView>('POST', `/${made.id}/restore`)).body.id).toBe(made.id)
  const { body } = await call<ScheduleList>('GET', '?report=ladder-flows')
  expect(body.can.email).toBe(true)
  expect(body.schedules.map(({ id }) => id)).toEqual([made.id])
  expect((await call<ScheduleList>('GET', '?report=funnel')).body.schedules).toEqual([])
  await call('DELETE', `/${made.id}`)
})

test('sent now by mail and by webhook, and what became of it is told', async () => {
  const byMail = await make()
  const byHook = await make({ channel: 'webhook', targets: [receiver.url] })
  expect(byHook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
  for (const { id } of [byMail, byHook]) {
    const { status, body } = await call<DeliveryView>('POST', `/${id}/send`)
    expect([status, body.state]).toEqual([202, 'waiting'])
  }
  await expect
    .poll(async () => [(await lastOf(byMail.id))?.state, (await lastOf(byHook.id))?.state], {
      timeout: 20_000,
    })
    .toEqual(['sent', 'sent'])
  expect(mail.got).toHaveLength(1)
  expect(receiver.got).toHaveLength(1)
  const { headers, body } = receiver.got[0] ?? { headers: {}, body: '' }
  expect(new Webhook(byHook.secret ?? '').verify(body, headers)).toMatchObject({
    type: 'report.scheduled',
  })
  const told = await call<{ deliveries: DeliveryView[] }>('GET', `/${byMail.id}/deliveries`)
  expect(told.body.deliveries).toMatchObject([{ state: 'sent', attempts: 1, error: null }])
}, 30_000)

test.each([
  ['a zone that is none', { zone: 'Mars/Olympus' }, /IANA/],
  ['an hour that is none', { hour: 24 }, /hour/],
  ['weekly without a day', { weekday: null }, /weekday/],
  ['no e-mail address', { targets: ['ada'] }, /no e-mail address/],
  ['two webhooks', { channel: 'webhook', targets: ['https://a.example/', 'https://b.example/'] }, /one address/], // prettier-ignore
  ['another scheme', { channel: 'webhook', targets: ['file:///etc/passwd'] }, /http/],
  ['no format', { formats: [] }, /formats/],
  ['a query that the report refuses', { query: { days: 'x' } }, /would refuse/],
])('%s is refused with what to do', async (_name, change, why) => {
  const { status, body } = await call<object>('POST', '', { ...draft, ...change })
  expect(status).toBe(400)
  expect(JSON.stringify(body)).toMatch(why)
})
