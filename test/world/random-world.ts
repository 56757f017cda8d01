/**
 * A random small world as a list of Segment events: few people with several names each, few moments,
 * robots, a till that many people share, companies, and now and then two people who are mixed up.
 */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { eventNameGroups } from '../../src/collect/known/event-names.ts'
import { loadModel } from '../../src/relationship/parse-model.ts'
import type { JsonObject } from '../../src/domain/touchpoint.ts'
import type { TouchpointKind } from '../../src/domain/touchpoint-kind.ts'

export const worldNow = Date.parse('2026-11-23T12:00:00.000Z')
export const worldModelYaml = readFileSync(
  new URL('../../models/saas.yaml', import.meta.url),
  'utf8',
)

const minute = 60_000

interface Call {
  readonly type: string
  readonly event?: string
  readonly name?: string
  readonly properties?: JsonObject
}

/** Kinds that no event name means, with the call that means them. */
const callOfKind: Partial<Record<TouchpointKind, Call>> = {
  page_viewed: { type: 'page', name: 'Home', properties: { path: '/' } },
  screen_viewed: { type: 'screen', name: 'Start' },
  documentation_read: { type: 'page', properties: { path: '/docs/start' } },
  comparison: { type: 'page', properties: { path: '/pricing' } },
}

const nameOfKind = new Map<TouchpointKind, string>(
  eventNameGroups.flatMap(({ names }) => names.map(({ name, kind }) => [kind, name])),
)

/** Every kind that the model asks for, with the call that makes one; null where nothing can. */
export const worldKinds: ReadonlyMap<TouchpointKind, Call | null> = new Map(
  [...loadModel(worldModelYaml).entries.byKind.keys()].map((kind) => {
    const name = nameOfKind.get(kind)
    const call = callOfKind[kind] ?? (name === undefined ? null : { type: 'track', event: name })
    return [kind, call]
  }),
)

const kindCalls = [...worldKinds.values()].flatMap((call) => call ?? [])

const properties = fc.record(
  {
    total: fc.constantFrom(0, 12.5, 99, 480),
    currency: fc.constantFrom('EUR', 'USD', 'GBP', 'JPY'),
    rating: fc.integer({ min: 0, max: 5 }),
    response_minutes: fc.constantFrom(20, 300, 1_500, 3_000),
    plan: fc.constantFrom('seed', 'free'),
    deal_value: fc.constantFrom(1_000, 250),
    text: fc.constantFrom('Great, thank you!', 'This is terrible and broken.', 'Fine.'),
  },
  { requiredKeys: [] },
)

const traits = fc.record(
  {
    name: fc.constantFrom('Ada', 'Bo Li', 'Åse', ' '),
    role: fc.constantFrom('owner', 'designer', 'blogger'),
    industry: fc.constantFrom('nursery', 'florist'),
    employees: fc.integer({ min: 1, max: 9 }),
    followers: fc.constantFrom(10, 5_000),
    plan: fc.constantFrom<(string | null)[]>('seed', null),
  },
  { requiredKeys: [] },
)

/**
 * Minutes before now: mostly one of a few moments, so that many things happen at once. All of it is
 * late: history of what comes within ten minutes is as it was observed, which depends on the order.
 */
const ago = fc.oneof(
  fc.constantFrom(11, 12, 60, 1_440, 3 * 1_440, 40 * 1_440),
  fc.integer({ min: 11, max: 500 * 1_440 }),
)

const person = fc.integer({ min: 1, max: 5 })

const anyEvent = fc.record({
  call: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...kindCalls) },
    { weight: 3, arbitrary: fc.constant<Call>({ type: 'identify' }) },
    { weight: 2, arbitrary: fc.constant<Call>({ type: 'group' }) },
    { weight: 2, arbitrary: fc.constant<Call>({ type: 'alias' }) },
    { weight: 1, arbitrary: fc.constant<Call>({ type: 'track', event: 'Something else' }) },
    { weight: 1, arbitrary: fc.constantFrom<Call[]>({ type: 'track' }, { type: 'poke' }) },
  ),
  person,
  /** Now and then an event bears a name of somebody else: a shared browser, a forwarded mail. */
  other: fc.option(person, { freq: 6 }),
  user: fc.boolean(),
  anonymous: fc.option(fc.integer({ min: 1, max: 3 })),
  email: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 2 }),
  external: fc.integer({ min: 0, max: 9 }),
  account: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 3 }),
  bot: fc.integer({ min: 0, max: 9 }),
  ago,
  traits,
  properties,
})

