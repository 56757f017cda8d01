/**
 * One event of the Segment protocol, as parsed, becomes one touchpoint, or a refusal that names its
 * reason. Pure: the same event with the same circumstances gives the same touchpoint.
 */
import type { RejectedEvent } from '../domain/collected-batch.ts'
import { errorCatalogue, type ErrorCode } from '../domain/error.ts'
import { subjectIdOf, touchpointIdOf, type Identifier } from '../domain/identifier.ts'
import {
  eventTypes,
  type EventType,
  type IncomingTouchpoint,
  type JsonObject,
} from '../domain/touchpoint.ts'
import { isBot } from './classify/bot.ts'
import { channelOf } from './classify/channel.ts'
import { cutText } from './clean.ts'
import { moneyOf, scoreOf, textOf } from './classify/event-facts.ts'
import { accountOf, identifiersOf, isObject } from './classify/event-identity.ts'
import { eventKey, eventKind } from './classify/event-kind.ts'
import { eventTime, readTime, type EventTime } from './event-time.ts'

/** Characters of an event, page or screen name. */
const nameLimit = 200

/** What is known of an event from outside it: the request or the file that brought it. */
export interface Circumstances {
  readonly sourceId: string
  /** Milliseconds since 1970 UTC. */
  readonly receivedAt: number
  /** When the client sent the batch, by its own clock and as it wrote it; an event's own goes first. */
  readonly sentAt?: unknown
  /** The type that the route names; an event's own `type` counts only where there is none. */
  readonly type?: EventType
  /** `context` of the batch, merged under that of each event. */
  readonly context?: JsonObject
  /** User agent of the request; used where the event has none and this is a browser's. */
  readonly userAgent?: string
  /** The request bore `Sec-GPC: 1`: this person does not want their data sold or shared. */
  readonly globalPrivacyControl?: boolean
  /** Names an event that has no `messageId` (a random UUID, or the row of a file). */
  readonly makeMessageId: () => string
}

export function isRejected(result: IncomingTouchpoint | RejectedEvent): result is RejectedEvent {
  return 'code' in result
}

interface Refusal {
  readonly code: ErrorCode
  readonly reason: string
}

/** @param event As parsed and cleaned (see `clean`). */
export function normaliseEvent(
  event: unknown,
  circumstances: Circumstances,
): IncomingTouchpoint | RejectedEvent {
  if (!isObject(event)) {
    return { ...refuse('invalid_event', 'The event is not an object.'), event, raw: null }
  }
  const type = typeOf(event, circumstances.type)
  const ownId = messageIdOf(event['messageId'])
  const messageId = ownId ?? circumstances.makeMessageId()
  const made =
    type === null
      ? refuse('unknown_event_type')
      : makeTouchpoint(event, type, messageId, circumstances)
  if (!('code' in made)) return made
  const whole = withCircumstances(event, type, messageId, circumstances)
  return { ...made, event: whole, raw: null, ...(ownId === null ? {} : { messageId: ownId }) }
}

function refuse(code: ErrorCode, reason?: string): Refusal {
  return { code, reason: reason ?? errorCatalogue[code][1] }
}

function makeTouchpoint(
  event: JsonObject,
  type: EventType,
  messageId: string,
  circumstances: Circumstances,
): IncomingTouchpoint | Refusal {
  const parts = readParts(event, type, circumstances)
  if (typeof parts === 'string') return refuse('invalid_event', parts)
  const { properties, context, traits } = parts
  const name = nameOf(event, type, properties)
  const kind = eventKind(type, name, properties)
  const { userId, anonymousId, previousId, groupId, channel: hint } = event
  const who = { type, kind, userId, anonymousId, previousId, groupId, traits, properties, context }
  const identifiers = identifiersOf(who)
  const account = type === 'alias' ? null : accountOf(who)
  const [strongest] = identifiers
  const code = refusalOf({ event, type, name, strongest, account })
  if (code !== null || strongest === undefined) return refuse(code ?? 'missing_identity')
  const { receivedAt, sourceId } = circumstances
  const time = timeOf(event, circumstances)
  if (time.occurredAt === null) return refuse('invalid_timestamp')
  const describesTraits = type === 'identify' || type === 'group'
  return {
    id: touchpointIdOf(sourceId, messageId),
    subjectId: subjectIdOf(strongest),
    ...{ occurredAt: time.occurredAt, receivedAt, sourceId, type, kind, event: name },
    channel: channelOf({ type, kind, event: name, properties, context, hint }),
    bot: isBot(userAgentOf(context), kind),
    ...moneyOf(kind, properties),
    score: scoreOf(kind, properties),
    sentiment: null,
    properties: describesTraits ? traits : properties,
    context: time.unreadable ? { ...context, warnings: ['unreadable_timestamp'] } : context,
    identifiers,
    traits: describesTraits ? traits : null,
    account,
    text: textOf(kind, eventKey(name), properties),
  }
}

