/** One message to one webhook, by the Standard Webhooks specification. Redirects are not followed. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { checkedAddress, publicLookup, type AddressRule } from './public-address.ts'
import { RapportError } from '../domain/error.ts'
import { webhookSignature } from './webhook-signature.ts'
import type { Sent } from './sent.ts'

export interface WebhookMessage {
  readonly address: string
  readonly secret: string
  /** The same for each attempt: by it the receiver knows what it has already. */
  readonly id: string
  readonly body: string
}

export interface WebhookRule extends AddressRule {
  readonly now: () => number
  /** Milliseconds for the whole of it. */
  readonly patience?: number
}

const usualPatience = 20_000

export async function sendWebhook(message: WebhookMessage, rule: WebhookRule): Promise<Sent> {
  try {
    const answer = await post(message, rule)
    return verdictOf(answer, rule.now())
  } catch (error) {
    if (error instanceof RapportError) {
      return { kind: 'refused', error: error.detail ?? error.message, gone: false }
    }
    return { kind: 'later', error: sayFailure(error), after: null }
  }
}

function post(
  { address, secret, id, body }: WebhookMessage,
  { allowPrivate, now, patience = usualPatience }: WebhookRule,
): Promise<IncomingMessage> {
  const url = checkedAddress(address, { allowPrivate })
  const timestamp = Math.floor(now() / 1000)
  const bytes = Buffer.from(body)
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      // A connection of its own: one that is kept would not be looked at again.
      agent: false,
      signal: AbortSignal.timeout(patience),
      ...(allowPrivate ? {} : { lookup: publicLookup }),
      headers: {
        'content-type': 'application/json',
        'content-length': bytes.length,
        'user-agent': 'Rapport',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': webhookSignature(secret, { id, timestamp, body }),
      },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      // What it says is of no interest; the time limit ends an answer without an end.
      response.on('error', () => {})
      response.resume()
      resolve(response)
    })
    request.end(bytes)
  })
}

/** Only 2xx is success: a redirect, too, says that it is not here. */
function verdictOf({ statusCode = 0, headers }: IncomingMessage, now: number): Sent {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'accepted', note: null }
  const error = `The receiver answered ${statusCode}.`
  if (statusCode === 410) return { kind: 'refused', error, gone: true }
  return { kind: 'later', error, after: pauseOf(headers['retry-after'], now) }
}

/** Retry-After in seconds or as a date; in milliseconds. */
function pauseOf(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

function sayFailure(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown }
  if (name === 'TimeoutError' || name === 'AbortError')
    return 'The receiver did not answer in time.'
  return `The receiver cannot be reached (${typeof code === 'string' ? code : String(name)}).`
}
