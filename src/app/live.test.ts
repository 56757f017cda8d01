import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { createLive, type Live, type LiveOptions } from './live.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

interface Stream {
  readonly answer: IncomingMessage
  /** Messages so far, parsed. */
  readonly messages: () => unknown[]
  readonly text: () => string
}

async function start(options: LiveOptions = {}) {
  const live = createLive(options)
  const app = fastify({ forceCloseConnections: 'idle' })
  app.addHook('preClose', async () => live.close())
  await app.register(live.routes)
  await app.listen({ port: 0, host: '127.0.0.1' })
  closers.push(() => app.close())
  const { port } = app.server.address() as AddressInfo
  return { live, app, open: () => openStream(port, live) }
}

async function openStream(port: number, live: Live): Promise<Stream> {
  const before = live.connections()
  const request = get({ port, host: '127.0.0.1', path: '/api/events', agent: false })
  request.on('error', () => {})
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  answer.on('error', () => {})
  if (answer.statusCode === 200) await until(() => live.connections() > before)
  const messages = () =>
    [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? '') as unknown)
  return { answer, messages, text: () => text }
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await sleep(10)
  expect(holds()).toBe(true)
}

test('news is gathered: the first at once, then at most one message a kind and interval', async () => {
  const { live, open } = await start({ everyMs: 300 })
  const [one, two] = [await open(), await open()]
  expect(one.answer.headers['content-type']).toBe('text/event-stream; charset=utf-8')
  live.publish({ kind: 'touchpoints', count: 1 })
  await until(() => one.messages().length === 1)
  for (let i = 0; i < 1000; i++) live.publish({ kind: 'touchpoints', count: 3 })
  live.publish({ kind: 'ladder' })
  live.publish({ kind: 'party', id: 'p1' })
  live.publish({ kind: 'party', id: 'p1' })
  await until(() => one.messages().length === 4)
  const expected = [
    { kind: 'touchpoints', count: 1 },
    { kind: 'touchpoints', count: 3000 },
    { kind: 'ladder' },
    { kind: 'party', ids: ['p1'] },
  ]
  expect(one.messages()).toEqual(expected)
  await until(() => two.messages().length === 4)
  expect(two.messages()).toEqual(expected)
})

test('too many parties to name are said to be many', async () => {
  const { live, open } = await start({ everyMs: 50 })
  const stream = await open()
  live.publish({ kind: 'ladder' })
  for (let i = 0; i < 5000; i++) live.publish({ kind: 'party', id: `p${i}` })
  await until(() => stream.messages().length === 2)
  expect(stream.messages()[1]).toEqual({ kind: 'party', ids: null })
})

test('a stream beats, and ends after its lifetime', async () => {
  const { live, open } = await start({ heartbeatMs: 40, lifetimeMs: 300 })
  const stream = await open()
  await until(() => (stream.text().match(/: still here/g) ?? []).length >= 2)
  await until(() => stream.answer.readableEnded)
  await until(() => live.connections() === 0)
})

test('a reader that does not read is not written to, and let go', async () => {
  const { live, app, open } = await start({ everyMs: 1, heartbeatMs: 400 })
  let waiting = 0
  app.server.on('request', (_request, response) => {
    const { write } = response
    response.write = function watched(this: typeof response, ...args: Parameters<typeof write>) {
      const taken = write.apply(this, args)
      waiting = Math.max(waiting, response.writableLength)
      return taken
    } as typeof write
  })
  const stream = await open()
  stream.answer.pause()
  const ids = Array.from({ length: 90 }, (_, i) => `${'x'.repeat(2000)}${i}`)
  for (let i = 0; i < 3000 && live.connections() === 1; i++) {
    for (const id of ids) live.publish({ kind: 'party', id })
    await sleep(1)
  }
  await until(() => live.connections() === 0)
  expect(waiting).toBeGreaterThan(0)
  // One message of 90 long ids, not thousands of them.
  expect(waiting).toBeLessThan(1_000_000)
})

test('closing the server ends the streams, and no new one begins', async () => {
  const { live, app, open } = await start({ maxConnections: 2 })
  const streams = [await open(), await open()]
  expect((await open()).answer.statusCode).toBe(503)
  const begun = performance.now()
  await app.close()
  expect(performance.now() - begun).toBeLessThan(3000)
  await until(() => streams.every(({ answer }) => answer.readableEnded))
  expect(live.connections()).toBe(0)
})