interface Essentials {
  readonly event: JsonObject
  readonly type: EventType
  readonly name: string
  readonly strongest: Identifier | undefined
  readonly account: Identifier | null
}

function refusalOf({ event, type, name, strongest, account }: Essentials): ErrorCode | null {
  if (type === 'track' && name === '') return 'missing_event_name'
  if (type === 'alias' && !(isGiven(event['userId']) && isGiven(event['previousId']))) {
    return 'invalid_alias'
  }
  if (strongest === undefined) return 'missing_identity'
  // To join something to nobody would join all the nobodies.
  if (type === 'alias' && strongest.namespace !== 'user_id') return 'missing_identity'
  return type === 'group' && account === null ? 'invalid_group' : null
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

function timeOf(event: JsonObject, { receivedAt, sentAt }: Circumstances): EventTime {
  const { originalTimestamp, timestamp } = event
  // RudderStack writes `originalTimestamp` itself, and `timestamp` only where its caller says when it
  // was; who forwards events writes the one already corrected. Both mean: take it as it stands.
  const isSaid = Boolean(originalTimestamp && timestamp) && originalTimestamp !== timestamp
  const said = isSaid ? eventTime({ original: timestamp, sentAt: null }, receivedAt) : null
  if (said !== null && said.occurredAt !== null && !said.unreadable) return said
  const original = originalTimestamp ?? timestamp
  return eventTime({ original, sentAt: readTime(event['sentAt'] ?? sentAt) }, receivedAt)
}

function typeOf(event: JsonObject, ofRoute: EventType | undefined): EventType | null {
  if (ofRoute) return ofRoute
  const said = event['type'] ?? event['action']
  if (typeof said !== 'string') return null
  const name = said.toLowerCase()
  return eventTypes.find((type) => type === name) ?? null
}

/** Opaque, whatever the client makes; its hash is what is stored. */
function messageIdOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

/** The event as a refusal keeps it: complete, so that replaying it needs nothing from outside. */
function withCircumstances(
  event: JsonObject,
  type: EventType | null,
  messageId: string,
  { sentAt, context }: Circumstances,
): JsonObject {
  const whole: JsonObject = { ...event, messageId }
  if (type !== null) whole['type'] = type
  if (event['sentAt'] === undefined && typeof sentAt === 'string') whole['sentAt'] = sentAt
  if (context && (event['context'] === undefined || isObject(event['context']))) {
    whole['context'] = { ...context, ...event['context'] }
  }
  return whole
}

interface Parts {
  readonly properties: JsonObject
  readonly traits: JsonObject
  readonly context: JsonObject
}

const nothing: JsonObject = {}

/** The three objects of an event; a sentence where one of them is something else. */
function readParts(
  event: JsonObject,
  type: EventType,
  circumstances: Circumstances,
): Parts | string {
  const properties = readObject(event['properties'])
  const traits = readObject(event['traits'])
  const ownContext = readObject(event['context'])
  if (properties === null) return 'The "properties" are not an object.'
  if (traits === null) return 'The "traits" are not an object.'
  if (ownContext === null) return 'The "context" is not an object.'
  const context = contextOf(ownContext, circumstances)
  // RudderStack copies the traits of the person into the context, sometimes only there.
  const contextTraits = context['traits']
  const isBare = type === 'identify' && traits === nothing && isObject(contextTraits)
  return { properties, traits: isBare ? contextTraits : traits, context }
}

/** PHP writes an empty object as `[]`. */
function readObject(value: unknown): JsonObject | null {
  if (value === undefined || value === null) return nothing
  if (isObject(value)) return value
  return Array.isArray(value) && value.length === 0 ? nothing : null
}

function contextOf(own: JsonObject, circumstances: Circumstances): JsonObject {
  const { context: shared, userAgent, globalPrivacyControl } = circumstances
  const context = shared ? { ...shared, ...own } : own
  // A server's own user agent (`axios/1.7`) says nothing about the person.
  const lends = context['userAgent'] === undefined && userAgent?.startsWith('Mozilla/')
  if (!lends && !globalPrivacyControl) return context
  return {
    ...context,
    ...(lends && userAgent ? { userAgent: cutText(userAgent, 512) } : {}),
    ...(globalPrivacyControl ? { globalPrivacyControl: true } : {}),
  }
}

function userAgentOf(context: JsonObject): string {
  const { userAgent } = context
  return typeof userAgent === 'string' ? userAgent : ''
}

function nameOf(event: JsonObject, type: EventType, properties: JsonObject): string {
  if (type === 'track') return readName(event['event'])
  if (type !== 'page' && type !== 'screen') return ''
  return readName(event['name']) || readName(properties['name'])
}

function readName(value: unknown): string {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? cutText(value.trim(), nameLimit) : ''
}
