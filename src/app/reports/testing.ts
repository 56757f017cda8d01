/** What reports are sent to in tests: a mail server and a webhook receiver that really listen. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface GotWebhook {
  readonly headers: Record<string, string>
  readonly body: string
}

export interface Receiver {
  readonly url: string
  readonly got: GotWebhook[]
  /** What is answered next, by default 200; may also take its time. */
  answer: (hook: GotWebhook) => number | Promise<number>
  close(): void
}

export async function startReceiver(): Promise<Receiver> {
  const got: GotWebhook[] = []
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString()
      const hook = { headers: request.headers as Record<string, string>, body }
      got.push(hook)
      void Promise.resolve(receiver.answer(hook)).then((status) => response.writeHead(status).end())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    ...{ url: `http://127.0.0.1:${port}/hook`, got, answer: () => 200 },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return receiver
}

export interface GotMail {
  readonly to: string[]
  readonly text: string
}

export interface MailServer {
  readonly url: string
  readonly got: GotMail[]
  close(): void
}

export async function startMailServer(): Promise<MailServer> {
  const got: GotMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        got.push({ to, text: Buffer.concat(pieces).toString() })
        done()
      })
    },
  })
  // A client that was killed is no fault of ours.
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, got, close: () => server.close() }
}
