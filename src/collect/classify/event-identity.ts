import { normaliseIdentifier } from '../../domain/normalise-identifier.ts'
import type { Identifier } from '../../domain/identifier.ts'
import type { TouchpointKind } from '../../domain/touchpoint-kind.ts'
import type { EventType, Json, JsonObject } from '../../domain/touchpoint.ts'
import { memoise } from './memoise.ts'

/** The parts of an event that say who it was. */
export interface IdentityFacts {
  readonly type: EventType
  readonly kind: TouchpointKind
  readonly userId: unknown
  readonly anonymousId: unknown
  readonly previousId: unknown
  readonly groupId: unknown
  readonly traits: JsonObject
  readonly properties: JsonObject
  readonly context: JsonObject
}

/** Kinds whose `email` and `phone` properties are those of the person acting, not of somebody else. */
const ownAddressKinds: ReadonlySet<TouchpointKind> = new Set<TouchpointKind>([
  'signed_up',
  'signed_in',
  'subscribed',
  'unsubscribed',
  'demo_requested',
  'quote_requested',
  'need_expressed',
  'event_registered',
  'trial_started',
  'purchase',
  'email_sent',
  'email_delivered',
  'email_opened',
  'email_clicked',
  'email_bounced',
  'email_marked_spam',
])

const externalIdsLimit = 20

/** Phone numbers are costly to read (about 20 microseconds) and mostly of people seen before. */
const phoneOf = memoise((key) => {
  const [country = '', ...rest] = key.split('\u0000')
  return normaliseIdentifier('phone', rest.join(''), country)
}, 2_000)

/** All identifiers that an event carries, strongest first, each once; none where it names nobody. */
export function identifiersOf(facts: IdentityFacts): Identifier[] {
  const found: Identifier[] = []
  const add = (namespace: string, value: unknown): void => {
    if (value === undefined || value === null) return
    const identifier = normaliseIdentifier(namespace, value)
    if (identifier && !found.some((other) => isSame(other, identifier))) found.push(identifier)
  }
  const { type, context } = facts
  add('user_id', facts.userId)
  if (type === 'alias') {
    // The browser SDK sends its own user id as the previous one; then there is nothing to join.
    if (facts.previousId !== facts.userId) add('anonymous_id', facts.previousId)
    return found
  }
  const external = externalIds(context)
  for (const [namespace, value] of external) {
    if (namespace !== 'email' && namespace !== 'phone' && namespace !== 'anonymous_id') {
      add(namespace, value)
    }
  }
  const addresses = addressSources(facts)
  for (const source of addresses) add('email', source['email'])
  for (const [namespace, value] of external) if (namespace === 'email') add(namespace, value)
  for (const source of addresses) addPhone(found, source)
  for (const [namespace, value] of external) if (namespace === 'phone') add(namespace, value)
  add('anonymous_id', facts.anonymousId)
  for (const [namespace, value] of external) if (namespace === 'anonymous_id') add(namespace, value)
  return found
}

/** The account that the person acts for, as the Segment specification names it. */
export function accountOf({ groupId, context }: IdentityFacts): Identifier | null {
  return normaliseIdentifier('account', groupId ?? context['groupId'])
}

/** Where e-mail and phone of the person themself may stand. Traits of a group are the account's. */
function addressSources(facts: IdentityFacts): JsonObject[] {
  const sources: JsonObject[] = []
  if (facts.type === 'identify') sources.push(facts.traits)
  const contextTraits = facts.context['traits']
  if (isObject(contextTraits)) sources.push(contextTraits)
  if (ownAddressKinds.has(facts.kind)) sources.push(facts.properties)
  return sources
}

function addPhone(found: Identifier[], source: JsonObject): void {
  const phone = source['phone']
  if (typeof phone !== 'string' && typeof phone !== 'number') return
  if (String(phone).length > 40) return
  const identifier = phoneOf(`${countryOf(source)}\u0000${phone}`)
  if (identifier && !found.some((other) => isSame(other, identifier))) found.push(identifier)
}

/** ISO code of the country, from where Segment's traits have it; empty where there is none. */
function countryOf(source: JsonObject): string {
  const address = source['address']
  const country = source['countryCode'] ?? source['country_code'] ?? source['country']
  const found = country ?? (isObject(address) ? address['country'] : undefined)
  return typeof found === 'string' && /^[A-Za-z]{2}$/.test(found) ? found : ''
}

/** `context.externalIds` as Segment defines it: `[{ id, type, collection, encoding }]`. */
function externalIds(context: JsonObject): [namespace: string, value: Json][] {
  const list = context['externalIds']
  if (!Array.isArray(list)) return []
  return list.slice(0, externalIdsLimit).flatMap((entry): [string, Json][] => {
    if (!isObject(entry) || typeof entry['type'] !== 'string') return []
    const { id, collection } = entry
    if (collection !== undefined && collection !== 'users') return []
    const namespace = externalNamespace(entry['type'])
    return namespace && id !== undefined ? [[namespace, id]] : []
  })
}

/** `stripe` and `Stripe ID` are `stripe_id`; the namespaces that we know keep their names. */
const externalNamespace = memoise((type) => {
  const slug = type
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '')
    .slice(0, 40)
  if (slug === '' || slug === 'group_id' || slug === 'account' || slug === 'account_id') return null
  const isKnown = slug === 'email' || slug === 'phone' || slug.endsWith('_id')
  return isKnown ? slug : `${slug}_id`
}, 500)

function isSame(one: Identifier, other: Identifier): boolean {
  return one.value === other.value && one.namespace === other.namespace
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
