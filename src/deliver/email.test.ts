/** Through a real SMTP server. */
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { createMailer, type Mail } from './email.ts'

interface Got {
  readonly to: string[]
  readonly text: string
}

const open: SMTPServer[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

async function smtp(options: SMTPServerOptions = {}): Promise<{ url: string; got: Got[] }> {
  const got: Got[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (piece: Buffer) => (text += piece.toString()))
      stream.on('end', () => {
        got.push({ to: session.envelope.rcptTo.map(({ address }) => address), text })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, got }
}

const mail: Mail = {
  ...{ to: ['ada@example.com', 'bob@example.com'], subject: 'Ladder flows: été', id: 'report.1' },
  ...{ text: 'Hello', html: '<p>Hello</p><img src="cid:picture">' },
  files: [
    { name: 'flows.csv', type: 'text/csv', body: 'a,b\r\n1,2\r\n' },
    { name: 'flows.png', type: 'image/png', body: Buffer.from('png'), shownAs: 'picture' },
  ],
}
const refusing = (code: number, stage: 'onRcptTo' | 'onMailFrom', only?: string) => ({
  [stage]: ({ address }: { address: string }, _session: unknown, done: (error?: Error) => void) => {
    if (only !== undefined && address !== only) return done()
    done(Object.assign(new TypeError('no'), { responseCode: code }))
  },
})
const from = 'Rapport <reports@example.com>'

test('arrives with its parts, for all, under its own id', async () => {
  const { url, got } = await smtp()
  const mailer = createMailer({ smtpUrl: url, from })
  expect(await mailer.send(mail)).toEqual({ kind: 'accepted', note: null })
  expect(got.map(({ to }) => to)).toEqual([['ada@example.com', 'bob@example.com']])
  const text = got[0]?.text ?? ''
  expect(mailer.messageId('report.1')).toBe('<report.1@example.com>')
  for (const part of [
    'Message-ID: <report.1@example.com>',
    'Auto-Submitted: auto-generated',
    'Subject: =?UTF-8?Q?Ladder_flows=3A_=C3=A9t=C3=A9?=',
    'filename=flows.csv',
    'Content-ID: <picture>',
    Buffer.from('a,b\r\n1,2\r\n').toString('base64'),
  ]) {
    expect(text).toContain(part)
  }
})

test('one of two who is unknown is told of', async () => {
  const { url } = await smtp(refusing(550, 'onRcptTo', 'bob@example.com'))
  expect(await createMailer({ smtpUrl: url, from }).send(mail)).toEqual({
    ...{ kind: 'accepted', note: 'Not accepted for bob@example.com.' },
  })
})

test.each([
  ['unknown for ever', refusing(550, 'onRcptTo'), 'refused'],
  ['busy for now', refusing(451, 'onMailFrom'), 'later'],
])('%s', async (_name, options, kind) => {
  const { url } = await smtp(options as SMTPServerOptions)
  expect(await createMailer({ smtpUrl: url, from }).send(mail)).toMatchObject({ kind })
})

test('nobody there: later', async () => {
  const mailer = createMailer({ smtpUrl: 'smtp://127.0.0.1:1', from })
  expect(await mailer.send(mail)).toMatchObject({ kind: 'later' })
})

test('gone before it answered, after it had all: nobody knows', async () => {
  const { url } = await smtp({
    onData(stream) {
      stream.resume()
      stream.on('end', () => {
        for (const { server } of open) {
          server.close()
        }
        for (const connection of [...(open[0]?.connections ?? [])]) {
          ;(connection as unknown as { _socket: { destroy(): void } })._socket.destroy()
        }
      })
    },
  })
  expect(await createMailer({ smtpUrl: url, from }).send(mail)).toMatchObject({ kind: 'unclear' })
})

test('a line break in a subject adds no header', async () => {
  const { url, got } = await smtp()
  await createMailer({ smtpUrl: url, from }).send({ ...mail, subject: 'a\r\nBcc: eve@example.com' })
  expect(got[0]?.text).not.toMatch(/^Bcc:/m)
  expect(got[0]?.to).toEqual(mail.to)
})
