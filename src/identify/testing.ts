/** Random facts of identity, and taking them in as the pipeline does, for the tests of this room. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { advisoryLock } from '../store/advisory-lock.ts'
import { factsOf } from './facts.ts'
import { identifierStrength, subjectIdOf } from '../domain/identifier.ts'
import { resolveComponents } from './components.ts'
import { resolveParties, type Resolution } from './resolve.ts'
import type { Identifier } from '../domain/identifier.ts'
import type { IdentityGraph } from './components.ts'
import type { IncomingTouchpoint, JsonObject } from '../domain/touchpoint.ts'
import type { Kysely } from 'kysely'

export const testNow = Date.parse('2026-11-23T12:00:00.000Z')

/** What an identity test says of a touchpoint: identifiers as `namespace:value`. */
export interface Sighting {
  readonly identifiers: readonly string[]
  /** Minutes before now. */
  readonly ago: number
  readonly id?: string
  readonly traits?: JsonObject | null | undefined
  readonly account?: string | null
}

const strengthOf = ({ namespace }: Identifier): number => {
  const place = identifierStrength.indexOf(namespace as (typeof identifierStrength)[number])
  return place < 0 ? identifierStrength.indexOf('external') : place
}

/** @param realm  makes the identifiers of one case different from those of any other */
export function touchpointOf(sighting: Sighting, realm = ''): IncomingTouchpoint {
  const identifierOf = (text: string): Identifier => {
    const [namespace = '', value = ''] = text.split(':')
    return { namespace, value: `${value}${realm}` }
  }
  const identifiers = [...new Set(sighting.identifiers)]
    .map(identifierOf)
    .sort((x, y) => strengthOf(x) - strengthOf(y))
  const { traits = null, account = null } = sighting
  return {
    id: sighting.id ?? randomUUID(),
    subjectId: subjectIdOf(identifiers[0] as Identifier),
    occurredAt: testNow - sighting.ago * 60_000,
    receivedAt: testNow,
    sourceId: 'test',
    type: traits ? 'identify' : 'track',
    kind: 'page_viewed',
    event: '',
    channel: 'web',
    bot: false,
    amountMinor: null,
    currency: null,
    score: null,
    sentiment: null,
    properties: traits ?? {},
    context: {},
    identifiers,
    traits,
    account: account === null ? null : identifierOf(`account:${account}`),
    text: null,
  }
}

const oneOf = (namespace: string, count: number): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max: count }).map((number) => `${namespace}:${number}`)

const traits = fc.dictionary(
  fc.constantFrom('name', 'email', 'first_name', 'city', '__proto__x'),
  fc.oneof(fc.constantFrom('Ada', 'Bo', ' '), fc.integer({ max: 9 }), fc.constant(null)),
  { maxKeys: 3 },
)

/** Few identifiers and few moments, so that limits, ties and merges are met often. */
export const anySighting: fc.Arbitrary<Sighting> = fc.record({
  identifiers: fc.array(
    fc.oneof(
      oneOf('user_id', 4),
      oneOf('email', 12),
      oneOf('stripe_id', 7),
      oneOf('anonymous_id', 8),
      oneOf('phone', 2),
    ),
    { minLength: 1, maxLength: 3 },
  ),
  ago: fc.integer({ min: 0, max: 30 }),
  id: fc.uuid(),
  traits: fc.option(traits, { freq: 3 }),
})

/** A till or a family tablet: many users behind two devices. */
export const anyKioskSighting: fc.Arbitrary<Sighting> = fc.record({
  identifiers: fc.tuple(oneOf('user_id', 30), oneOf('anonymous_id', 2)),
  ago: fc.integer({ min: 0, max: 30 }),
  id: fc.uuid(),
})

/** Cuts a list into batches of random sizes. */
export function batchesOf<T>(list: readonly T[], cuts: readonly number[]): T[][] {
  const batches: T[][] = []
  for (let from = 0, i = 0; from < list.length; i++) {
    const size = cuts[i % cuts.length] ?? 1
    batches.push(list.slice(from, from + size))
    from += size
  }
  return batches
}

/** As the pipeline does: under the shared lock, and again under the exclusive one where needed. */
export async function takeIn(
  db: Kysely<unknown>,
  touchpoints: readonly IncomingTouchpoint[],
): Promise<Resolution> {
  for (const exclusive of [false, true, true, true]) {
    const rollBack = Symbol('needs the exclusive lock')
    try {
      return await db.transaction().execute(async (transaction) => {
        await lock(transaction, exclusive)
        const options = { exclusive, newId: randomUUID }
        const resolution = await resolveParties(transaction, touchpoints, options)
        if (resolution === null) throw rollBack
        return resolution
      })
    } catch (error) {
      if (error !== rollBack && (error as { code?: unknown }).code !== '40P01') throw error
    }
  }
  throw new TypeError('not even under the exclusive lock')
}

export async function exclusively<T>(
  db: Kysely<unknown>,
  act: (transaction: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (transaction) => {
    await lock(transaction, true)
    return act(transaction)
  })
}

async function lock(transaction: Kysely<unknown>, exclusive: boolean): Promise<void> {
  const mode = sql.raw(exclusive ? '' : '_shared')
  await sql`select pg_advisory_xact_lock${mode}(${advisoryLock.identity})`.execute(transaction)
}

/** Party of each subject, as the store has it. */
export async function partiesIn(
  db: Kysely<unknown>,
  subjects: Iterable<string>,
): Promise<Map<string, string>> {
  const { rows } = await sql<{ subject: string; party: string }>`
    select subject_id as subject, party_id as party from identifier
    where subject_id = any(${[...subjects]}::uuid[])`.execute(db)
  return new Map(rows.map(({ subject, party }) => [subject, party]))
}

/** A partition as sorted lists, whatever its parts are called. */
export function partsOf(partyOf: ReadonlyMap<string, string>): string[][] {
  const parts = Map.groupBy([...partyOf].sort(), ([, party]) => party)
  return [...parts.values()].map((list) => list.map(([subject]) => subject)).sort()
}

type ByHand = Pick<IdentityGraph, 'joined' | 'separated'>

/** The partition that the facts alone give. */
export function expectedParts(
  touchpoints: readonly IncomingTouchpoint[],
  byHand: ByHand = { joined: [], separated: [] },
): string[][] {
  const { subjects, links } = factsOf(touchpoints)
  const { rootOf } = resolveComponents({
    subjects: [...subjects.values()].map(({ subjectId, identifier }) => ({
      subjectId,
      namespace: identifier.namespace,
    })),
    links: [...links.values()],
    ...byHand,
  })
  return partsOf(rootOf)
}
