import type { Channel, TouchpointKind } from './touchpoint-kind.ts'
import type { Identifier } from './identifier.ts'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export const eventTypes = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const
export type EventType = (typeof eventTypes)[number]

/**
 * One touchpoint as it stands in the log: cleaned, classified and timed, but not yet attributed to
 * a party. `subjectId` names the strongest identifier that it carried; which party that identifier
 * belongs to may change (merge, unmerge) without a touchpoint ever being rewritten.
 */
export interface Touchpoint {
  /** UUID derived from the source and its messageId, so that a repeated event has the same id. */
  readonly id: string
  /** UUID derived from the strongest identifier (see `subjectIdOf`). */
  readonly subjectId: string
  /** When it happened, clock-corrected, in milliseconds since 1970 UTC. */
  readonly occurredAt: number
  /** When we received it, in milliseconds since 1970 UTC. */
  readonly receivedAt: number
  readonly sourceId: string
  readonly type: EventType
  readonly kind: TouchpointKind
  /** Event, page or screen name as the client sent it. Empty where there is none. */
  readonly event: string
  readonly channel: Channel
  /** True where a robot caused it. Robots are kept and shown, and never counted. */
  readonly bot: boolean
  /** Money in minor units (cents), or null. */
  readonly amountMinor: number | null
  /** ISO 4217 code in upper case, or null. */
  readonly currency: string | null
  /** A rating or survey score scaled to 0..1 (1 best), or null. */
  readonly score: number | null
  /** Sentiment of its text, -1..1, or null where there is no text. */
  readonly sentiment: number | null
  readonly properties: JsonObject
  readonly context: JsonObject
}

/** A touchpoint as it comes in: with the identity facts that it carried. */
export interface IncomingTouchpoint extends Touchpoint {
  /** All identifiers it carried, strongest first; the first is the subject. Never empty. */
  readonly identifiers: readonly Identifier[]
  /** Traits of the person (identify) or of the account (group), or null. */
  readonly traits: JsonObject | null
  /** The account that the person belongs to (group calls, `context.groupId`), or null. */
  readonly account: Identifier | null
  /** Words of the customer (review, ticket, comment, post) to score for sentiment, or null. */
  readonly text: string | null
}
