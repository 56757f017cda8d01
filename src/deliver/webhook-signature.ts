/** Signatures of the Standard Webhooks specification (symmetric, v1). */
import { createHmac } from 'node:crypto'

const prefix = 'whsec_'

/** A secret of 24 random bytes, as the specification writes it. */
export const webhookSecret = (bytes: Buffer): string => `${prefix}${bytes.toString('base64')}`

export interface SignedMessage {
  readonly id: string
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly body: string
}

/** HMAC-SHA256 of `id.timestamp.body`, keyed with the bytes that the secret stands for. */
export function webhookSignature(secret: string, { id, timestamp, body }: SignedMessage): string {
  const key = Buffer.from(secret.slice(prefix.length), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}
