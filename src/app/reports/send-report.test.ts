/** What is due is sent once: through real servers, whatever fails in between. */
import { randomUUID } from 'node:crypto'
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addDelivery, leaseLength } from '../../prove/schedules/deliveries.ts'
import { createEngine } from '../compose.ts'
import { createLive } from '../live.ts'
import { createMailer } from '../../deliver/email.ts'
import { createPictureKeys } from './picture-keys.ts'
import { createPictures } from './pictures.ts'
import { createReportClock, type ReportClock } from './report-clock.ts'
import { freshDatabase, type TestTruth } from '../../store/testing.ts'
import { insertSchedule, readDeliveries, readSchedules } from '../../prove/schedules/queries.ts'
import { nextAt } from '../../prove/schedules/next-at.ts'
import { openLens, type Lens } from '../../store/lens.ts'
import { readConfig } from '../config.ts'
import { reportPartsOf } from './report-parts.ts'
import { startMailServer, startReceiver, type MailServer, type Receiver } from './testing.ts'
import type { DeliveryView, ScheduleDraft } from '../../domain/schedule-view.ts'
import type { Engine } from '../engine.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const by = { kind: 'user', id: randomUUID(), name: 'Ada' } as const
const minute = 60_000
const hour = 60 * minute
const dueAt = Date.parse('2026-11-24T07:00:00Z')

let folder: string
let truth: TestTruth
let lens: Lens
let engine: Engine
let receiver: Receiver
let mail: MailServer
/** The clock of all that runs here. */
let now: number
const errors: unknown[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-sending-'))
  truth = await freshDatabase()
  lens = openLens({ dataFolder: folder })
  const config = readConfig({ RAPPORT_DATA: folder })
  const parts = { config, truth, lens, live: createLive() }
  engine = await createEngine(parts, { onError: (error) => void errors.push(error) })
  receiver = await startReceiver()
  mail = await startMailServer()
})
afterAll(async () => {
  receiver.close()
  mail.close()
  await engine.stop()
  await lens.close()
  await truth.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  now = dueAt - hour
  receiver.got.length = 0
  mail.got.length = 0
  receiver.answer = () => 200
  await truth.pool.query('truncate report_schedule, report_delivery')
})
afterEach(() => expect(errors.splice(0)).toEqual([]))

const worker = (): ReportClock =>
  createReportClock({
    db: truth.db,
    now: () => now,
    onError: (error) => void errors.push(error),
    report: { ...reportPartsOf({ truth, lens }, engine), now: () => now },
    // No Chromium: that, too, is told.
    pictures: createPictures({
      keys: createPictureKeys(() => now),
      address: () => null,
      chromiumPath: async () => null,
    }),
    mailer: createMailer({ smtpUrl: mail.url, from: 'r@example.com' }),
    webhooks: { allowPrivate: true, now: Date.now },
    publicUrl: () => 'https://rapport.example.com',
  })

async function schedule(change: Partial<ScheduleDraft> = {}): Promise<string> {
  const id = randomUUID()
  const draft: ScheduleDraft = {
    ...{ report: 'ladder-flows', title: 'Flows & moves', query: { days: '30' } },
    ...{ every: 'day', hour: 8, minute: 0, zone: 'Europe/Berlin', weekday: null, monthDay: null },
    ...{ channel: 'webhook', targets: [receiver.url], formats: ['csv'], paused: false },
    ...change,
  }
  await insertSchedule(truth.db, {
    ...{ ...draft, id, now, by, nextAt: nextAt(draft, now) },
    secret: draft.channel === 'webhook' ? secret : null,
  })
  return id
}
const byMail = { channel: 'email', targets: ['ada@example.com', 'bob@example.com'] } as const
const ledger = (id: string): Promise<DeliveryView[]> => readDeliveries(truth.db, id, 50)
const states = async (id: string): Promise<string[]> => (await ledger(id)).map(({ state }) => state)

interface Told {
  readonly data: { readonly files: readonly { readonly content: string }[] }
}

