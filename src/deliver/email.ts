/** One e-mail over SMTP. */
import { PassThrough } from 'node:stream'
import { createTransport } from 'nodemailer'
import type { Sent } from './sent.ts'

export interface MailFile {
  readonly name: string
  readonly type: string
  readonly body: string | Buffer
  /** Shown in the text where it says `cid:<this>`. */
  readonly shownAs?: string
}

export interface Mail {
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly files: readonly MailFile[]
  /** Left of the @ of its Message-ID: the same for each attempt, so that it can be found. */
  readonly id: string
}

export interface Mailer {
  send(mail: Mail): Promise<Sent>
  messageId(id: string): string
}

export interface MailerOptions {
  readonly smtpUrl: string
  /** `Name <address>` or an address. */
  readonly from: string
}

/** Milliseconds. */
const patience = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 45_000 }

export function createMailer({ smtpUrl, from }: MailerOptions): Mailer {
  const domain = /@([^\s<>@]+)>?$/.exec(from)?.[1] ?? 'localhost'
  const messageId = (id: string): string => `<${id}@${domain}>`
  return {
    messageId,
    async send({ to, subject, text, html, files, id }) {
      // A connection each, so that this says of this message whether all of it was handed over.
      const transport = createTransport({ url: smtpUrl, ...patience })
      let isHandedOver = false
      transport.use('stream', ({ message }, done) => {
        message.transform(() => new PassThrough().on('end', () => (isHandedOver = true)))
        done()
      })
      try {
        const { rejected } = await transport.sendMail({
          from,
          to: [...to],
          subject,
          text,
          html,
          messageId: messageId(id),
          // Automatic answers (holidays) stay away (RFC 3834).
          headers: { 'Auto-Submitted': 'auto-generated' },
          attachments: files.map(({ name, type, body, shownAs }) => ({
            filename: name,
            contentType: type,
            content: body,
            ...(shownAs === undefined ? {} : { cid: shownAs }),
          })),
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        const note = rejected.length === 0 ? null : `Not accepted for ${rejected.join(', ')}.`
        return { kind: 'accepted', note }
      } catch (error) {
        return verdictOf(error, isHandedOver)
      } finally {
        transport.close()
      }
    },
  }
}

/** RFC 5321: 5yz is for ever, 4yz for now. Without an answer after all was sent, nobody knows. */
function verdictOf(error: unknown, isHandedOver: boolean): Sent {
  const { responseCode, code, message } = error as Readonly<Record<string, unknown>>
  const says = `The mail server: ${String(message).slice(0, 300)}`
  if (typeof responseCode === 'number' && responseCode >= 500 && code !== 'EAUTH') {
    return { kind: 'refused', error: says, gone: false }
  }
  if (responseCode === undefined && isHandedOver) return { kind: 'unclear', error: says }
  return { kind: 'later', error: says, after: null }
}
