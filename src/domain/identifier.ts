import { hash } from 'node:crypto'

/**
 * Identifier namespaces in order of strength: the first one present names the subject of a
 * touchpoint. `account` identifies accounts (companies), all others persons.
 * An external id of a source has the namespace `<source>_id`, for example `stripe_id`.
 */
export const identifierStrength = ['user_id', 'external', 'email', 'phone', 'anonymous_id'] as const

export interface Identifier {
  /** `user_id`, `email`, `phone`, `anonymous_id`, `account`, or `<name>_id` of an external system. */
  readonly namespace: string
  /** Normalised value, 1 to 200 characters. */
  readonly value: string
}

/**
 * UUID (version 8, RFC 9562) of an identifier: the first 128 bits of SHA-256 over
 * `namespace NUL value`. The same identifier has the same subject everywhere, without a look-up.
 */
export function subjectIdOf(identifier: Identifier): string {
  return uuidOf(`${identifier.namespace}\u0000${identifier.value}`)
}

/** UUID of a message: the same source and messageId give the same touchpoint id. */
export function touchpointIdOf(sourceId: string, messageId: string): string {
  return uuidOf(`message\u0000${sourceId}\u0000${messageId}`)
}

function uuidOf(text: string): string {
  const hex = hash('sha256', text, 'hex')
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) & 3]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