describe('at its time', () => {
  test('an e-mail, with the tables and a link, once', async () => {
    const id = await schedule({ ...byMail, targets: [...byMail.targets] })
    const clock = worker()
    now = dueAt - 1
    await clock.sendDue()
    expect(mail.got).toEqual([])
    now = dueAt
    await clock.sendDue()
    await clock.sendDue()
    expect(mail.got.map(({ to }) => to)).toEqual([['ada@example.com', 'bob@example.com']])
    const text = mail.got[0]?.text.replaceAll('=\r\n', '').replaceAll('\r\n ', ' ') ?? ''
    expect(text).toContain(`Message-ID: <report.${id}.${dueAt}@example.com>`)
    expect(text).toContain('https://rapport.example.com/reports/ladder-flows?days=3D30')
    expect(text).toContain('Subject: Flows & moves: 2026-10-26 to 2026-11-24')
    expect(text).toContain('Flows &amp; moves')
    expect(text).toMatch(/filename="?ladder-flows-\w+-2026-10-26-2026-11-24\.csv/)
    const [view] = await readSchedules(truth.db, { id })
    expect(view).toMatchObject({
      nextAt: '2026-11-25T07:00:00.000Z',
      last: { state: 'sent', attempts: 1, dueAt: new Date(dueAt).toISOString(), error: null },
    })
  })

  test('a webhook that others judge genuine, with the tables in it', async () => {
    const id = await schedule({ formats: ['png', 'csv'] })
    now = dueAt
    await worker().sendDue()
    const { headers, body } = receiver.got[0] ?? { headers: {}, body: '' }
    const told = new Webhook(secret).verify(body, headers) as Told
    expect(headers['webhook-id']).toBe(`msg_${id}.${dueAt}`)
    expect(told).toMatchObject({
      type: 'report.scheduled',
      data: { schedule: id, report: 'ladder-flows', period: { from: '2026-10-26' } },
    })
    expect(Buffer.from(told.data.files[0]?.content ?? '', 'base64').toString()).toContain('\r\n')
    // Asked for a picture, which nobody here can draw.
    const error = expect.stringContaining('no Chromium')
    expect(await ledger(id)).toMatchObject([{ state: 'sent', error }])
  })

  test('what passed while nothing ran is sent once; paused and removed ones are not', async () => {
    const id = await schedule()
    const paused = await schedule({ paused: true })
    const removed = await schedule()
    await truth.pool.query('update report_schedule set deleted_at = now() where id = $1', [removed])
    now = dueAt + 5 * 24 * hour
    await worker().sendDue()
    expect(receiver.got).toHaveLength(1)
    expect(await states(id)).toEqual(['sent'])
    expect([await states(paused), await states(removed)]).toEqual([[], []])
    expect((await readSchedules(truth.db, { id }))[0]?.nextAt).toBe('2026-11-30T07:00:00.000Z')
  })
})

describe('a receiver that fails', () => {
  test('is tried at 5 s, 5 min, 30 min, 2 h ... under the same id, until it has it', async () => {
    const id = await schedule()
    receiver.answer = () => 500
    const clock = worker()
    const waits: number[] = []
    for (now = dueAt; receiver.got.length < 6;) {
      await clock.sendDue()
      const [delivery] = await ledger(id)
      if (typeof delivery?.nextTryAt !== 'string') break
      // A moment too early nothing happens.
      const at = Date.parse(delivery.nextTryAt)
      waits.push((at - now) / 1000)
      const before = receiver.got.length
      now = at - 1
      await clock.sendDue()
      expect(receiver.got).toHaveLength(before)
      now = at
      if (receiver.got.length === 5) receiver.answer = () => 204
    }
    expect(waits).toEqual([5, 300, 1800, 7200, 18_000])
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id']))).toHaveLength(1)
    expect((await ledger(id)).at(-1)).toMatchObject({ state: 'sent', attempts: 6, error: null })
  })

  test('for ever: after ten attempts it is failed, with the reason', async () => {
    const id = await schedule({ every: 'month', monthDay: 24 })
    receiver.answer = () => 503
    const clock = worker()
    now = dueAt
    for (let attempt = 1; attempt <= 10; attempt++) {
      await clock.sendDue()
      const [delivery] = await ledger(id)
      expect(delivery?.attempts).toBe(attempt)
      now = Date.parse(delivery?.nextTryAt ?? '') || now
    }
    expect(await ledger(id)).toMatchObject([
      { state: 'failed', error: 'The receiver answered 503. Given up.' },
    ])
    expect(Math.floor((now - dueAt) / hour)).toBe(75)
  })

  test('that is gone pauses the schedule', async () => {
    const id = await schedule()
    receiver.answer = () => 410
    now = dueAt
    await worker().sendDue()
    const failed = { paused: true, last: { state: 'failed' } }
    expect(await readSchedules(truth.db, { id })).toMatchObject([failed])
  })

  test('that is slow does not keep others waiting', async () => {
    const slow = await startReceiver()
    const { promise, resolve } = Promise.withResolvers<number>()
    slow.answer = () => promise
    await schedule({ targets: [slow.url] })
    const quick = await schedule()
    now = dueAt
    const sending = worker().sendDue()
    await expect.poll(() => states(quick)).toEqual(['sent'])
    resolve(200)
    await sending
    slow.close()
  })

  test('and a report that cannot be made any more says why', async () => {
    const id = await schedule({ query: { segment: randomUUID() } })
    now = dueAt
    await worker().sendDue()
    const error = expect.stringContaining('There is no segment')
    expect(await ledger(id)).toMatchObject([{ state: 'failed', error }])
  })
})

describe('two workers', () => {
  test('send each of 20 once', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => schedule()))
    now = dueAt
    await Promise.all([worker(), worker(), worker()].map((clock) => clock.sendDue()))
    expect(receiver.got).toHaveLength(20)
    for (const id of ids) expect(await states(id)).toEqual(['sent'])
  })
})

