/** Against a receiver that really listens; signatures are judged by another's library. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkedAddress, isPublic } from './public-address.ts'
import { retryDelay } from './retries.ts'
import { sendWebhook } from './webhook.ts'
import { webhookSecret, webhookSignature } from './webhook-signature.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
let server: Server
let port: number
let answer: (request: IncomingMessage, response: ServerResponse) => void
const got: { headers: Record<string, string>; body: string }[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => {
      got.push({ headers: request.headers as Record<string, string>, body })
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const rule = { allowPrivate: true, now: Date.now, patience: 500 }
const message = () => ({
  address: `http://127.0.0.1:${port}/hook`,
  ...{ secret, id: 'msg_1', body: '{"a": "ü"}' },
})
const answering = (status: number, headers: Record<string, string> = {}) => {
  answer = (_request, response) => response.writeHead(status, headers).end('thanks')
}

test('signs as the specification does', () => {
  const example = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330 }
  expect(webhookSignature(secret, { ...example, body: '{"test": 2432232314}' })).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  )
})

test('what arrives is judged genuine, and a changed byte is not', async () => {
  answering(200)
  const own = webhookSecret(Buffer.from('012345678901234567890123'))
  expect(await sendWebhook({ ...message(), secret: own }, rule)).toEqual({
    ...{ kind: 'accepted', note: null },
  })
  const { headers, body } = got.at(-1) ?? { headers: {}, body: '' }
  expect(new Webhook(own).verify(body, headers)).toEqual({ a: 'ü' })
  expect(() => new Webhook(own).verify(body.replace('ü', 'u'), headers)).toThrow()
})

describe('answers', () => {
  test.each([
    [200, {}, { kind: 'accepted', note: null }],
    [204, {}, { kind: 'accepted', note: null }],
    [301, { location: 'http://127.0.0.1:1/' }, { kind: 'later', error: 'The receiver answered 301.', after: null }], // prettier-ignore
    [400, {}, { kind: 'later', error: 'The receiver answered 400.', after: null }],
    [410, {}, { kind: 'refused', error: 'The receiver answered 410.', gone: true }],
    [429, { 'retry-after': '120' }, { kind: 'later', error: 'The receiver answered 429.', after: 120_000 }], // prettier-ignore
    [503, {}, { kind: 'later', error: 'The receiver answered 503.', after: null }],
  ])('%s', async (status, headers, expected) => {
    answering(status, headers as Record<string, string>)
    expect(await sendWebhook(message(), rule)).toEqual(expected)
  })

  test('none, in time', async () => {
    answer = () => {}
    expect(await sendWebhook(message(), rule)).toMatchObject({
      kind: 'later',
      error: 'The receiver did not answer in time.',
    })
  })

  test('one without an end is taken by its status', async () => {
    answer = (_request, response) => response.writeHead(200).write('and on')
    expect(await sendWebhook(message(), rule)).toMatchObject({ kind: 'accepted' })
  })

  test('nobody there', async () => {
    const nowhere = { ...message(), address: 'http://127.0.0.1:1/hook' }
    expect(await sendWebhook(nowhere, rule)).toEqual({
      ...{ kind: 'later', error: 'The receiver cannot be reached (ECONNREFUSED).', after: null },
    })
  })
})

describe('addresses that are not of the internet', () => {
  const inside = [
    '127.0.0.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0.0.0.0', '0', '10.0.0.5',
    '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '224.0.0.1', '255.255.255.255',
    '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]',
    '[fc00::1]', '[fe80::1]', '[ff02::1]', '[2001:db8::1]', '127.0.0.1.', '１２７.0.0.1',
  ] // prettier-ignore

  test.each(inside)('%s is refused before anything is sent', async (host) => {
    expect(() => checkedAddress(`http://${host}/hook`, { allowPrivate: false })).toThrow(
      /WEBHOOK_ALLOW_PRIVATE/,
    )
    const before = got.length
    const address = `http://${host}:${port}/hook`
    const sent = await sendWebhook({ ...message(), address }, { ...rule, allowPrivate: false })
    expect([sent.kind, got.length]).toEqual(['refused', before])
  })

  test.each(['localhost', 'LOCALHOST'])('%s is refused when it is looked up', async (host) => {
    const before = got.length
    const address = `http://${host}:${port}/hook`
    const sent = await sendWebhook({ ...message(), address }, { ...rule, allowPrivate: false })
    expect(sent).toMatchObject({ kind: 'refused' })
    expect(got).toHaveLength(before)
  }) // prettier-ignore

  test.each(['8.8.8.8', '2606:4700::1111'])('%s is of the internet', (address) => {
    expect(isPublic(address)).toBe(true)
  })

  test.each([
    ['ftp://example.com/', /http or https/],
    ['not an address', /no address/],
    ['https://user:word@example.com/', /password out/],
    ['javascript:alert(1)', /http or https/],
  ])('%s is no webhook', (address, why) => {
    expect(() => checkedAddress(address, { allowPrivate: true })).toThrow(why)
  })
})

test('attempts spread over 75 hours, and honour what was asked for', () => {
  const delays = Array.from({ length: 10 }, (_, i) => retryDelay(i + 1))
  expect(delays.slice(0, 4)).toEqual([5_000, 300_000, 1_800_000, 7_200_000])
  expect(delays.at(-1)).toBeNull()
  const hours = delays.reduce<number>((sum, delay) => sum + (delay ?? 0), 0) / 3_600_000
  expect(Math.floor(hours)).toBe(75)
  expect(retryDelay(1, 60_000)).toBe(60_000)
  expect(retryDelay(1, 1e12)).toBe(86_400_000)
})