type Drawn<A> = A extends fc.Arbitrary<infer Value> ? Value : never
type Draft = Drawn<typeof anyEvent>

function eventOf(draft: Draft, messageId: string): JsonObject {
  const { call, person, other, user, anonymous, email, external, account } = draft
  const { type } = call
  const identified = user || type === 'alias' || (anonymous === null && email === null)
  const mail = email === null ? {} : { email: `p${other ?? person}-${email}@example.com` }
  const isPersonal = type === 'identify'
  return {
    ...call,
    messageId,
    timestamp: new Date(worldNow - draft.ago * minute).toISOString(),
    ...(identified ? { userId: `u${person}` } : {}),
    ...(anonymous === null ? {} : { anonymousId: `a${other ?? person}-${anonymous}` }),
    ...(type === 'alias' ? { previousId: `a${other ?? person}-${anonymous ?? 9}` } : {}),
    ...(type === 'group' ? { groupId: `g${account ?? 1}` } : {}),
    ...(isPersonal || type === 'group' ? { traits: { ...draft.traits, ...mail } } : {}),
    properties: { ...draft.properties, ...call.properties },
    context: {
      ...(isPersonal || email === null ? {} : { traits: mail }),
      ...(account !== null && type === 'identify' ? { groupId: `g${account}` } : {}),
      ...(external === 0 ? { externalIds: [{ id: `s${person}`, type: 'stripe_id' }] } : {}),
      ...(draft.bot === 0 ? { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1)' } : {}),
    },
  }
}

/** A till behind which more people sign in than a person has names. */
const kiosk = fc.record({ users: fc.integer({ min: 19, max: 24 }), ago })

function kioskEvents({ users, ago }: Drawn<typeof kiosk>): JsonObject[] {
  return Array.from({ length: users }, (_, index) => ({
    type: 'track',
    event: 'Signed In',
    messageId: `till-${index}`,
    userId: index < 3 ? `u${index + 1}` : `till-user-${index}`,
    anonymousId: 'till',
    timestamp: new Date(worldNow - (ago + (index % 4)) * minute).toISOString(),
  }))
}

export interface World {
  /** Each once, with a message id of its own. */
  readonly events: readonly JsonObject[]
}

export const anyWorld: fc.Arbitrary<World> = fc
  .record({
    drafts: fc.array(anyEvent, { minLength: 5, maxLength: 140, size: 'max' }),
    kiosk: fc.option(kiosk, { freq: 3 }),
  })
  .map(({ drafts, kiosk }) => ({
    events: [
      ...drafts.map((draft, index) => eventOf(draft, `m-${index}`)),
      ...(kiosk === null ? [] : kioskEvents(kiosk)),
    ],
  }))

/** How the world reaches us: everything at least once, a fifth twice, in any order and in batches. */
export interface Delivery {
  readonly batches: readonly (readonly JsonObject[])[]
}

/** A whole world is too much to print: its seed makes it again. */
export const briefly = { [fc.toStringMethod]: () => 'a world; the seed makes it again' }

export const anyDelivery = (world: World): fc.Arbitrary<Delivery> =>
  fc
    .record({
      order: fc.infiniteStream(fc.nat()),
      cuts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
    })
    .map(({ order, cuts }) => {
      const draw = (): number => order.next().value ?? 0
      const repeated = world.events.filter(() => draw() % 5 === 0)
      const keyed = [...world.events, ...repeated].map((event) => ({ event, key: draw() }))
      keyed.sort((one, other) => one.key - other.key)
      const list = keyed.map(({ event }) => event)
      const batches: JsonObject[][] = []
      for (let from = 0, i = 0; from < list.length; i++) {
        const size = cuts[i % cuts.length] ?? 1
        batches.push(list.slice(from, from + size))
        from += size
      }
      return { batches }
    })