describe('killed between handing over and writing so down', () => {
  /** Another process sends what is due, and is killed when the message is there. */
  async function sendAndDie(hasArrived: () => boolean): Promise<void> {
    const file = join(import.meta.dirname, '../../../test/child/send-reports.ts')
    const child = fork(file, [truth.databaseUrl, mail.url, String(now)], { silent: true })
    let said = ''
    child.stderr?.on('data', (piece: Buffer) => (said += piece.toString()))
    const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
    const look = setInterval(() => hasArrived() && child.kill('SIGKILL'), 1)
    await ended
    clearInterval(look)
    expect(hasArrived(), said).toBe(true)
  }

  test('a webhook is sent again under the same id, and that is told', async () => {
    const id = await schedule()
    now = dueAt
    const { promise, resolve } = Promise.withResolvers<number>()
    receiver.answer = () => promise
    await sendAndDie(() => receiver.got.length > 0)
    expect(await states(id)).toEqual(['sending'])
    // The lease is not over yet: it might still be at it.
    await worker().sendDue()
    expect(receiver.got).toHaveLength(1)
    resolve(200)
    receiver.answer = () => 200
    now += leaseLength
    await worker().sendDue()
    const [first, second, ...more] = receiver.got.map(({ headers }) => headers['webhook-id'])
    expect([second, more]).toEqual([first, []])
    expect(await ledger(id)).toMatchObject([
      { state: 'sent', attempts: 2, error: expect.stringContaining('after an interruption') },
    ])
  }, 60_000)

  test('an e-mail is not repeated: it is told that it may have arrived', async () => {
    const id = await schedule({ ...byMail, targets: [...byMail.targets] })
    now = dueAt
    // The other process waits for a second answer that never comes.
    await sendAndDie(() => mail.got.length > 0)
    now += leaseLength
    await worker().sendDue()
    expect(mail.got).toHaveLength(1)
    const [delivery] = await ledger(id)
    // Where it wrote the end down before it died, that is right too.
    if (delivery?.state === 'failed') {
      expect(delivery.error).toContain(`<report.${id}.${dueAt}@example.com>`)
    } else expect(delivery?.state).toBe('sent')
    await addDelivery(truth.db, id, now)
    await worker().sendDue()
    expect(mail.got).toHaveLength(2)
  }, 60_000)
})
